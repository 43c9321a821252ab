"""Runs one sensor for as long as it lives."""

from __future__ import annotations

import sys

from .action_service import os_user
from .command_line import FLAG, MANY, ONE, Misuse, complain, json_object, parse, part
from .datastore import Datastore, take_datastore_file
from .ending import Ending, exit_code
from .events import Events, parse_bus_url
from .imports import Imports
from .mqtt_listener import MqttListener
from .pack_config import read_config
from .protocol import EXIT_FAILED, EXIT_MISUSE
from .sensor_service import SensorService
from .standard_streams import read_line, stream_output, take_stdin
from .triggers import Triggers
from .user_code import extend_path, find_file, load_module, pack_folder, report

TYPE_CHECKING = False  # As `typing` has it; the import costs a tenth of an action's start.
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

_OPTIONS = {
    "pack": ONE,
    "file-path": ONE,
    "class-name": ONE,
    "trigger-type-refs": ONE,
    "poll-interval": ONE,
    "bus-url": ONE,
    "config": ONE,
    "config-file": ONE,
    "user": ONE,
    "base-site-packages": MANY,
    "setup-from-stdin": FLAG,
}
_ALWAYS = ("setup", "cleanup", "add_trigger", "update_trigger", "remove_trigger")
_GOODBYE_S = 2.0


def main(arguments: list[str]) -> int:
    """The exit code."""
    stream_output()
    try:
        options = parse(arguments, _OPTIONS, ("pack", "file-path", "class-name"))
        job = SensorJob(options)
    except Misuse as problem:
        complain(problem)
        return EXIT_MISUSE
    return job.run()


class SensorJob:
    """One sensor from its command line to its end."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._pack = str(options["pack"])
        self._class_name = str(options["class-name"])
        self._file = find_file(str(options["file-path"]))
        self._poll_interval = _seconds(options.get("poll-interval"))
        extend_path(self._file, options.get("base-site-packages", []))
        if options.get("setup-from-stdin"):
            self._lifeline: int | None = take_stdin()
            setup = json_object(read_line(self._lifeline), "the first line of stdin")
        else:
            self._lifeline = None
            url = options.get("bus-url")
            setup = {"config": read_config(options), "bus": parse_bus_url(str(url)) if url else None}
        self._config = part(setup, "config")
        self._begin_with = setup.get("triggers") or []
        self._listen_to = setup.get("listen_to")
        self._user = str(options.get("user") or setup.get("user") or os_user())
        self._bus = part(setup, "bus")
        self._events = Events(self._pack, self._bus)
        self._imports = Imports(pack_folder(self._file))
        self._report = part(setup, "report")
        self._sensor: Any = None

    def run(self) -> int:
        ending = Ending(self._finish)
        try:
            ending.obey_signals()
            if self._lifeline is not None:
                ending.watch_lifeline(self._lifeline)
            self._events.start()
            sys.argv = [self._file]
            self._live()
            _await_threads()
        except SystemExit as told:
            ending.code = exit_code(told)
        except Misuse as problem:
            complain(problem)
            ending.code = EXIT_MISUSE
        except BaseException as error:
            report(error)
            ending.code = EXIT_FAILED
        ending.finish()
        return ending.code

    def _live(self) -> None:
        self._imports.watch()
        module = load_module(self._file, f"{self._pack}/sensors")
        # Before user code can write a file: the app then knows whether that is one of those which the sensor is made of.
        self._tell()
        self._imports.tell(self._events.call_soon(self._tell))
        self._sensor = self._create(_find_class(module, self._class_name))
        self._sensor.setup()
        triggers = Triggers(self._sensor)
        triggers.begin_with(self._begin_with)
        if self._bus and self._listen_to:
            MqttListener(self._bus, str(self._listen_to), triggers.hear).start()
        self._sensor.run()

    def _tell(self) -> None:
        topic = self._report.get("topic")
        if topic:
            self._events.report(str(topic), {"run": self._report.get("run"), "imports": self._imports.seen()})

    def _create(self, sensor_class: type) -> Any:
        from st2reactor.sensor.base import PollingSensor  # Importable only now, with user code.

        polls = issubclass(sensor_class, PollingSensor)
        _check_methods(sensor_class, "poll" if polls else "run", self._file)
        datastore = Datastore(self._pack, self._class_name, take_datastore_file(), self._bus)
        service = SensorService(self._pack, self._class_name, self._user, self._events, datastore)
        arguments = {"sensor_service": service, "config": self._config}
        if polls and self._poll_interval is not None:
            arguments["poll_interval"] = self._poll_interval
        return sensor_class(**arguments)

    def _finish(self) -> None:
        if self._sensor is not None:
            try:
                self._sensor.cleanup()
            except BaseException as error:
                report(error)
        self._tell()
        self._events.close(_GOODBYE_S)


def _seconds(text: object) -> float | None:
    """A whole number stays an int, as sensors expect it."""
    if text is None:
        return None
    try:
        seconds = float(str(text))
    except ValueError:
        seconds = 0
    if not 0 < seconds < float("inf"):
        raise Misuse(f"`--poll-interval` is `{text}`", "it is a number of seconds above 0")
    return int(seconds) if seconds == int(seconds) else seconds


def _find_class(module: ModuleType, name: str) -> type:
    found = getattr(module, name, None)
    if isinstance(found, type):
        return found
    classes = [key for key, value in vars(module).items() if isinstance(value, type)]
    hint = f"its classes are: {', '.join(f'`{key}`' for key in classes)}" if classes else "it defines no class"
    raise Misuse(f"`{module.__file__}` has no class `{name}`", hint)


def _check_methods(sensor_class: type, main_method: str, file: str) -> None:
    missing = [name for name in (main_method, *_ALWAYS) if not _is_there(getattr(sensor_class, name, None))]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        hint = f"a sensor defines {main_method}, {', '.join(_ALWAYS)}; one that has nothing to do holds `pass`"
        raise Misuse(f"sensor class `{sensor_class.__name__}` in `{file}` lacks {names}", hint)


def _is_there(method: object) -> bool:
    return callable(method) and not getattr(method, "__isabstractmethod__", False)


def _await_threads() -> None:
    """A sensor whose `run` returns while threads that it started go on is not over."""
    threading = sys.modules.get("threading")
    if threading:
        for thread in threading.enumerate():
            if thread is not threading.main_thread() and not thread.daemon:
                thread.join()

"""Runs one action and hands its result over."""

from __future__ import annotations

import os
import sys

from . import quick_json
from .action_service import ActionService, os_user
from .command_line import ACTION_NEEDS, ACTION_OPTIONS, Misuse, complain, json_object, parse, part, say
from .datastore import Datastore, take_datastore_file
from .installed_imports import InstalledImports
from .limits import Limits
from .pack_config import PackConfig, read_config
from .protocol import EXIT_FAILED, EXIT_MISUSE, EXIT_NOT_A_STATUS, RESULT_VARIABLE, encode_result
from .standard_streams import read_all, stream_output, take_stdin, write_stdout
from .user_code import extend_path, find_file, load_module, pack_folder, report

TYPE_CHECKING = False  # As `typing` has it; the import costs a tenth of an action's start.
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from .quick_end import QuickEnd

def wait_for_job(arguments: list[str]) -> tuple[list[str], bytes | None, QuickEnd | None]:
    """What `main` takes: at once, or in a process that was started ahead once there is something to do."""
    cold = frozenset(sys.modules)
    if arguments[:1] == ["--serve"]:
        from .fork_server import serve

        return serve(cold)
    if arguments[:1] == ["--standby"]:
        from .standby import stand_by

        return stand_by(cold)
    return arguments, None, None


def main(arguments: list[str], setup: bytes | None = None, end: QuickEnd | None = None) -> int:
    """The exit code. SystemExit of user code passes through. `setup` stands for what stdin would hold."""
    if end is None:
        stream_output()
    code: object = None
    try:
        code = ActionJob(parse(arguments, ACTION_OPTIONS, ACTION_NEEDS), setup, end).run()
        return code
    except Misuse as problem:
        complain(problem)
        code = EXIT_MISUSE
        return code
    except SystemExit as ending:
        code = ending.code
        raise
    finally:
        if end is not None:
            end.will_exit(code)


class ActionJob:
    """One action from its command line to its result."""

    def __init__(self, options: dict[str, Any], given: bytes | None, end: QuickEnd | None) -> None:
        self._pack = str(options["pack"])
        self._file = find_file(str(options["file-path"]))
        extend_path(self._file, options.get("base-site-packages", []))
        if options.get("setup-from-stdin"):
            setup = json_object(read_all(take_stdin()) if given is None else given, "stdin")
        else:
            setup = {
                "parameters": json_object(options.get("parameters"), "`--parameters`"),
                "config": read_config(options),
            }
        context = part(setup, "context")
        self._parameters = part(setup, "parameters")
        self._config = PackConfig(self._pack, part(setup, "config"))
        self._bus = part(setup, "bus")
        self._limits = Limits(part(setup, "limits"))
        self._end = end
        self._imports = None
        if setup.get("report_imports"):
            ahead = frozenset() if end is None else end.imported_ahead
            self._imports = InstalledImports(pack_folder(self._file), options.get("base-site-packages", []), ahead)
        self._user = options.get("user") or context.get("user")
        self._log_level = str(options.get("log-level") or context.get("log_level") or "debug")
        os.environ["ST2_ACTION_PACK_NAME"] = self._pack
        if context.get("execution_id"):
            os.environ["ST2_ACTION_EXECUTION_ID"] = str(context["execution_id"])

    def run(self) -> int:
        result_file = os.environ.pop(RESULT_VARIABLE, None)
        datastore_file = take_datastore_file()
        sys.argv = [self._file]
        try:
            self._limits.set()
            module = load_module(self._file, f"{self._pack}/actions")
            action = self._create(_pick_class(module), datastore_file)
            output = action.run(**self._parameters)
            status, result = output if isinstance(output, tuple) and len(output) == 2 else (None, output)
            if not (status is None or isinstance(status, bool)):
                return _refuse_status(status)
            encoded = encode_result(status, result)
        except (SystemExit, Misuse):
            raise
        except BaseException as error:
            self._limits.lift_soft()
            report(error)
            limit = self._limits.reached(error)
            if limit is not None and result_file is not None:
                _hand_over(quick_json.dumps({"limit": limit}), result_file, self._end)
            return EXIT_FAILED
        if self._imports is not None and result_file is not None:
            encoded = self._imports.add_to(encoded)
        return _hand_over(encoded, result_file, self._end)

    def _create(self, action_class: type, datastore_file: str | None) -> Any:
        """With `config` and `action_service`; the second is set from outside where the constructor takes none."""
        datastore = Datastore(self._pack, action_class.__name__, datastore_file, self._bus)
        service = ActionService(datastore, str(self._user or os_user()), self._log_level)
        if action_class.__init__ is object.__init__:
            action = action_class()
            action.config = self._config
        else:
            try:
                return action_class(config=self._config, action_service=service)
            except TypeError as error:
                if "unexpected keyword argument 'action_service'" not in str(error):
                    raise
            action = action_class(config=self._config)
        action.action_service = service
        return action


def _pick_class(module: ModuleType) -> type:
    """The first, by name, of the classes that the module itself defines and that can run."""
    own = sorted(
        (name, value)
        for name, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__
    )
    for _, value in own:
        if callable(getattr(value, "run", None)) and not getattr(value, "__abstractmethods__", None):
            return value
    names = ", ".join(f"`{name}`" for name, _ in own)
    hint = f"`run` is missing in {names}" if own else "define a class with a method `run`"
    raise Misuse(f"`{module.__file__}` has no action class", hint)


def _refuse_status(status: object) -> int:
    sys.stderr.write(
        f"`run` returned a pair whose first item is {status!r}: it has to be True or False (succeeded or failed).\n"
        "To return a pair as the result, return a list, or (True, pair).\n"
    )
    return EXIT_NOT_A_STATUS


def _hand_over(encoded: str, result_file: str | None, end: QuickEnd | None) -> int:
    if result_file is None:
        write_stdout(encoded)
        return 0
    if end is not None and end.last_words is not None and end.last_words.leave_result(encoded.encode("ascii")):
        return 0
    try:
        with open(result_file, "wb") as file:
            file.write(encoded.encode("ascii"))
    except OSError as error:
        say(f"the result could not be written to `{result_file}`: {error}")
        return EXIT_FAILED
    return 0

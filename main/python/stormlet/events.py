"""Where a sensor's trigger instances go: to the bus, or to stdout where there is none."""

from __future__ import annotations

import os
import sys

from . import quick_json
from .command_line import Misuse, say
from .mqtt_client import MqttPublisher
from .protocol import TRIGGER_TOPICS, sensor_message, trigger_topic

TYPE_CHECKING = False  # As `typing` has it; the import costs a tenth of an action's start.
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Events:
    """Encodes and hands over. Never raises for what a sensor dispatches: what cannot be an event is said on stderr."""

    def __init__(self, pack: str, bus: dict[str, Any]) -> None:
        self._publisher = MqttPublisher(bus, f"{TRIGGER_TOPICS}/{pack}/", say) if bus else None

    def start(self) -> None:
        if self._publisher:
            self._publisher.start()

    def dispatch(self, trigger: object, payload: object, trace_tag: object) -> None:
        try:
            topic = trigger_topic(str(trigger))
        except ValueError as error:
            say(f"an event is dropped: {error}")
            return
        if not (payload is None or isinstance(payload, dict)):
            # Sent nevertheless: the engine records it as refused, where a person can see it.
            say(f"the payload of `{trigger}` is a {type(payload).__name__}, it has to be a dict or None")
        message = sensor_message(payload, trace_tag)
        if self._publisher:
            self._publisher.publish(topic, quick_json.dumps(message).encode("ascii"))
        else:
            sys.stdout.write(quick_json.dumps({"trigger": str(trigger), **message}) + "\n")
            sys.stdout.flush()

    def report(self, topic: str, report: dict[str, object]) -> None:
        """What the app wants to know of this process itself. Without a bus nobody does; one that is gone asks later."""
        if self._publisher and self._publisher.online:
            body = {"dropped": self._publisher.lost, **report}
            self._publisher.publish(topic, quick_json.dumps(body).encode("ascii"))

    def call_soon(self, work: Callable[[], None]) -> Callable[[], None]:
        """A function that has `work` done before long by the thread that keeps the connection, however often called."""
        return self._publisher.call_soon(work) if self._publisher else lambda: None

    def close(self, seconds: float) -> None:
        lost = self._publisher.close(seconds) if self._publisher else 0
        if lost:
            say(f"{lost} events could not be sent and are lost")


def parse_bus_url(url: str) -> dict[str, object]:
    """`mqtt://user:password@host:port`, each part but the host optional. Misuse for any other."""
    from urllib.parse import unquote, urlsplit  # Here, because the app needs it never.

    hint = "write `mqtt://USER:PASSWORD@HOST:PORT`"
    try:
        parts = urlsplit(url)
        port = parts.port or 1883
    except ValueError as error:
        raise Misuse(f"`--bus-url` is no address: {error}", hint) from error
    if parts.scheme != "mqtt" or not parts.hostname:
        raise Misuse("`--bus-url` is no `mqtt://` address", hint)
    return {
        "host": parts.hostname,
        "port": port,
        "username": None if parts.username is None else unquote(parts.username),
        "password": None if parts.password is None else unquote(parts.password),
        "client_id": f"by-hand-{os.getpid()}",
    }

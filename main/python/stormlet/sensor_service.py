"""What a sensor sees as `self.sensor_service`."""

from __future__ import annotations

import sys

from .action_service import user_info
from .datastore import Datastore
from .events import Events


class SensorService:
    """StackStorm's interface: dispatching, loggers and the datastore's four methods."""

    def __init__(self, pack: str, class_name: str, user: str, events: Events, datastore: Datastore) -> None:
        self.datastore_service = datastore
        self.get_value = datastore.get_value
        self.set_value = datastore.set_value
        self.list_values = datastore.list_values
        self.delete_value = datastore.delete_value
        self._logger_name = f"SensorWrapper.{pack}.{class_name}"
        self._user = user
        self._events = events

    def dispatch(self, trigger: str, payload: dict | None = None, trace_tag: str | None = None) -> None:
        """Hands an event over; returns when the bus has it, or has it kept. Raises nothing."""
        self._events.dispatch(trigger, payload, trace_tag)

    def dispatch_with_context(self, trigger: str, payload: dict | None = None, trace_context: object = None) -> None:
        """The same with StackStorm's trace context: an object or a dict with a `trace_tag`."""
        tag = trace_context.get("trace_tag") if isinstance(trace_context, dict) else None
        self._events.dispatch(trigger, payload, tag or getattr(trace_context, "trace_tag", None))

    def get_logger(self, name: str) -> object:
        """A `logging.Logger` whose lines go to stderr, from DEBUG on."""
        import logging  # Here, so that a sensor which patches the standard library does so before.

        parent = logging.getLogger(self._logger_name)
        if not parent.handlers:
            handler = logging.StreamHandler(sys.stderr)
            handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s [%(name)s] %(message)s"))
            parent.addHandler(handler)
            parent.setLevel(logging.DEBUG)
            parent.propagate = False
        return logging.getLogger(f"{self._logger_name}.{name}")

    def get_user_info(self) -> dict[str, object]:
        return user_info(self._user)

"""Tells a sensor which triggers with parameters it has to look after, in StackStorm's three words."""

from __future__ import annotations

from . import quick_json
from .user_code import report

TYPE_CHECKING = False  # As `typing` has it; the import costs a tenth of an action's start.
if TYPE_CHECKING:
    from typing import Any


class Triggers:
    def __init__(self, sensor: Any) -> None:
        self._sensor = sensor
        self._known: dict[str, Any] = {}

    def begin_with(self, triggers: list[Any]) -> None:
        """What the sensor raises here ends it, as in its `setup`."""
        for trigger in triggers:
            self._known[trigger.get("id")] = trigger
            self._sensor.add_trigger(trigger)

    def hear(self, body: bytes) -> None:
        """All triggers there are now. What the sensor raises is printed, and concerns that trigger alone."""
        try:
            triggers = {trigger["id"]: trigger for trigger in quick_json.loads(body)}
        except (ValueError, TypeError, KeyError):
            return
        before, self._known = self._known, triggers
        for key, trigger in before.items():
            if key not in triggers:
                self._tell(self._sensor.remove_trigger, trigger)
        for key, trigger in triggers.items():
            if key not in before:
                self._tell(self._sensor.add_trigger, trigger)
            elif trigger != before[key]:
                self._tell(self._sensor.update_trigger, trigger)

    def _tell(self, method: Any, trigger: Any) -> None:
        try:
            method(trigger)
        except Exception as error:
            report(error)

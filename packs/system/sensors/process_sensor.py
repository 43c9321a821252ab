import fnmatch
import os

import psutil
from st2reactor.sensor.base import PollingSensor

TRIGGER = "system.process"


class ProcessSensor(PollingSensor):
    """Tells of programs that are named in the configuration, or by rules as a parameter of their trigger."""

    def setup(self):
        self._log = self.sensor_service.get_logger(__name__)
        # What rules ask for: the reference of the trigger to dispatch and patterns of names, by the trigger's id.
        self._wanted = {}
        # Number and start time by name: numbers are used again. None: not looked yet.
        self._running = None

    def poll(self):
        # An event of the type itself concerns every rule on it, so it is only for when no rule names a program.
        wanted = list(self._wanted.values()) or [(TRIGGER, self.config.get("processes") or [])]
        if not any(patterns for _, patterns in wanted):
            self._running = None
            return
        before, self._running = self._running, running_programs()
        if before is None:
            self._log.info("looking for %s", ", ".join(name for _, patterns in wanted for name in patterns))
            return
        for name in before.keys() | self._running.keys():
            triggers = {trigger for trigger, patterns in wanted if fits(name, patterns)}
            if triggers:
                self._compare(triggers, name, before.get(name, set()), self._running.get(name, set()))

    def cleanup(self):
        pass

    def add_trigger(self, trigger):
        name = (trigger.get("parameters") or {}).get("name")
        self._wanted[trigger["id"]] = (trigger["ref"], [name] if name else self.config.get("processes") or [])

    def update_trigger(self, trigger):
        self.add_trigger(trigger)

    def remove_trigger(self, trigger):
        self._wanted.pop(trigger["id"], None)

    def _compare(self, triggers, name, before, after):
        ended = [("ended", pid) for pid, _ in sorted(before - after)]
        started = [("started", pid) for pid, _ in sorted(after - before)]
        for event, pid in ended + started:
            payload = {"event": event, "name": name, "pid": pid, "running": len(after)}
            for trigger in triggers:
                self.sensor_service.dispatch(trigger=trigger, payload=payload)


def running_programs():
    """The processes of each program: pairs of number and start time, by the program's name."""
    programs = {}
    for process in psutil.process_iter(["name", "create_time", "status"]):
        if process.info["name"] and process.info["status"] != psutil.STATUS_ZOMBIE:
            pair = (process.pid, process.info["create_time"])
            programs.setdefault(process.info["name"], set()).add(pair)
    return programs


def fits(name, patterns):
    bare = os.path.splitext(name)[0] if name.lower().endswith(".exe") else name
    return any(fnmatch.fnmatch(bare, pattern) for pattern in patterns)

import json
import os
from datetime import datetime, timezone

from file_tail import Place, end_of, read_on
from st2reactor.sensor.base import PollingSensor

TRIGGER = "filewatch.line_appended"
# Reads of one file in one turn; each gives up to a megabyte.
MOST_READS = 16


class LineSensor(PollingSensor):
    """Asks each file once a second whether it has grown, which works on every file system and costs next to nothing.

    Where it is in each file is kept in the datastore, so lines that were appended while it did not run are told when it
    starts. A file that is followed for the first time begins at its end.
    """

    def setup(self):
        self._log = self.sensor_service.get_logger(__name__)
        self._files = {}
        # Ids of the triggers that rules ask for.
        self._asked = set()
        for path in self.config.get("follow") or []:
            self._follow(TRIGGER, TRIGGER, {"path": path})

    def poll(self):
        # A copy, because a rule may be saved meanwhile.
        for file in list(self._files.values()):
            try:
                self._read(file)
            except FileNotFoundError:
                continue
            except OSError as error:
                file.complain(self._log, error)

    def cleanup(self):
        pass

    def add_trigger(self, trigger):
        self._asked.add(trigger["id"])
        parameters = trigger.get("parameters") or {}
        if parameters.get("path"):
            self._follow(trigger["id"], trigger["ref"], parameters)
        else:
            # A rule that names no path is told of what the configuration lists.
            for path in self.config.get("follow") or []:
                self._follow(trigger["id"], trigger["ref"], {**parameters, "path": path})

    def update_trigger(self, trigger):
        self.remove_trigger(trigger)
        self.add_trigger(trigger)

    def remove_trigger(self, trigger):
        self._asked.discard(trigger["id"])
        for path, file in list(self._files.items()):
            if file.triggers.pop(trigger["id"], None) and not file.triggers:
                del self._files[path]
                # Nobody is interested any more: what is appended from now on is no news later.
                self.sensor_service.delete_value(path)

    def _follow(self, subscriber, trigger, settings):
        path = os.path.realpath(os.path.expanduser(settings["path"]))
        file = self._files.get(path)
        if file is None:
            file = FollowedFile(path, self._recall(path, settings.get("from_start", False)))
            self._log.info("following %s", path)
        file.triggers[subscriber] = trigger
        self._files[path] = file

    def _recall(self, path, from_start):
        kept = self.sensor_service.get_value(path)
        if kept:
            return Place(**json.loads(kept))
        try:
            place = Place() if from_start else end_of(path)
        except OSError:
            # It is not there yet, so all that it will hold is new.
            place = Place()
        self.sensor_service.set_value(path, json.dumps(place.to_json()))
        return place

    def _read(self, file):
        for _ in range(MOST_READS):
            lines, place = read_on(file.path, file.place)
            for offset, line in lines:
                self._tell(file, offset, line)
            if place.to_json() != file.place.to_json():
                file.place = place
                # Only now: a sensor that is ended in between tells a line again rather than never.
                self.sensor_service.set_value(file.path, json.dumps(place.to_json()))
            if not lines:
                return

    def _tell(self, file, offset, line):
        payload = {
            "path": file.path,
            "name": os.path.basename(file.path),
            "line": line,
            "offset": offset,
            "seen_at": datetime.now(tz=timezone.utc).isoformat(),
        }
        # An event of the type itself concerns every rule on it, also those that name another path.
        for trigger in set(file.triggers.values()) - ({TRIGGER} if self._asked else set()):
            self.sensor_service.dispatch(trigger=trigger, payload=payload)


class FollowedFile:
    def __init__(self, path, place):
        self.path = path
        self.place = place
        # References of triggers, by their ids.
        self.triggers = {}
        self._complaint = None

    def complain(self, log, error):
        """Once, not at each turn."""
        if str(error) != self._complaint:
            self._complaint = str(error)
            log.warning("cannot read %s: %s", self.path, error)

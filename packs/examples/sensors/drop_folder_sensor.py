import json
import os
import queue
import time
from datetime import datetime, timezone

from drop_folder import drop_folder
from st2reactor.sensor.base import Sensor
from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer

WRITES = ("created", "modified", "moved", "closed")


class DropFolderSensor(Sensor):
    """Runs for as long as the app does. setup() comes first, then run(); cleanup() when it is time to stop.

    The system tells of a new file when its first byte is written, so a file is announced only after it has stayed as
    it is for a moment. What was announced is kept in the datastore: files that were dropped while the sensor did not run
    are announced when it starts, and none is announced twice.
    """

    def setup(self):
        self._log = self.sensor_service.get_logger(__name__)
        self._settle_seconds = self.config.get("settle_seconds", 0.5)
        # Not queue.Queue, which may deadlock when cleanup() is called from a signal handler.
        self._written = queue.SimpleQueue()
        self._announced = json.loads(self.sensor_service.get_value("announced") or "{}")
        folder = drop_folder(self.config)
        self._observer = Observer()
        self._observer.schedule(TellWrites(self._written), folder)
        self._observer.start()
        # Looked through after watching began, so that no file falls in between.
        for entry in os.scandir(folder):
            if entry.is_file():
                self._written.put(entry.path)
        self._log.info("watching %s", folder)

    def run(self):
        last_write = {}
        while self._collect(last_write):
            now = time.monotonic()
            for path in [path for path, at in last_write.items() if now - at >= self._settle_seconds]:
                del last_write[path]
                self._announce(path)

    def cleanup(self):
        self._written.put(None)
        self._observer.stop()

    def _collect(self, last_write):
        """Waits for the next write, but no longer than a written file needs to settle. False when it is time to stop."""
        try:
            path = self._written.get(timeout=self._settle_seconds if last_write else None)
        except queue.Empty:
            return True
        if path is not None:
            last_write[path] = time.monotonic()
        return path is not None

    def _announce(self, path):
        try:
            facts = os.stat(path)
        except FileNotFoundError:
            self._remember(path, None)
            return
        # A change of rights or times is told as a write as well.
        version = [facts.st_size, facts.st_mtime_ns, facts.st_ino]
        if self._announced.get(path) == version:
            return
        name = os.path.basename(path)
        payload = {
            "name": name,
            "path": path,
            "size": facts.st_size,
            "extension": os.path.splitext(name)[1].lower(),
            "dropped_at": datetime.now(tz=timezone.utc).isoformat(),
        }
        self.sensor_service.dispatch(trigger="examples.file_dropped", payload=payload)
        # Only now: a sensor that is ended in between announces the file again rather than never.
        self._remember(path, version)

    def _remember(self, path, version):
        if version is None:
            self._announced.pop(path, None)
        else:
            self._announced[path] = version
        self.sensor_service.set_value("announced", json.dumps(self._announced))

    def add_trigger(self, trigger):
        """Called for triggers with parameters, which this sensor has not; so are the next two."""

    def update_trigger(self, trigger):
        pass

    def remove_trigger(self, trigger):
        pass


class TellWrites(FileSystemEventHandler):
    """Runs on watchdog's thread, and so does no more than pass on which file was written."""

    def __init__(self, written):
        self._written = written

    def on_any_event(self, event):
        if not event.is_directory and event.event_type in WRITES:
            self._written.put(os.fsdecode(event.dest_path or event.src_path))

import json
import os
import queue
import time
from datetime import datetime, timezone
from typing import NamedTuple

from file_tree import Entry, TooManyEntries
from st2reactor.sensor.base import Sensor
from watch import EVENTS, Subscriber, Watch
from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer

TRIGGER = "filewatch.changed"
# How often a folder that is away is looked for, and how often all is compared without a hint.
RETRY_S = 5
COMPARE_S = 300
SAVE_S = 5


class PathSensor(Sensor):
    """Watches what the configuration lists, and what rules name as parameters of their trigger.

    All work is done by the thread that is in run(): watchdog's thread, and whoever calls add_trigger(), only put tasks
    into its queue. So nothing here needs a lock.
    """

    def setup(self):
        self._log = self.sensor_service.get_logger(__name__)
        self._settle_seconds = self.config.get("settle_seconds", 0.5)
        # Not queue.Queue, which may deadlock when cleanup() is called from a signal handler.
        self._tasks = queue.SimpleQueue()
        self._watches = {}
        # Ids of the triggers that rules ask for.
        self._asked = set()
        self._attached = {}
        self._checked_at = self._compared_at = self._saved_at = time.monotonic()
        self._observer = Observer()
        self._observer.start()
        for settings in self.config.get("watch") or []:
            self._subscribe(TRIGGER, TRIGGER, settings)

    def run(self):
        while self._work(self._tasks_timeout()):
            now = time.monotonic()
            if now - self._checked_at >= RETRY_S:
                self._check(now)
            for key, watch in self._watches.items():
                self._look_where_it_rests(key, watch, now)
            if now - self._saved_at >= SAVE_S:
                self._save(now)

    def cleanup(self):
        self._tasks.put(None)
        self._observer.stop()
        self._save(time.monotonic())

    def add_trigger(self, trigger):
        self._tasks.put(lambda: self._add(trigger))

    def update_trigger(self, trigger):
        self.remove_trigger(trigger)
        self.add_trigger(trigger)

    def remove_trigger(self, trigger):
        self._tasks.put(lambda: self._unsubscribe(trigger["id"]))

    def _tasks_timeout(self):
        restless = any(watch.is_restless for watch in self._watches.values())
        return self._settle_seconds / 2 if restless else RETRY_S

    def _work(self, timeout):
        """Does what is in the queue, waiting for it no longer than so. False when it is time to stop."""
        try:
            task = self._tasks.get(timeout=timeout)
            while task is not None:
                task()
                task = self._tasks.get_nowait()
        except queue.Empty:
            return True
        return False

    def _add(self, trigger):
        self._asked.add(trigger["id"])
        self._subscribe(trigger["id"], trigger["ref"], trigger.get("parameters") or {})

    def _subscribe(self, subscriber, trigger, settings):
        path = settings.get("path")
        if not path:
            # A rule that names no path is told of what the configuration lists.
            self._subscribe_to_configured(subscriber, trigger, settings)
            return
        key = self._watch(path, bool(settings.get("recursive", False)))
        events = tuple(settings.get("events") or EVENTS)
        self._watches[key].subscribers[subscriber] = Subscriber(trigger, events, tuple(settings.get("patterns") or ()))

    def _subscribe_to_configured(self, subscriber, trigger, settings):
        for configured in self.config.get("watch") or []:
            if configured.get("path"):
                self._subscribe(subscriber, trigger, {**settings, **configured})

    def _watch(self, path, recursive):
        path = os.path.realpath(os.path.expanduser(path))
        key = f"{'tree' if recursive else 'folder'}:{path}"
        if key not in self._watches:
            watch = Watch(path, recursive, tuple(self.config.get("ignore") or ()))
            self._watches[key] = watch
            self._recall(key, watch)
            self._attach(key, watch)
        return key

    def _unsubscribe(self, subscriber):
        self._asked.discard(subscriber)
        for key, watch in list(self._watches.items()):
            if watch.subscribers.pop(subscriber, None) and not watch.subscribers:
                self._detach(key)
                del self._watches[key]
                # Nobody is interested any more: what happens from now on is no news later.
                self.sensor_service.delete_value(key)

    def _look_where_it_rests(self, key, watch, now):
        rested = watch.take_rested(now, self._settle_seconds)
        if rested:
            self._tell(watch, lambda: watch.look_at(rested))
            self._keep_attached([key])

    def _check(self, now):
        """Finds folders that have come, gone or been replaced; now and then compares all that is watched."""
        self._checked_at = now
        self._keep_attached(self._watches)
        if now - self._compared_at >= COMPARE_S:
            self._compared_at = now
            for watch in self._watches.values():
                self._tell(watch, watch.look_everywhere)

    def _keep_attached(self, keys):
        moved = [key for key in keys if self._has_moved(key)]
        for key in moved:
            self._detach(key)
        for key in moved:
            self._attach(key, self._watches[key])

    def _has_moved(self, key):
        watch = self._watches[key]
        watch.notice_kind()
        attached = self._attached.get(key)
        return (attached and attached.inode) != _inode(watch.folder)

    def _attach(self, key, watch):
        inode = _inode(watch.folder)
        if inode is None:
            return
        handler = Hints(lambda paths: self._tasks.put(lambda: watch.hint(paths, time.monotonic())))
        scheduled = None
        try:
            scheduled = self._observer.schedule(handler, watch.folder, recursive=watch.recursive and watch.is_folder)
        except OSError as error:
            message = "the system will not tell of %s, which is compared every %d s instead: %s"
            self._log.warning(message, watch.path, COMPARE_S, error)
        self._attached[key] = Attached(scheduled, handler, inode)
        # Looked through after watching began, so that nothing falls in between; and as a task of its own, since the
        # subscribers are still to come.
        self._tasks.put(lambda: self._look_first(watch))

    def _look_first(self, watch):
        self._tell(watch, watch.look_everywhere, while_away=True)
        self._log.info("watching %s", watch.path)

    def _detach(self, key):
        attached = self._attached.pop(key, None)
        if attached is None or attached.scheduled is None:
            return
        self._observer.remove_handler_for_watch(attached.handler, attached.scheduled)
        if all(other.scheduled != attached.scheduled for other in self._attached.values()):
            self._observer.unschedule(attached.scheduled)

    def _tell(self, watch, look, while_away=False):
        try:
            changes = look()
        except TooManyEntries as error:
            self._log.error("not watching %s: %s", watch.path, error)
            return
        except OSError as error:
            self._log.info("%s is away: %s", watch.path, error)
            return
        for change in changes:
            payload = payload_of(change, while_away)
            triggers = {each.trigger for each in watch.subscribers.values() if each.wants(change)}
            if self._asked:
                # An event of the type itself concerns every rule on it, also those that name another path.
                triggers.discard(TRIGGER)
            for trigger in triggers:
                self.sensor_service.dispatch(trigger=trigger, payload=payload)
        watch.is_told = True

    def _recall(self, key, watch):
        kept = json.loads(self.sensor_service.get_value(key) or "null")
        if kept:
            watch.is_folder = kept["is_folder"]
            watch.entries = {path: Entry(*entry) for path, entry in kept["entries"].items()}

    def _save(self, now):
        """After the events were dispatched: a sensor that is killed in between tells them again rather than never."""
        self._saved_at = now
        for key, watch in list(self._watches.items()):
            if watch.is_told and not watch.is_saved:
                kept = {"is_folder": watch.is_folder, "entries": watch.entries}
                watch.is_saved = self.sensor_service.set_value(key, json.dumps(kept))


class Attached(NamedTuple):
    """How a watch is joined with the system. The inode is the folder's: one that is made anew is another folder."""

    scheduled: object
    handler: FileSystemEventHandler
    inode: int


class Hints(FileSystemEventHandler):
    """Runs on watchdog's thread, and so does no more than pass on where something happened."""

    def __init__(self, hint):
        self._hint = hint

    def on_any_event(self, event):
        if event.event_type in EVENTS and not (event.is_directory and event.event_type == "modified"):
            self._hint([os.fsdecode(path) for path in (event.src_path, event.dest_path) if path])


def payload_of(change, while_away):
    event, path, entry, previous_path = change
    name = os.path.basename(path)
    return {
        "event": event,
        "path": path,
        "name": name,
        "folder": os.path.dirname(path),
        "extension": "" if entry.is_folder else os.path.splitext(name)[1].lower(),
        "is_folder": entry.is_folder,
        "size": None if entry.is_folder or event == "deleted" else entry.size,
        "previous_path": previous_path,
        "while_away": while_away,
        "seen_at": datetime.now(tz=timezone.utc).isoformat(),
    }


def _inode(folder):
    try:
        return os.stat(folder).st_ino
    except OSError:
        return None

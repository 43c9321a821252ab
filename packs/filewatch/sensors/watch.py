"""One folder or file that is watched, for one or more subscribers."""

import fnmatch
import os
from typing import NamedTuple

from file_tree import compare, is_ignored, look_at, scan

EVENTS = ("created", "modified", "moved", "deleted")
# With more paths than these to look at, looking at everything is quicker.
MANY_PATHS = 500


class Subscriber(NamedTuple):
    """Who is told, by the trigger's reference, and what of it all."""

    trigger: str
    events: tuple
    patterns: tuple

    def wants(self, change):
        name = os.path.basename(change.path)
        fits = not self.patterns or any(fnmatch.fnmatch(name, pattern) for pattern in self.patterns)
        return fits and change.event in self.events


class Watch:
    """What the operating system tells of a folder is only taken as a hint of where to look.

    Systems differ in what they tell, merge several changes into one, and drop some when there are many. So after a
    hint, and every few minutes without one, the folder is compared with what it held before. The same comparison finds
    what happened while nobody watched. A folder that is away as a whole, such as an unplugged drive, has lost nothing.
    """

    def __init__(self, path, recursive, ignore):
        self.path = path
        self.recursive = recursive
        self.subscribers = {}
        # A path where nothing is yet counts as a file to come.
        self.is_folder = os.path.isdir(path)
        # None: it was never looked at, so nothing is known to be new.
        self.entries = None
        # Whether the entries are saved, and whether their changes were told: false when told to end in the middle.
        self.is_saved = True
        self.is_told = True
        self._ignore = ignore
        self._hints = {}

    @property
    def folder(self):
        """The folder that the operating system is to tell about; for a file the one that it is in."""
        return self.path if self.is_folder else os.path.dirname(self.path)

    def hint(self, paths, now):
        """Something happened there. The paths of one move come together, so that they are looked at together."""
        for path in paths:
            if self._covers(path):
                self._hints[path] = now

    @property
    def is_restless(self):
        return bool(self._hints)

    def take_rested(self, now, seconds):
        """The paths that were hinted at, but not within the last seconds."""
        paths = [path for path, at in self._hints.items() if now - at >= seconds]
        for path in paths:
            del self._hints[path]
        return paths

    def notice_kind(self):
        """A folder may have come where nothing or a file was. What is in it is new then, if the place was known."""
        is_folder = os.path.isdir(self.path)
        if is_folder != self.is_folder and (is_folder or os.path.lexists(self.path)):
            self.is_folder = is_folder
            if self.entries is not None:
                self.entries.pop(self.path, None)

    def look_everywhere(self):
        """The changes since the last look; none at the first one. OSError while the folder is away."""
        self.notice_kind()
        entries = scan(self.path, self.recursive, self._ignore) if self.is_folder else self._file()
        return self._replace(self.entries, entries)

    def look_at(self, paths):
        if self.entries is None or len(paths) > MANY_PATHS:
            return self.look_everywhere()
        before, after = {}, {}
        for path in paths:
            before.update(self._known(path))
            after.update(self._present(path))
        changes = self._replace(before, after)
        for folder in {os.path.dirname(path) for path in paths} & self.entries.keys():
            # Its time of change has moved with its content, and is what it is known by when it moves itself.
            self.entries[folder] = look_at(folder) or self.entries[folder]
        return changes

    def _file(self):
        os.listdir(self.folder)  # Raises where the folder is away, which is not the file's end.
        return self._present(self.path)

    def _replace(self, before, after):
        if before == after:
            return []
        rest = {path: entry for path, entry in (self.entries or {}).items() if path not in (before or {})}
        self.entries = {**rest, **after}
        self.is_saved = self.is_told = False
        return [] if before is None else compare(before, after)

    def _known(self, path):
        entry = self.entries.get(path)
        if entry is None or not entry.is_folder:
            return {} if entry is None else {path: entry}
        return {at: each for at, each in self.entries.items() if at == path or at.startswith(path + os.sep)}

    def _present(self, path):
        entry = look_at(path)
        if entry is None:
            return {}
        if not (entry.is_folder and self.recursive):
            return {path: entry}
        try:
            return {path: entry, **scan(path, True, self._ignore)}
        except OSError:
            return {path: entry}

    def _covers(self, path):
        if not self.is_folder:
            return path == self.path
        start = self.path + os.sep
        names = path[len(start) :].split(os.sep) if path.startswith(start) else []
        return (len(names) == 1 or bool(names) and self.recursive) and not any(
            is_ignored(name, self._ignore) for name in names
        )

"""What a folder holds, and how it differs from what it held before. Plain functions of paths: nothing here waits."""

import fnmatch
import os
import stat
from typing import NamedTuple, Optional

# A tree beyond this is no folder that somebody watches, but a mistyped path.
MOST_ENTRIES = 200_000


class Entry(NamedTuple):
    """What is remembered of a file or folder. A file's content is not read: its size and time of change tell enough."""

    is_folder: bool
    size: int
    mtime_ns: int
    inode: int


class Change(NamedTuple):
    event: str
    path: str
    entry: Entry
    previous_path: Optional[str] = None


class TooManyEntries(Exception):
    pass


def scan(folder, recursive, ignore):
    """The entries below a folder, by path. FileNotFoundError and its like when the folder itself cannot be read."""
    entries = {}
    folders = [folder]
    while folders:
        for path in _children(folders.pop(), must_exist=not entries and not folders):
            entry = None if is_ignored(path, ignore) else look_at(path)
            if entry is None:
                continue
            entries[path] = entry
            if len(entries) > MOST_ENTRIES:
                raise TooManyEntries(f"more than {MOST_ENTRIES} entries are below {folder}")
            if entry.is_folder and recursive:
                folders.append(path)
    return entries


def _children(folder, must_exist):
    try:
        return [entry.path for entry in os.scandir(folder)]
    except OSError:
        # One that went in the meantime, or that is not ours to read, hides no other.
        if must_exist:
            raise
        return []


def look_at(path):
    """The entry at a path, None where there is none. Links are not followed, so that a circle of them is no trap."""
    try:
        facts = os.lstat(path)
    except OSError:
        return None
    is_folder = stat.S_ISDIR(facts.st_mode)
    return Entry(is_folder, 0 if is_folder else facts.st_size, facts.st_mtime_ns, facts.st_ino)


def is_ignored(path, ignore):
    name = os.path.basename(path)
    return any(fnmatch.fnmatch(name, pattern) for pattern in ignore)


def compare(before, after):
    """The changes that make the entries `before` into the entries `after`, those that came first."""
    gone = {path: entry for path, entry in before.items() if path not in after}
    by_identity = {entry: path for path, entry in gone.items() if entry.inode}
    changes = []
    for path in sorted(after):
        entry, old = after[path], before.get(path)
        if old is None:
            # The same inode with the same content is the same file under another name.
            previous = by_identity.pop(entry, None)
            gone.pop(previous, None)
            changes.append(Change("moved" if previous else "created", path, entry, previous))
        elif entry != old and not entry.is_folder:
            changes.append(Change("modified", path, entry))
    return changes + [Change("deleted", path, gone[path]) for path in sorted(gone)]

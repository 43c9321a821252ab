"""Reads what was appended to a file since the last time, through rotation and truncation."""

import os

# Read at one go, so that a file which grows without end does not keep the others waiting.
MOST_BYTES = 1024 * 1024
LONGEST_LINE = 65_536
# So many bytes before the place are remembered, to recognise a file that was written anew.
FINGERPRINT = 64


class Place:
    """How far a file was read. Which file it was is known by its inode, and by the bytes before the place."""

    def __init__(self, inode=0, offset=0, before=""):
        self.inode = inode
        self.offset = offset
        self.before = before

    def to_json(self):
        return {"inode": self.inode, "offset": self.offset, "before": self.before}


def end_of(path):
    """The place behind the last complete line. FileNotFoundError when there is no such file."""
    with open(path, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        start = max(0, size - LONGEST_LINE)
        file.seek(start)
        last_end = file.read().rfind(b"\n")
        return _place(file, size if last_end < 0 else start + last_end + 1)


def read_on(path, place):
    """The lines appended behind the place, as pairs of offset and text, and the place behind them.

    A file that was moved aside (rotated) is read to its end first. Call it until there are no lines.
    """
    with open(path, "rb") as file:
        if _continues(file, place):
            return _read_lines(file, place.offset, is_final=False)
        rotated = _find_rotated(path, place)
        if rotated is not None:
            with open(rotated, "rb") as old:
                lines, behind = _read_lines(old, place.offset, is_final=True)
                if lines:
                    return lines, behind
        return _read_lines(file, 0, is_final=False)


def _continues(file, place):
    facts = os.fstat(file.fileno())
    return facts.st_ino == place.inode and facts.st_size >= place.offset and _before(file, place.offset) == place.before


def _find_rotated(path, place):
    """The file beside it that has become of the one that was read: `app.log` is now `app.log.1`, or the like."""
    folder = os.path.dirname(path)
    for name in os.listdir(folder):
        beside = os.path.join(folder, name)
        try:
            if beside != path and os.stat(beside).st_ino == place.inode:
                with open(beside, "rb") as file:
                    return beside if _continues(file, place) else None
        except OSError:
            continue
    return None


def _read_lines(file, offset, is_final):
    """A last line without its end is left for later, unless the file is final."""
    file.seek(offset)
    data = file.read(MOST_BYTES)
    is_end = len(data) < MOST_BYTES
    lines = []
    for line in _split(data):
        if not line.endswith(b"\n") and len(line) < LONGEST_LINE and not (is_final and is_end):
            break
        lines.append((offset, line.rstrip(b"\r\n").decode("utf-8", "replace")))
        offset += len(line)
    return lines, _place(file, offset)


def _split(data):
    """At newlines only, unlike bytes.splitlines(), and never longer than the longest line."""
    start = 0
    while start < len(data):
        newline = data.find(b"\n", start, start + LONGEST_LINE)
        end = start + LONGEST_LINE if newline < 0 else newline + 1
        yield data[start:end]
        start = end


def _place(file, offset):
    return Place(os.fstat(file.fileno()).st_ino, offset, _before(file, offset))


def _before(file, offset):
    start = max(0, offset - FINGERPRINT)
    file.seek(start)
    return file.read(offset - start).hex()

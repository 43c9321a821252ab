"""One calendar of the configuration, with the last good copy of it."""

import os
import time
from datetime import timedelta

from events import CalendarError, events_between, parse
from source import NotModified, is_address, path_of, read

# Series are written out for some time around now, and anew when half an hour of that is over.
AHEAD = timedelta(days=2)
WRITE_OUT_S = 1800


class WatchedCalendar:
    def __init__(self, name, source):
        self.name = name
        self.events = []
        self._source = source
        self._calendars = []
        self._validators = {}
        self._fetched_at = self._written_out_at = None
        self._version = None

    def restore(self, text):
        """The copy of an earlier run, for when there is no network at the start."""
        self._calendars = parse(text)

    def refresh(self, refresh_s):
        """The new text where there is one. CalendarError when it cannot be had; the events stay as they were."""
        if not self._is_due(refresh_s):
            return None
        try:
            text, self._validators = read(self._source, self._validators)
        except NotModified:
            return None
        self._calendars = parse(text)
        self._written_out_at = None
        return text

    def write_out(self, now, back, all_day_at):
        clock = time.monotonic()
        if self._written_out_at is not None and clock - self._written_out_at < WRITE_OUT_S:
            return
        try:
            self.events = events_between(self._calendars, now - back, now + AHEAD, all_day_at)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            # A parser of what people's programs write meets everything.
            raise CalendarError(f"its events cannot be read: {error}") from error
        self._written_out_at = clock

    def _is_due(self, refresh_s):
        if is_address(self._source):
            clock = time.monotonic()
            if self._fetched_at is not None and clock - self._fetched_at < refresh_s:
                return False
            self._fetched_at = clock
            return True
        before, self._version = self._version, _version(path_of(self._source))
        return self._version != before or self._version is None


def _version(path):
    try:
        facts = os.stat(path)
    except OSError:
        return None
    return (facts.st_mtime_ns, facts.st_size, facts.st_ino)

"""From the text of a calendar to its events, with series written out. Sensor and action of this pack share it."""

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import icalendar
import recurring_ical_events

LONGEST_TEXT = 2000
ADDRESS = re.compile(r"https?://[^\s<>\"]+")


class CalendarError(Exception):
    """Why a calendar cannot be used; for people to read, and without its address, which may be secret."""


class Event(NamedTuple):
    """One event, or one of a series. Times are local and know their zone."""

    uid: str
    summary: str
    description: str
    location: str
    url: str
    start: datetime
    end: datetime
    all_day: bool

    def payload(self, calendar):
        return {
            "calendar": calendar,
            "summary": self.summary,
            "description": self.description,
            "location": self.location,
            "url": self.url or None,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "all_day": self.all_day,
            "uid": self.uid,
        }


def parse(text):
    """The calendars in a text; most hold one."""
    try:
        return icalendar.Calendar.from_ical(text, multiple=True)
    except ValueError as error:
        raise CalendarError(f"not in iCal format: {error}") from None


def events_between(calendars, start, end, all_day_at=time.min):
    """What takes place between two times, by start. Canceled events and canceled dates of a series are left out."""
    events = []
    for calendar in calendars:
        # One series that its author wrote wrongly does not hide the others.
        for component in recurring_ical_events.of(calendar, skip_bad_series=True).between(start, end):
            if str(component.get("STATUS", "")).upper() != "CANCELLED":
                events.append(event_of(component, all_day_at))
    return sorted(events, key=lambda event: (event.start, event.summary))


def event_of(component, all_day_at):
    begins = component["DTSTART"].dt
    all_day = not isinstance(begins, datetime)
    texts = {name: str(component.get(name.upper(), "")) for name in ("summary", "description", "location", "url")}
    found = ADDRESS.search(" ".join([texts["url"], texts["location"], texts["description"]]))
    return Event(
        uid=str(component.get("UID", "")),
        summary=texts["summary"] or "(no title)",
        description=texts["description"][:LONGEST_TEXT],
        location=texts["location"],
        url=found.group(0) if found else "",
        start=local(begins, all_day_at),
        end=local(end_of(component, begins, all_day)),
        all_day=all_day,
    )


def end_of(component, begins, all_day):
    """RFC 5545: an end, or a duration, or else one day for a date and no time at all for a time."""
    if "DTEND" in component:
        return component["DTEND"].dt
    if "DURATION" in component:
        return begins + component["DURATION"].dt
    return begins + timedelta(days=1) if all_day else begins


def local(value, at=time.min):
    """A time without a zone is meant where the reader is; a date begins there too."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, at)
    return value.astimezone()

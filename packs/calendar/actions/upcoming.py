from datetime import datetime, timedelta, timezone

from events import CalendarError, events_between, parse
from source import read
from st2common.runners.base_action import Action


class UpcomingAction(Action):
    def run(self, hours=24, calendar=None, source=None, count=50):
        wanted = self._wanted(calendar, source)
        if not wanted:
            names = ", ".join(each["name"] for each in self.config.get("calendars") or []) or "none"
            return (False, f"there is no such calendar in the configuration, which has: {names}")
        now = datetime.now(tz=timezone.utc)
        listed = []
        for each in wanted:
            try:
                text, _ = read(each["source"])
                events = events_between(parse(text), now, now + timedelta(hours=hours))
            except CalendarError as error:
                return (False, f"{each['name']}: {error}")
            listed += [event.payload(each["name"]) for event in events]
        listed = sorted(listed, key=lambda event: datetime.fromisoformat(event["start"]))[:count]
        return {"summary": summarize(listed), "events": listed}

    def _wanted(self, calendar, source):
        if source:
            return [{"name": calendar or "calendar", "source": source}]
        return [each for each in self.config.get("calendars") or [] if calendar in (None, each["name"])]


def summarize(events):
    if not events:
        return "nothing"
    first = events[0]
    day, time = first["start"][:10], first["start"][11:16]
    begins = f"{day}" if first["all_day"] else f"{day} {time}"
    return f"{len(events)} {'event' if len(events) == 1 else 'events'}, first: {first['summary']} ({begins})"

import json
import time
from datetime import datetime, timedelta, timezone
from typing import NamedTuple, Optional

from events import CalendarError
from st2reactor.sensor.base import PollingSensor
from watched_calendar import WatchedCalendar

STARTS = "calendar.event_starts"
ENDS = "calendar.event_ends"
# What is told later than so was missed.
GRACE = timedelta(minutes=2)


class Subscriber(NamedTuple):
    trigger: str
    is_start: bool
    lead: timedelta
    calendar: Optional[str]

    def key(self, event):
        """By which it is remembered that this was told. An event that is moved to another time is another one."""
        at = event.start if self.is_start else event.end
        what = f"start-{self.lead}" if self.is_start else "end"
        return f"{what} {self.calendar or ''} {event.uid} {at.isoformat()}"


class EventSensor(PollingSensor):
    """What was told is kept in the datastore. So an event is told once, however often the calendar is read again, and
    one that began while the computer slept is told when it wakes.
    """

    def setup(self):
        self._log = self.sensor_service.get_logger(__name__)
        self._complaints = {}
        self._calendars = [
            WatchedCalendar(settings["name"], settings["source"])
            for settings in self.config.get("calendars") or []
            if settings.get("name") and settings.get("source")
        ]
        for calendar in self._calendars:
            copy = self.sensor_service.get_value(f"copy:{calendar.name}")
            if copy:
                calendar.restore(copy)
        # What rules ask for, by the ids of their triggers.
        self._subscribers = {}
        # The time of an event's start or end, by key.
        self._told = json.loads(self.sensor_service.get_value("told") or "{}")
        self._since = self._first_run()

    def poll(self):
        now = datetime.fromtimestamp(time.time(), tz=timezone.utc)
        earliest = max(self._since, now - timedelta(hours=self.config.get("missed_hours", 12)))
        before = len(self._told)
        for calendar in self._calendars:
            self._bring_up_to_date(calendar, now)
            for event in calendar.events:
                self._tell_when_due(calendar, event, now, earliest)
        if len(self._told) != before:
            self._remember(earliest)

    def cleanup(self):
        pass

    def add_trigger(self, trigger):
        self._subscribers[trigger["id"]] = self._subscriber(trigger)

    def update_trigger(self, trigger):
        self.add_trigger(trigger)

    def remove_trigger(self, trigger):
        self._subscribers.pop(trigger["id"], None)

    def _subscriber(self, trigger):
        parameters = trigger.get("parameters") or {}
        lead = parameters.get("lead_minutes")
        minutes = self.config.get("lead_minutes", 5) if lead is None else lead
        is_start = trigger["type"] == STARTS
        return Subscriber(trigger["ref"], is_start, timedelta(minutes=minutes), parameters.get("calendar"))

    def _everybody(self):
        """With the trigger types themselves where no rule asks: an event of a type concerns every rule on it."""
        asking = list(self._subscribers.values())
        asked = {each.is_start for each in asking}
        types = [self._subscriber({"type": ref, "ref": ref}) for ref in (STARTS, ENDS)]
        return asking + [each for each in types if each.is_start not in asked]

    def _first_run(self):
        """What was over before there was this sensor is nobody's news."""
        kept = self.sensor_service.get_value("since")
        if kept:
            return datetime.fromisoformat(kept)
        now = datetime.fromtimestamp(time.time(), tz=timezone.utc)
        self.sensor_service.set_value("since", now.isoformat())
        return now

    def _bring_up_to_date(self, calendar, now):
        back = timedelta(hours=self.config.get("missed_hours", 12)) + timedelta(days=1)
        all_day_at = datetime.strptime(self.config.get("all_day_at", "08:00"), "%H:%M").time()
        try:
            text = calendar.refresh(self.config.get("refresh_minutes", 15) * 60)
            if text is not None:
                self.sensor_service.set_value(f"copy:{calendar.name}", text)
                self._log.info("read the calendar %s", calendar.name)
        except CalendarError as error:
            self._complain(calendar, error)
        try:
            calendar.write_out(now, back, all_day_at)
        except CalendarError as error:
            self._complain(calendar, error)

    def _tell_when_due(self, calendar, event, now, earliest):
        told = {}
        for subscriber in self._everybody():
            at = event.start if subscriber.is_start else event.end
            due = at - subscriber.lead if subscriber.is_start else at
            is_due = due <= now and at >= earliest and subscriber.calendar in (None, calendar.name)
            if is_due and subscriber.key(event) not in self._told:
                self._tell(subscriber, calendar, event, at, now)
                told[subscriber.key(event)] = at.isoformat()
        # Only now, since two subscribers may want the same.
        self._told.update(told)

    def _tell(self, subscriber, calendar, event, at, now):
        payload = {**event.payload(calendar.name), "missed": at < now - GRACE}
        if subscriber.is_start:
            payload["minutes_left"] = round((at - now).total_seconds() / 60)
        self.sensor_service.dispatch(trigger=subscriber.trigger, payload=payload)

    def _remember(self, earliest):
        """Only as long as it could be told again."""
        self._told = {key: at for key, at in self._told.items() if datetime.fromisoformat(at) >= earliest}
        self.sensor_service.set_value("told", json.dumps(self._told))

    def _complain(self, calendar, error):
        """Once for each reason, not at each turn."""
        if self._complaints.get(calendar.name) != str(error):
            self._complaints[calendar.name] = str(error)
            self._log.warning("the calendar %s: %s", calendar.name, error)

import json
import time
from concurrent.futures import ThreadPoolExecutor

from st2reactor.sensor.base import PollingSensor
from url_watch import UrlWatch

# One address that answers slowly must not hold up the others.
AT_ONCE = 8


class UrlSensor(PollingSensor):
    """Each second it asks the addresses that are due. What it saw is kept in the datastore: a page that changed while
    the sensor did not run is told at the first look.
    """

    def setup(self):
        self._log = self.sensor_service.get_logger(__name__)
        self._pool = ThreadPoolExecutor(AT_ONCE)
        # Lists of watches by subscriber, and the kind of event that each rule asks for.
        self._watches = {}
        self._asked = {}
        both = {"changed": "http.changed", "availability": "http.availability"}
        self._watches["configuration"] = [self._begin(settings, both) for settings in self._configured()]

    def poll(self):
        now = time.monotonic()
        watches = [watch for watches in list(self._watches.values()) for watch in watches if self._wanted(watch)]
        for watch, before, told in self._pool.map(self._look, [watch for watch in watches if watch.due_at <= now]):
            for kind, payload in told:
                if kind in self._wanted(watch):
                    self.sensor_service.dispatch(trigger=watch.triggers[kind], payload=payload)
            # Only now: a sensor that is ended in between tells it again rather than never.
            if watch.state != before:
                self.sensor_service.set_value(watch.key, json.dumps(watch.state))

    def cleanup(self):
        self._pool.shutdown(wait=False)

    def add_trigger(self, trigger):
        parameters = trigger.get("parameters") or {}
        # A rule that names no address is told of what the configuration lists.
        wanted = [parameters] if parameters.get("url") else self._configured()
        self._asked[trigger["id"]] = trigger["type"].partition(".")[2]
        triggers = {self._asked[trigger["id"]]: trigger["ref"]}
        self._watches[trigger["id"]] = [self._begin({**parameters, **settings}, triggers) for settings in wanted]

    def update_trigger(self, trigger):
        self.add_trigger(trigger)

    def remove_trigger(self, trigger):
        self._asked.pop(trigger["id"], None)
        for watch in self._watches.pop(trigger["id"], []):
            self.sensor_service.delete_value(watch.key)

    def _wanted(self, watch):
        """What to tell. An event of the type itself concerns every rule, so it is for when none names its own."""
        asked = self._asked.values()
        return [kind for kind, trigger in watch.triggers.items() if trigger != f"http.{kind}" or kind not in asked]

    def _configured(self):
        return [settings for settings in self.config.get("urls") or [] if settings.get("url")]

    def _begin(self, settings, triggers):
        watch = UrlWatch(settings, triggers)
        watch.state = json.loads(self.sensor_service.get_value(watch.key) or "{}")
        self._log.info("watching the %s of %s every %s s", watch.watch, watch.url, watch.every_seconds)
        return watch

    def _look(self, watch):
        """Runs in the pool, where it touches nothing but its own watch."""
        watch.due_at = time.monotonic() + watch.every_seconds
        before = watch.state
        timeout, failures = self.config.get("timeout_seconds", 10), self.config.get("failures", 3)
        return watch, before, watch.look(self.config.get("headers") or {}, timeout, failures)

"""One address that is watched: what of its answers is compared, and when it counts as down."""

import hashlib
import json
from datetime import datetime, timezone

from web import WebError, ask, look_up

NOT_MODIFIED = 304


class UrlWatch:
    """`state` is what has to be kept between runs; it holds JSON values only."""

    def __init__(self, settings, triggers):
        self.url = settings["url"]
        self.name = settings.get("name") or self.url
        self.watch = settings.get("watch") or "body"
        self.path = settings.get("path") or None
        self.every_seconds = max(1, settings.get("every_seconds") or 60)
        # The trigger to dispatch, for each of `changed` and `availability` that somebody wants.
        self.triggers = triggers
        self.state = {}
        self.due_at = 0
        self._failures = 0
        self._failing_since = None

    @property
    def key(self):
        """The same for the same question, so that a rule which is saved again goes on where it was."""
        return f"{self.url} {self.watch} {self.path or ''} {' '.join(sorted(self.triggers))}"

    def look(self, headers, timeout, failures):
        """Asks once, and gives what to tell: pairs of `changed` or `availability` and a payload."""
        now = datetime.now(tz=timezone.utc).isoformat()
        try:
            answer = ask(self.url, {**headers, **self._conditions()}, timeout)
        except WebError as error:
            return self._failed(None, str(error), failures, now)
        if answer.status >= 500:
            told = self._failed(answer.status, f"the status is {answer.status}", failures, now)
        else:
            told = self._answered(answer, now)
        return told + self._compare(answer, now)

    def _conditions(self):
        """Lets the server answer in one line that nothing has changed."""
        kept = self.state.get("validators", {}) if self.watch in ("body", "json") else {}
        return {name: value for name, value in kept.items() if value}

    def _failed(self, status, reason, failures, now):
        self._failures += 1
        self._failing_since = self._failing_since or now
        if self._failures < failures or self.state.get("is_down"):
            return []
        self.state = {**self.state, "is_down": True}
        return [("availability", self._availability("down", status, reason, self._failing_since))]

    def _answered(self, answer, now):
        self._failures, self._failing_since = 0, None
        if not self.state.get("is_down"):
            return []
        self.state = {**self.state, "is_down": False}
        return [("availability", self._availability("up", answer.status, None, now))]

    def _availability(self, state, status, reason, since):
        payload = {"url": self.url, "name": self.name, "state": state, "status": status, "reason": reason}
        return {**payload, "since": since}

    def _compare(self, answer, now):
        # An error page is no new content.
        if answer.status == NOT_MODIFIED or (self.watch != "status" and not 200 <= answer.status < 300):
            return []
        current = self._value_of(answer)
        is_first, previous = "value" not in self.state, self.state.get("value")
        validators = {
            "If-None-Match": answer.headers.get("etag"),
            "If-Modified-Since": answer.headers.get("last-modified"),
        }
        self.state = {**self.state, "value": current, "validators": validators}
        if is_first or current == previous:
            return []
        payload = {"url": self.url, "name": self.name, "watch": self.watch, "path": self.path}
        values = {"status": answer.status, "previous": previous, "current": current, "checked_at": now}
        return [("changed", {**payload, **values})]

    def _value_of(self, answer):
        if self.watch == "status":
            return answer.status
        if self.watch == "header":
            return answer.headers.get((self.path or "").lower())
        if self.watch == "json":
            try:
                return look_up(json.loads(answer.body), self.path or "")
            except ValueError:
                return None
        return hashlib.sha256(answer.body).hexdigest()

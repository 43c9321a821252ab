import json
import os
import time

from git_program import GitError, find_repository, git
from repository_state import differences, read_state
from st2reactor.sensor.base import PollingSensor

DEEPEST = 3
LOOK_FOR_NEW_S = 300


class RepositorySensor(PollingSensor):
    """Compares each repository with what it was, which the datastore keeps: so nothing is missed while it is off."""

    def setup(self):
        self._log = self.sensor_service.get_logger(__name__)
        self._found = []
        self._found_at = None
        self._fetched_at = {}
        self._complaints = {}

    def poll(self):
        now = time.monotonic()
        if self._found_at is None or now - self._found_at >= LOOK_FOR_NEW_S:
            self._found = self._find_all()
            self._found_at = now
        for repository in self._found:
            try:
                self._fetch_when_due(repository, now)
                self._compare(repository)
            except GitError as error:
                self._complain(repository, error)

    def cleanup(self):
        pass

    def add_trigger(self, trigger):
        """Which repositories there are is a matter of the configuration; rules choose among them by criteria."""

    def update_trigger(self, trigger):
        pass

    def remove_trigger(self, trigger):
        pass

    def _find_all(self):
        found = []
        for path in self.config.get("repositories") or []:
            try:
                found.append(find_repository(path))
            except GitError as error:
                self._complain(path, error)
        for root in self.config.get("roots") or []:
            found += discover(os.path.abspath(os.path.expanduser(root)), DEEPEST)
        return list(dict.fromkeys(found))

    def _compare(self, repository):
        after = read_state(repository)
        before = json.loads(self.sensor_service.get_value(repository) or "null")
        if before == after:
            return
        if before is None:
            self._log.info("watching %s", repository)
        else:
            common = {"repository": repository, "name": os.path.basename(repository)}
            for trigger, payload in differences(repository, before, after):
                self.sensor_service.dispatch(trigger=f"git.{trigger}", payload={**common, **payload})
        # Only now: a sensor that is ended in between tells it again rather than never.
        self.sensor_service.set_value(repository, json.dumps(after))

    def _fetch_when_due(self, repository, now):
        every = self.config.get("fetch_minutes") or 0
        if every <= 0 or now - self._fetched_at.get(repository, -every * 60) < every * 60:
            return
        self._fetched_at[repository] = now
        try:
            git(repository, "fetch", "--quiet")
        except GitError as error:
            # Without a network the rest goes on.
            self._complain(f"{repository} (fetch)", error)

    def _complain(self, what, error):
        """Once for each reason, not every ten seconds."""
        if self._complaints.get(what) != str(error):
            self._complaints[what] = str(error)
            self._log.warning("%s: %s", what, error)


def discover(folder, depth):
    """Repositories at a folder or below it; what is inside one, such as submodules, is not looked for."""
    if os.path.exists(os.path.join(folder, ".git")):
        return [folder]
    if depth == 0:
        return []
    try:
        below = [entry.path for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    visible = sorted(path for path in below if not os.path.basename(path).startswith("."))
    return [found for path in visible for found in discover(path, depth - 1)]

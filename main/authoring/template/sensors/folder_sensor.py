import os

from st2reactor.sensor.base import PollingSensor


class FolderSensor(PollingSensor):
    """Runs in a process of its own: `setup` once, then `poll` again and again, `cleanup` at the end."""

    def setup(self):
        self._folder = os.path.expanduser(self.config["folder"])
        self._ending = self.config.get("ending") or ""
        # What is there already is no news.
        self._known = self._list()

    def poll(self):
        found = self._list()
        for name in sorted(found - self._known):
            path = os.path.join(self._folder, name)
            self.sensor_service.dispatch(trigger="my_pack.new_file", payload={"path": path})
        self._known = found

    def cleanup(self):
        pass

    # For triggers with parameters; this sensor has none.

    def add_trigger(self, trigger):
        pass

    def update_trigger(self, trigger):
        pass

    def remove_trigger(self, trigger):
        pass

    def _list(self):
        if not os.path.isdir(self._folder):
            return set()
        files = (entry.name for entry in os.scandir(self._folder) if entry.is_file())
        return {name for name in files if name.endswith(self._ending) and not name.startswith(".")}

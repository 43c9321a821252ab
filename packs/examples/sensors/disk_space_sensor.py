import os
import shutil

from st2reactor.sensor.base import PollingSensor

STEP_PERCENT = 1.0


class DiskSpaceSensor(PollingSensor):
    """The app calls poll() every `poll_interval` seconds; see disk_space_sensor.yaml."""

    def setup(self):
        self._path = os.path.abspath(os.path.expanduser(self.config.get("disk_path") or "~"))
        self._last_told = None

    def poll(self):
        usage = shutil.disk_usage(self._path)
        free_percent = round(100 * usage.free / usage.total, 1)
        if self._last_told is not None and abs(free_percent - self._last_told) < STEP_PERCENT:
            return
        self._last_told = free_percent
        payload = {
            "path": self._path,
            "free_bytes": usage.free,
            "total_bytes": usage.total,
            "free_percent": free_percent,
        }
        self.sensor_service.dispatch(trigger="examples.disk_space", payload=payload)

    def cleanup(self):
        pass

    def add_trigger(self, trigger):
        pass

    def update_trigger(self, trigger):
        pass

    def remove_trigger(self, trigger):
        pass

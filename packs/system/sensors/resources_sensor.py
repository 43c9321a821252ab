import operator
import os
import time

import psutil
from st2reactor.sensor.base import PollingSensor
from threshold import Threshold

BATTERY_SLACK = 5
DISK_SLACK = 2
CPU_SLACK = 15


class ResourcesSensor(PollingSensor):
    def setup(self):
        self._log = self.sensor_service.get_logger(__name__)
        self._battery = Threshold(self.config.get("battery_low_percent", 20), BATTERY_SLACK, operator.le)
        self._was_plugged_in = None
        self._disks = {
            os.path.abspath(os.path.expanduser(path)): Threshold(
                self.config.get("disk_low_percent", 10), DISK_SLACK, operator.lt
            )
            for path in self.config.get("disk_paths") or ["~"]
        }
        self._cpu = Threshold(
            self.config.get("cpu_high_percent", 90),
            CPU_SLACK,
            operator.ge,
            self.config.get("cpu_high_seconds", 60),
        )
        self._cpu_since = time.monotonic()
        # The first call gives no figure, it only marks where the next one counts from.
        psutil.cpu_percent()

    def poll(self):
        now = time.monotonic()
        self._look_at_battery(now)
        for path, threshold in self._disks.items():
            self._look_at_disk(path, threshold, now)
        self._look_at_cpu(now)

    def cleanup(self):
        pass

    def add_trigger(self, trigger):
        """The limits are a matter of the configuration; rules may set stricter ones by criteria."""

    def update_trigger(self, trigger):
        pass

    def remove_trigger(self, trigger):
        pass

    def _look_at_battery(self, now):
        battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
        if battery is None:
            return
        is_plugged_in = bool(battery.power_plugged)
        if self._was_plugged_in not in (None, is_plugged_in):
            self._tell_battery("plugged_in" if is_plugged_in else "unplugged", battery)
        self._was_plugged_in = is_plugged_in
        if self._battery.update(battery.percent, now):
            self._tell_battery("low" if self._battery.is_on else "ok", battery)

    def _tell_battery(self, event, battery):
        # Negative numbers stand for "unknown" and "for ever".
        left = battery.secsleft // 60 if battery.secsleft and battery.secsleft > 0 else None
        payload = {
            "event": event,
            "percent": round(battery.percent, 1),
            "is_plugged_in": bool(battery.power_plugged),
            "minutes_left": left,
        }
        self.sensor_service.dispatch(trigger="system.battery", payload=payload)

    def _look_at_disk(self, path, threshold, now):
        try:
            usage = psutil.disk_usage(path)
        except OSError:
            # A drive that is not plugged in is not full.
            return
        free_percent = round(100 - usage.percent, 1)
        if threshold.update(free_percent, now):
            payload = {
                "state": "low" if threshold.is_on else "ok",
                "path": path,
                "free_percent": free_percent,
                "free_bytes": usage.free,
                "total_bytes": usage.total,
            }
            self.sensor_service.dispatch(trigger="system.disk", payload=payload)

    def _look_at_cpu(self, now):
        percent = psutil.cpu_percent()
        if self._cpu.update(percent, now):
            is_high = self._cpu.is_on
            payload = {
                "state": "high" if is_high else "normal",
                "percent": percent,
                "seconds": round(now - self._cpu_since),
                "busiest": busiest_program() if is_high else None,
            }
            self._cpu_since = now
            self.sensor_service.dispatch(trigger="system.cpu", payload=payload)


def busiest_program(seconds=0.5):
    """Name of the program that used most processor time within the given while."""
    before = {process.pid: _seconds(process) for process in psutil.process_iter(["name", "cpu_times"])}
    time.sleep(seconds)
    used = {}
    for process in psutil.process_iter(["name", "cpu_times"]):
        # A program such as a browser has many processes.
        name = process.info["name"]
        used[name] = used.get(name, 0) + _seconds(process) - before.get(process.pid, _seconds(process))
    return max(used, key=used.get) if used else None


def _seconds(process):
    times = process.info["cpu_times"]
    return times.user + times.system if times else 0

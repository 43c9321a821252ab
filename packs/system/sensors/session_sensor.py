import sys
import threading

from login_signals import LoginSignals
from sleep_clock import slept_seconds
from st2reactor.sensor.base import Sensor

LOOK_S = 2
# Clocks that are read one after the other never agree wholly.
SHORTEST_SLEEP_S = 2


class SessionSensor(Sensor):
    """Waking is seen by the clocks, on every platform; the rest is told by systemd's logind, where there is one."""

    def setup(self):
        self._log = self.sensor_service.get_logger(__name__)
        self._stopping = threading.Event()
        self._signals = LoginSignals() if sys.platform == "linux" else None
        if self._signals is None:
            self._log.info("locking is told on Linux only; waking is told")

    def run(self):
        if self._signals:
            threading.Thread(target=self._listen, daemon=True).start()
        slept = slept_seconds()
        while not self._stopping.wait(LOOK_S):
            now = slept_seconds()
            if slept is not None and now - slept >= SHORTEST_SLEEP_S:
                self._tell("wake", round(now - slept))
            slept = now

    def cleanup(self):
        self._stopping.set()
        if self._signals:
            self._signals.stop()

    def add_trigger(self, trigger):
        """Called for triggers with parameters, which this sensor has not; so are the next two."""

    def update_trigger(self, trigger):
        pass

    def remove_trigger(self, trigger):
        pass

    def _listen(self):
        try:
            self._signals.start()
        except OSError as error:
            self._log.warning("locking and going to sleep are not told, only waking: %s", error)
            return
        self._log.info("listening to logind")
        said = None
        for event in self._signals.events():
            # Several properties that change at once come as several signals.
            if event != said or event == "sleep":
                self._tell(event, None)
            said = event
        if not self._stopping.is_set():
            self._log.warning("locking and going to sleep are not told, only waking: there is no logind to listen to")

    def _tell(self, event, seconds):
        self.sensor_service.dispatch(trigger="system.session", payload={"event": event, "slept_seconds": seconds})

"""The base classes of sensors."""

import abc
import time

__all__ = ["PollingSensor", "Sensor"]


class Sensor(abc.ABC):
    """Lives in a process of its own: `setup` once, then `run` until the process is told to end, then `cleanup`."""

    def __init__(self, sensor_service, config=None):
        self._sensor_service = self.sensor_service = sensor_service
        self._config = self.config = config or {}

    @abc.abstractmethod
    def setup(self):
        """Gets ready, for example connects."""

    @abc.abstractmethod
    def run(self):
        """Waits for events and dispatches them."""

    @abc.abstractmethod
    def cleanup(self):
        """Lets go of what `setup` took."""

    @abc.abstractmethod
    def add_trigger(self, trigger):
        """A rule asks for this trigger: a dict with `id`, `ref`, `type` and `parameters`."""

    @abc.abstractmethod
    def update_trigger(self, trigger):
        """A trigger changed."""

    @abc.abstractmethod
    def remove_trigger(self, trigger):
        """No rule asks for this trigger any more."""


class PollingSensor(Sensor):
    """A sensor that looks for events every `poll_interval` seconds."""

    def __init__(self, sensor_service, config=None, poll_interval=5):
        super().__init__(sensor_service=sensor_service, config=config)
        self._poll_interval = poll_interval

    @abc.abstractmethod
    def poll(self):
        """Looks once."""

    def run(self):
        while True:
            self.poll()
            # Found at each turn, so that green threads run meanwhile where a sensor patched it.
            time.sleep(self._poll_interval)

    def get_poll_interval(self):
        return self._poll_interval

    def set_poll_interval(self, poll_interval):
        """From the next turn on."""
        self._poll_interval = poll_interval

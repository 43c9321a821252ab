"""The services of a sensor under test."""

from st2tests.mocks.service import MockService, MockWrapper

__all__ = ["MockSensorService", "MockSensorWrapper"]


class MockSensorWrapper(MockWrapper):
    pass


class MockSensorService(MockService):
    """What the sensor sees as `self.sensor_service`; it keeps what is dispatched."""

    def __init__(self, sensor_wrapper):
        super().__init__(sensor_wrapper)
        self._sensor_wrapper = sensor_wrapper
        self.dispatched_triggers = []

    def dispatch(self, trigger, payload=None, trace_tag=None):
        self.dispatch_with_context(trigger, payload, {"trace_tag": trace_tag} if trace_tag else None)

    def dispatch_with_context(self, trigger, payload=None, trace_context=None):
        self.dispatched_triggers.append({"trigger": trigger, "payload": payload, "trace_context": trace_context})

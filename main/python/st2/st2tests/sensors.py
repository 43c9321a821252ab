"""The test case for sensors."""

from st2tests.mocks.sensor import MockSensorService, MockSensorWrapper
from st2tests.pack_resource import BasePackResourceTestCase

__all__ = ["BaseSensorTestCase"]


class BaseSensorTestCase(BasePackResourceTestCase):
    """Set `sensor_cls` to the class under test; what its instances dispatch is kept and can be asked for."""

    sensor_cls = None

    def setUp(self):
        super().setUp()
        wrapper = MockSensorWrapper(pack="tests", class_name=self.sensor_cls.__name__)
        self.sensor_service = MockSensorService(sensor_wrapper=wrapper)

    def get_sensor_instance(self, config=None, poll_interval=None):
        arguments = {"sensor_service": self.sensor_service}
        if config:
            arguments["config"] = config
        if poll_interval is not None:
            arguments["poll_interval"] = poll_interval
        return self.sensor_cls(**arguments)

    def get_dispatched_triggers(self):
        """A list of dicts with `trigger`, `payload` and `trace_context`, the oldest first."""
        return self.sensor_service.dispatched_triggers

    def get_last_dispatched_trigger(self):
        return self.sensor_service.dispatched_triggers[-1]

    def assertTriggerDispatched(self, trigger, payload=None, trace_context=None):  # noqa: N802
        """At least one event of this trigger; with this payload and this trace context, where they are given."""
        wanted = {"trigger": trigger}
        if payload:
            wanted["payload"] = payload
        if trace_context:
            wanted["trace_context"] = trace_context
        found = self.get_dispatched_triggers()
        if any(all(event[key] == value for key, value in wanted.items()) for event in found):
            return True
        dispatched = "\n".join(f"  {event['trigger']} {event['payload']!r}" for event in found) or "  nothing"
        raise AssertionError(f'Trigger "{trigger}" was not dispatched as {wanted!r}. Dispatched were:\n{dispatched}')

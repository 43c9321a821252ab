"""The services of an action under test."""

from st2tests.mocks.service import MockService, MockWrapper

__all__ = ["MockActionService", "MockActionWrapper"]


class MockActionWrapper(MockWrapper):
    pass


class MockActionService(MockService):
    """What the action sees as `self.action_service`."""

    def __init__(self, action_wrapper):
        super().__init__(action_wrapper)
        self._action_wrapper = action_wrapper

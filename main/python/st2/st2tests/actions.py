"""The test case for Python actions."""

from st2tests.mocks.action import MockActionService, MockActionWrapper
from st2tests.mocks.config import MockConfig
from st2tests.pack_resource import BasePackResourceTestCase

__all__ = ["BaseActionTestCase"]


class BaseActionTestCase(BasePackResourceTestCase):
    """Set `action_cls` to the class under test; `self.action_service` is what its instances get."""

    action_cls = None

    def setUp(self):
        super().setUp()
        wrapper = MockActionWrapper(pack="tests", class_name=self.action_cls.__name__)
        self.action_service = MockActionService(action_wrapper=wrapper)

    def get_action_instance(self, config=None):
        """An action as the wrapper makes it: one whose constructor takes no `action_service` gets it from outside."""
        given = MockConfig(config or {}) if isinstance(config, (dict, type(None))) else config
        try:
            return self.action_cls(config=given, action_service=self.action_service)
        except TypeError as error:
            if "unexpected keyword argument 'action_service'" not in str(error):
                raise
        action = self.action_cls(config=given)
        action.action_service = self.action_service
        return action

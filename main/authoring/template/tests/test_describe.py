import os

from describe import DescribeAction
from st2tests.base import BaseActionTestCase


class DescribeActionTestCase(BaseActionTestCase):
    action_cls = DescribeAction

    def test_a_file_is_described(self):
        path = os.path.join(os.path.dirname(__file__), "fixtures", "hello.txt")
        result = self.get_action_instance().run(path=path)
        size = len(self.get_fixture_content("hello.txt"))
        self.assertEqual(result, {"name": "hello.txt", "size": size, "kind": "text/plain"})

    def test_a_missing_file_is_a_failure(self):
        succeeded, reason = self.get_action_instance().run(path="/nowhere/at/all.txt")
        self.assertFalse(succeeded)
        self.assertIn("/nowhere/at/all.txt", reason)

"""What the test cases of actions and of sensors have in common."""

import inspect
import os
import unittest

__all__ = ["BasePackResourceTestCase"]


class BasePackResourceTestCase(unittest.TestCase):
    """A test case in a pack's folder `tests/`."""

    def get_fixture_content(self, fixture_path):
        """The text of a file below `tests/fixtures/`."""
        with open(os.path.join(self._get_base_pack_path(), "tests", "fixtures", fixture_path), encoding="utf-8") as file:
            return file.read()

    def _get_base_pack_path(self):
        """The nearest folder above with a pack.yaml; without one, the parent of the test's own folder."""
        tests = above = os.path.dirname(os.path.abspath(inspect.getfile(type(self))))
        while not os.path.isfile(os.path.join(above, "pack.yaml")):
            above, below = os.path.dirname(above), above
            if above == below:
                return os.path.dirname(tests)
        return above

"""The tests of many packs import `mock`, which is in the standard library by another name. A real one goes first."""

import sys
import unittest.mock

sys.modules[__name__] = unittest.mock

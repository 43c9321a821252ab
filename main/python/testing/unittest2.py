"""The tests of older packs import `unittest2`, which became `unittest` itself. A real one goes first."""

import sys
import unittest

sys.modules[__name__] = unittest

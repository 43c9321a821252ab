"""Runs the tests of one pack, in a virtualenv with its requirements. Started by `stormlet pack test`, or by hand:

    …/bin/python test_wrapper.py --folder …/PACK [--only NAME …] [--base-site-packages FOLDER …]

by pytest where the virtualenv has it, else by unittest. The exit code is 0 when all passed, 1 when something failed, and
5 when there was nothing to run. `STORMLET_RESULT` names a file that gets the counts as JSON.
"""

import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, HERE)
from stormlet.run_tests import main  # noqa: E402

# A pack's modules must not meet our folder, nor their names ours.
sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry) != HERE]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

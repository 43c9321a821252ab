"""Runs one sensor of a pack, in the pack's virtualenv. Started by the app, or by hand:

    …/virtualenvs/PACK/bin/python sensor_wrapper.py --pack PACK --file-path …/sensors/NAME.py --class-name CLASS
        [--poll-interval SECONDS] [--bus-url mqtt://USER:PASSWORD@HOST:PORT] [--config JSON | --config-file FILE]
        [--trigger-type-refs PACK.NAME,…] [--user NAME] [--base-site-packages FOLDER …]

prints each trigger instance as a line of JSON, or publishes it where a bus is given. `stormlet/protocol.py` describes
the rest.
"""

import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, HERE)
from stormlet.run_sensor import main  # noqa: E402

# A pack's modules must not meet our folder, nor their names ours.
sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry) != HERE]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Runs one action of a pack, in the pack's virtualenv. Started by the app, or by hand:

    …/virtualenvs/PACK/bin/python python_action_wrapper.py --pack PACK --file-path …/actions/NAME.py
        [--parameters JSON] [--config JSON | --config-file FILE] [--action NAME] [--user NAME] [--log-level LEVEL]
        [--base-site-packages FOLDER …]

prints what the action prints, and its result as the last line of stdout. The app also starts it ahead of time: with
`--standby` it waits for one action, with `--serve` it forks a process for each. `stormlet/protocol.py` describes the rest.
"""

import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, HERE)
from stormlet.run_action import main, wait_for_job  # noqa: E402

# A pack's modules must not meet our folder, nor their names ours.
sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry) != HERE]

if __name__ == "__main__":
    # However the process came to its job, from here on it stands at the same line with the same frames below it.
    sys.exit(main(*wait_for_job(sys.argv[1:])))

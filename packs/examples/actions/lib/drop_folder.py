"""Where the drop folder is: the sensor that watches it and the action that fills it ask here."""

import os
import sys


def drop_folder(config):
    """The absolute path of the drop folder, which exists afterwards."""
    folder = config.get("drop_folder") or os.path.join(pack_data(), "drop")
    folder = os.path.abspath(os.path.expanduser(folder))
    os.makedirs(folder, exist_ok=True)
    return folder


def pack_data():
    """A folder of the pack's own. The app names it; a run by hand uses the place where the app keeps it on Linux."""
    given = os.environ.get("STORMLET_PACK_DATA")
    if given:
        return given
    folder = os.path.join(os.path.expanduser("~"), ".local", "share", "stormlet", "pack-data", "examples")
    print(f"STORMLET_PACK_DATA is not set, using {folder}", file=sys.stderr)
    return folder

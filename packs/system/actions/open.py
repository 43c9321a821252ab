import os
import subprocess
import sys

from st2common.runners.base_action import Action

ADDRESSES = ("http://", "https://", "mailto:")
WAIT_S = 10


class OpenAction(Action):
    def run(self, target):
        # What a rule passes on may come from elsewhere, so other kinds of addresses, which start programs, are refused.
        if not target.startswith(ADDRESSES):
            target = os.path.abspath(os.path.expanduser(target))
            if not os.path.exists(target):
                return (False, f"neither a web address nor there: {target}")
        if sys.platform == "win32":
            os.startfile(target)
        else:
            why_not = start("open" if sys.platform == "darwin" else "xdg-open", target)
            if why_not:
                return (False, why_not)
        return {"summary": f"opened {target}", "target": target}


def start(program, target):
    """Why it could not be opened, None when it was."""
    try:
        process = subprocess.Popen(
            [program, target],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # What it opens outlives this action.
            start_new_session=True,
        )
    except OSError as error:
        return f"cannot start `{program}`: {error.strerror}"
    try:
        code = process.wait(WAIT_S)
    except subprocess.TimeoutExpired:
        # Some desktops wait there until the opened program is closed.
        return None
    return f"`{program}` could not open {target} (code {code})" if code else None

"""What systemd's logind says about sessions and sleep, as a stream of events.

`gdbus` is part of GLib, which every Linux desktop has, and prints each signal as a line; so no D-Bus library is needed.
"""

import re
import subprocess

COMMAND = ["gdbus", "monitor", "--system", "--dest", "org.freedesktop.login1"]
SLEEP = re.compile(r"\.PrepareForSleep \((true|false),?\)")
LOCKED = re.compile(r"'LockedHint': <(true|false)>")


class LoginSignals:
    """A program of the system that runs until `stop()`."""

    def __init__(self):
        self._process = None

    def start(self):
        """OSError when the program is not there."""
        self._process = subprocess.Popen(
            COMMAND, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def events(self):
        """`sleep`, `locked` and `unlocked` as they come; ends when the program does."""
        for line in self._process.stdout:
            event = event_of(line)
            if event:
                yield event

    def stop(self):
        if self._process is not None:
            self._process.terminate()
            self._process.wait()


def event_of(line):
    """The event in a line of `gdbus monitor`, None for all the others."""
    sleep = SLEEP.search(line)
    if sleep:
        # Waking is told by the clocks, which also know for how long it slept.
        return "sleep" if sleep.group(1) == "true" else None
    locked = LOCKED.search(line)
    if locked:
        return "locked" if locked.group(1) == "true" else "unlocked"
    return None

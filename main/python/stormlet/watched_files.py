"""Tells when a file that a waiting interpreter was made of is another one by now."""

from __future__ import annotations

import os
import sys
import time

_LOOK_EVERY_S = 0.2


class WatchedFiles:
    """What this process was made of: when one of them changes, what runs in it would be of yesterday."""

    def __init__(self) -> None:
        self._times: dict[str, int] = {}
        self._looked_at = 0.0

    def watch(self, modules: list[str]) -> None:
        """The files of modules that were imported ahead, and the folders that modules are looked for in."""
        folders = [entry for entry in sys.path if os.path.isdir(entry)]
        others = (os.path.join(sys.prefix, "pyvenv.cfg"), "/etc/localtime", "/etc/timezone")
        self._times = {path: _changed_at(path) for path in (*folders, *modules, *others)}

    def changed(self) -> str | None:
        now = time.monotonic()
        if now - self._looked_at < _LOOK_EVERY_S:
            return None
        self._looked_at = now
        for path, at in self._times.items():
            if _changed_at(path) != at:
                return path
        return None


def _changed_at(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return -1

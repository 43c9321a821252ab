"""Which modules a folder on the path may hold."""

from __future__ import annotations

import os


class Folders:
    """A finder of Python's own for a folder costs far more than a look at its names: it also tries it as an archive."""

    def __init__(self) -> None:
        self._listed: dict[str, tuple[int, frozenset[str]]] = {}

    def may_hold(self, folder: str, module: str) -> bool:
        """True also of what is no folder: only Python knows what is in that. A folder that has changed is listed again."""
        try:
            changed_at = os.stat(folder or ".").st_mtime_ns
            listed = self._listed.get(folder)
            if listed is None or listed[0] != changed_at:
                names = frozenset(name.partition(".")[0] for name in os.listdir(folder or "."))
                listed = self._listed[folder] = (changed_at, names)
            return module in listed[1]
        except FileNotFoundError:
            return False
        except OSError:
            return True

"""Which files of its pack a sensor is made of, so that the app restarts it when one of them changed, and then only."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # As `typing` has it; the import costs a tenth of an action's start.
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Imports:
    """Takes note of every import from `watch` on. It finds no module itself, and raises nothing."""

    def __init__(self, pack: str) -> None:
        self._roots = tuple({pack + os.sep, os.path.realpath(pack) + os.sep})
        self._sought: set[str] = set()
        self._on_new: Callable[[], None] | None = None

    def watch(self) -> None:
        """In front of all finders: those see only what the ones before them have not found."""
        sys.meta_path.insert(0, self)

    def tell(self, on_new: Callable[[], None]) -> None:
        """Called from within an import that nobody asked for before, so it may not do more than make a note."""
        self._on_new = on_new

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name not in self._sought:
            self._sought.add(name)
            if self._on_new:
                self._on_new()

    def seen(self) -> dict[str, list[str]]:
        """The `imports` of a report: see `SensorReport` in the app."""
        files, folders = set(), {self._inside(entry, True) for entry in sys.path}
        for module in list(sys.modules.values()):
            attributes = getattr(module, "__dict__", {})  # `getattr` for more would make lazy modules load.
            files.add(self._inside(attributes.get("__file__")))
            folders.update(self._inside(folder, True) for folder in _places(attributes.get("__path__")))
        return {
            "files": sorted(filter(None, files)),
            "folders": sorted(folder for folder in folders if folder is not None),
            "missing": sorted({name.rpartition(".")[2] for name in list(self._sought) if name not in sys.modules}),
        }

    def _inside(self, place: object, folder: bool = False) -> str | None:
        """The path in the pack, with `/`; None for any that is not in it."""
        if not isinstance(place, str):
            return None
        absolute = os.path.abspath(place) + (os.sep if folder else "")
        for root in self._roots:
            if absolute.startswith(root):
                return absolute[len(root) :].strip(os.sep).replace(os.sep, "/")
        return None


def _places(path: Any) -> list[object]:
    try:
        return list(path) if path is not None else []
    except Exception:  # A namespace package whose parent is gone.
        return []

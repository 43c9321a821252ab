"""Which modules an action imported: the next warm interpreter of its pack may import them ahead."""

from __future__ import annotations

import os
import sys

from . import quick_json
from .modules_after import modules_after

_OWN = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


class InstalledImports:
    """Made before the pack's code is loaded."""

    def __init__(self, pack: str, base_site_packages: list[str], ahead: frozenset[str]) -> None:
        """`pack` is its folder; `ahead` names what was imported ahead already."""
        self._last_module = next(reversed(sys.modules))
        self._ahead = ahead
        own = [folder for folder in sys.path if not folder.startswith(_OWN)]
        # Python's own and what is installed; never the pack's own code, wherever it lies.
        self._folders = tuple(
            folder + os.sep
            for folder in (os.path.dirname(os.__file__), *own, *base_site_packages)
            if folder and not (folder + os.sep).startswith(pack + os.sep)
        )

    def add_to(self, encoded: str) -> str:
        """The result with the names in it, last first: so most come after what they need. As it was where none is new."""
        fresh = modules_after(self._last_module)
        if self._ahead.issuperset(fresh):
            return encoded
        names = [name for name in fresh if self._may_be_ahead(name)]
        return f'{encoded[:-1]}, "imported": {quick_json.dumps(names)}}}' if names else encoded

    def _may_be_ahead(self, name: str) -> bool:
        spec = getattr(sys.modules.get(name), "__spec__", None)
        if spec is None or getattr(spec, "name", None) != name or not isinstance(spec.origin, str):
            return False
        return spec.origin in ("built-in", "frozen") or spec.origin.startswith(self._folders)

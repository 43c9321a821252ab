"""What an interpreter that waits for an action has done ahead of it, and how the action comes to have it."""

from __future__ import annotations

from .hidden_modules import HiddenModules
from .watched_files import WatchedFiles

TYPE_CHECKING = False  # As `typing` has it.
if TYPE_CHECKING:
    from typing import Any

    from .quick_end import QuickEnd


class Ahead:
    def __init__(self, cold: frozenset[str], quick_end: QuickEnd) -> None:
        """`cold`: the modules that a cold start has by now."""
        self._hidden = HiddenModules(cold)
        self._files = WatchedFiles()
        self._quick_end = quick_end

    def get_ready(self, hello: dict[str, Any]) -> dict[str, Any]:
        """Imports what `hello` names, and says what came of it. Raises Unsuitable: then the process is of no use."""
        # The first time, Python makes a hundred types for it. An action's file is always compiled, so they are always there.
        compile("", "", "exec")
        self._hidden.import_ahead(hello.get("ours", []), hello.get("ours_from", []), are_ours=True)
        self._hidden.import_ahead(hello.get("modules", []), hello.get("modules_from", []))
        self._files.watch(self._hidden.files())
        if self._quick_end.know(self._hidden.names(), self._hidden.files()):
            self._hidden.import_ahead(["ctypes"], [], are_ours=True)
            ctypes = self._hidden.module("ctypes")
            if ctypes is not None:
                self._quick_end.end_as_c(ctypes)
        return {"imported": self._hidden.names(), "failed": self._hidden.failed}

    def changed_file(self) -> str | None:
        return self._files.changed()

    @property
    def asked(self) -> list[str]:
        """What the process of an action has imported of it, as it does."""
        return self._hidden.asked

    def rehearse(self, asked: list[str]) -> None:
        self._hidden.rehearse(asked)

    def offer(self) -> None:
        """In the process of an action: an import finds what is there, and what comes from here on is the action's."""
        self._hidden.offer()
        self._quick_end.begin()

    def forget(self) -> None:
        """What was imported is of yesterday: an import loads it anew."""
        self._hidden.forget()

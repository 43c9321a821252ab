"""The end of a process that was forked or stood by: with all that a program can see of it, without the rest.

Python takes its whole world down object by object before a process ends, which costs several times what a small action
does. That is needed only where something alive has something left to do: a file with unwritten data, a `__del__`.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from _weakref import ref

from .modules_after import modules_after

TYPE_CHECKING = False  # As `typing` has it.
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .last_words import LastWords

# More objects than this are not looked through: taking them down costs little beside having made them.
_MOST_OBJECTS = 20_000
_exit = os._exit
_ENDINGS = (".so", ".pyd", ".dylib")


class QuickEnd:
    """Called last of what is registered with `atexit`, so all else that happens at a regular end has happened."""

    def __init__(self) -> None:
        self.imported_ahead: frozenset[str] = frozenset()
        # Of a forked process.
        self.last_words: LastWords | None = None
        self._code: int | None = None
        self._last_module = ""
        self._of_c: frozenset[str] = frozenset()
        self._exit_as_c: Callable[[int], object] | None = None
        atexit.register(self._leave)

    def know(self, names: list[str], files: list[str]) -> bool:
        """The modules that were imported ahead. True when there are foreign ones in C: the process then has to end as C
        knows it, too, where an action uses one, and `end_as_c` has to be called."""
        self.imported_ahead = frozenset(names)
        foreign = [file for file in files if file.endswith(_ENDINGS) and not _is_pythons_own(file)]
        self._of_c = frozenset(foreign)
        return bool(foreign)

    def end_as_c(self, ctypes: Any) -> None:
        self._exit_as_c = ctypes.CDLL(None).exit

    def begin(self) -> None:
        """The job is there: what is loaded from here on is its own, or was imported ahead."""
        self._last_module = next(reversed(sys.modules))

    def will_exit(self, code: object) -> None:
        """What the process will exit with, as SystemExit carries it."""
        self._code = code & 0xFF if isinstance(code, int) else (0 if code is None else 1)

    def _leave(self) -> None:
        if self._code is None:
            return
        foreign = self._foreign_machine_code()
        # Where C's own way to end is not at hand, no foreign module may have been used.
        known = self._of_c if self._exit_as_c else frozenset()
        if not foreign <= known or _something_is_left_to_do():
            return
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except Exception:
            # Python says how that went, and exits with 120.
            return
        if foreign and self._exit_as_c is not None:
            self._exit_as_c(self._code)
        if self.last_words is not None:
            self.last_words.leave_code(self._code)
        _exit(self._code)

    def _foreign_machine_code(self) -> frozenset[str]:
        """Files of foreign modules in C that the action loaded: they may have output of their own in C's buffers."""
        files = (getattr(sys.modules.get(name), "__file__", None) for name in modules_after(self._last_module))
        return frozenset(
            file for file in files if isinstance(file, str) and file.endswith(_ENDINGS) and not _is_pythons_own(file)
        )


def _is_pythons_own(file: str) -> bool:
    """But not `ctypes`, through which any other is reached."""
    folder, name = os.path.split(file)
    return os.path.basename(folder) == "lib-dynload" and not name.startswith("_ctypes")


def _something_is_left_to_do() -> bool:
    """Of the objects that the action made: those of the server are frozen, and not listed here."""
    alive = gc.get_objects()
    if len(alive) > _MOST_OBJECTS:
        return True
    harmless: dict[type, bool] = {}
    for each in alive:
        kind = type(each)
        is_harmless = harmless.get(kind)
        if is_harmless is None:
            is_harmless = harmless[kind] = not (hasattr(kind, "__del__") or kind is ref)
        if not is_harmless and not _is_idle(each):
            return True
    return False


def _is_idle(each: object) -> bool:
    """A weak reference that calls nobody back, or one of a library's own bookkeeping."""
    callback = each.__callback__ if type(each) is ref else each
    return callback is None or getattr(callback, "__module__", None) in ("_weakrefset", "weakref", "functools")

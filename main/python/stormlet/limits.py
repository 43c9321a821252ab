"""What an action's process may use, set just before its code is loaded, and so for all that it starts."""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # As `typing` has it.
if TYPE_CHECKING:
    from typing import Any

_EMFILE = 24
# A program that takes no notice of the signal at its limit is killed so many seconds later.
_CPU_GRACE_S = 5
# For the words about a memory limit that was reached.
_ROOM_TO_SPEAK = 16 * 1024 * 1024


# Loaded by a process that is started ahead, so that its actions need not.
_resource: Any = None


def load_resource() -> Any:
    """The module `resource`, in sight as after any import of it; None on Windows, which has no such limits."""
    global _resource
    if _resource is None:
        try:
            import resource
        except ImportError:
            return None
        _resource = resource
    sys.modules.setdefault("resource", _resource)
    return _resource


class Limits:
    """`memory` in bytes, `cpu` in seconds, `files` at one time; 0 or absent: as the app has it."""

    def __init__(self, wanted: dict[str, Any]) -> None:
        self._memory, self._cpu, self._files = (_amount(wanted, name) for name in ("memory", "cpu", "files"))

    def set(self) -> None:
        if not (self._memory or self._cpu or self._files):
            return
        resource = load_resource()
        if resource is None:
            return
        if self._memory:
            # What is private and writable, and not the address space, of which many programs reserve far more than
            # they ever use.
            _lower(resource, resource.RLIMIT_DATA, self._memory, self._memory + _ROOM_TO_SPEAK)
        if self._cpu:
            _lower(resource, resource.RLIMIT_CPU, self._cpu, self._cpu + _CPU_GRACE_S)
        if self._files:
            _lower(resource, resource.RLIMIT_NOFILE, self._files, None)

    def lift_soft(self) -> None:
        """After an error: to say what it was takes a little memory, and to hand it over a file."""
        resource = load_resource() if self._memory or self._files else None
        if resource is None:
            return
        for limit, is_set in ((resource.RLIMIT_DATA, self._memory), (resource.RLIMIT_NOFILE, self._files)):
            if is_set:
                hard = resource.getrlimit(limit)[1]
                resource.setrlimit(limit, (hard, hard))

    def reached(self, error: BaseException | None) -> str | None:
        """The limit that an error comes from, through what it was raised from."""
        for _ in range(100):
            if error is None:
                return None
            if self._memory and isinstance(error, MemoryError):
                return "memory"
            if self._files and isinstance(error, OSError) and error.errno == _EMFILE:
                return "files"
            error = error.__cause__ or error.__context__
        return None


def _amount(wanted: dict[str, Any], name: str) -> int:
    value = wanted.get(name)
    return value if isinstance(value, int) and value > 0 else 0


def _lower(resource: Any, limit: int, soft: int, hard: int | None) -> None:
    """Never above what the app itself has."""
    above_soft, above_hard = resource.getrlimit(limit)
    hard = above_hard if hard is None else _least(resource, hard, above_hard)
    resource.setrlimit(limit, (_least(resource, _least(resource, soft, above_soft), hard), hard))


def _least(resource: Any, one: int, other: int) -> int:
    return one if other == resource.RLIM_INFINITY else min(one, other)

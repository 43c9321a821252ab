"""What an import may leave in a process that no fork could hide from its children."""

from __future__ import annotations

import _signal
import _thread
import builtins
import gc
import os
import sys

_HOOKS = ("excepthook", "displayhook", "stdin", "stdout", "stderr", "breakpointhook", "unraisablehook", "path_importer_cache")
_THREADS = "/proc/self/task"
_DESCRIPTORS = "/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"


class ProcessState:
    """Taken before, compared after."""

    def __init__(self, cold: frozenset[str]) -> None:
        self._parts = _parts()
        self._modules = [(module, dict(vars(module))) for name in cold for module in (_module(name),) if module]

    def difference(self) -> str | None:
        """What the import did, in words; None when it left nothing."""
        for what, value in _parts().items():
            if self._parts[what] != value:
                return what
        for module, attributes in self._modules:
            for name, value in attributes.items():
                if module.__dict__.get(name) is not value and not _is_counter(value):
                    return f"changes `{module.__name__}.{name}`"
        return "has a random number generator of its own" if _has_generator() else None


def _parts() -> dict[str, object]:
    return {
        "starts a thread": _threads(),
        "leaves a file or socket open": _descriptors(),
        "changes the environment": dict(os.environ),
        "changes the working folder": os.getcwd(),
        "changes how signals are handled": [_signal.getsignal(each) for each in range(1, _signal.NSIG)],
        "changes `sys.path`": sys.path[:],
        "changes a hook of `sys`": [getattr(sys, name, None) for name in _HOOKS[:-1]],
        "traces what runs": [sys.gettrace(), sys.getprofile()],
        "changes a limit of Python": [sys.getrecursionlimit(), sys.getswitchinterval(), gc.get_threshold()],
        "adds to the built-in names": len(vars(builtins)),
        "leaves a child process behind": _has_child(),
    }


def _threads() -> int:
    return len(os.listdir(_THREADS)) if os.path.isdir(_THREADS) else _thread._count()


def _descriptors() -> int:
    return len(os.listdir(_DESCRIPTORS))


def _has_child() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def _module(name: str) -> object:
    module = sys.modules.get(name)
    return module if hasattr(module, "__dict__") and name not in ("__main__", "warnings", "builtins") else None


def _is_counter(value: object) -> bool:
    """State that the standard library's modules keep for themselves."""
    return isinstance(value, (int, str, float, tuple, type(None)))


def _has_generator() -> bool:
    """One that is seeded already would give the same numbers in every child."""
    random = sys.modules.get("random")
    if random is None:
        return False
    known = (getattr(random, "_inst", None),)
    return any(
        type(each).__name__ == "Random" and isinstance(each, random.Random) and each not in known
        for each in gc.get_objects()
    )

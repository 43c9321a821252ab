"""Makes of a process that was started ahead what a cold start with this job would be."""

from __future__ import annotations

import os
import sys

from . import quick_json
from .process_marks import MARK, ProcessMarks

_LOCALE = "LC_CTYPE"


class BecomeCold:
    """Made at the process's start, called once its job is known."""

    def __init__(self) -> None:
        self._marks = ProcessMarks()
        self._locale = _locale_of_python()
        # Only for the room that it takes; what comes instead of it comes last, as for a cold start.
        os.environ.pop(MARK, None)

    def __call__(self, job: bytes) -> tuple[list[str], bytes]:
        """The arguments of the command line, and what would be on stdin.

        The environment comes as its difference to the one that this process was started with, null for what is not in
        it: replacing it as a whole would touch, and so copy, most pages that a fork shares with its server.
        """
        head, _, setup = job.partition(b"\n")
        wanted = quick_json.loads(head)
        arguments, environment = wanted["arguments"], wanted["env"]
        for name, value in environment.items():
            if value is not None:
                os.environ[name] = value
            elif name in os.environ:
                del os.environ[name]
        if self._locale is not None and _LOCALE in os.environ and _LOCALE not in environment:
            del os.environ[_LOCALE]
            os.environ[_LOCALE] = self._locale
        if hasattr(sys, "orig_argv"):
            sys.orig_argv[:] = [sys.orig_argv[0], sys.argv[0], *arguments]
        self._marks.write(arguments, environment)
        return arguments, setup


def _locale_of_python() -> str | None:
    """What Python itself has set at its start, where it was given no locale: after all that it was given (PEP 538)."""
    try:
        with open("/proc/self/environ", "rb") as environment:
            given = environment.read()
    except OSError:
        return None
    return None if b"\0" + _LOCALE.encode() + b"=" in b"\0" + given else os.environ.get(_LOCALE)

"""Makes of a process that was started ahead what a cold start with this job would be."""

from __future__ import annotations

import os
import sys

from . import quick_json
from .process_marks import MARK, ProcessMarks


class BecomeCold:
    """Made at the process's start, called once its job is known."""

    def __init__(self) -> None:
        self._marks = ProcessMarks()
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
        if hasattr(sys, "orig_argv"):
            sys.orig_argv[:] = [sys.orig_argv[0], sys.argv[0], *arguments]
        self._marks.write(arguments, environment)
        return arguments, setup

"""What other programs see of a forked process: without this, `ps` and /proc show the server's command and environment.

Linux shows both from the process's own memory, where the server wrote room for them at its start: so the child writes
them there. The app finds all that an action left behind by STORMLET_EXECUTION_ID in what /proc shows.
"""

from __future__ import annotations

import os
import sys

MARK = "STORMLET_EXECUTION_ID"


class ProcessMarks:
    """Where in memory the texts are; nowhere on a system that does not say."""

    def __init__(self) -> None:
        self._arguments = self._mark = (0, 0)
        try:
            with open("/proc/self/stat", "rb") as stat, open("/proc/self/environ", "rb") as environment:
                # The name of the program, in parentheses, may hold spaces.
                fields = stat.read().rpartition(b")")[2].split()
                block = environment.read()
        except OSError:
            return
        arguments_start, arguments_end, environment_start = (int(fields[at]) for at in (45, 46, 47))
        self._arguments = (arguments_start, arguments_end - arguments_start)
        name = MARK.encode() + b"="
        start = 0 if block.startswith(name) else block.find(b"\0" + name) + 1
        if block.startswith(name, start):
            self._mark = (environment_start + start, block.find(b"\0", start) + 1 - start)

    def write(self, arguments: list[str], environment: dict[str, str | None]) -> None:
        command = [getattr(sys, "orig_argv", [sys.executable])[0], sys.argv[0], *arguments]
        texts = (
            (self._arguments, b"".join(os.fsencode(part) + b"\0" for part in command)),
            (self._mark, os.fsencode(f"{MARK}={environment.get(MARK) or ''}")),
        )
        try:
            memory = os.open("/proc/self/mem", os.O_WRONLY)
        except OSError:
            return
        try:
            for (address, room), text in texts:
                if address and room:
                    os.pwrite(memory, text[: room - 1].ljust(room, b"\0"), address)
        except (OSError, OverflowError):
            # A system that guards its memory: `ps` shows the server's name, and killing finds what its group holds.
            return
        finally:
            os.close(memory)


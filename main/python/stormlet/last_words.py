"""What a forked action leaves to its server: its result and its exit code, in memory that both see.

A file for each result costs a small action as much as the rest of its work, and the end of a process takes longer than
the word that it has come to it. A child that does not get to say it, or has more to hand over, ends as a cold one does.
"""

from __future__ import annotations

import os
from mmap import mmap

_ROOM = 64 * 1024
# The result's length plus one, so that nothing is told from an empty one; the exit code plus one; the length of what was
# asked for, and that; then the result.
_LENGTH, _CODE, _ASKED_LENGTH = slice(0, 4), slice(4, 6), slice(6, 8)
_MOST_ASKED = 2048
_ASKED, _HEADER = 8, 8 + _MOST_ASKED


class LastWords:
    """Made in the server, for one child. A process that the child has forked in its turn says nothing."""

    def __init__(self) -> None:
        self._memory = mmap(-1, _ROOM)
        self._speaker = 0
        self._asked: list[str] = []

    def begin(self, asked: list[str]) -> None:
        """In the child: nobody else speaks from now on. `asked` grows with the modules that it asks for."""
        self._speaker = os.getpid()
        self._asked = asked

    def leave_result(self, result: bytes) -> bool:
        """False where there is no room for it. Its length comes last: what was begun only is nothing."""
        if len(result) > _ROOM - _HEADER or os.getpid() != self._speaker:
            return False
        memory = self._memory
        asked = ",".join(self._asked).encode()
        if len(asked) <= _MOST_ASKED:
            memory[_ASKED : _ASKED + len(asked)] = asked
            memory[_ASKED_LENGTH] = len(asked).to_bytes(2, "big")
        memory[_LENGTH] = b"\0\0\0\0"
        memory[_HEADER : _HEADER + len(result)] = result
        memory[_LENGTH] = (len(result) + 1).to_bytes(4, "big")
        return True

    def leave_code(self, code: int) -> None:
        """With nothing left to do but to end. Closing its output, which the server sees, is how it is said."""
        if os.getpid() != self._speaker:
            return
        self._memory[_CODE] = (code + 1).to_bytes(2, "big")
        for descriptor in (1, 2):
            try:
                os.close(descriptor)
            except OSError:
                # The action did so itself.
                continue

    def result(self) -> bytes | None:
        length = int.from_bytes(self._memory[_LENGTH], "big")
        return self._memory[_HEADER : _HEADER + length - 1] if length else None

    def asked(self) -> list[str]:
        """Names of the modules that it asked for, for whoever comes next."""
        length = int.from_bytes(self._memory[_ASKED_LENGTH], "big")
        return self._memory[_ASKED : _ASKED + length].decode().split(",") if length else []

    def code(self) -> int | None:
        code = int.from_bytes(self._memory[_CODE], "big")
        return code - 1 if code else None

    def close(self) -> None:
        """In the server, once all is read."""
        self._memory.close()

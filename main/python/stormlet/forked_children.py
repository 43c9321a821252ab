"""The processes that a fork server has made, as it sees them."""

from __future__ import annotations

import _signal
import os

from . import quick_json
from .standard_streams import write_all

TYPE_CHECKING = False  # As `typing` has it.
if TYPE_CHECKING:
    from .last_words import LastWords

_LARGEST_RESULT = 16 * 1024 * 1024


class Forked:
    """`streams`: the server's ends of its stdout and stderr."""

    def __init__(self, pid: int, streams: tuple[int, int], words: LastWords) -> None:
        self.pid = pid
        self.streams = streams
        self.words = words


class Spare:
    """A child without a job yet. `channel`: what it is told its job over."""

    def __init__(self, forked: Forked, channel: int) -> None:
        self.forked = forked
        self._channel = channel

    def take(self, payload: bytes) -> bool:
        """False when it is dead, so nothing has run."""
        try:
            write_all(self._channel, payload)
            os.close(self._channel)
            return True
        except OSError:
            self.close()
            return False

    def close(self) -> None:
        for descriptor in (self._channel, *self.forked.streams):
            os.close(descriptor)
        self.forked.words.close()

    def end(self) -> None:
        self.close()
        try:
            os.waitpid(self.forked.pid, 0)
        except ChildProcessError:
            pass


class Child:
    def __init__(self, number: int, forked: Forked, payload: bytes) -> None:
        self.number = number
        self.pid = forked.pid
        self.streams = forked.streams
        self.open = set(forked.streams)
        self.status: int | None = None
        self.drain_until: float | None = None
        self._payload = payload
        self._words = forked.words

    def is_over(self) -> bool:
        return self.status is not None or self._words.code() is not None

    def signal(self, number: int) -> None:
        """To it and all that stayed in its process group; nothing to those whose number another may have by now."""
        if self.status is not None:
            return
        try:
            os.killpg(self.pid, number)
        except OSError:
            # It has not come to `setsid` yet, or it is gone.
            try:
                os.kill(self.pid, number)
            except OSError:
                pass

    def asked(self) -> list[str]:
        return self._words.asked()

    def end(self) -> tuple[dict[str, int], bytes]:
        """How it ended, and its result."""
        words, said = self._words.result(), self._words.code()
        self._words.close()
        head = _head(self.status, said)
        if words is not None:
            return {**head, "size": len(words)}, words
        return self._from_file(head)

    def tidy_up(self) -> None:
        """Also what it forked itself may have left a result, which is nobody's."""
        try:
            os.unlink(self._result_file())
        except OSError:
            return

    def _from_file(self, head: dict[str, int]) -> tuple[dict[str, int], bytes]:
        try:
            with open(self._result_file(), "rb") as result:
                size = os.fstat(result.fileno()).st_size
                data = result.read() if size <= _LARGEST_RESULT else b""
        except OSError:
            return head, b""
        return {**head, "size": size}, data

    def _result_file(self) -> str:
        return quick_json.loads(self._payload.partition(b"\n")[0])["result"]


def _head(status: int | None, said: int | None) -> dict[str, int]:
    if status is None:
        return {"code": said or 0}
    return {"signal": os.WTERMSIG(status)} if os.WIFSIGNALED(status) else {"code": os.WEXITSTATUS(status)}

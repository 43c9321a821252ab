"""The processes that a fork server has made, as it sees them."""

from __future__ import annotations

import _signal
import os

from . import quick_json
from .standard_streams import write_all

_LARGEST_RESULT = 16 * 1024 * 1024


class Spare:
    """A child without a job yet."""

    def __init__(self, pid: int, channel: int, streams: tuple[int, int]) -> None:
        self.pid = pid
        self.streams = streams
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
        for descriptor in (self._channel, *self.streams):
            os.close(descriptor)

    def end(self) -> None:
        self.close()
        try:
            os.waitpid(self.pid, 0)
        except ChildProcessError:
            pass


class Child:
    def __init__(self, number: int, pid: int, payload: bytes, streams: tuple[int, int]) -> None:
        self.number = number
        self.pid = pid
        self.streams = streams
        self.open = set(streams)
        self.status: int | None = None
        self.drain_until: float | None = None
        self._payload = payload

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

    def end(self) -> tuple[dict[str, int], bytes]:
        status = self.status or 0
        head = {"signal": os.WTERMSIG(status)} if os.WIFSIGNALED(status) else {"code": os.WEXITSTATUS(status)}
        file = quick_json.loads(self._payload.partition(b"\n")[0])["result"]
        try:
            with open(file, "rb") as result:
                size = os.fstat(result.fileno()).st_size
                data = result.read() if size <= _LARGEST_RESULT else b""
            os.unlink(file)
        except OSError:
            return head, b""
        return {**head, "size": size}, data

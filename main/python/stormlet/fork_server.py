"""An interpreter of a pack's virtualenv that forks a process for each action: isolation at the price of a function call.

The rules that keep a child from telling: this process has one thread, no event loop, runs no code of the pack, opens
nothing that a child keeps, and each child leaves this file by a plain `return`, down to the line of the script where a
cold one stands. `protocol.py` tells what goes over the channel.
"""

from __future__ import annotations

import _signal
import gc
import os
import select
import sys
import time
from _socket import AF_UNIX, SOCK_STREAM, socketpair

from . import quick_json
from .ahead import Ahead
from .become_cold import BecomeCold
from .forked_children import Child, Forked, Spare
from .hidden_modules import Unsuitable
from .last_words import LastWords
from .limits import load_resource
from .quick_end import QuickEnd
from .rehearsal import rehearse
from .standard_streams import read_all, stream_output, write_all

TYPE_CHECKING = False  # As `typing` has it.
if TYPE_CHECKING:
    from typing import Any

    Job = tuple[list[str], "bytes | None", "QuickEnd | None"]

CHANNEL = 3
HEADER = 9  # Four bytes of length, the kind, four bytes of the job's number.
_PIECE = 65536
# A child that ended may have left one of its own in the background that holds its stdout open: as for a cold one.
_DRAIN_S = 0.5
# Beside so many actions a processor is likely to be free for the next child; beside more, it would take their time.
_FEW = 1


def serve(cold: frozenset[str]) -> Job:
    """Returns in each child, with its job. In the server itself it never does: the process ends with the channel.

    `cold`: the modules that a cold start has by now.
    """
    # The last of all to be called at a child's end, since it is the first to be registered.
    quick_end = QuickEnd()
    server = ForkServer(cold, quick_end)
    try:
        job = server.serve()
    except OSError:
        # The app is gone.
        job = None
    if job is None:
        server.end_all()
        os._exit(0)
    return (*job, quick_end)


class ForkServer:
    """Its children by their numbers, and the one loop."""

    def __init__(self, cold: frozenset[str], quick_end: QuickEnd) -> None:
        self._children: dict[int, Child] = {}
        self._by_pid: dict[int, Child] = {}
        self._by_descriptor: dict[int, tuple[Child, bytes]] = {}
        self._received = bytearray()
        self._poll = select.poll()
        self._woken, wakes = os.pipe()
        # Once for all children; a cold start does the same with its own.
        stream_output()
        load_resource()
        for descriptor in (self._woken, wakes):
            os.set_blocking(descriptor, False)
        _signal.signal(_signal.SIGCHLD, _ignore)
        _signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        self._become_cold = BecomeCold()
        self._ahead = Ahead(cold, quick_end)
        self._quick_end = quick_end
        self._spare: Spare | None = None
        self._wants_spare = False
        self._last_job = b""
        self._last_asked: list[str] = []

    def serve(self) -> tuple[list[str], bytes] | None:
        """A child's arguments and set-up, in that child; None when the app closed the channel."""
        hello = self._hello()
        if hello is None or not self._get_ready(hello):
            return None
        self._poll.register(CHANNEL, select.POLLIN)
        self._poll.register(self._woken, select.POLLIN)
        while True:
            for descriptor, _ in self._poll.poll(self._until_drained()):
                if descriptor == CHANNEL:
                    frames = self._receive()
                    if frames is None:
                        return None
                    for kind, number, payload in frames:
                        job = self._obey(kind, number, payload)
                        if job is not None:
                            return job
                elif descriptor == self._woken:
                    os.read(self._woken, _PIECE)
                    self._reap()
                elif descriptor in self._by_descriptor:
                    self._pass_on(descriptor)
            self._give_up_draining()
            if self._wants_spare and len(self._children) <= _FEW:
                self._wants_spare = False
                job = self._fork_spare()
                if job is not None:
                    return job

    def end_all(self) -> None:
        for child in self._children.values():
            child.signal(_signal.SIGKILL)
        if self._spare is not None:
            self._spare.end()

    def _hello(self) -> dict[str, Any] | None:
        while True:
            frames = self._receive()
            if frames is None:
                return None
            for _, _, payload in frames:
                return quick_json.loads(payload)

    def _get_ready(self, hello: dict[str, Any]) -> bool:
        started = time.monotonic()
        try:
            report = self._ahead.get_ready(hello)
        except Unsuitable as reason:
            self._send(b"b", 0, quick_json.dumps(reason.report()).encode())
            return False
        gc.collect()
        gc.disable()
        gc.freeze()
        report["ms"] = round((time.monotonic() - started) * 1000)
        self._send(b"y", 0, quick_json.dumps(report).encode())
        return True

    def _receive(self) -> list[tuple[bytes, int, bytes]] | None:
        """The frames that are complete; None when the channel is closed."""
        data = os.read(CHANNEL, _PIECE)
        if not data:
            return None
        received = self._received
        received += data
        frames = []
        while len(received) >= HEADER:
            end = HEADER + int.from_bytes(received[:4], "big")
            if len(received) < end:
                break
            frames.append((bytes(received[4:5]), int.from_bytes(received[5:9], "big"), bytes(received[HEADER:end])))
            del received[:end]
        return frames

    def _send(self, kind: bytes, number: int, payload: bytes = b"") -> None:
        """Waits while the app does not read; it reads always, so neither side can hold up the other for good."""
        write_all(CHANNEL, len(payload).to_bytes(4, "big") + kind + number.to_bytes(4, "big") + payload)

    def _obey(self, kind: bytes, number: int, payload: bytes) -> tuple[list[str], bytes] | None:
        if kind == b"r":
            return self._run(number, payload)
        child = self._children.get(number)
        if kind == b"k" and child is not None:
            child.signal(payload[0])
        return None

    def _run(self, number: int, payload: bytes) -> tuple[list[str], bytes] | None:
        stale = self._ahead.changed_file()
        if stale is not None:
            self._send(b"n", number, f"`{stale}` has changed".encode())
            return None
        self._wants_spare = True
        self._last_job = payload
        # Before it may run: what was not accepted has surely not run, and may run elsewhere when this process dies.
        spare, self._spare = self._spare, None
        self._send(b"a", number, b"" if spare is None else str(spare.forked.pid).encode())
        if spare is not None and spare.take(payload):
            self._follow(Child(number, spare.forked, payload))
            return None
        try:
            forked = self._fork(None)
        except OSError as error:
            self._send(b"n", number, f"no process could be forked: {error}".encode())
            return None
        if forked is None:
            return self._become(payload)
        self._follow(Child(number, forked, payload))
        self._send(b"s", number, str(forked.pid).encode())
        return None

    def _fork(self, channel: int | None) -> Forked | None:
        """What the server has of its child. None in the child, which has left the server by then.

        `channel`: what the child is told its job over; in the server it is closed.
        """
        words = LastWords()
        streams, of_child = _two_pairs()
        others = of_child if channel is None else (*of_child, channel)
        # What came since the last one is none of the child's objects either.
        gc.freeze()
        try:
            pid = os.fork()
        except OSError:
            _close(*streams, *others)
            words.close()
            raise
        if pid == 0:
            self._leave_server(of_child, channel)
            words.begin(self._ahead.asked)
            self._quick_end.last_words = words
            return None
        _close(*others)
        return Forked(pid, streams, words)

    def _follow(self, child: Child) -> None:
        self._children[child.number] = self._by_pid[child.pid] = child
        for descriptor, stream in zip(child.streams, (b"o", b"e")):
            os.set_blocking(descriptor, False)
            self._by_descriptor[descriptor] = (child, stream)
            self._poll.register(descriptor, select.POLLIN)

    def _fork_spare(self) -> tuple[list[str], bytes] | None:
        """A child that waits for the next job: that one does not wait for a fork, and finds its pages copied."""
        if self._spare is not None:
            return None
        here, there = _pair()
        try:
            forked = self._fork(there)
        except OSError:
            os.close(here)
            return None
        if forked is None:
            rehearse(self._last_job)
            self._ahead.rehearse(self._last_asked)
            payload = read_all(CHANNEL)
            if not payload:
                os._exit(0)
            return self._become(payload)
        self._spare = Spare(forked, here)
        return None

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            child = self._by_pid.pop(pid, None)
            if child is None:
                if self._spare is not None and self._spare.forked.pid == pid:
                    self._spare.close()
                    self._spare = None
            elif child.number in self._children:
                child.status = status
                child.drain_until = time.monotonic() + _DRAIN_S
                for descriptor in tuple(child.open):
                    self._pass_on(descriptor)
                self._finish(child)

    def _pass_on(self, descriptor: int) -> None:
        """What there is to read now, and no more than keeps the others waiting."""
        child, stream = self._by_descriptor[descriptor]
        for _ in range(16):
            try:
                data = os.read(descriptor, _PIECE)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self._close(child, descriptor)
                self._finish(child)
                return
            self._send(stream, child.number, data)

    def _close(self, child: Child, descriptor: int) -> None:
        child.open.discard(descriptor)
        del self._by_descriptor[descriptor]
        self._poll.unregister(descriptor)
        os.close(descriptor)

    def _finish(self, child: Child) -> None:
        """Once it has ended, or said that it does nothing more than that, and said all."""
        if child.open or child.number not in self._children or not child.is_over():
            return
        del self._children[child.number]
        self._last_asked = child.asked()
        head, result = child.end()
        self._send(b"x", child.number, quick_json.dumps(head).encode() + b"\n" + result)
        child.tidy_up()

    def _until_drained(self) -> int | None:
        waiting = [child.drain_until for child in self._children.values() if child.drain_until is not None]
        return max(1, round((min(waiting) - time.monotonic()) * 1000)) if waiting else None

    def _give_up_draining(self) -> None:
        now = time.monotonic()
        for child in tuple(self._children.values()):
            if child.drain_until is not None and child.drain_until <= now:
                for descriptor in tuple(child.open):
                    self._close(child, descriptor)
                self._finish(child)

    def _leave_server(self, streams: tuple[int, int], channel: int | None) -> None:
        """What a fork does before it knows its job. `channel`: what it is told the job over, from here on in the server's place."""
        os.setsid()
        _signal.set_wakeup_fd(-1)
        _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for descriptor, place in ((nothing, 0), (streams[0], 1), (streams[1], 2)):
            os.dup2(descriptor, place)
        if channel is not None:
            os.dup2(channel, CHANNEL)
        last = max(nothing, *streams, channel or 0, self._woken, *self._by_descriptor, CHANNEL) + 64
        os.closerange(CHANNEL if channel is None else CHANNEL + 1, last)

    def _become(self, payload: bytes) -> tuple[list[str], bytes]:
        """Makes of the fork what a cold start would have made."""
        arguments, setup = self._become_cold(payload)
        self._ahead.offer()
        gc.enable()
        return arguments, setup


def _pair() -> tuple[int, int]:
    """What Node gives a process that it starts: a pair of sockets."""
    here, there = socketpair(AF_UNIX, SOCK_STREAM)
    return here.detach(), there.detach()


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _two_pairs() -> tuple[tuple[int, int], tuple[int, int]]:
    """For stdout and stderr: the server's ends, the child's ends."""
    out, err = _pair(), _pair()
    return (out[0], err[0]), (out[1], err[1])


def _ignore(number: int, frame: object) -> None:
    """The loop is woken by the number of the signal on its pipe."""

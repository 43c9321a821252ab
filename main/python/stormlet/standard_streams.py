"""The three standard streams of a process that runs user code."""

from __future__ import annotations

import os
import sys

from .command_line import Misuse

_read, _write = os.read, os.write


def stream_output() -> None:
    """Lines leave at once also into a pipe, so that output is seen live; and as UTF-8 on every platform."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        if stream.isatty():
            stream.reconfigure(line_buffering=True)
        else:
            stream.reconfigure(encoding="utf-8", line_buffering=True)


def take_stdin() -> int:
    """Gives a private descriptor of stdin; whoever reads stdin from now on, children too, finds it empty."""
    try:
        own = os.dup(0)
    except OSError as error:
        raise Misuse("stdin is closed", "with `--setup-from-stdin` the set-up is one JSON object on stdin") from error
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    return own


def read_all(descriptor: int) -> bytes:
    parts: list[bytes] = []
    while True:
        part = _read(descriptor, 65536)
        if not part:
            os.close(descriptor)
            return b"".join(parts)
        parts.append(part)


def read_line(descriptor: int) -> bytes:
    """Up to the first newline. What follows it in the same read is dropped: nothing is expected there."""
    line = b""
    while b"\n" not in line:
        part = _read(descriptor, 65536)
        if not part:
            break
        line += part
    return line.partition(b"\n")[0]


def read_some(descriptor: int) -> bytes:
    """Waits for anything; empty when the other end is closed or broken."""
    try:
        return _read(descriptor, 4096)
    except OSError:
        return b""


def flush_output() -> None:
    """User code may have replaced or closed the streams, and the reader may be gone: neither matters here."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            continue


def write_stdout(line: str) -> None:
    """A line of its own on descriptor 1, whatever user code made of `sys.stdout`."""
    flush_output()
    write_all(1, f"\n{line}\n".encode())


def write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[_write(descriptor, data) :]

"""An interpreter of a pack's virtualenv that has done all of an action's start but the action: it waits for one, runs
it and ends. For systems that cannot fork, and where forking is not safe.
"""

from __future__ import annotations

import gc
import os

from . import quick_json
from .ahead import Ahead
from .become_cold import BecomeCold
from .hidden_modules import Unsuitable
from .limits import load_resource
from .quick_end import QuickEnd
from .standard_streams import read_all, read_some, stream_output, take_stdin, write_all

TYPE_CHECKING = False  # As `typing` has it.
if TYPE_CHECKING:
    Job = tuple[list[str], bytes, QuickEnd]


def stand_by(cold: frozenset[str]) -> Job:
    """Reads a line that says what to import ahead, answers with a line that it is ready, then waits for one with the job and, up to the end of stdin, its set-up.

    Ends the process when nothing comes, and when something was imported that a program could tell was there.
    """
    quick_end = QuickEnd()
    become_cold = BecomeCold()
    stream_output()
    load_resource()
    stdin = take_stdin()
    hello, begun = _first_line(stdin)
    ahead = Ahead(cold, quick_end)
    try:
        report = ahead.get_ready(quick_json.loads(hello))
    except Unsuitable as reason:
        _say(reason.report())
        os._exit(0)
    gc.collect()
    gc.freeze()
    _say(report)
    job = begun + read_all(stdin)
    if not job:
        os._exit(0)
    arguments, setup = become_cold(job)
    if ahead.changed_file() is not None:
        ahead.forget()
    ahead.offer()
    return arguments, setup, quick_end


def _say(start: object) -> None:
    write_all(1, quick_json.dumps(start).encode() + b"\n")


def _first_line(descriptor: int) -> tuple[bytes, bytes]:
    """It, and what came with it of the next."""
    read = b""
    while b"\n" not in read:
        part = read_some(descriptor)
        if not part:
            os._exit(0)
        read += part
    line, _, rest = read.partition(b"\n")
    return line, rest

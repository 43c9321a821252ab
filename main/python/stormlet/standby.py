"""An interpreter of a pack's virtualenv that has done all of an action's start but the action: it waits for one, runs
it and ends. For systems that cannot fork, and where forking is not safe.
"""

from __future__ import annotations

import gc
import os

from .become_cold import BecomeCold
from .hidden_modules import HiddenModules
from .limits import load_resource
from .quick_end import QuickEnd
from .standard_streams import read_all, stream_output, take_stdin

TYPE_CHECKING = False  # As `typing` has it.
if TYPE_CHECKING:
    Job = tuple[list[str], bytes, QuickEnd]


def stand_by(cold: frozenset[str]) -> Job:
    """Waits for a line with the job and, up to the end of stdin, its set-up. Ends the process when nothing comes."""
    quick_end = QuickEnd()
    become_cold = BecomeCold()
    stream_output()
    load_resource()
    hidden = HiddenModules(cold)
    gc.collect()
    gc.freeze()
    job = read_all(take_stdin())
    if not job:
        os._exit(0)
    arguments, setup = become_cold(job)
    hidden.offer()
    quick_end.begin()
    return arguments, setup, quick_end

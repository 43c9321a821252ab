"""How a sensor process ends: told or by itself, with one `cleanup()`, and surely.

A stop signal raises SystemExit in the main thread, the only way that also gets out of an event loop. Sensors with a
bare `except:` swallow that, and others sit in C code, so a thread of ours does what the main thread does not get to do.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from _thread import allocate_lock, get_ident, interrupt_main, start_new_thread

from .standard_streams import flush_output, read_some

TYPE_CHECKING = False  # As `typing` has it.
if TYPE_CHECKING:
    from collections.abc import Callable

_sleep, _exit = time.sleep, os._exit

# The supervisor kills five seconds after it asked.
_MAIN_THREAD_S = 1.0
_ALL_S = 4.5


class Ending:
    """`finish` is what has to be done before the process goes, and is done once. `code` is how it then exits."""

    def __init__(self, finish: Callable[[], None]) -> None:
        self._finish = finish
        self._main_thread = get_ident()
        self._finishing = allocate_lock()
        self._arming = allocate_lock()
        self._told = self._finished = False
        self.code = 0

    def obey_signals(self) -> None:
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)

    def _on_signal(self, number: int, frame: object) -> None:
        if not (self._told or self._finished):
            self._told = True
            self._arm()
            raise SystemExit(0)

    def watch_lifeline(self, descriptor: int) -> None:
        """Ends the process when the other end of the descriptor is closed."""
        start_new_thread(self._watch, (descriptor,))

    def _watch(self, descriptor: int) -> None:
        while read_some(descriptor):
            pass
        self._arm()
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(self._main_thread, signal.SIGTERM)
        else:
            interrupt_main()

    def finish(self) -> bool:
        """True when it was done by this call. Waits where another thread is at it."""
        with self._finishing:
            if self._finished:
                return False
            self._finished = True
            self._arm()
            self._finish()
            flush_output()
            return True

    def _arm(self) -> None:
        """Both threads now: Python 3.12 starts none once the main thread is past its last line."""
        if self._arming.acquire(False):
            start_new_thread(self._finish_instead, ())
            start_new_thread(self._make_sure, ())

    def _finish_instead(self) -> None:
        _sleep(_MAIN_THREAD_S)
        if self.finish():
            _exit(self.code)

    def _make_sure(self) -> None:
        _sleep(_ALL_S)
        flush_output()
        _exit(self.code)


def exit_code(ending: SystemExit) -> int:
    """As the interpreter reads it: nothing is 0, a number itself, anything else is printed and 1."""
    if ending.code is None:
        return 0
    if isinstance(ending.code, int):
        return ending.code
    sys.stderr.write(f"{ending.code}\n")
    return 1

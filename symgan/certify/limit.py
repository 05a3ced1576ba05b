"""A limit on processor time that also ends calls which look at no budget of their own.

A timer's signal raises in whatever runs, and not everywhere may that happen: what a destructor
raises is printed and lost, a foreign function turns it into an error of its own, a module would
be left half imported, and SymPy would remember of an expression that its sign is open. There
the signal waits for the code around it.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from symgan.errors import Undecided

AGAIN = 1.0
"""Seconds after which it is interrupted once more, should it have taken the first for an answer."""
SOON = 0.01
"""Seconds after which it is tried again where nothing may be raised."""
GRACE = 2.0
"""Seconds to finish an import or a question about assumptions; either may be a long one."""
_FOREIGN = ("z3", "ctypes", "flint")
_PATIENT = ("sympy.core.assumptions", "_frozen_importlib", "importlib._bootstrap")


@contextmanager
def limited(seconds: float, what: str) -> Iterator[None]:
    """End a computation after so many seconds of processor time.

    It counts this process alone, so that a busy machine decides what an idle one does. Where
    signals cannot interrupt (another thread, another system), there is no limit. Limits may be
    nested: each has its own time.

    Args:
        seconds: of processor time.
        what: the beginning of the sentence, "the spectrum of ...".

    Raises:
        Undecided: the time is over.

    >>> with limited(60, "nothing"):
    ...     1 + 1
    2
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(
        signal, "ITIMER_PROF"
    ):
        yield
        return
    start = time.process_time()

    def stop(_number: int, frame: FrameType | None) -> None:
        late = time.process_time() - start > seconds + GRACE
        if _must_wait(frame, late):
            signal.setitimer(signal.ITIMER_PROF, SOON, AGAIN)
            return
        raise Undecided(f"{what} needs more than {seconds:g} s; give values to parameters")

    before = signal.signal(signal.SIGPROF, stop)
    outer, _ = signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        if outer:
            left = max(SOON, outer - (time.process_time() - start))
            signal.setitimer(signal.ITIMER_PROF, left, AGAIN)


def _must_wait(frame: FrameType | None, late: bool) -> bool:
    """Whether some caller would lose an exception, or be left in a state of its own."""
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if frame.f_code.co_name == "__del__" or module.partition(".")[0] in _FOREIGN:
            return True
        if module in _PATIENT and not late:
            return True
        frame = frame.f_back
    return False

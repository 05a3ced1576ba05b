"""A limit on processor time that also ends calls which look at no budget of their own."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from symgan.errors import Undecided

AGAIN = 1.0
"""Seconds after which it is interrupted once more, should it have taken the first for an answer."""


@contextmanager
def limited(seconds: float, what: str) -> Iterator[None]:
    """End a computation after so many seconds of processor time.

    It counts this process alone, so that a busy machine decides what an idle one does. Where
    signals cannot interrupt (another thread, another system), there is no limit.

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

    def stop(_number: int, _frame: Any) -> None:
        raise Undecided(f"{what} needs more than {seconds:g} s; give values to parameters")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)

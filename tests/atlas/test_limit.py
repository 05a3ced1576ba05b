"""The limit on processor time."""

from __future__ import annotations

import signal
import threading

import pytest

from symgan.atlas.limit import limited
from symgan.errors import Undecided


def spin() -> None:
    """Compute for ever, taking one interruption for an answer."""
    try:
        while True:
            pass
    except Undecided:
        while True:
            pass


def test_what_looks_at_no_budget_is_ended() -> None:
    with pytest.raises(Undecided, match="the loop needs more"), limited(0.2, "the loop"):
        spin()


def test_what_is_quick_is_left_alone() -> None:
    with limited(30, "nothing"):
        pass
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_the_handler_is_put_back() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with limited(30, "nothing"):
        assert signal.getsignal(signal.SIGPROF) is not before
    assert signal.getsignal(signal.SIGPROF) is before


def test_other_threads_are_not_interrupted() -> None:
    found: list[int] = []

    def work() -> None:
        with limited(0.01, "a sum"):
            found.append(sum(range(10**6)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [499999500000]

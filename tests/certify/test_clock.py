"""Searches count processor time: a machine that others use decides as an idle one."""

from __future__ import annotations

import time

import pytest
import sympy as sp

from symgan.analysis.budget import Budget
from symgan.certify import clock
from symgan.certify.cone import Deadline
from symgan.certify.positive import multipliers

a, b, eta = sp.symbols("a b eta", positive=True)
STATEMENT, GIVEN = a**2 - a * b * eta + b**2 > 0, eta < 2


def hurry(monkeypatch: pytest.MonkeyPatch, rate: float) -> None:
    """Let the clock run at a multiple of its rate, as if others had the processor."""
    start, real = time.monotonic(), time.monotonic
    monkeypatch.setattr(clock, "monotonic", lambda: start + rate * (real() - start))


def test_a_busy_machine_finds_what_an_idle_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the clock alone half a second would be over after a few milliseconds."""
    assert multipliers(STATEMENT, GIVEN) is not None  # what is loaded once is loaded now
    hurry(monkeypatch, 5)
    assert multipliers(STATEMENT, GIVEN) is not None


@pytest.mark.parametrize("seconds", [0.0, 0.5])
def test_what_waits_comes_to_an_end_by_the_clock(
    seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadline, budget = Deadline(int(1000 * seconds)), Budget(seconds)
    assert (deadline.left_ms > 0) == (budget.left > 0) == (seconds > 0)
    monkeypatch.setattr(clock, "monotonic", lambda: time.monotonic() + 4)
    assert (deadline.left_ms > 0) == (budget.left > 0) == (seconds > 0)
    monkeypatch.setattr(clock, "monotonic", lambda: time.monotonic() + 6)
    assert deadline.left_ms == budget.left == 0

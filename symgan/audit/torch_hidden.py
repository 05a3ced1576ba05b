"""Whether a difference of an optimizer or a training step vanishes to first order at rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath
import sympy as sp
from mpmath import mpf
from sympy import Rational, Symbol

from symgan.audit.driven import predictions
from symgan.audit.hidden import NEAR, resting_point
from symgan.audit.results import Hidden
from symgan.audit.torch_bench import Bench
from symgan.audit.torch_runs import Setup
from symgan.audit.tracked import DIGITS

FALLS = 8
"""A difference of second order, relative to the displacement, falls by 2^6 from one displacement to
the other, one of first order not at all: in between lies the border."""


def hidden_at_rest(bench: Bench, setup: Setup, step: int) -> Hidden | None:
    """Whether differences near the equilibrium fall faster than the displacement; sampled.

    A method that divides by a root of squares plus eps is linear only where gradients are far
    below eps: displacements are shares of it.

    Args:
        bench: where code and method part.
        setup: how the code is run.
        step: the step at which they do.
    """
    rest = resting_point(bench.game)
    if rest is None:
        return None
    shown, unit = tuple(rest.items()), dict(bench.method.options).get("eps", sp.Integer(1))
    values = [sp.sympify(v) for v in rest.values()]
    moved = unit != 1 and any(v != 0 for v in values)  # such displacements are lost beside a value
    if unit == 0 or moved or not all(v.is_Rational for v in values):
        return Hidden(None, False, shown)
    return Hidden(_falls(bench, setup, step, values, sp.sympify(unit)), False, shown)


def _falls(
    bench: Bench, setup: Setup, step: int, rest: Sequence[Any], unit: Rational
) -> bool | None:
    symbols: tuple[Symbol, ...] = bench.game.state
    ways = [[int(s == t) for s in symbols] for t in symbols] + [[1] * len(symbols)]
    for way in ways:
        far, near = (
            _gap(
                bench, setup, step, tuple(x + h * unit * w for x, w in zip(rest, way, strict=True))
            )
            for h in NEAR
        )
        if far is None or near is None:
            return None
        if near / float(NEAR[1]) > far / float(NEAR[0]) / FALLS:
            return False
    return True


def _gap(bench: Bench, setup: Setup, step: int, start: tuple[Any, ...]) -> float | None:
    """The largest difference up to a step; 0 within the bound, None where there are no values."""
    trace = bench.trace(start, setup)
    states = trace.states[:: bench.method.calls][: step + 1]
    found = bench.compared(trace)
    if trace.raised or found.unclear:
        return None
    if found.wrong is None or found.wrong.step > step:
        return 0.0
    with mpmath.workdps(DIGITS):
        ahead = list(predictions(bench.reference, states))
        gaps = [
            abs(mpf(x) - known)
            for after, values in zip(states[1:], ahead, strict=True)
            for x, known in zip(after, values, strict=True)
        ]
    return float(max(gaps))

r"""One step of Taylor's method, for every lane of its own length.

The order follows from the tolerance, :math:`p = \lceil 1 - \tfrac12 \log \varepsilon \rceil`, and
the length from the last two coefficients of the state,

.. math:: h = e^{-2 - 0.7/(p-1)} \min_{m = p-1, p} \Bigl(\frac{\max(1, |x_0|)}{|x_m|}\Bigr)^{1/m},

so that what is left out is as small as the tolerance, relative where states exceed 1 and absolute
below. Times are kept to twice the digits, as heyoka does: what many steps add up to is then not
felt in the last digit.

Source: Jorba and Zou 2005, "A software package for the numerical integration of ODEs by means of
high-order Taylor methods", sections 3.2 and 3.3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from typing import Any, NamedTuple

import sympy as sp
from sympy import Rational

from symgan.kernels.jit.flows.power_series import Series
from symgan.kernels.jit.functions import FUNCTIONS
from symgan.kernels.jit.levels import Operand, Outward

CAUTION = 2.0
r"""The step is :math:`e^{-2}` of the radius of convergence: Jorba and Zou's choice."""
SPACINGS = 4
"""A step of so few units in the last place of the time is a singularity that nothing passes."""


ONWARD, THERE, DOUBTED, STUCK = 1, 0, -1, -2
"""How a trajectory stands: on its way; at the end; before a step that may pass the bound on its
state; where no step is left, or no number for one. The last two are final."""


class Clock(NamedTuple):
    """What a trajectory carries besides its state; all are numbers, one a trajectory.

    Attributes:
        time, rest: where it is: the sum of the two.
        stand: one of `ONWARD`, `THERE`, `DOUBTED`, `STUCK`.
        length: of the last step that was tried.
        steps: taken so far.
    """

    time: Operand
    rest: Operand
    stand: Operand
    length: Operand
    steps: Operand


class Bounds(NamedTuple):
    """What no step passes.

    Attributes:
        end: a time.
        longest: a length.
        reach: the square of a norm, or None for no bound on the state.
    """

    end: Operand
    longest: Operand
    reach: Operand | None = None


def order_of(tolerance: float) -> int:
    """The order for a tolerance.

    >>> order_of(1e-12), order_of(1e-15)
    (15, 19)
    """
    return max(2, math.ceil(1 - math.log(tolerance) / 2))


def stepped(
    code: Outward, state: Sequence[Series], clock: Clock, bounds: Bounds, order: int
) -> list[Operand]:
    """Write what follows a step: the state, then the clock.

    Args:
        code: writes the operations.
        state: its series up to the order.
        clock: as it was.
        bounds: of the step.
        order: of the last coefficient.
    """
    zero, one = code.const(0), code.const(1)
    left = code.sub(code.sub(bounds.end, clock.time), clock.rest)
    alive = code.ge(clock.stand, zero)
    active = code.both(alive, code.gt(left, zero))
    wished = code.minimum(_length(code, state, order), bounds.longest)
    last = code.le(left, wished)
    length = code.select(last, left, wished)
    doubted = _doubted(code, state, length, bounds.reach, order)
    moves = code.both(active, code.both(code.invert(doubted), code.gt(length, zero)))
    ends = code.both(moves, last)
    x = [
        code.select(moves, _summed(code, series, length, order), _first(code, series))
        for series in state
    ]
    time, rest = _later(code, clock, length)
    spacing = code.mul(code.abs(clock.time), code.const(Rational(SPACINGS, 2**52)))
    stuck = code.invert(code.either(last, code.gt(wished, spacing)))  # so is no number
    stand = code.select(stuck, code.const(STUCK), code.select(last, zero, one))
    stand = code.select(doubted, code.const(DOUBTED), stand)
    return [
        *x,
        code.select(ends, bounds.end, code.select(moves, time, clock.time)),
        code.select(ends, zero, code.select(moves, rest, clock.rest)),
        code.select(active, stand, code.select(alive, zero, clock.stand)),
        code.select(active, length, clock.length),
        code.select(moves, code.add(clock.steps, one), clock.steps),
    ]


def _length(code: Outward, state: Sequence[Series], order: int) -> Operand:
    """The step that the coefficients allow; no number where they are none."""

    def size(k: int) -> Operand:
        parts = [code.abs(series[k]) for series in state if series[k]]
        return reduce(code.maximum, parts) if parts else code.const(0)

    def exponent(m: int) -> Operand:
        logarithm = code.written(FUNCTIONS[sp.log].emit, code.div(scale, size(m)))
        return code.mul(logarithm, code.const(Rational(1, m)))

    scale = code.maximum(size(0), code.const(1))
    both = code.minimum(exponent(order - 1), exponent(order))
    shift = code.const(sp.Float(-CAUTION - 0.7 / (order - 1)))
    return code.written(FUNCTIONS[sp.exp].emit, code.add(both, shift))


def _doubted(
    code: Outward, state: Sequence[Series], length: Operand, reach: Operand | None, order: int
) -> Operand:
    r"""Where the bound may be passed within the step.

    On the way :math:`|x_i| \le \sum_k |x_{i,k}|\,h^k`, but for what the tolerance leaves out: the
    caller draws the bound in by more.
    """
    if reach is None:
        return code.truth(False)
    total = code.const(0)
    for series in state:
        sizes = [code.abs(part) if (part := series[k]) else None for k in range(order + 1)]
        most = _polynomial(code, sizes, length)
        total = code.fma(most, most, total)
    return code.ge(total, reach)


def _summed(code: Outward, series: Series, length: Operand, order: int) -> Operand:
    return _polynomial(code, [series[k] for k in range(order + 1)], length)


def _polynomial(code: Outward, coefficients: Sequence[Any], length: Operand) -> Operand:
    """Its value, by Horner's rule; None is zero."""
    total: Any = None
    for found in reversed(coefficients):
        if total is None:
            total = found
        elif found is None:
            total = code.mul(total, length)
        else:
            total = code.fma(total, length, found)
    return total or code.const(0)


def _first(code: Outward, series: Series) -> Operand:
    return series[0] or code.const(0)


def _later(code: Outward, clock: Clock, length: Operand) -> tuple[Operand, Operand]:
    """The time after a step: two sums without error (Knuth), as time and rest."""
    total = code.add(clock.time, length)
    added = code.sub(total, clock.time)
    lost = code.add(code.sub(clock.time, code.sub(total, added)), code.sub(length, added))
    rest = code.add(clock.rest, lost)
    time = code.add(total, rest)
    return time, code.sub(rest, code.sub(time, total))

r"""Exact bounds on sums of step sequences, by the integral test."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Expr

from symgan.analysis.signs import sign
from symgan.analysis.step_sequences import PowerLog
from symgan.errors import GameError, Undecided


def tail_bounds(steps: PowerLog, first: int) -> tuple[Expr, Expr]:
    r"""Exact bounds on the sum from an index on, by the integral test.

    .. math:: \int_N^\infty a(x)\,dx \le \sum_{k\ge N} a_k \le a_N + \int_N^\infty a(x)\,dx.

    Args:
        steps: a convergent sequence that decreases from the index on.
        first: N, 2 or more.

    Raises:
        GameError: the sum diverges, or the sequence does not decrease from there.
        Undecided: exponents that are no numbers.

    >>> tail_bounds(PowerLog(1, 2), 10)
    (1/10, 11/100)
    """
    if steps.diverges() is not sp.false:
        raise GameError(f"the sum of {steps} is not known to converge, so it has no tail to bound")
    _require_decreasing(steps, first)
    rest = -_antiderivative(steps, first)
    return rest, rest + steps.value(first)


def partial_sum_bounds(steps: PowerLog, first: int, last: int) -> tuple[Expr, Expr]:
    r"""Exact bounds on :math:`\sum_{k=M}^N a_k`, by the integral test.

    Args and errors: as `tail_bounds`; the sum may diverge.

    >>> partial_sum_bounds(PowerLog(1, 1), 2, 8)
    (-log(2) + log(8), -log(2) + 1/2 + log(8))
    """
    _require_decreasing(steps, first)
    area = _antiderivative(steps, last) - _antiderivative(steps, first)
    return area, area + steps.value(first)


def _require_decreasing(steps: PowerLog, first: int) -> None:
    r"""The derivative of :math:`\log a` is :math:`-(p + q/\log x)/x`."""
    p, q = steps.power, steps.logs
    if not (p.is_number and q.is_number):
        raise Undecided(f"the bounds need numbers as exponents, not {p} and {q}; give values")
    if first < 2:
        raise GameError(f"the integral test starts at {first}; take an index of 2 or more")
    falls_here = sign(p * sp.log(first) + q)
    if falls_here not in (0, 1) or not (p > 0 or (p == 0 and q >= 0)):
        raise GameError(f"{steps} does not decrease from index {first} on; take a later index")


def _antiderivative(steps: PowerLog, x: Any) -> Expr:
    r"""An antiderivative of a at x that vanishes at infinity where the sum converges.

    With :math:`u = \log x` it is one of :math:`c\,e^{(1-p)u}u^{-q}`.
    """
    c, p, q, u = steps.scale, steps.power, steps.logs, sp.log(x)
    if p == 1:
        return c * (sp.log(u) if q == 1 else u ** (1 - q) / (1 - q))
    if q == 0:
        return c * sp.sympify(x) ** (1 - p) / (1 - p)
    if p > 1:
        return -c * (p - 1) ** (q - 1) * sp.uppergamma(1 - q, (p - 1) * u)
    raise Undecided(f"no elementary antiderivative for p = {p} < 1 with q = {q}")

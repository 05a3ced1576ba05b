r"""Minimax polynomials by Remez' exchange algorithm, in multiprecision.

The polynomial p of a degree that minimizes :math:`\max |w(x)\,(p(x) - f(x))|` on an interval is the
one whose weighted error reaches its maximum with alternating signs at degree + 2 points. Points
are exchanged until the largest error found exceeds the leveled one by less than a part in 50.

Source: E. Remez 1934; W. Fraser 1965, "A survey of methods of computing minimax and near-minimax
polynomial approximations for functions of a single independent variable".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
from mpmath import mpf

DIGITS = 60
_POINTS = 24
"""Points of the grid between two nodes."""
_LEVEL = mpf("1.02")
_NEGLIGIBLE = mpf(10) ** -8
"""Share of the largest weight below which a point does not count."""


@dataclass(frozen=True)
class Target:
    """What is approximated: f on [low, high] in the measure of a weight.

    Attributes:
        f, weight: functions of a multiprecision number; low and high may be functions of none.
        bits: the weighted error shall be below 2^-bits in float64 and float32.
    """

    f: Callable[[Any], Any]
    low: Any
    high: Any
    weight: Callable[[Any], Any]
    bits: tuple[int, int]


def minimax(target: Target, degree: int) -> tuple[list[Any], Any]:
    """Coefficients, the constant one first, and the largest weighted error.

    >>> line, error = minimax(Target(mpmath.exp, 0, 1, lambda x: mpf(1), (0, 0)), 1)
    >>> mpmath.nstr(line[1], 8), mpmath.nstr(error, 2)  # the slope is that of the chord
    ('1.7182818', '0.11')
    """
    with mpmath.workdps(DIGITS):
        low, high = mpf(target.low), mpf(target.high)
        grid = _chebyshev(low, high, (degree + 2) * _POINTS)
        weights = [target.weight(x) for x in grid]
        least = _NEGLIGIBLE * max(weights)
        values = [(x, target.f(x), w) for x, w in zip(grid, weights, strict=True) if w > least]
        chosen = [values[(len(values) - 1) * i // (degree + 1)] for i in range(degree + 2)]
        while True:
            coefficients, level = _leveled(chosen, degree)
            errors = [w * (mpmath.polyval(coefficients[::-1], x) - f) for x, f, w in values]
            worst = max(map(abs, errors))
            if worst <= _LEVEL * abs(level):
                return coefficients, worst
            chosen = [values[i] for i in _exchange(errors, degree + 2)]


def _chebyshev(low: Any, high: Any, count: int) -> list[Any]:
    middle, half = (low + high) / 2, (high - low) / 2
    return [middle - half * mpmath.cos(mpmath.pi * k / count) for k in range(count + 1)]


def _leveled(chosen: list[Any], degree: int) -> tuple[list[Any], Any]:
    """The polynomial whose weighted errors at these points are equal but for their signs."""
    rows = [
        [*(x**j for j in range(degree + 1)), (-1) ** i / w] for i, (x, _, w) in enumerate(chosen)
    ]
    solution = mpmath.lu_solve(mpmath.matrix(rows), mpmath.matrix([f for _, f, _ in chosen]))
    return list(solution)[:-1], solution[degree + 1]


def _exchange(errors: list[Any], count: int) -> list[int]:
    """Where the error is extreme with alternating signs: the largest consecutive `count`."""
    extremes: list[int] = []
    for i, error in enumerate(errors):
        if extremes and (errors[extremes[-1]] > 0) == (error > 0):
            if abs(error) > abs(errors[extremes[-1]]):
                extremes[-1] = i
        else:
            extremes.append(i)
    while len(extremes) > count:
        last = 0 if abs(errors[extremes[0]]) < abs(errors[extremes[-1]]) else -1
        extremes.pop(last)
    return extremes


def shortest(target: Target, bits: int) -> tuple[list[Any], Any]:
    """The minimax polynomial of the least degree whose error is below 2^-bits."""
    degree = 1
    while True:
        coefficients, error = minimax(target, degree)
        if error < mpf(2) ** -bits:
            return coefficients, error
        degree += 1

r"""What the entries on section 4 share: total variation, its gradient, and how both are measured.

With the positive segments :math:`[l_i, r_i]` of F the total variation f has the gradient

.. math:: \partial_j f = \frac12 \sum_i [\varphi(r_i - \mu_j) - \varphi(l_i - \mu_j)].

The exact route encloses the ends (ball arithmetic, Descartes' rule for their number). The
measurements scan the difference of densities in mpmath and share no code with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Rational

from symgan.analysis.total_variation import sign_changes, total_variation
from symgan.certify.ball import load_flint

Place = Mapping[str, Any]
Measure = Callable[[Place], Any]
Pair = tuple[Any, Any]

BITS = 200
FAR = 14
"""Beyond the outermost mean by this much the scan looks for no sign change."""
CELLS = 240


@cache
def gradient_ends(star: Pair, hat: Pair) -> tuple[tuple[Rational, Rational], ...]:
    """Rational lower and upper ends of both components of the gradient of f at rational means."""
    flint = load_flint()
    segments = sign_changes(star, hat).positive
    with flint.ctx.workprec(BITS):
        return tuple(_component(flint, segments, mean) for mean in hat)


def _component(flint: Any, segments: Any, mean: Any) -> tuple[Rational, Rational]:
    total = flint.arb(0)
    for left, right in segments:
        total += _density(flint, right, mean) - _density(flint, left, mean)
    return rational(flint, (total / 2).lower()), rational(flint, (total / 2).upper())


def _density(flint: Any, end: Any, mean: Any) -> Any:
    if end.lower in (sp.oo, -sp.oo):
        return flint.arb(0)
    low, high = (_arb(flint, e - sp.sympify(mean)) for e in (end.lower, end.upper))
    x = low.union(high)
    return (-(x**2) / 2).exp() / (2 * flint.arb.pi()).sqrt()


def _arb(flint: Any, value: Any) -> Any:
    exact = Rational(value)
    return flint.arb(flint.fmpq(int(exact.p), int(exact.q)))


def rational(flint: Any, ball: Any) -> Rational:
    """The exact value of a ball of radius zero."""
    mantissa, exponent = ball.mid().man_exp()
    return Rational(int(mantissa)) * Rational(2) ** int(exponent)


def norm_squared(star: Pair, hat: Pair) -> tuple[Expr, Expr]:
    """Rational lower and upper bound of the squared length of the gradient."""
    low, high = sp.Integer(0), sp.Integer(0)
    for a, b in gradient_ends(star, hat):
        low += min(a**2, b**2) if a * b > 0 else 0
        high += max(a**2, b**2)
    return low, high


def tv_ends(star: Pair, hat: Pair) -> tuple[Expr, Expr]:
    """Rational lower and upper bound of the total variation."""
    found = total_variation(star, hat)
    return found.lower, found.upper


# Measurements: plain mpmath, from the densities.


def phi(x: Any) -> Any:
    """The standard normal density."""
    return mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi)


def difference(star: Sequence[Any], hat: Sequence[Any]) -> Callable[[Any], Any]:
    """F as a function of numbers."""
    return lambda x: (phi(x - star[0]) + phi(x - star[1]) - phi(x - hat[0]) - phi(x - hat[1])) / 2


def crossings(star: Sequence[Any], hat: Sequence[Any]) -> tuple[int, list[Any]]:
    """The sign of F far to the left, and where it changes, by a scan and bisection."""
    means = [*star, *hat]
    low, high = min(means) - FAR, max(means) + FAR
    step = (high - low) / CELLS
    # An irrational shift keeps the scan's points off zeros at round numbers.
    grid = [low + (k + mpmath.sqrt(2) / 10) * step for k in range(CELLS + 1)]
    f = difference(star, hat)
    values = [f(x) for x in grid]
    ends = [
        _bisected(f, a, b)
        for (a, u), (b, v) in pairwise(zip(grid, values, strict=True))
        if u * v < 0
    ]
    return (1 if values[0] > 0 else -1), ends


def _bisected(f: Callable[[Any], Any], low: Any, high: Any) -> Any:
    # Five halvings, then Illinois steps: the bracket is kept throughout.
    for _ in range(5):
        middle = (low + high) / 2
        low, high = (low, middle) if f(low) * f(middle) <= 0 else (middle, high)
    return mpmath.findroot(f, (low, high), solver="illinois", verify=False)


def measured_gradient(star: Sequence[Any], hat: Sequence[Any]) -> list[Any]:
    """Both components, from the ends that the scan finds."""
    sign, ends = crossings(star, hat)
    signs = [sign * (-1) ** k for k in range(len(ends))]
    return [mpmath.fsum(s * phi(z - m) for s, z in zip(signs, ends, strict=True)) / 2 for m in hat]


def measured_tv(star: Sequence[Any], hat: Sequence[Any]) -> Any:
    """Total variation as the sum of the masses of F where it is positive."""
    sign, ends = crossings(star, hat)

    def mass(x: Any) -> Any:
        parts = (mpmath.ncdf(x - m) for m in star), (mpmath.ncdf(x - m) for m in hat)
        return (mpmath.fsum(parts[0]) - mpmath.fsum(parts[1])) / 2

    return mpmath.fsum(sign * (-1) ** k * mass(z) for k, z in enumerate(ends))


def numbers(pair: Pair) -> list[Any]:
    """Exact rational means as mpmath numbers at the working precision."""
    return [mpmath.mpf(int(sp.Rational(m).p)) / int(sp.Rational(m).q) for m in pair]


def measured_norm_squared(star: Pair, hat: Pair) -> Measure:
    """A measure of the squared length of the gradient at rational means."""
    return lambda _: mpmath.fsum(g * g for g in measured_gradient(numbers(star), numbers(hat)))

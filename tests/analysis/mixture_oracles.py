"""Mixtures of Gaussians by a second route: quadrature, scans and grids; nothing of symgan."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath as mp
import numpy as np
from hypothesis import strategies as st
from sympy import Rational

TINY = Rational(1, 10**12)


def density(means: Any, weights: Any, x: Any) -> Any:
    """The density at x, in mpmath at the working precision."""
    pairs = zip(means, weights, strict=True)
    return mp.fsum(number(w) * mp.npdf(x, number(mean), 1) for mean, w in pairs)


def difference(p: Any, q: Any) -> Any:
    """F = p - q in mpmath."""
    return lambda x: density(p.means, p.weights, x) - density(q.means, q.weights, x)


def fold() -> Any:
    """The y where (-2, 1) and (-1, y) differ with a double zero, F = F' = 0, to 40 digits."""

    def conditions(x: Any, y: Any) -> list[Any]:
        terms = [(s, x - c) for s, c in ((1, -2), (1, 1), (-1, -1), (-1, y))]
        return [
            mp.fsum(s * mp.npdf(t) for s, t in terms),
            mp.fsum(s * t * mp.npdf(t) for s, t in terms),
        ]

    with mp.workdps(45):
        y = mp.findroot(conditions, (mp.mpf("0.7"), mp.mpf("1.4")))[1]
        return Rational(int(mp.nint(y * mp.mpf(10) ** 40)), 10**40)


def number(value: Any) -> Any:
    """An exact rational in mpmath."""
    fraction = Fraction(int(value.p), int(value.q))
    return mp.mpf(fraction.numerator) / fraction.denominator


def scanned_signs(f: Any, points: list[Any]) -> list[Any]:
    """Sign changes of f between neighbors, bisected to the working precision."""
    values = [f(x) for x in points]
    roots = []
    for a, b, fa, fb in zip(points, points[1:], values, values[1:], strict=False):
        if fa * fb < 0:
            roots.append(mp.findroot(f, (a, b), solver="anderson", tol=mp.mpf(10) ** -40))
    return roots


def quadrature(f: Any, cuts: list[Any]) -> Any:
    """The integral of f from the first to the last cut, kinks at the cuts only."""
    return mp.quad(f, cuts)


def grid_maximum(p: Any, q: Any, intervals: int, step: float, reach: float) -> float:
    """max L - 1 over all ends on a grid and at infinity, by the recursion over the grid.

    After the grid point x, `held` is the best sum with an interval under way, `done` without.
    """
    xs = np.arange(-reach, reach + step / 2, step)
    heights = np.concatenate([[0.0], _cdf(p, xs) - _cdf(q, xs), [0.0]])
    done = np.zeros(intervals + 1)
    held = np.full(intervals, -np.inf)
    for height in heights:
        held = np.maximum(held, done[:-1] - height)
        done[1:] = np.maximum(done[1:], held + height)
    return float(done.max())


def _cdf(mixture: Any, xs: Any) -> Any:
    erf = np.vectorize(lambda t: float(mp.fp.erf(t)))
    total = np.zeros_like(xs)
    for mean, weight in zip(mixture.means, mixture.weights, strict=True):
        total += float(weight) * (1 + erf((xs - float(mean)) / np.sqrt(2))) / 2
    return total


rationals = st.fractions(min_value=-3, max_value=3, max_denominator=16).map(
    lambda f: Rational(f.numerator, f.denominator)
)


@st.composite
def means(draw: Any, taken: tuple[Any, ...] = (), most: int = 3) -> tuple[Any, ...]:
    """Means, some of them drawn to coincide, or nearly so, with others."""
    chosen: list[Any] = []
    for _ in range(draw(st.integers(1, most))):
        pool = [rationals]
        if known := (*taken, *chosen):
            old = st.sampled_from(known)
            pool += [old, old.map(lambda m: m + TINY), old.map(lambda m: m - TINY)]
        chosen.append(draw(st.one_of(pool)))
    return tuple(chosen)


@st.composite
def weights(draw: Any, count: int) -> tuple[Any, ...]:
    """Weights with sum 1, often uniform."""
    parts = draw(st.lists(st.sampled_from((1, 1, 1, 2, 3, 7)), min_size=count, max_size=count))
    return tuple(Rational(part, sum(parts)) for part in parts)


@st.composite
def pairs(draw: Any, build: Any, most: int = 3) -> tuple[Any, Any]:
    """Two mixtures, made by `build(means, weights)`."""
    first = draw(means(most=most))
    second = draw(means(taken=first, most=most))
    return tuple(build(m, draw(weights(len(m)))) for m in (first, second))  # type: ignore[return-value]

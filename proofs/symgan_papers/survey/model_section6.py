r"""What the claims of section 6 share: finite distributions, exactly and by enumeration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import permutations, product
from typing import Any

import mpmath
import sympy as sp

Place = Mapping[str, Any]
Weights = Sequence[Any]
CORNERS = ((0, 0), (1, 1), (0, 1), (1, 0))
"""Of the square: two opposite ones first."""


def total_variation(mu: Weights, nu: Weights) -> Any:
    r""":math:`\frac12\sum_i|\mu_i - \nu_i|`."""
    return sp.Add(*(sp.Abs(a - b) for a, b in zip(mu, nu, strict=True))) / 2


def measured_js(mu: Sequence[Any], nu: Sequence[Any]) -> Any:
    """Half of log 4 plus the largest E log D + E log(1 - D), each atom searched on its own.

    The objective is concave in D at every atom, so that golden-section search finds it.
    """
    total = mpmath.mpf(0)
    for a, b in zip(mu, nu, strict=True):
        total += _largest(lambda t, a=a, b=b: a * mpmath.log(t) + b * mpmath.log(1 - t))
    return (total + mpmath.log(4)) / 2


def _largest(value: Any) -> Any:
    low, high = mpmath.mpf(10) ** -60, 1 - mpmath.mpf(10) ** -60
    ratio = (mpmath.sqrt(5) - 1) / 2
    for _ in range(400):
        one, two = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, two) if value(one) > value(two) else (one, high)
    return value((low + high) / 2)


def disjoint_draws(points: int, samples: int) -> Any:
    """By counting all outcomes: how likely two samples of uniform points share none."""
    apart = sum(
        not set(draw[:samples]) & set(draw[samples:])
        for draw in product(range(points), repeat=2 * samples)
    )
    return mpmath.mpf(apart) / points ** (2 * samples)


def average(
    points: Sequence[Any], samples: int, of: Callable[[tuple[Any, ...], tuple[Any, ...]], Any]
) -> Any:
    """The mean over all outcomes of two samples of uniform points."""
    draws = list(product(points, repeat=2 * samples))
    return mpmath.mpf(sum(of(draw[:samples], draw[samples:]) for draw in draws)) / len(draws)


def distance(one: Sequence[Any], two: Sequence[Any]) -> Any:
    """Euclidean, on numbers."""
    return mpmath.sqrt(sum((x - y) ** 2 for x, y in zip(one, two, strict=True)))


def matched(one: Sequence[Any], two: Sequence[Any], cost: Callable[[Any, Any], Any]) -> Any:
    """The Wasserstein distance of two samples of one size: the cheapest of all matchings."""
    totals = (
        sum(cost(x, y) for x, y in zip(one, order, strict=True)) for order in permutations(two)
    )
    return min(totals) / len(one)


def largest_slope(weights: Weights) -> Any:
    """The largest weighted sum of a function on the corners whose slopes are at most 1.

    Searched over the values -1, 0 and 1, 0 at the first corner: distances are 1 or more than 1.
    """
    found = []
    for values in product((-1, 0, 1), repeat=3):
        f = (0, *values)
        steps = ((i, j) for i in range(4) for j in range(i))
        if all(abs(f[i] - f[j]) <= distance(CORNERS[i], CORNERS[j]) for i, j in steps):
            found.append(sum(w * v for w, v in zip(weights, f, strict=True)))
    return max(found)

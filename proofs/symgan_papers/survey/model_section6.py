r"""What the claims of section 6 share: finite distributions, exactly and by enumeration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import mpmath
import sympy as sp

Place = Mapping[str, Any]
Weights = Sequence[Any]


def total_variation(mu: Weights, nu: Weights) -> Any:
    r""":math:`\frac12\sum_i|\mu_i - \nu_i|`."""
    return sp.Add(*(sp.Abs(a - b) for a, b in zip(mu, nu, strict=True))) / 2


def jensen_shannon(mu: Weights, nu: Weights) -> Any:
    r"""The mean of both relative entropies to the mixture.

    .. math:: \frac12\sum_i \mu_i\log\frac{2\mu_i}{\mu_i+\nu_i}
              + \nu_i\log\frac{2\nu_i}{\mu_i+\nu_i}
    """
    terms = []
    for a, b in zip(mu, nu, strict=True):
        terms += [part * sp.log(2 * part / (a + b)) for part in (a, b) if part != 0]
    return sp.Add(*terms) / 2


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

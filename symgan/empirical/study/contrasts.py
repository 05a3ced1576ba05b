"""Orders compared two by two over all blocks: effect sizes, and tests adjusted for their number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from statistics import median
from typing import Any

import sympy as sp

from symgan.stats import Interval, Pair, compare_ranks, conover, holm, sign_test, wilcoxon
from symgan.stats.replicates import median_interval


@dataclass(frozen=True)
class Contrast:
    """Two orders compared over all pairs.

    Attributes:
        first, second: the orders.
        ratio: the median over pairs of first over second; below 1 the first is nearer to the data.
        interval: of that median.
        wins: in how many pairs the first is nearer.
        losses: in how many it is farther.
        p_wilcoxon: of the signed ranks of log ratios, exact; None where no pair differs.
        p_sign: of the sign test, exact; None where no pair differs.
        p_nemenyi: accounts for all contrasts.
        p_conover: adjusted by Holm's method.
    """

    first: str
    second: str
    ratio: float
    interval: Interval
    wins: int
    losses: int
    p_wilcoxon: Fraction | None
    p_sign: Fraction | None
    p_nemenyi: float
    p_conover: float


def exactly(values: Sequence[float]) -> list[Fraction]:
    """Numbers as fractions that rank alike; infinities become one number beyond the others.

    >>> exactly([0.5, math.inf, 0.25])
    [Fraction(1, 2), Fraction(3, 2), Fraction(1, 4)]
    """
    finite = [abs(Fraction(v)) for v in values if math.isfinite(v)]
    beyond = max(finite, default=Fraction(0)) + 1
    return [Fraction(v) if math.isfinite(v) else beyond * (1 if v > 0 else -1) for v in values]


def contrasts(
    orders: Sequence[str], table: Sequence[Sequence[float]], level: float = 0.95
) -> tuple[Contrast, ...]:
    """All pairs of orders compared.

    Args:
        orders: their names.
        table: a row of values a block, one an order; infinite where it diverged.
        level: of the intervals.

    Raises:
        BadData: rows that cannot be ranked.

    >>> found = contrasts(["a", "b"], [[1.0, 2.0], [1.0, 3.0], [1.0, 4.0]])[0]
    >>> round(found.ratio, 4), found.wins, found.p_sign
    (0.3333, 3, Fraction(1, 4))
    """
    blocks = [exactly(row) for row in table]
    pairs = compare_ranks(blocks)
    nemenyi = {(p.first, p.second): _nemenyi(abs(p.z), p.treatments) for p in pairs}
    places = list(combinations(range(len(orders)), 2))
    plain: dict[tuple[int, int], object] = {}
    if len(blocks) > 1:
        plain = dict(conover(blocks))
    adjusted = holm([sp.Float(str(plain.get(place, 1))) for place in places])
    return tuple(
        _contrast(orders, table, (i, j), nemenyi[i, j], float(p), level)
        for (i, j), p in zip(places, adjusted, strict=True)
    )


@lru_cache(maxsize=256)
def _nemenyi(z: Any, treatments: int) -> float:
    """The p-value of a difference of z standard errors: a quadrature, so that it is kept."""
    return float(Pair(0, 1, Fraction(0), z, treatments).p_nemenyi)


def _contrast(
    orders: Sequence[str],
    table: Sequence[Sequence[float]],
    place: tuple[int, int],
    p_nemenyi: float,
    p_conover: float,
    level: float,
) -> Contrast:
    i, j = place
    logs = [_log_ratio(row[i], row[j]) for row in table]
    differ = any(logs)
    interval = median_interval(logs, level)
    return Contrast(
        orders[i],
        orders[j],
        _exp(_middle(logs)),
        Interval(_exp(interval.low), _exp(interval.high), interval.level),
        sum(log < 0 for log in logs),
        sum(log > 0 for log in logs),
        wilcoxon(exactly(logs)) if differ else None,
        sign_test(exactly(logs)) if differ else None,
        p_nemenyi,
        p_conover,
    )


def _log_ratio(one: float, other: float) -> float:
    """log(one / other), 0 where both are equal, infinite where one of them is or vanishes."""
    if one == other:
        return 0.0
    if one > other:
        return -_log_ratio(other, one)
    if one <= 0 or math.isinf(other):
        return -math.inf
    # by the difference, which is exact near equality: logarithms of neighbors may be equal
    rise = (other - one) / one
    return -math.log1p(rise) if math.isfinite(rise) else math.log(one) - math.log(other)


def _middle(logs: Sequence[float]) -> float:
    """The median; 0 where it falls between opposite infinities."""
    found = median(logs)
    return 0.0 if math.isnan(found) else found


def _exp(log: float) -> float:
    return math.exp(log) if log < 700 else math.inf  # beyond is what floats cannot hold

r"""Few repeated measurements: intervals of their median and mean, and a test that keeps them.

The interval of the median is exact for any continuous distribution and bears values that are
infinite (a run that diverged); Student's interval of the mean assumes normal values.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np

from symgan.errors import BadData
from symgan.stats.resampling import Interval
from symgan.stats.tails import f_tail

_TOGETHER = 1000
"""Permutations of a table that are made at once."""


def median_interval(values: Sequence[float], level: float = 0.95) -> Interval:
    r"""The interval of a median between two order statistics.

    .. math:: P(x_{(i)} \le m \le x_{(n+1-i)}) = 1 - 2^{1-n} \sum_{j < i} \binom nj

    for any continuous distribution. The largest i that keeps the level is taken; where not even
    the whole range reaches it, the range is given with the level that it has.

    Args:
        values: at least one; infinities allowed, NaN not.
        level: wanted, between 0 and 1.

    Returns:
        The interval with the level that it has.

    Raises:
        BadData: no values, a NaN, or a level out of range.

    Source: Thompson 1936; Conover 1999, section 3.2.

    >>> median_interval([5.0, 1.0, 2.0, 4.0, 3.0])
    Interval(low=1.0, high=5.0, level=0.9375)
    """
    ordered = sorted(_numbers(values, level))
    n = len(ordered)
    shares = [1 - 2 * sum(math.comb(n, j) for j in range(i)) / 2**n for i in range(1, n // 2 + 1)]
    kept = max((i for i, share in enumerate(shares, 1) if share >= level), default=1)
    return Interval(ordered[kept - 1], ordered[n - kept], shares[kept - 1] if shares else 0.0)


def mean_interval(values: Sequence[float], level: float = 0.95) -> Interval:
    r"""Student's interval of a mean, :math:`\bar x \pm t_{n-1} s / \sqrt n`.

    Args:
        values: at least two, finite.
        level: between 0 and 1.

    Raises:
        BadData: fewer than two values, one that is not finite, or a level out of range.

    >>> interval = mean_interval([1.0, 2.0, 3.0])
    >>> round(interval.low, 4), round(interval.high, 4)
    (-0.4841, 4.4841)
    """
    numbers = _numbers(values, level)
    if len(numbers) < 2 or not all(map(math.isfinite, numbers)):
        raise BadData("the interval of a mean needs at least two finite values")
    mean = math.fsum(numbers) / len(numbers)
    degrees = len(numbers) - 1
    spread = math.sqrt(math.fsum((x - mean) ** 2 for x in numbers) / degrees / len(numbers))
    half = student_quantile(level, degrees) * spread
    return Interval(mean - half, mean + half, level)


@lru_cache(maxsize=64)
def student_quantile(level: float, degrees: int) -> float:
    r"""The t with :math:`P(|T| \le t)` = level, for Student's T.

    >>> round(student_quantile(0.95, 4), 4)
    2.7764
    """
    if not 0 < level < 1 or degrees < 1:
        raise BadData(f"no quantile at level {level} with {degrees} degrees of freedom")
    low, high = 0.0, 1.0
    while f_tail(Fraction(high) ** 2, 1, degrees, digits=20) > 1 - level:
        low, high = high, 2 * high
    for _ in range(60):  # halves the bracket below the last bit of a float
        middle = (low + high) / 2
        above = f_tail(Fraction(middle) ** 2, 1, degrees, digits=20) > 1 - level
        low, high = (middle, high) if above else (low, middle)
    return high


def sampled_scores_tail(
    rows: Sequence[Sequence[int | Fraction]], *, seed: int, samples: int = 10_000
) -> Fraction:
    r"""A Monte Carlo p-value for scores of k treatments in n blocks: do the treatments differ?

    The statistic is the sum of squares of the treatments' totals; the scores inside each block
    are permuted, as in Friedman's test, of which this is the case where scores are ranks. Scores
    may be ranks averaged over replicates: the block stays the unit.

    Args:
        rows: n rows of k exact scores.
        seed: of the permutations.
        samples: how many; the p-value is :math:`(h + 1)/(m + 1)`, never too small.

    Raises:
        BadData: no rows, rows of different lengths, no samples.

    >>> sampled_scores_tail([[1, 2], [2, 1]], seed=0, samples=99)
    Fraction(1, 1)
    """
    if samples < 1 or not rows or len({len(row) for row in rows}) != 1:
        raise BadData("give rows of one length and at least one sample")
    common = math.lcm(*(Fraction(score).denominator for row in rows for score in row))
    table = np.array([[int(Fraction(score) * common) for score in row] for row in rows])
    table = table * table.shape[1] - table.sum(axis=1, keepdims=True)  # centered, still whole
    observed = int((table.sum(axis=0) ** 2).sum())
    draw = np.random.default_rng(seed)
    hits, left = 0, samples
    while left:
        count = min(left, _TOGETHER)
        copies = np.broadcast_to(table, (count, *table.shape))
        sums = draw.permuted(copies, axis=2).sum(axis=1)
        hits += int(((sums**2).sum(axis=1) >= observed).sum())
        left -= count
    return Fraction(hits + 1, samples + 1)


def _numbers(values: Sequence[float], level: float) -> list[float]:
    if not values or any(math.isnan(value) for value in values):
        raise BadData("an interval needs values that are numbers; none may be missing")
    if not 0 < level < 1:
        raise BadData(f"the level {level} does not lie between 0 and 1")
    return [float(value) for value in values]

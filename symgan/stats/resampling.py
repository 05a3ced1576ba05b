r"""Seeded resampling of blocks: intervals of average ranks, and a check on exact p-values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from symgan.errors import BadData
from symgan.stats.ranks import Blocks, rank_rows


@dataclass(frozen=True)
class Interval:
    """A percentile interval.

    Attributes:
        low: lower end.
        high: upper end.
        level: the share of resamples inside.
    """

    low: float
    high: float
    level: float


def bootstrap_average_ranks(
    blocks: Blocks, *, seed: int, resamples: int = 10_000, level: float = 0.95
) -> tuple[Interval, ...]:
    """Percentile bootstrap intervals of each treatment's average rank, over whole blocks.

    Args:
        blocks: n rows of k exact values, the smallest ranked first.
        seed: of the resampling; the same seed gives the same intervals.
        resamples: how many times n blocks are drawn with replacement.
        level: between 0 and 1.

    Raises:
        BadData: a level or number of resamples out of range, or rows that cannot be ranked.

    >>> bootstrap_average_ranks([[1, 2]] * 5, seed=1, resamples=100)[0]
    Interval(low=1.0, high=1.0, level=0.95)
    """
    if not 0 < level < 1 or resamples < 1:
        raise BadData(f"level {level} must lie between 0 and 1, and resamples {resamples} above 0")
    table = np.array(rank_rows(blocks), dtype=float)
    draw = np.random.default_rng(seed)
    chosen = draw.integers(0, len(table), size=(resamples, len(table)))
    means = table[chosen].mean(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return tuple(Interval(float(a), float(b), level) for a, b in zip(low, high, strict=True))


def sampled_friedman_tail(blocks: Blocks, *, seed: int, samples: int = 10_000) -> Fraction:
    r"""A Monte Carlo p-value of Friedman's test, :math:`(h + 1)/(m + 1)`; never too small.

    Of m random permutations of the ranks inside every block, h have rank sums at least as
    far from their mean as the observed ones.

    Args:
        blocks: n rows of k exact values.
        seed: of the permutations.
        samples: m.

    Raises:
        BadData: rows that cannot be ranked, or no samples.

    Source: Phipson and Smyth 2010.

    >>> sampled_friedman_tail([[1, 2], [2, 1]], seed=0, samples=99)
    Fraction(1, 1)
    """
    if samples < 1:
        raise BadData("give at least one sample")
    # Twice the ranks are whole numbers: sums and squares are exact.
    table = np.array([[int(2 * rank) for rank in row] for row in rank_rows(blocks)])
    center = len(table) * (table.shape[1] + 1)
    observed = int(((table.sum(axis=0) - center) ** 2).sum())
    draw = np.random.default_rng(seed)
    hits = 0
    for _ in range(samples):
        sums = draw.permuted(table, axis=1).sum(axis=0)
        hits += int(((sums - center) ** 2).sum()) >= observed
    return Fraction(hits + 1, samples + 1)

r"""What the Wasserstein distance of two samples is when their laws are the same: not 0."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

import torch

from symgan.empirical.data.seeds import stream
from symgan.empirical.data.source import Source
from symgan.empirical.metrics.transport import wasserstein
from symgan.errors import BadData


@dataclass(frozen=True)
class Baseline:
    """Distances between independent samples of one law: what a perfect generator can expect.

    Attributes:
        source: the name of the law.
        n: the size of each sample.
        order: of the distance.
        distances: one a pair of samples, all pairs independent.
    """

    source: str
    n: int
    order: int
    distances: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean distance: the bias of the empirical distance at two equal laws."""
        return fmean(self.distances)

    @property
    def deviation(self) -> float:
        """The standard deviation of one such distance: what two samples leave to chance."""
        return stdev(self.distances)

    @property
    def error(self) -> float:
        """The standard error of the mean."""
        return self.deviation / sqrt(len(self.distances))


def baseline(source: Source, n: int, seed: int, repeats: int = 20, order: int = 1) -> Baseline:
    r"""The Wasserstein distance between two samples of size n of the same law, repeatedly.

    The empirical distance is biased upwards: the expectation at equal laws is positive and falls
    like :math:`n^{-1/2}` on a curve and :math:`(\log n / n)^{1/2}` in the plane. A distance near
    this number cannot tell its generator from the truth; one far above it is hardly biased, so
    that subtracting the number would correct nothing. Nor is it the least possible mean: a law
    that is somewhat narrower may come lower (one uniform point in [0, 1] is on average 1/3 away
    from another, and 1/4 away from 1/2).

    A generator can be sampled again: the deviation over fresh samples is its uncertainty. A
    bootstrap is none here, since it treats two samples as two laws that differ.

    Args:
        source: the law.
        n: the size of each sample.
        seed: of all draws, with the name of the law.
        repeats: pairs of samples, at least 2.
        order: of the distance.

    Raises:
        BadData: an empty sample, or fewer than 2 repeats.

    Source: Fournier and Guillin, On the rate of convergence in Wasserstein distance of the
    empirical measure (2015), theorem 1; Ajtai, Komlos and Tusnady (1984).

    >>> from symgan.empirical.data import named
    >>> found = baseline(named("line"), n=50, seed=0, repeats=8)
    >>> 0.02 < found.mean < 0.2
    True
    """
    if n < 1 or repeats < 2:
        raise BadData(f"n = {n} and repeats = {repeats}; they need at least 1 and 2")
    distances = [_one(source, n, order, seed, number) for number in range(repeats)]
    return Baseline(source.name, n, order, tuple(distances))


def _one(source: Source, n: int, order: int, seed: int, number: int) -> float:
    generator = stream(seed, "baseline", source.name, n, number)
    both = source.sample(2 * n, generator, torch.float64).reshape(2, n, -1)
    return float(wasserstein(both[0], both[1], order))

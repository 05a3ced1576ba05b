r"""What a study says: values with intervals, ranks, tests, effect sizes, and the printed table.

**Values.** A cell's value is the median over its seeds. A member that diverged counts as infinitely
far, so that a median exists as long as fewer than half of them diverged, where a mean would not;
and distances are skewed, since some seeds miss a mode and others do not. Its interval lies between
order statistics: exact for any continuous distribution, where Student's would assume normal values
and a bootstrap of five is too short.

**Blocks.** Friedman's test asks whether orders differ over (GAN, data set) pairs: a pair is one
block, ranked by its medians. Seeds are replicates of the same block, not further blocks: counting
every seed as a block would multiply the sample by the number of seeds although the pairs, to which
the question refers, stay the same. Two other views keep the seeds: the whole table of each seed
alone (would a single run have said the same?), and a test whose scores are ranks within a seed,
averaged over seeds, with the pair as its block still.

**Intervals of average ranks** come in two kinds: over seeds (Student, the whole table run again)
and over pairs (bootstrap of blocks, other GANs and data sets).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Final

from symgan.data.studies import StudyResult
from symgan.empirical.study.contrasts import Contrast, contrasts, exactly
from symgan.errors import BadData, Undecided
from symgan.stats import (
    Friedman,
    Interval,
    bootstrap_average_ranks,
    friedman,
    ranks,
    sampled_friedman_tail,
)
from symgan.stats.replicates import mean_interval, median_interval, sampled_scores_tail

ALL: Final = "all"
"""All data sets together."""
Pair = tuple[str, str]
"""(GAN, data set)."""


@dataclass(frozen=True)
class Cell:
    """A GAN on a data set in an order, over its seeds.

    Attributes:
        median: of the values; infinite where half of the seeds or more diverged.
        interval: of the median, between order statistics, with the level that it has.
        mean: of the values; None where a seed diverged.
        mean_interval: Student's; None where a seed diverged or there is one seed.
        diverged: how many seeds did.
        generator: the generator's mean share of all updates, or None if nobody counted.
    """

    median: float
    interval: Interval
    mean: float | None
    mean_interval: Interval | None
    diverged: int
    generator: float | None


@dataclass(frozen=True)
class Ranked:
    """Average ranks over the pairs of one data set, or of all.

    Attributes:
        test: Friedman's, on medians.
        p_exact: of the permutation distribution; sampled where `sampled`.
        sampled: whether it is too wide to be counted.
        over_seeds: intervals of the average rank if the whole table is run again, None with one
            seed.
        over_pairs: intervals over other pairs.
        first: how often each order has the smallest value.
    """

    test: Friedman
    p_exact: Fraction
    sampled: bool
    over_seeds: tuple[Interval, ...] | None
    over_pairs: tuple[Interval, ...]
    first: tuple[int, ...]


@dataclass(frozen=True)
class SeedView:
    """What one seed alone would have said.

    Attributes:
        seed: which one.
        average_ranks: of the orders, over all pairs.
        statistic: Friedman's.
        p: its p-value by chi-square.
        first: how often each order has the smallest value.
    """

    seed: int
    average_ranks: tuple[Fraction, ...]
    statistic: Fraction
    p: float
    first: tuple[int, ...]


@dataclass(frozen=True)
class Analysis:
    """Everything that a study says by itself.

    Attributes:
        study: what was analyzed.
        cells: (GAN, data set, order) -> its value.
        ranked: data set, or `ALL` -> average ranks and tests.
        contrasts: all pairs of orders.
        seeds: what each seed alone would have said.
        p_scores: the test on ranks within seeds averaged over seeds, the pair as block.
    """

    study: StudyResult
    cells: dict[tuple[str, str, str], Cell]
    ranked: dict[str, Ranked]
    contrasts: tuple[Contrast, ...]
    seeds: tuple[SeedView, ...]
    p_scores: Fraction

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The blocks."""
        return tuple((gan, data) for gan in self.study.gans for data in self.study.datasets)

    def medians(self, pair: Pair) -> tuple[float, ...]:
        """The values of a block, one an order."""
        return tuple(self.cells[*pair, order].median for order in self.study.orders)


def analyze(study: StudyResult, *, seed: int = 0, level: float = 0.95) -> Analysis:
    """The statistics of a study.

    Args:
        study: whole: every cell has a value or is marked as diverged.
        seed: of what is resampled; the same seed gives the same numbers.
        level: of intervals; those of medians say which level they have.

    Raises:
        BadData: fewer than two orders, or nothing differs.
    """
    if len(study.orders) < 2:
        raise BadData("a study of one order has nothing to rank; give at least two orders")
    keys = [(g, d, o) for g in study.gans for d in study.datasets for o in study.orders]
    cells = {key: _cell(study, *key, level) for key in keys}
    sides = {data: (data,) for data in study.datasets} | {ALL: study.datasets}
    ranked = {name: _ranked(study, cells, data, seed, level) for name, data in sides.items()}
    pairs = [(g, d) for g in study.gans for d in study.datasets]
    medians = [[cells[*pair, order].median for order in study.orders] for pair in pairs]
    return Analysis(
        study,
        cells,
        ranked,
        contrasts(study.orders, medians, level),
        tuple(_seed_view(study, one) for one in study.seeds),
        _scores_tail(study, seed),
    )


def _cell(study: StudyResult, gan: str, data: str, order: str, level: float) -> Cell:
    runs = study.replicates(gan, data, order)
    values = [run.ranked for run in runs]
    whole = all(map(math.isfinite, values))
    shares = [run.generator for run in runs if run.generator is not None]
    return Cell(
        median(values),
        median_interval(values, level),
        math.fsum(values) / len(values) if whole else None,
        mean_interval(values, level) if whole and len(values) > 1 else None,
        sum(run.value is None for run in runs),
        math.fsum(shares) / len(shares) if shares else None,
    )


def _ranked(
    study: StudyResult,
    cells: dict[tuple[str, str, str], Cell],
    datasets: Sequence[str],
    seed: int,
    level: float,
) -> Ranked:
    blocks = [
        exactly([cells[gan, data, order].median for order in study.orders])
        for gan in study.gans
        for data in datasets
    ]
    test = friedman(blocks)
    try:
        p, sampled = test.p_exact, False
    except Undecided:
        p, sampled = sampled_friedman_tail(blocks, seed=seed), True
    over_seeds = None
    if len(study.seeds) > 1:
        tables = [average(seed_blocks(study, one, datasets)) for one in study.seeds]
        over_seeds = tuple(
            _possible(mean_interval([float(r) for r in column], level), len(study.orders))
            for column in zip(*tables, strict=True)
        )
    over_pairs = bootstrap_average_ranks(blocks, seed=seed, level=level)
    return Ranked(test, p, sampled, over_seeds, over_pairs, _firsts(blocks))


def _possible(interval: Interval, most: int) -> Interval:
    """The part of an interval that average ranks can lie in."""
    return Interval(max(1.0, interval.low), min(float(most), interval.high), interval.level)


def seed_blocks(study: StudyResult, seed: int, datasets: Sequence[str]) -> list[list[Fraction]]:
    """The table of one seed: a row of exact values a pair."""
    return [
        exactly([study.runs[gan, data, order, seed].ranked for order in study.orders])
        for gan in study.gans
        for data in datasets
    ]


def average(blocks: Sequence[Sequence[Fraction]]) -> tuple[Fraction, ...]:
    """The average ranks of a table."""
    rows = [ranks(block) for block in blocks]
    return tuple(sum(column, Fraction(0)) / len(rows) for column in zip(*rows, strict=True))


def _seed_view(study: StudyResult, seed: int) -> SeedView:
    blocks = seed_blocks(study, seed, study.datasets)
    test = friedman(blocks)
    return SeedView(
        seed, test.average_ranks, test.statistic, float(test.p_chi_square), _firsts(blocks)
    )


def _scores_tail(study: StudyResult, seed: int) -> Fraction:
    """The test on within-seed ranks averaged over seeds."""
    tables = [seed_blocks(study, one, study.datasets) for one in study.seeds]
    rows = []
    for replicates in zip(*tables, strict=True):
        ranked = [ranks(block) for block in replicates]
        rows.append([sum(column, Fraction(0)) for column in zip(*ranked, strict=True)])
    return sampled_scores_tail(rows, seed=seed)


def _firsts(blocks: Sequence[Sequence[Fraction]]) -> tuple[int, ...]:
    """In how many blocks each treatment has the smallest value; ties count for all of them."""
    return tuple(sum(b[i] == min(b) for b in blocks) for i in range(len(blocks[0])))

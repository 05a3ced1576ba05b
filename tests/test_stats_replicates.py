"""Intervals from few replicates, and a permutation test that keeps them in their blocks."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from symgan.errors import BadData
from symgan.stats import friedman
from symgan.stats.replicates import (
    mean_interval,
    median_interval,
    sampled_scores_tail,
    student_quantile,
)


@pytest.mark.parametrize(("n", "level"), [(1, 0.95), (2, 0.95), (5, 0.9), (8, 0.95), (32, 0.95)])
def test_the_interval_of_a_median_covers_as_often_as_it_says(n: int, level: float) -> None:
    """The uniform law has median 1/2: whether it is covered depends on the counts alone."""
    draws = np.random.default_rng(0).random((4000, n))
    intervals = [median_interval(list(row), level) for row in draws]
    covered = np.mean([i.low <= 0.5 <= i.high for i in intervals])
    said = intervals[0].level
    # 4000 draws: five standard deviations of a share
    assert abs(covered - said) <= 5 * math.sqrt(max(said * (1 - said), 1e-9) / 4000)
    assert said >= level or said == pytest.approx(1 - 2.0 ** (1 - n), abs=1e-15)


def test_a_narrower_pair_of_order_statistics_would_not_keep_the_level() -> None:
    kept = median_interval(range(8), 0.95)
    assert (kept.low, kept.high, kept.level) == (0, 7, 1 - 2 / 2**8)
    assert 1 - 2 * (1 + 8) / 2**8 < 0.95  # what the next pair inside would have
    assert median_interval(range(8), 0.92).low == 1


def test_a_diverged_replicate_stays_at_the_far_end() -> None:
    interval = median_interval([0.1, math.inf, 0.3, 0.2, 0.4])
    assert (interval.low, interval.high) == (0.1, math.inf)
    with pytest.raises(BadData, match="none may be missing"):
        median_interval([0.1, math.nan])


@given(st.integers(1, 60), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
@settings(max_examples=15)
def test_students_quantile_is_scipys(degrees: int, level: float) -> None:
    # bisection ends at the last bit; SciPy's own error is of the order of 1e-13
    expected = stats.t.ppf((1 + level) / 2, degrees)
    assert student_quantile(level, degrees) == pytest.approx(expected, rel=1e-11)
    assert student_quantile(level, degrees) > stats.norm.ppf((1 + level) / 2)


def test_students_interval_is_scipys_and_refuses_what_is_infinite() -> None:
    values = [0.31, 0.02, 0.44, 0.17]
    found = mean_interval(values)
    low, high = stats.t.interval(0.95, 3, np.mean(values), stats.sem(values))
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-11)
    for bad in ([0.1], [0.1, math.inf]):
        with pytest.raises(BadData, match="at least two finite values"):
            mean_interval(bad)


def test_on_ranks_the_scores_test_is_friedmans() -> None:
    rows = [[1, 2, 3], [1, 3, 2], [1, 2, 3], [2, 1, 3]]
    exact = friedman(rows).p_exact
    sampled = sampled_scores_tail(rows, seed=5, samples=4000)
    # five standard deviations of a share of 4000
    assert abs(sampled - exact) < 5 * math.sqrt(float(exact) / 4000)


def test_scores_in_other_units_are_the_same_test() -> None:
    rows = [[1, 2, 4], [2, 1, 3], [1, 5, 3]]
    scaled = [[Fraction(x, 7) + i for x in row] for i, row in enumerate(rows)]
    assert sampled_scores_tail(scaled, seed=1, samples=99) == sampled_scores_tail(
        rows, seed=1, samples=99
    )
    assert sampled_scores_tail([[1, 2, 9]] * 8, seed=1, samples=99) == Fraction(1, 100)
    with pytest.raises(BadData, match="rows of one length"):
        sampled_scores_tail([[1], [1, 2]], seed=0)

"""Wilson's interval against published values and against its own definition."""

from __future__ import annotations

import math
from fractions import Fraction
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symgan.errors import BadData
from symgan.stats import clopper_pearson, wilson

COUNTS = st.integers(1, 10**6).flatmap(
    lambda n: st.tuples(st.sampled_from([0, 1, n // 2, n - 1, n]) | st.integers(0, n), st.just(n))
)
LEVELS = st.floats(0.01, 0.9999)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_intervals(successes: int, trials: int, low: float, high: float) -> None:
    """Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I."""
    found = wilson(successes, trials)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(COUNTS, LEVELS)
def test_ends_are_the_roots_of_the_score_equation(counts: tuple[int, int], level: float) -> None:
    """(share - p)^2 = z^2 p (1 - p)/n at both ends, to the rounding of its largest term."""
    k, n = counts
    z, found = NormalDist().inv_cdf((1 + level) / 2), wilson(k, n, level)
    for p in (found.low, found.high):
        left, right = (k / n - p) ** 2, z * z * p * (1 - p) / n
        assert abs(left - right) <= 1e-14 * (1 + z * z / n)
    assert 0 <= found.low <= k / n <= found.high <= 1


@given(COUNTS, LEVELS)
def test_failures_have_the_mirrored_interval(counts: tuple[int, int], level: float) -> None:
    k, n = counts
    one, other = wilson(k, n, level), wilson(n - k, n, level)
    assert abs(one.low - (1 - other.high)) < 1e-15 * 8
    assert abs(one.high - (1 - other.low)) < 1e-15 * 8


@given(COUNTS)
def test_a_higher_level_is_wider(counts: tuple[int, int]) -> None:
    wide, narrow = wilson(*counts, level=0.99), wilson(*counts, level=0.9)
    assert wide.high - wide.low > narrow.high - narrow.low


@pytest.mark.parametrize(
    ("k", "n", "level"), [(-1, 3, 0.95), (4, 3, 0.95), (0, 0, 0.95), (1, 2, 1.0), (1, 2, 0.0)]
)
def test_counts_and_levels_out_of_range_are_refused(k: int, n: int, level: float) -> None:
    with pytest.raises(BadData):
        wilson(k, n, level)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2527, 0.3676),
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0000, 0.1684),
        (1, 29, 0.0009, 0.1776),
    ],
)
def test_published_exact_intervals(successes: int, trials: int, low: float, high: float) -> None:
    """Newcombe 1998, table I, the method of Clopper and Pearson."""
    found = clopper_pearson(successes, trials)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_exact_ends_have_the_tail_probability(counts: tuple[int, int]) -> None:
    """The tails at both ends, in rational arithmetic at the ends that were found: the sum of at
    most 41 terms and one bisection leave a relative error below 1e-9."""
    k, n = counts
    found = clopper_pearson(k, n, 0.9)
    low, high = Fraction(found.low), Fraction(found.high)

    def tail(p: Fraction, counted: range) -> float:
        return float(sum(math.comb(n, j) * p**j * (1 - p) ** (n - j) for j in counted))

    if k > 0:
        assert tail(low, range(k, n + 1)) == pytest.approx(0.05, rel=1e-9)
    if k < n:
        assert tail(high, range(k + 1)) == pytest.approx(0.05, rel=1e-9)
    assert found.low <= k / n <= found.high

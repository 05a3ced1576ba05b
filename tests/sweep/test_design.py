"""Grids, random streams and distributions of intervals."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symgan.errors import BadData, UnknownName
from symgan.sweep.design import nodes, product, stream
from symgan.sweep.intervals import DATA, NUMBERS, Intervals

KINDS = st.sampled_from(sorted(Intervals.kinds()))
SCALES = st.fractions(min_value=Fraction(1, 1000), max_value=1000)
UNIFORM = st.lists(
    st.floats(0, 1, exclude_max=True, allow_subnormal=False), min_size=NUMBERS, max_size=NUMBERS
)


@given(st.integers(2, 60), st.integers(1, 5))
def test_a_finer_grid_holds_the_nodes_of_a_coarser_one_bit_for_bit(count: int, times: int) -> None:
    low, high = Fraction(-1), Fraction(1)
    fine = nodes(low, high, (count - 1) * times + 1)
    assert fine[::times].tobytes() == nodes(low, high, count).tobytes()


def test_nodes_are_nearest_floats_which_linspace_misses() -> None:
    """np.linspace adds multiples of a rounded step; a third of the way it is one bit off."""
    ours = nodes(Fraction(0), Fraction(1), 50)
    assert ours.tolist() == [i / 49 for i in range(50)]
    assert np.linspace(0, 1, 50).tolist() != ours.tolist()


@pytest.mark.parametrize(("low", "high", "count"), [(0, 1, 1), (0, 1, 0), (1, 1, 5), (2, 1, 5)])
def test_empty_grids_are_refused(low: int, high: int, count: int) -> None:
    with pytest.raises(BadData, match="empty"):
        nodes(Fraction(low), Fraction(high), count)


def test_the_last_side_of_a_product_is_fastest() -> None:
    found = product(np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0]))
    assert found.shape == (6, 2)
    assert found[:4].tolist() == [[1, 3], [1, 4], [1, 5], [2, 3]]


@given(st.integers(0, 2**64), st.floats(-10, 10), st.integers(1, 40), st.integers(1, 40))
def test_a_stream_begins_alike_whatever_is_drawn_after(
    seed: int, place: float, few: int, more: int
) -> None:
    one = stream(seed, "intervals", (place, 1.0)).random((few, NUMBERS))
    other = stream(seed, "intervals", (place, 1.0)).random((few + more, NUMBERS))
    assert one.tobytes() == other[:few].tobytes()


def test_streams_differ_in_seed_purpose_and_cell() -> None:
    made = [
        stream(0, "intervals", (0.5, 0.5)),
        stream(1, "intervals", (0.5, 0.5)),
        stream(0, "noise", (0.5, 0.5)),
        stream(0, "intervals", (0.5, -0.5)),
        stream(0, "intervals", (np.nextafter(0.5, 1), 0.5)),
        stream(0, "intervals", (0.5,)),
    ]
    assert len({generator.random(4).tobytes() for generator in made}) == len(made)


def test_the_two_zeros_are_one_cell() -> None:
    assert stream(0, "x", (0.0,)).random() == stream(0, "x", (-0.0,)).random()


@given(KINDS, SCALES, UNIFORM)
def test_every_interval_is_ordered(kind: str, scale: Fraction, u: list[float]) -> None:
    l1, r1, l2, r2 = Intervals(kind, (scale,)).draw(np.array(u))
    assert l1 <= r1
    assert l2 <= r2
    assert kind == "pairs" or r1 <= l2


@given(SCALES, UNIFORM)
def test_narrow_and_wide_lie_where_they_say(scale: Fraction, u: list[float]) -> None:
    a, rounding = float(scale), 1e-12  # of numbers up to 1000: more than their last bits
    l1, r1, l2, r2 = Intervals("narrow", (scale,)).draw(np.array(u))
    assert max(r1 - l1, r2 - l2) <= a + rounding
    l1, r1, l2, r2 = Intervals("wide", (scale,)).draw(np.array(u))
    assert -DATA - a <= l1 <= -DATA
    assert DATA <= r2 <= DATA + a
    assert max(abs(r1), abs(l2)) <= DATA


def test_moments_are_those_of_the_named_distributions() -> None:
    """Means and variances of 40,000 numbers, each within five standard errors."""
    u = np.random.default_rng(7).random((10_000, NUMBERS))
    for text, variance, fourth in (
        ("uniform:3", 3.0, 16.2),
        ("pairs:3", 3.0, 16.2),
        ("normal:2", 4.0, 48.0),
    ):
        x = Intervals.parse(text).draw(u).ravel()
        assert abs(x.mean()) < 5 * np.sqrt(variance / x.size)
        assert abs((x**2).mean() - variance) < 5 * np.sqrt((fourth - variance**2) / x.size)


def test_overlapping_pairs_do_overlap() -> None:
    l1, r1, l2, r2 = Intervals.parse("pairs:2").draw(np.random.default_rng(0).random((500, 4))).T
    overlapping = np.mean((r1 > l2) & (r2 > l1))
    assert 0.6 < overlapping < 0.73  # two random pairs overlap with probability 2/3


@pytest.mark.parametrize(
    "text", ["uniform:0", "uniform:-1", "uniform:x", "uniform:1/0", "wide:nan", "normal:1,2"]
)
def test_scales_that_are_no_positive_numbers_are_refused(text: str) -> None:
    with pytest.raises(BadData, match="not"):
        Intervals.parse(text)


def test_unknown_kinds_are_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownName, match="uniform, normal, pairs, narrow, wide, fixed"):
        Intervals.parse("cauchy:1")


def test_fixed_ends_are_what_is_given() -> None:
    given = Intervals.parse("fixed:-1,0.2,-1,5/2")
    assert given.draw(np.zeros((3, 4))).tolist() == [[-1.0, 0.2, -1.0, 2.5]] * 3
    assert given.overlapping
    assert not Intervals.parse("fixed:-1,0.2,0.2,5/2").overlapping


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("fixed:1,0,2,3", "the interval from 1 to 0 is not sorted; swap its ends"),
        ("fixed:0,1,3,2", "the interval from 3 to 2 is not sorted"),
        ("fixed:0,1", "2 ends of two intervals; write fixed:l1,r1,l2,r2"),
        ("fixed:0,1,2,inf", "'inf' in 'fixed:0,1,2,inf' is not a finite number"),
        ("fixed:0,1,nan,2", "'nan' in .* is not a finite number"),
    ],
)
def test_unsorted_or_infinite_ends_are_refused(text: str, match: str) -> None:
    with pytest.raises(BadData, match=match):
        Intervals.parse(text)

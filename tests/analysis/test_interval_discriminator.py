"""The optimal discriminator: against a brute-force maximum over ends on a grid, and laws."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import mpmath as mp
import pytest
import sympy as sp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sympy import Rational

from symgan.analysis.interval_discriminator import best_choices, optimal_intervals
from symgan.analysis.total_variation import total_variation
from symgan.certify.ball import load_flint
from symgan.errors import GameError, Undecided
from symgan.games.mixture import Mixture
from tests.analysis.mixture_oracles import grid_maximum, number, pairs

HALF = Rational(1, 2)
STEP, REACH = 1 / 16, 12.0
counts = st.sampled_from((1, 2, 3))


def payoff(p: Any, q: Any, ends: Any) -> Any:
    """L at ends in mpmath, through the distribution functions."""

    def mass(x: Any) -> Any:
        return mp.fsum(
            sign * number(w) * mp.ncdf(x - number(m))
            for sign, r in ((1, p), (-1, q))
            for m, w in zip(r.means, r.weights, strict=True)
        )

    return 1 + mp.fsum(mass(b) - mass(a) for a, b in ends)


def middles(intervals: Any) -> list[list[Any]]:
    """The middles of enclosed ends."""
    return [
        [number(end.middle) if end.is_finite else mp.mpf(str(float(end.lower))) for end in pair]
        for pair in intervals
    ]


@settings(max_examples=25)
@given(pairs(Mixture, most=4), counts)
@example((Mixture((-2, 1)), Mixture((-1, 2))), 1)
@example((Mixture((-6, 0, 6)), Mixture((-3, 3))), 2)
def test_no_grid_point_is_better_and_the_best_comes_near(both: Any, intervals: int) -> None:
    p, q = both
    best = optimal_intervals(p, q, intervals=intervals)
    grid = grid_maximum(p, q, intervals, STEP, REACH)
    lower, upper = float(best.gain.lower), float(best.gain.upper)
    # an end lies within STEP / 2 of a grid point, H' = 0 there and |H''| = |F'| < 2 phi(1) < 1/2:
    # at most STEP^2 / 16 an end; 1e-13 for the 2m + 1 sums of 13 rounded numbers below 2
    assert grid <= upper + 1e-13
    assert grid >= lower - 2 * intervals * STEP**2 / 16 - 1e-13


@settings(max_examples=25)
@given(pairs(Mixture, most=4), counts)
@example((Mixture((0,)), Mixture((80,))), 2)
@example((Mixture((-HALF, HALF)), Mixture((HALF, -HALF))), 2)
def test_the_ends_give_the_value_and_moving_one_does_not_raise_it(
    both: Any, intervals: int
) -> None:
    p, q = both
    best = optimal_intervals(p, q, intervals=intervals)
    assert len(best.intervals) + best.spare == intervals
    assert best.attained == all(e.is_finite for pair in best.intervals for e in pair) or best.ties
    for optimum in (best.intervals, *best.ties):
        for (_, right), (left, _) in pairwise(optimum):
            assert right.upper < left.lower
        with mp.workdps(60):
            ends = middles(optimum)
            value = payoff(p, q, ends)
            # H' = F = 0 at an end: its error is quadratic in the width 1e-12
            assert number(best.value.lower) - mp.mpf("1e-23") <= value
            assert value <= number(best.value.upper) + mp.mpf("1e-23")
            assert all(payoff(p, q, moved) <= value + mp.mpf("1e-23") for moved in moves(ends))


def moves(ends: Any) -> list[Any]:
    """The ends with a finite one moved by a hundredth, either way."""
    moved = []
    for i, j in ((i, j) for i in range(len(ends)) for j in range(2)):
        for shift in (-mp.mpf("0.01"), mp.mpf("0.01")):
            other = [list(pair) for pair in ends]
            other[i][j] += shift
            if not mp.isinf(ends[i][j]):
                moved.append(other)
    return moved


@pytest.mark.parametrize("intervals", [1, 2, 3])
def test_each_move_and_each_interval_less_costs(intervals: int) -> None:
    p, q = Mixture((-6, -HALF, 5)), Mixture((-4, 2, 8))
    best = optimal_intervals(p, q, intervals=intervals)
    assert (best.spare, best.unique) == (0, True)
    more = optimal_intervals(p, q, intervals=intervals + 1)
    assert (best.gain.upper < more.gain.lower) == (intervals < 3)
    with mp.workdps(40):
        ends = middles(best.intervals)
        value = payoff(p, q, ends)
        costs = [value - payoff(p, q, moved) for moved in moves(ends)]
    assert len(costs) >= 2
    assert min(costs) > 1e-8


@settings(max_examples=20)
@given(pairs(Mixture, most=4))
def test_enough_intervals_reach_the_total_variation_and_fewer_do_not_exceed_it(both: Any) -> None:
    p, q = both
    tv = total_variation(p, q)
    segments = len(tv.changes.positive)
    assume(segments)
    gains = [optimal_intervals(p, q, intervals=m).gain for m in range(1, segments + 2)]
    for gain in gains[segments - 1 :]:
        assert gain.lower <= tv.upper
        assert tv.lower <= gain.upper
    for fewer, more in pairwise(gains):
        assert fewer.lower <= more.upper


def test_two_modes_need_two_intervals_at_most() -> None:
    """Eq. (4): the distance of two mixtures of two modes is a maximum over two intervals."""
    for q in ((-1, 1), (-1, 2), (0, 0), (-3, Rational(1, 3))):
        best = optimal_intervals((-2, HALF), q, intervals=2)
        tv = total_variation((-2, HALF), q)
        assert best.gain.lower <= tv.upper
        assert tv.lower <= best.gain.upper


@pytest.mark.parametrize("gap", [0, Rational(1, 10**30)])
def test_a_tie_by_symmetry_is_proved_and_a_near_tie_is_none(gap: Any) -> None:
    """Truth (-2, 2), generator 0: either flank alone; moved a little, the one is better."""
    best = optimal_intervals((-2, 2), (gap,), intervals=1)
    assert len(best.ties) == (0 if gap else 1)
    assert best.unique is bool(gap)
    assert best.attained is False
    assert best.open == ()
    left_is_first = best.intervals[0][0].lower == -sp.oo
    assert left_is_first
    if_tied = [tie[0][1].upper for tie in best.ties]
    assert if_tied == ([] if gap else [sp.oo])


def test_an_odd_difference_ties_across_a_gap_of_the_same_mass() -> None:
    """F odd, + - + -: the second gap and the second segment cancel."""
    best = optimal_intervals((-2, 1), (-1, 2), intervals=1)
    assert len(best.ties) == 1
    assert {best.intervals[0][1], best.ties[0][0][1]} == {best.changes.at[0], best.changes.at[2]}
    skew = optimal_intervals((-2, 1), (-1, 2 + Rational(1, 10**15)), intervals=1)
    assert skew.unique is True


def test_a_tie_that_no_symmetry_explains_stays_open() -> None:
    """At 64 bits two flanks that differ by 1e-40 are not told apart; the value still holds."""
    near = Rational(1, 10**40)
    rough = optimal_intervals((-2, 2), (near,), intervals=1, width=Rational(1, 10**6), most_bits=64)
    assert rough.unique is None
    assert len(rough.open) == 1
    sharp = optimal_intervals((-2, 2), (near,), intervals=1)
    assert sharp.unique is True
    assert rough.gain.lower <= sharp.gain.lower <= sharp.gain.upper <= rough.gain.upper


def test_supremum_or_maximum() -> None:
    assert optimal_intervals((0,), (-1, 1)).attained is True
    assert optimal_intervals((-1, 1), (0,)).attained is False
    same = optimal_intervals((0, 1), (1, 0), intervals=3)
    assert (same.intervals, same.spare, same.attained, same.unique) == ((), 3, True, False)
    assert same.value.lower == same.value.upper == 1
    # of three segments, two of them infinite, the one interval takes the heavy one inside
    inside = optimal_intervals(
        Mixture((-9, 0, 9), (Rational(1, 10), Rational(4, 5), Rational(1, 10))),
        (-4, 4),
        intervals=1,
    )
    assert inside.attained is True


@settings(max_examples=60)
@given(st.lists(st.integers(-40, 40), min_size=2, max_size=12), st.integers(1, 4))
def test_the_dynamic_program_against_all_choices(heights: list[int], number_: int) -> None:
    """Every choice of intervals over the segments, enumerated."""
    from itertools import combinations

    segments = [(heights[i], heights[i + 1]) for i in range(0, len(heights) - 1, 2)]
    number_ = min(number_, len(segments))
    arb = load_flint().arb
    best = best_choices([(arb(a), arb(b)) for a, b in segments], number_)
    every: dict[Any, int] = {}
    for cuts in combinations(range(2 * len(segments)), 2 * number_):
        pairs_ = list(zip(cuts[::2], cuts[1::2], strict=True))
        if all(a % 2 == 0 and b % 2 == 1 for a, b in pairs_):
            choice = tuple((a // 2, b // 2) for a, b in pairs_)
            every[choice] = sum(segments[b][1] - segments[a][0] for a, b in choice)
    most = max(every.values())
    assert {choice for _, choice in best} == {c for c, value in every.items() if value == most}


@pytest.mark.parametrize("intervals", [0, -1, True, 1.5, Rational(3, 2)])
def test_bad_numbers_of_intervals(intervals: Any) -> None:
    with pytest.raises(GameError, match=r"intervals = .*: give a whole number, at least 1"):
        optimal_intervals((0,), (1,), intervals=intervals)


def test_more_ties_than_can_be_followed_are_refused() -> None:
    arb = load_flint().arb
    with pytest.raises(Undecided, match="values too near to each other"):
        best_choices([(arb(0), arb(1))] * 18, 9)

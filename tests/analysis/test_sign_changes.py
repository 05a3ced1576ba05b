"""Sign changes of mixtures: against the density at 80 digits, closed forms and the theorem."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import mpmath as mp
import pytest
import sympy as sp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sympy import Rational

from symgan.analysis.exponential_sums import ExponentialSum
from symgan.analysis.gaussian_difference import gaussian_difference, mirror
from symgan.analysis.total_variation import sign_changes, total_variation
from symgan.certify.ball import load_flint
from symgan.errors import Undecided
from symgan.games.mixture import Mixture
from tests.analysis.mixture_oracles import (
    difference,
    fold,
    number,
    pairs,
)

HALF = Rational(1, 2)
WIDTH = Rational(1, 10**12)
STEP = Rational(1, 10**28)
"""How far from a double zero: seen at 128 bits, not at 64."""


@settings(max_examples=50)
@given(pairs(Mixture))
@example((Mixture((0,)), Mixture((80,))))
@example((Mixture((-HALF, HALF)), Mixture((HALF, -HALF))))
@example((Mixture((-2, 1)), Mixture((-1, 2))))
def test_the_signs_are_those_of_the_density_and_no_more_than_the_theorem_allows(both: Any) -> None:
    p, q = both
    found = sign_changes(p, q, width=WIDTH)
    assert found.identical == (found.signs == (0,))
    assume(not found.identical)
    centers = len(found.centers)
    assert found.count <= found.bound <= centers - 1
    assert (found.bound - found.count) % 2 == 0
    assert found.count == found.bound or found.bound > 2
    assert found.signs[0] == sp.sign(found.coefficients[0])
    assert found.signs[-1] == sp.sign(found.coefficients[-1])
    assert all(a == -b for a, b in pairwise(found.signs))
    assert len(found.signs) == found.count + 1
    f = difference(p, q)
    with mp.workdps(80):  # F falls to 1e-13 of its terms where means nearly coincide
        for place, before, after in zip(found.at, found.signs, found.signs[1:], strict=False):
            assert 0 <= place.width <= WIDTH
            margin = mp.mpf(10) ** -20  # an enclosure may be a single point, the zero itself
            low, high = number(place.lower) - margin, number(place.upper) + margin
            assert (mp.sign(f(low)), mp.sign(f(high))) == (before, after)
            shifted = f(high + (high - low)) * f(high)
            assert shifted > 0, "the interval next to it holds no sign change"


@pytest.mark.parametrize("a", [Rational(1, 10), 1, 3])
def test_a_symmetric_pair_against_one_mode(a: Any) -> None:
    r"""(-a, a) against 0: cosh(a x) = exp(a^2 / 2) at the sign changes."""
    found = sign_changes((-a, a), (0,))
    with mp.workdps(40):
        exact = mp.acosh(mp.exp(number(Rational(a)) ** 2 / 2)) / number(Rational(a))
        bounds = [(number(place.lower), number(place.upper)) for place in found.at]
        assert [low < s * exact < high for (low, high), s in zip(bounds, (-1, 1), strict=True)] == [
            True,
            True,
        ]
    assert found.signs == (1, -1, 1)


@pytest.mark.parametrize("gap", [Rational(1, 4), 1])
def test_blocks_of_one_sign_count_once(gap: Any) -> None:
    """Signs + + - - + + - - + +: as many changes as blocks, less one."""
    p = tuple(center + shift for center in (0, 8, 16) for shift in (0, gap))
    q = tuple(center + shift for center in (4, 12) for shift in (0, gap))
    found = sign_changes(p, q)
    assert found.signs == (1, -1, 1, -1, 1)
    assert found.bound == 4
    turned = sign_changes(tuple(-m for m in q), tuple(-m for m in p))
    assert [(-e.upper, -e.lower) for e in reversed(turned.at)] == [
        (e.lower, e.upper) for e in found.at
    ]


def test_time_runs_out_with_a_sentence() -> None:
    with pytest.raises(Undecided, match=r"out of time .* at the zeros of a sum of exponentials"):
        sign_changes((0, 2, 4), (1, 3), budget=0)


def test_floats_are_the_rationals_that_they_are() -> None:
    exact = Rational(*(0.1).as_integer_ratio())
    assert sign_changes((0.1,), (exact,)).identical
    assert not sign_changes((0.1,), (Rational(1, 10),)).identical


@pytest.mark.parametrize(("side", "count"), [(-1, 1), (1, 3)])
def test_beside_a_fold_the_number_is_proved(side: int, count: int) -> None:
    q = (-1, fold() + side * STEP)
    assert sign_changes((-2, 1), q).count == count
    with pytest.raises(Undecided, match=r"at 64 bits .* raise most_bits"):
        sign_changes((-2, 1), q, most_bits=64)
    sharp = total_variation((-2, 1), q)
    rough = total_variation((-2, 1), q, most_bits=64, width=Rational(1, 10**6))
    assert len(rough.changes.open) == 1
    assert rough.lower <= sharp.lower <= sharp.upper <= rough.upper
    assert rough.width < Rational(1, 10**6)


def test_enclosures_wider_than_the_gap_between_zeros_stay_apart() -> None:
    found = sign_changes((-2, 1), (-1, fold() + Rational(1, 10**9)), width=1)
    assert found.count == 3
    assert all(a.upper < b.lower for a, b in pairwise(found.at))
    assert number(found.at[2].lower - found.at[1].upper) < 1e-3, "nearer than the width"


@pytest.mark.parametrize("side", [-1, 1])
def test_beside_a_triple_zero(side: int) -> None:
    """(-a, 1/2) against (-1/2, a) is odd: a triple zero where a exp(-a^2/2) = exp(-1/8)/2."""
    with mp.workdps(60):
        a = mp.findroot(lambda t: t * mp.exp(-t * t / 2) - mp.exp(mp.mpf(-1) / 8) / 2, 1.7)
        near = Rational(int(mp.nint(a * mp.mpf(10) ** 40)) + side, 10**40)
    found = sign_changes((-near, HALF), (-HALF, near), width=Rational(1, 10**30))
    assert found.count == (3 if side > 0 else 1)
    assert any(place.contains(0) for place in found.at)


@settings(max_examples=30)
@given(st.lists(st.sampled_from((-2, -1, 1, 3)), min_size=2, max_size=9))
def test_each_rung_of_the_ladder_has_one_change_of_sign_less(coefficients: list[int]) -> None:
    """Of any exponential sum; the exact signs are those of the balls."""
    flint = load_flint()
    with flint.ctx.workprec(128):
        balls = tuple(flint.arb(d) for d in coefficients)
        centers = tuple(flint.arb(i * i) / 3 for i in range(len(balls)))
        rung = ExponentialSum(centers, balls, tuple(1 if d > 0 else -1 for d in coefficients))
        while rung.changes:
            below = rung.derived
            assert len(below.changes) == len(rung.changes) - 1
            assert all(s * d > 0 for s, d in zip(below.signs, below.coefficients, strict=True))
            rung = below


def test_symmetry_is_exact() -> None:
    assert mirror(gaussian_difference((-2, 2), (-1, 1))) == 1
    assert mirror(gaussian_difference((1 - sp.sqrt(2), 2), (0, 1 + sp.sqrt(2)))) == -1
    assert mirror(gaussian_difference((-2, 2), (-1, 1 + Rational(1, 10**40)))) == 0
    uneven = Mixture((-2, 1), (Rational(1, 3), Rational(2, 3)))
    assert mirror(gaussian_difference(uneven, (-1, 2))) == 0


@settings(max_examples=10)
@given(st.integers(2, 7), st.randoms(use_true_random=False))
def test_many_modes(modes: int, random: Any) -> None:
    """Positive segments of (0, 2, 4, ...) against (1, 3, 5, ...): one a mode, no root missed."""
    spread = [Rational(random.randint(5, 8)) for _ in range(modes)]
    places = [sum(spread[:i], Rational(0)) for i in range(modes)]
    shifted = tuple(place + Rational(5, 2) for place in places)
    found = sign_changes(tuple(places), shifted)
    assert found.count == 2 * modes - 1 == found.bound
    assert len(found.positive) == modes

"""Total variation of mixtures: against closed forms, quadrature and exact laws."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import mpmath as mp
import pytest
import sympy as sp
from hypothesis import given, settings
from sympy import Rational

from symgan.analysis.exponential_sums import Zone
from symgan.analysis.gaussian_difference import gaussian_difference
from symgan.analysis.total_variation import Masses, sign_changes, total_variation
from symgan.certify.ball import load_flint
from symgan.errors import GameError, Undecided
from symgan.games.mixture import Mixture
from tests.analysis.mixture_oracles import (
    difference,
    number,
    pairs,
    quadrature,
    rationals,
    scanned_signs,
)

HALF = Rational(1, 2)
WIDTH = Rational(1, 10**12)


@settings(max_examples=8)
@given(pairs(Mixture))
def test_total_variation_against_quadrature(both: Any) -> None:
    """The kinks come from a scan of their own; what it misses lies between two scan points."""
    p, q = both
    tv = total_variation(p, q)
    f, reach = difference(p, q), 14
    with mp.workdps(30):
        offset = mp.pi / 100  # no zero of F falls on a scan point
        points = [mp.mpf(i) / 16 + offset for i in range(-16 * reach, 16 * reach + 1)]
        roots = scanned_signs(f, points) if not tv.changes.identical else []
        cuts = [-reach, *roots, reach]
        measured = sum(abs(quadrature(f, [a, (a + b) / 2, b])) for a, b in pairwise(cuts)) / 2
        middle = number(tv.middle)
        assert len(roots) <= tv.changes.count
        # equal but for the quadrature's own error and the bounds' relative width of 1e-12; tails
        # beyond 14 hold less than erfc(11 / sqrt 2) = 1e-27
        missed = len(roots) < tv.changes.count
        slack = mp.mpf("1e-5") if missed else 2 * number(WIDTH) * middle + mp.mpf("1e-24")
        assert abs(measured - middle) <= slack


@pytest.mark.parametrize("distance", [Rational(1, 10**12), 1, 40, 80, 120])
def test_two_single_gaussians(distance: Any) -> None:
    r"""TV is erf(D / (2 sqrt 2)), the overlap erfc of it; the sign changes in the middle."""
    tv = total_variation((0,), (distance,))
    assert tv.changes.signs == (1, -1)
    assert tv.changes.at[0].contains(Rational(distance) / 2)
    with mp.workdps(800):
        t = number(Rational(distance)) / (2 * mp.sqrt(2))
        for enclosure, exact in ((tv, mp.erf(t)), (tv.overlap, mp.erfc(t))):
            lower, upper = number(enclosure.lower), number(enclosure.upper)
            assert lower < exact < upper
            assert upper - lower <= number(WIDTH) * lower, "narrow relative to itself"
            assert not lower <= exact * (1 + mp.mpf(10) ** -11) <= upper, "a false neighbor"


@settings(max_examples=20)
@given(pairs(Mixture), rationals)
def test_total_variation_is_a_metric_that_motions_leave_alone(both: Any, shift: Any) -> None:
    p, q = both
    tv = total_variation(p, q)
    back = total_variation(q, p)
    moved = total_variation(*(Mixture(tuple(m + shift for m in r.means), r.weights) for r in both))
    turned = total_variation(*(Mixture(tuple(-m for m in r.means), r.weights) for r in both))
    for other in (back, moved, turned):
        assert tv.lower <= other.upper
        assert other.lower <= tv.upper
    third = Mixture((shift,))
    assert tv.lower <= total_variation(p, third).upper + total_variation(third, q).upper
    assert 0 <= tv.lower <= tv.upper <= 1
    assert tv.changes.identical == (tv.upper == 0)
    assert 1 - tv.upper <= tv.overlap.upper
    assert tv.overlap.lower <= 1 - tv.lower


@pytest.mark.parametrize(("low", "high"), [(0, 3), (1, 2), (2, 5)])
def test_a_wide_enclosure_of_the_sign_change_still_gives_a_right_distance(
    low: int, high: int
) -> None:
    """0 against 1, the zero 1/2 anywhere in [low / 4, high / 4]: the balls hold the exact value."""
    flint = load_flint()
    with flint.ctx.workprec(128):
        zone = Zone(flint.arb(low) / 4, flint.arb(high) / 4, 1, -1, True)
        masses = Masses(gaussian_difference((0,), (1,)))
        exact = (1 / (2 * flint.arb(2).sqrt())).erf()
        distance, overlap = masses.distance([zone]), masses.overlap([zone])
        assert distance.contains(exact)
        assert overlap.contains(1 - exact)
        beside = Zone(flint.arb(high + 4) / 4, flint.arb(high + 8) / 4, 1, -1, True)
        assert not masses.distance([beside]).contains(exact), "a zone without the zero"


def test_an_open_place_leaves_room_for_the_zeros_that_it_may_hold() -> None:
    """Two of three sign changes put into one open place: the distance lies in what is left open."""
    p, q = (-2, 1), (-1, Rational(3, 2))
    tv = total_variation(p, q)
    flint = load_flint()
    with flint.ctx.workprec(128):
        first, second, third = (
            flint.arb(flint.fmpq(e.middle.p, e.middle.q)) for e in tv.changes.at
        )
        grain = flint.arb(2) ** -40  # wider than the enclosures, 1e-12 at most
        alone = Zone((first - grain).mid(), (first + grain).mid(), 1, -1, True)
        both = Zone((second - grain).mid(), (third + grain).mid(), -1, -1, False)
        masses = Masses(gaussian_difference(p, q))
        exact = flint.arb(flint.fmpq(tv.middle.p, tv.middle.q))
        assert masses.distance([alone, both]).contains(exact)
        assert masses.overlap([alone, both]).contains(1 - exact)
        assert not masses.distance([alone]).contains(exact)
        assert not masses.overlap([alone]).contains(1 - exact)


def test_equal_mixtures_in_other_words_have_distance_zero_exactly() -> None:
    root = sp.sqrt(3 + 2 * sp.sqrt(2))  # is 1 + sqrt 2
    first = Mixture((0, 1 + sp.sqrt(2), 0), (Rational(1, 4), HALF, Rational(1, 4)))
    same = total_variation(first, Mixture((root, 0)))
    assert (same.lower, same.upper, same.changes.signs) == (0, 0, (0,))
    assert same.overlap.contains(1)
    near = total_variation(first, Mixture((root + Rational(1, 10**30), 0)))
    assert 0 < near.lower < Rational(1, 10**29)


def test_a_double_zero_leaves_the_number_open_and_the_distance_narrow() -> None:
    """Weights solved for F(0) = F'(0) = 0; the distance is the one with the zero left out."""
    a, b = sp.symbols("a b")
    centers = ((-2, 1), (-1, 3))
    shares = ((a, 1 - a), (b, 1 - b))
    terms = [
        (sign * w, c)
        for sign, ws, cs in zip((1, -1), shares, centers, strict=True)
        for w, c in zip(ws, cs, strict=True)
    ]
    kernel = [(w * sp.exp(-Rational(c**2, 2)), c) for w, c in terms]
    touching = sp.solve([sum(t for t, _ in kernel), sum(c * t for t, c in kernel)], [a, b])
    weights = [tuple(w.subs(touching) for w in ws) for ws in shares]
    assert all(0 < w < 1 for ws in weights for w in ws)
    p, q = (Mixture(c, w) for c, w in zip(centers, weights, strict=True))
    with pytest.raises(Undecided, match="a double zero, two near ones or none"):
        sign_changes(p, q, most_bits=256)
    tv = total_variation(p, q, most_bits=256)
    [open_] = tv.changes.open
    assert open_.contains(0)
    assert tv.changes.count == 1
    [crossing] = tv.changes.at
    exact = abs(sp.N(p.cdf(crossing.middle) - q.cdf(crossing.middle), 60))
    assert tv.lower - Rational(1, 10**22) <= exact <= tv.upper + Rational(1, 10**22)
    assert tv.width < Rational(1, 10**12)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: total_variation((float("nan"),), (0,)), "mean nan .* finite real number"),
        (lambda: total_variation((0,), (sp.oo,)), "mean oo .* finite real number"),
        (lambda: total_variation((0,), (sp.Symbol("mu"),)), "mean mu is a symbol"),
        (lambda: total_variation((), (0,)), "at least one mean"),
        (lambda: total_variation((0,), (0.5 * sp.sqrt(2),)), "mixes floats in"),
        (lambda: total_variation((0,), (1,), width=0), "width = 0: give a positive number"),
        (lambda: total_variation((0,), (1,), width=2), "width = 2: give a positive number"),
        (lambda: sign_changes((0,), (1,), width="wide"), "width = wide: give"),
        (lambda: sign_changes((0,), (1,), width=None), "width = None: give"),  # type: ignore[arg-type]
        (lambda: sign_changes("12", (1,)), "'12' is no mixture"),
        (lambda: sign_changes(None, (1,)), "None is no mixture"),  # type: ignore[arg-type]
        (lambda: sign_changes((None,), (1,)), "mean None is neither a number"),
        (lambda: sign_changes((True,), (1,)), "mean True is neither a number"),
        (lambda: sign_changes(([1],), (1,)), r"mean \[1\] is neither a number"),
        (lambda: sign_changes((0,), (1,), most_bits=0), "most_bits = 0: give a whole number"),
        (lambda: sign_changes((0,), (1,), most_bits=2**40), "a whole number, from 16 to 1048576"),
        (lambda: sign_changes((0,), (1,), budget="long"), "budget = 'long'"),  # type: ignore[arg-type]
    ],
)
def test_bad_input_is_one_sentence(call: Any, sentence: str) -> None:
    with pytest.raises(GameError, match=sentence):
        call()

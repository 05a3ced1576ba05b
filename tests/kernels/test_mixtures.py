"""Batched mixtures: sign changes, total variation, best intervals, and the steps they make."""

from __future__ import annotations

import math
from itertools import combinations, pairwise
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mpmath import mpf

from symgan.kernels.mixture_steps import (
    Ends,
    optimal_ends,
    optimal_iterate,
    optimal_step,
    positive_pieces,
    searched,
)
from symgan.kernels.mixtures import difference, sign_changes, total_variation
from symgan.kernels.normal import erf, erfc, normal_density, normal_mass
from symgan.kernels.philox import normals, philox

ULP = 2.0**-53


@settings(max_examples=40, deadline=None)
@given(st.floats(-26.5, 26.5))
@example(0.46875)
@example(4.0)
@example(np.nextafter(4.0, 5.0))
@example(-0.0)
@example(26.0)
def test_error_functions(x: float) -> None:
    """Cody's approximations err by 6e-19; the rest is rounding in some twenty operations, and what
    a subnormal result loses.
    """
    with mpmath.workdps(50):
        for mine, theirs in ((erf, mpmath.erf), (erfc, mpmath.erfc)):
            want = theirs(mpf(x))
            assert abs(mpf(float(mine(x))) - want) <= 10 * ULP * abs(want) + mpf(2) ** -1074
    assert erfc(x) + erfc(-x) == pytest.approx(2, abs=4 * ULP)


@settings(max_examples=40, deadline=None)
@given(st.floats(-37, 37), st.floats(-12, 1.5), st.sampled_from([-1, 1]))
@example(36.9, -12.0, 1)
@example(-0.5, 0.0, 1)
def test_masses_of_the_normal_distribution(u: float, power: float, sign: int) -> None:
    """Relative to the mass itself; rounding an end at distance c costs c ulp(c) of exponent."""
    v = float(np.clip(u + sign * 10.0**power, -37, 37))
    near = min(abs(u), abs(v)) if u * v > 0 else 0.0
    with mpmath.workdps(40):
        a, b = (mpf(-u), mpf(-v)) if u + v > 0 else (mpf(u), mpf(v))
        want = (mpmath.ncdf(b) - mpmath.ncdf(a)) * (-1 if u + v > 0 else 1)
        assert abs(mpf(float(normal_mass(u, v))) - want) <= 20 * ULP * (1 + near**2) * abs(want)


def test_the_tail_that_is_below_the_normal_range_vanishes() -> None:
    assert normal_density(40.0) == 0 == normal_mass(40.0, np.inf)
    assert normal_density(37.5) > 0 < normal_mass(37.5, np.inf)
    assert normal_density(np.inf) == normal_density(-np.inf) == 0


REFERENCE = (
    ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ((2**32 - 1,) * 4, (2**32 - 1,) * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
)
"""Known answers of Random123 1.09, kat_vectors, philox4x32 with 10 rounds."""


@pytest.mark.parametrize(("counter", "key", "words"), REFERENCE)
def test_known_answers_of_the_counter_based_generator(counter: Any, key: Any, words: str) -> None:
    assert " ".join(f"{int(word):08x}" for word in philox(counter, key)) == words


def test_normal_draws_are_normal_and_unrelated() -> None:
    """Moments of 60,000 draws, within five standard errors; so are those of neighbors' products."""
    draws = normals(2, np.arange(30_000), 7, 2)
    n = draws.size
    assert abs(draws.mean()) < 5 / np.sqrt(n)
    assert abs(draws.var() - 1) < 5 * np.sqrt(2 / n)
    assert abs((draws**4).mean() - 3) < 5 * np.sqrt(96 / n)
    for other in (normals(3, np.arange(30_000), 7, 2), normals(2, np.arange(30_000), 8, 2)):
        assert abs((draws * other).mean()) < 5 / np.sqrt(n)
    assert abs((draws[0] * draws[1]).mean()) < 5 / np.sqrt(30_000)


WEIGHTS = {1: (1.0,), 2: (0.25, 0.75), 3: (0.125, 0.375, 0.5)}
modes = st.integers(1, 3)
means = st.one_of(st.floats(-4, 4), st.sampled_from([0.0, 1.0, -1.0, 0.5, -0.5]))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[float], list[float], Any, Any]:
    """Two mixtures: free, equal, nearly equal or sharing a mode; uniform or not."""
    k, m = draw(modes), draw(modes)
    p = draw(st.lists(means, min_size=k, max_size=k))
    q = draw(st.lists(means, min_size=m, max_size=m))
    if k == m:
        near = draw(st.sampled_from([None, 0.0, 1e-9, 1e-5, 1e-2]))
        q = q if near is None else [a + near * b for a, b in zip(p, q, strict=True)]
    elif draw(st.booleans()):
        q[0] = p[0]
    weighted = draw(st.booleans())
    return p, q, WEIGHTS[k] if weighted else None, WEIGHTS[m] if weighted else None


def reference(p: Any, q: Any, wp: Any, wq: Any) -> tuple[Any, Any]:
    """F and H with 60 digits, written apart."""
    wp = wp or [mpf(1) / len(p)] * len(p)
    wq = wq or [mpf(1) / len(q)] * len(q)
    terms = [(mpf(w), mpf(m)) for w, m in zip(wp, p, strict=True)]
    terms += [(-mpf(w), mpf(m)) for w, m in zip(wq, q, strict=True)]

    def F(x: Any) -> Any:
        return mpmath.fsum(w * mpmath.npdf(x - m) for w, m in terms)

    def H(x: Any) -> Any:
        return mpmath.fsum(w * mpmath.ncdf(x - m) for w, m in terms)

    return F, H


@settings(max_examples=50, deadline=None)
@given(pairs())
@example(([0.0], [0.0], None, None))
@example(([-0.5, 0.5], [0.5, -0.5], None, None))
@example(([-2.0, 2.0], [-1.0, 2.5], None, None))
@example(([0.0, 1.0], [0.0, 3.0], None, None))
@example(([0.0], [1.0, 2.225073858507e-311], None, None))
def test_total_variation_against_a_fine_grid(case: Any) -> None:
    """Half the variation of H: over the roots with 40 digits, and over 400 points in float64.

    A variation over more points is never smaller, so that a missed root would show in the second,
    which errs by 400 roundings; float64 means leave 1e-16 of the masses in the first.
    """
    p, q, wp, wq = case
    got = float(total_variation(p, q, truth_weights=wp, weights=wq))
    found = sign_changes(p, q, truth_weights=wp, weights=wq)
    roots = [mpf(float(r)) for r in found.roots if np.isfinite(r)]
    with mpmath.workdps(40):
        _, H = reference(p, q, wp, wq)
        values = [mpf(0), *map(H, roots), mpf(0)]
        assert abs(got - sum(abs(b - a) for a, b in pairwise(values)) / 2) <= 4 * ULP
    coarse = [0.0, *(plain_mass(x, case) for x in np.linspace(-12, 12, 401)), 0.0]
    assert got >= sum(abs(b - a) for a, b in pairwise(coarse)) / 2 - 400 * ULP
    assert found.first_sign != 0 or got == 0


def plain_mass(x: float, case: Any) -> float:
    """H in float64, from the standard library."""
    p, q, wp, wq = case
    above, below = wp or [1 / len(p)] * len(p), wq or [1 / len(q)] * len(q)
    terms = [*zip(above, p, strict=True), *((-w, m) for w, m in zip(below, q, strict=True))]
    return math.fsum(w * math.erfc((m - x) / math.sqrt(2)) / 2 for w, m in terms)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=2, max_size=2), st.floats(-12, -1))
@example([1e-6, 0.0], -9.0)
@example([2.5, 0.0], -12.0)
def test_small_distances_keep_their_digits(p: list[float], power: float) -> None:
    """Two single modes: TV = 2 Phi(d/2) - 1 = erf(d / (2 sqrt 2)), relative to itself."""
    a = p[0]
    b = a + 10.0**power
    with mpmath.workdps(50):
        want = mpmath.erf((mpf(b) - mpf(a)) / (2 * mpmath.sqrt(2)))
        assert abs(mpf(float(total_variation([a], [b]))) - want) <= 10 * ULP * want


@settings(max_examples=30, deadline=None)
@given(pairs())
@example(([-2.0, 0.0, 0.0], [-1.999999999, 2e-09, 0.0], None, None))
def test_signs_between_the_roots_are_those_of_the_difference(case: Any) -> None:
    """At the middle of two roots, where F is not below its own rounding."""
    p, q, wp, wq = case
    found = sign_changes(p, q, truth_weights=wp, weights=wq)
    roots = found.roots[np.isfinite(found.roots)]
    assert found.count == len(roots) < len(p) + len(q)
    assert (np.diff(roots) >= 0).all()
    inside = np.concatenate([[-8.0], (roots[1:] + roots[:-1]) / 2, [8.0]]) if len(roots) else []
    with mpmath.workdps(40):
        F, _ = reference(p, q, wp, wq)
        for i, x in enumerate(inside):
            if (i == 0 and x >= roots[0]) or (i == len(roots) and x <= roots[-1]):
                continue  # a root beyond the outer points
            value = F(mpf(float(x)))
            near = sum(mpmath.npdf(mpf(float(x)) - m) for m in (*p, *q))
            if abs(value) > 1e-13 * near:
                assert mpmath.sign(value) == int(found.first_sign) * (-1) ** i


def test_three_changes_far_out_and_close_by() -> None:
    """Nothing overflows. With z = exp(1e-7 x) the first is z^3 - 2z^2 + 1 = (z - 1)(z^2 - z - 1),
    up to factors within 2e-14 of 1.
    """
    far = sign_changes([0.0, 0.0], [1e-7, -2e-7])
    assert far.count == 2
    assert abs(far.roots[0]) < 1
    assert far.roots[1] == pytest.approx(1e7 * math.log((1 + math.sqrt(5)) / 2), rel=1e-12)
    wide = sign_changes([0.0], [1e-6], truth_weights=[1.0], weights=[1.0])
    # the logarithm of a ratio near 1, of slope 1e-6, is rounded to one ulp or two
    assert wide.roots[0] == pytest.approx(5e-7, abs=4 * ULP / 1e-6)
    lone = sign_changes([0.0, 1e-6], [5e-7], truth_weights=[0.25, 0.75])
    assert lone.count == 2  # 3z^2/4 - z + 1/4 = (3z - 1)(z - 1)/4 with z = exp(5e-7 x)
    assert lone.roots[0] == pytest.approx(-math.log(3) / 5e-7, rel=1e-9)
    assert abs(lone.roots[1]) < 1e-4


def test_the_signs_are_told_from_their_opposites() -> None:
    found = sign_changes([-2.0, 2.0], [-1.0, 2.5])
    other = sign_changes([-1.0, 2.5], [-2.0, 2.0])
    assert found.roots.tolist() == pytest.approx(other.roots.tolist(), nan_ok=True)
    assert found.first_sign == -other.first_sign == 1


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.randoms(use_true_random=False))
def test_best_intervals_beat_every_choice_of_marks(k: int, m: int, random: Any) -> None:
    p, q = ([random.uniform(-4, 4) for _ in range(k)] for _ in range(2))
    ends = optimal_ends([p], [q], intervals=m)
    pair = difference([p], [q], None, None)
    marks = np.concatenate([[[-np.inf]], pair.marks()[0], [[np.inf]]])
    mass = pair.mass(marks)[:, 0]
    got = float((pair.mass(ends.right.T) - pair.mass(ends.left.T)).sum())
    choices = (c for n in range(m + 1) for c in combinations(range(len(mass)), 2 * n))
    best = max(
        sum(mass[b] - mass[a] for a, b in zip(c[::2], c[1::2], strict=True)) for c in choices
    )
    assert got == pytest.approx(best, abs=8 * ULP)
    chain = np.stack([ends.left, ends.right], axis=-1).reshape(-1)
    assert (chain[1:] >= chain[:-1]).all()
    if 2 * m >= 2 * k:
        assert got == pytest.approx(float(total_variation(p, q)), abs=8 * ULP)


def test_room_for_every_piece_gives_the_same_ends_as_the_search() -> None:
    rng = np.random.default_rng(1)
    pair = difference(rng.uniform(-4, 4, (500, 2)), rng.uniform(-4, 4, (500, 2)), None, None)
    roots, first = pair.marks()
    edge = np.full((1, 500), np.inf)
    marks = np.concatenate([-edge, roots, edge])
    mass = pair.mass(marks)
    clear = (np.abs(np.diff(mass, axis=0)) > 1e-12).sum(axis=0) == np.isfinite(roots).sum(
        axis=0
    ) + 1
    assert clear.sum() > 250  # elsewhere a piece is lost in the rounding of the sum
    both = positive_pieces(marks, first, 2), searched(marks, mass, 2)
    for mine, other in zip(*both, strict=True):
        assert np.array_equal(mine[:, clear], other[:, clear])
    one = searched(marks, pair.mass(marks), 1)[0]
    assert not np.array_equal(one, positive_pieces(marks, first, 2)[0][:1])


def test_steps_descend_the_total_variation() -> None:
    """The gradient of L at the best ends is that of TV: central differences, and descent."""
    mu, h = np.array([[0.9, -0.1], [0.3, -0.7]]), 1e-5
    moved = optimal_step([-0.5, 0.5], mu, 0.3)
    for j in range(2):
        up, down = mu.copy(), mu.copy()
        up[:, j] += h
        down[:, j] -= h
        slope = total_variation([-0.5, 0.5], up) - total_variation([-0.5, 0.5], down)
        # differences err by h^2 TV'''/6 + 2e-16/h, both near 1e-11
        assert np.abs((mu - moved)[:, j] / 0.3 - slope / (2 * h)).max() < 1e-9
    assert (total_variation([-0.5, 0.5], moved) < total_variation([-0.5, 0.5], mu)).all()


def test_rest_at_the_truth_and_symmetry_for_ever() -> None:
    assert optimal_iterate([-0.5, 0.5], [0.5, -0.5], 0.3, 5).tolist() == [0.5, -0.5]
    collapsed = optimal_iterate([-0.5, 0.5], [0.2, 0.2], 0.3, 50)
    assert collapsed[0] == collapsed[1]
    noisy = optimal_iterate([-0.5, 0.5], [0.2, 0.2], 0.3, 400, noise=1e-3, seed=1)
    assert total_variation([-0.5, 0.5], noisy) < 0.1 < total_variation([-0.5, 0.5], collapsed) + 0.1


def test_shapes() -> None:
    grid = np.broadcast_to([0.1, 0.4], (3, 4, 2))
    assert total_variation([-0.5, 0.5], grid).shape == (3, 4)
    ends = optimal_ends([-0.5, 0.5], grid, intervals=3)
    assert isinstance(ends, Ends)
    assert ends.left.shape == ends.right.shape == (3, 4, 3)
    assert np.isinf(ends.left[..., 2]).all()
    assert optimal_step(grid, [0.1, 0.4], 0.3).shape == (3, 4, 2)

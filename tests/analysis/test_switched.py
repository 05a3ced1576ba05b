"""Stability on switching surfaces, held against plain orbits beyond and below the threshold."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from symgan.analysis.switched import switched_stability
from symgan.certify.recheck import recheck
from symgan.errors import GameError, Undecided
from symgan.results_discrete import SwitchedStability
from symgan.system import Map
from tests.analysis import switched_orbits as plain
from tests.analysis.switched_games import (
    LARGEST,
    SHARP,
    STATE,
    eta,
    fields,
    oracle,
    psi,
    rationals,
    theta,
)


@cache
def wasserstein(tie: str) -> SwitchedStability:
    return switched_stability(oracle(tie))


def rechecked(result: SwitchedStability) -> bool:
    return recheck(result.certificate["stable"]) and all(
        recheck(part) for part in result.certificate["unstable"]
    )


@pytest.mark.parametrize("tie", plain.TIES)
def test_the_wasserstein_threshold_is_two_for_every_tie_rule(tie: str) -> None:
    result = wasserstein(tie)
    assert result.stable == (eta < 2)
    assert result.unstable == (eta >= 2)
    assert result.undecided == sp.false
    assert result.lyapunov is not None
    assert sp.expand(result.lyapunov.function - SHARP) == 0
    assert rechecked(result)


def test_two_learning_rates_have_their_threshold_in_the_product() -> None:
    first, second = sp.symbols("eta_1 eta_2", positive=True)
    result = switched_stability(oracle("mover", first, second))
    assert result.stable == (first * second < 4)
    assert result.unstable == (first * second >= 4)
    assert result.undecided == sp.false
    assert rechecked(result)


def test_scaled_steps_move_the_threshold_where_it_belongs() -> None:
    # Steps 2*eta and 3*eta: by the product rule the end is irrational.
    p, q = 2, 3
    result = switched_stability(oracle("mover", p * eta, q * eta))
    assert result.stable == (eta < 2 / sp.sqrt(p * q))
    assert result.unstable == (eta >= 2 / sp.sqrt(p * q))
    assert rechecked(result)


def test_at_two_the_escaping_orbit_grows_linearly() -> None:
    start = wasserstein("mover").escape[-1]
    x = (Fraction(str(start[theta])), Fraction(str(start[psi])))
    sizes = [plain.largest(x)]
    for _ in range(60):
        x = plain.step(plain.step(x, Fraction(2)), Fraction(2))
        sizes.append(plain.largest(x))
    growth = {b - a for a, b in pairwise(sizes)}
    assert len(growth) == 1
    assert growth.pop() > 0


beyond = st.builds(lambda n: 2 + Fraction(1, n), st.integers(1, 8))


@settings(max_examples=20)
@given(beyond)
def test_beyond_two_the_ray_grows_by_its_factor(step: Fraction) -> None:
    # Each step turns the small coordinate into the large one, times the larger root of
    # r + 1/r = eta; 60 digits, of which twenty steps lose at most rate^40 < 1e17.
    ray = wasserstein("mover").escape[0]
    with mp.workdps(60):
        h = mpf(step.numerator) / step.denominator
        at = {eta: sp.Rational(step.numerator, step.denominator)}
        x = [mpf(ray[s].subs(at).evalf(60)) for s in STATE]
        rate = (h + mp.sqrt(h**2 - 4)) / 2
        for _ in range(20):
            y = [x[0] + h * x[1], x[1]] if x[0] * x[1] < 0 else [x[0], x[1] - h * x[0]]
            x = y
        start = max(abs(mpf(ray[s].subs(at).evalf(60))) for s in STATE)
        assert abs(max(map(abs, x)) / start / rate**20 - 1) < mpf(10) ** -30


@settings(max_examples=40)
@given(rationals, rationals, st.builds(Fraction, st.integers(1, 19), st.just(10)))
def test_below_two_no_orbit_outgrows_the_amplification(
    a: Fraction, b: Fraction, h: Fraction
) -> None:
    x = (a, b)
    bound = plain.norm2(x) * (2 + h) / (2 - h)
    for _ in range(15):
        x = plain.step(x, h)
        assert plain.norm2(x) <= bound


def test_smooth_maps_have_their_own_thresholds() -> None:
    one, two, three = fields()
    turns = switched_stability(one.then(two))
    assert (turns.stable, turns.unstable, turns.undecided) == (eta < 2, eta >= 2, sp.false)
    assert rechecked(turns)
    together = switched_stability(three)
    assert (together.stable, together.unstable) == (sp.false, sp.true)
    assert all(recheck(part) for part in together.certificate["unstable"])


def bce(tie_first: bool = True) -> Map:
    """The oracle of L = log(1/2) + log(1 - s(psi theta)), s the logistic function."""
    z = theta * psi
    s = 1 / (1 + sp.exp(-z))
    where = z <= 0 if tie_first else z < 0
    up = sp.Piecewise((theta + eta * s * psi, where), (theta, True))
    down = sp.Piecewise((psi, where), (psi - eta * s * theta, True))
    return Map(STATE, (up, down), (eta,))


@cache
def logistic(tie_first: bool) -> SwitchedStability:
    return switched_stability(bce(tie_first))


@pytest.mark.parametrize("tie_first", [True, False])
def test_bce_is_settled_up_to_two_and_beyond_four(tie_first: bool) -> None:
    result = logistic(tie_first)
    assert result.stable == (eta <= 2)
    assert result.unstable == (eta > 4)
    assert result.undecided == ((eta > 2) & (eta <= 4))
    assert result.lyapunov is not None
    assert result.lyapunov.function == LARGEST
    assert result.lyapunov.domain == sp.Le(LARGEST, sp.sqrt(2))
    assert "unstable manifold" in result.certificate["argument"]
    assert rechecked(result)


def _bce_step(x: list[Any], h: Any) -> list[Any]:
    s = 1 / (1 + mp.exp(-x[0] * x[1]))
    return [x[0] + h * s * x[1], x[1]] if x[0] * x[1] <= 0 else [x[0], x[1] - h * s * x[0]]


@given(st.integers(-1414, 1414), st.integers(-1414, 1414), st.integers(1, 40))
def test_bce_largest_coordinate_does_not_grow_in_its_box(a: int, b: int, n: int) -> None:
    with mp.workdps(40):
        x, h = [mpf(a) / 1000, mpf(b) / 1000], mpf(n) / 20
        grown = max(map(abs, _bce_step(x, h))) - max(map(abs, x))
        assert grown <= mpf(10) ** -38  # one rounding of numbers below 4 at 40 digits


def test_bce_largest_coordinate_grows_outside_its_box_and_beyond_two() -> None:
    # False neighbors: a box of half-width 8/5, and a step of 201/100.
    with mp.workdps(40):
        x = [mpf(8) / 5, mpf(1)]
        x[1] = mpf(7) / 5
        grows = [
            max(map(abs, _bce_step([mpf(8) / 5, mpf(k) / 100], mpf(2)))) > mpf(8) / 5
            for k in range(1, 160)
        ]
        near = [mpf(-1) / 10**6, mpf(1) / 100]
        assert max(map(abs, _bce_step(near, mpf(201) / 100))) > max(map(abs, near))
    assert any(grows)


def test_bce_beyond_four_leaves_from_arbitrarily_near() -> None:
    ray = logistic(True).escape[0]
    with mp.workdps(60):
        h = mpf(5)
        x = [mpf(ray[s].subs(eta, 5).evalf(60)) for s in STATE]
        scale = mpf(10) ** -12 / max(map(abs, x))
        x = [v * scale for v in x]
        for _ in range(200):
            x = _bce_step(x, h)
        assert max(map(abs, x)) > mpf(10) ** -1


SLOPES = {
    "exponential": (sp.exp, lambda z: mp.exp(z), 1),
    "squared sech": (lambda z: 1 - sp.tanh(z) ** 2, lambda z: 1 - mp.tanh(z) ** 2, 1),
    "affine": (lambda z: 2 * (1 + z), lambda z: 2 * (1 + z), 2),
}


@pytest.mark.parametrize("name", sorted(SLOPES))
def test_other_slopes_have_thresholds_and_boxes_of_their_own(name: str) -> None:
    # theta + eta s(z) psi where z = psi*theta < 0, psi - eta s(z) theta where z > 0.
    symbolic, numeric, at_zero = SLOPES[name]
    z, s = theta * psi, symbolic(theta * psi)
    up = sp.Piecewise((theta + eta * s * psi, z < 0), (theta, True))
    down = sp.Piecewise((psi - eta * s * theta, z > 0), (psi, True))
    result = switched_stability(Map(STATE, (up, down), (eta,)))
    assert result.stable == (eta <= sp.Rational(1, at_zero))
    assert result.unstable == (eta > sp.Rational(2, at_zero))
    assert rechecked(result)
    assert result.lyapunov is not None
    domain = result.lyapunov.domain
    width = mpf(1) if domain == sp.true else mpf(str(sp.N(domain.rhs, 30)))
    with mp.workdps(30):
        h = mpf(1) / at_zero
        for a in range(-20, 21):
            for b in range(-20, 21):
                x = [width * a / 20, width * b / 20]
                k = h * numeric(x[0] * x[1])
                y = [x[0] + k * x[1], x[1]] if a * b < 0 else [x[0], x[1] - k * x[0]]
                # one rounding of numbers below 4 at 30 digits, and of the width's last digit
                assert a * b == 0 or max(map(abs, y)) <= max(map(abs, x)) + mpf(10) ** -28


def test_a_strength_joins_the_step() -> None:
    b = sp.Symbol("b", positive=True)
    result = switched_stability(oracle("mover", b * eta, b * eta), eta)
    assert (result.stable, result.unstable) == (b * eta < 2, b * eta >= 2)
    assert rechecked(result)


def test_an_altered_certificate_is_rejected() -> None:
    part = next(
        p
        for p in wasserstein("mover").certificate["unstable"][0]["parts"]
        if p["kind"] == "identity"
    )
    assert recheck(part)
    assert not recheck(dict(part) | {"form": part["form"] + " + eta"})


def test_the_equilibrium_may_lie_elsewhere() -> None:
    shift = {theta: theta - 3, psi: psi + 1}
    centered = oracle()
    rhs = (f.subs(shift, simultaneous=True) + c for f, c in zip(centered.rhs, (3, -1), strict=True))
    result = switched_stability(Map(STATE, tuple(rhs), (eta,)), at={theta: 3, psi: -1})
    assert (result.stable, result.unstable) == (eta < 2, eta >= 2)


def test_bad_input_is_named() -> None:
    with pytest.raises(GameError, match="does not fix the origin"):
        switched_stability(oracle(), at={theta: 1, psi: 1})
    with pytest.raises(GameError, match="no state symbol"):
        switched_stability(oracle(), at={eta: 1})
    with pytest.raises(GameError, match="positive symbol"):
        switched_stability(oracle(), sp.Symbol("eta", real=True))
    with pytest.raises(Undecided, match="on the plane"):
        switched_stability(Map((theta,), (sp.Piecewise((theta, theta > 0), (-eta * theta, True)),),
                               (eta,)))  # fmt: skip


def test_what_is_not_rational_is_undecided_and_named() -> None:
    slope = sp.Function("f")(sp.Integer(0))
    up = sp.Piecewise((theta + eta * slope * psi, theta * psi < 0), (theta, True))
    with pytest.raises(Undecided, match="not rational"):
        switched_stability(Map(STATE, (up, psi), (eta,)))

"""Lyapunov functions found, their exact ranges, and functions that must be rejected."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.analysis.lyapunov import find_lyapunov
from symgan.analysis.templates import discrete_lyapunov
from symgan.certify.recheck import recheck
from symgan.errors import GameError, Undecided
from symgan.results_discrete import Lyapunov
from symgan.system import Map
from tests.analysis import switched_orbits as plain
from tests.analysis.switched_games import (
    EUCLID,
    LARGEST,
    SHARP,
    STATE,
    eta,
    fields,
    oracle,
    psi,
    states,
    theta,
)


@cache
def found(template: str | None, tie: str = "mover") -> Lyapunov:
    result = find_lyapunov(oracle(tie), template)
    assert result is not None
    return result


def rechecked(certificate: Mapping[str, Any]) -> bool:
    """All evidence for the range, and a refutation of every open piece beyond it."""
    outside = certificate["outside"]
    return bool(certificate["parts"]) and all(map(recheck, (certificate, *outside)))


@pytest.mark.parametrize("tie", ["mover", "both"])
def test_the_sharp_function_is_found_for_every_tie_rule(tie: str) -> None:
    result = found(None, tie)
    assert sp.expand(result.function - SHARP) == 0
    assert result.range == (eta < 2)
    assert not result.strict
    assert rechecked(result.certificate)


def test_the_largest_coordinate_serves_up_to_one() -> None:
    result = found("max")
    assert result.function == LARGEST
    assert result.range == (eta <= 1)
    assert rechecked(result.certificate)


def test_no_quadratic_form_serves_the_oracle() -> None:
    assert find_lyapunov(oracle(), "quadratic") is None


def test_two_learning_rates_act_through_their_product() -> None:
    first, second = sp.symbols("eta_1 eta_2", positive=True)
    result = find_lyapunov(oracle("mover", first, second))
    assert result is not None
    assert result.range == (first * second < 4)
    wanted = theta**2 * second / first - second * sp.Abs(theta * psi) + psi**2
    assert sp.expand(result.function - wanted) == 0
    assert rechecked(result.certificate)


below = st.one_of(
    st.sampled_from([Fraction(2) - Fraction(1, 10**k) for k in (1, 3, 9)]),
    st.builds(Fraction, st.integers(1, 19), st.just(10)),
)


@given(st.data(), below, st.sampled_from(plain.TIES))
def test_the_sharp_function_never_grows_along_plain_orbits(
    data: st.DataObject, step: Fraction, tie: str
) -> None:
    x = data.draw(states(step))
    start = plain.sharp(x, step)
    assert start > 0 or x == (0, 0)
    for _ in range(12):
        y = plain.step(x, step, tie)
        assert plain.sharp(y, step) <= plain.sharp(x, step)
        x = y
    # sup |x_k|^2 / |x_0|^2 <= (2 + eta)/(2 - eta), from the eigenvalues 1 +- eta/2 of V.
    assert plain.norm2(x) * (1 - step / 2) <= start


@given(st.data(), st.builds(Fraction, st.integers(1, 20), st.just(20)), st.sampled_from(plain.TIES))
def test_the_largest_coordinate_never_grows_up_to_one(
    data: st.DataObject, step: Fraction, tie: str
) -> None:
    x = data.draw(states(step))
    assert plain.largest(plain.step(x, step, tie)) <= plain.largest(x)


@pytest.mark.parametrize(
    ("template", "value"), [(None, plain.sharp), ("max", lambda x, h: plain.largest(x))]
)
def test_every_piece_beyond_the_range_is_refuted_in_plain_arithmetic(
    template: str | None, value: Any
) -> None:
    witnesses = found(template).certificate["outside"]
    assert witnesses
    for witness in witnesses:
        h, a, b = (Fraction(witness["point"][name]) for name in ("eta", "theta", "psi"))
        grows = value(plain.step((a, b), h), h) > value((a, b), h)
        assert grows or value((a, b), h) <= 0


@settings(max_examples=4)
@given(st.sampled_from([-4, 0, 2, 3, 5, 8]))
def test_a_wrong_cross_coefficient_never_serves_up_to_two(k: int) -> None:
    # A false neighbor: theta^2 - (k/4) eta |theta psi| + psi^2 with k != 4.
    c = sp.Rational(k, 4)
    result = find_lyapunov(oracle(), theta**2 - c * eta * sp.Abs(theta * psi) + psi**2)
    if result is not None:
        assert result.range != (eta < 2)
        assert result.range.subs(eta, sp.Rational(199, 100)) == sp.false
    h, cross = Fraction(199, 100), Fraction(k, 4)
    tries = [(Fraction(a), Fraction(b, 20)) for a in (1, -1) for b in range(1, 81)]
    tries += [(b, a) for a, b in tries]
    grows = [
        x
        for x in tries
        if plain.sharp(plain.step(x, h), h, cross) > plain.sharp(x, h, cross)
        or plain.sharp(x, h, cross) <= 0
    ]
    assert grows


def test_an_altered_certificate_is_rejected() -> None:
    parts = [dict(part) for part in found(None).certificate["parts"]]
    changed = [p | {"form": p["form"] + " + psi**2"} for p in parts if p["kind"] == "identity"]
    assert changed
    assert not any(recheck(part) for part in changed)
    witness = dict(found(None).certificate["outside"][-1])
    point = dict(witness["point"]) | {"eta": "1"}  # inside the range nothing fails
    assert not recheck(witness | {"point": point})


def test_alternating_descent_keeps_an_invariant_form() -> None:
    one, two, _ = fields()
    result = find_lyapunov(one.then(two))
    assert result is not None
    assert sp.expand(result.function - (theta**2 + eta * theta * psi + psi**2)) == 0
    assert result.range == (eta < 2)
    assert {branch.value for branch in result.increment.branches} == {sp.Integer(0)}
    assert rechecked(result.certificate)


def test_simultaneous_descent_has_no_lyapunov_function_here() -> None:
    assert find_lyapunov(fields()[2], "quadratic") is None


@settings(max_examples=2)
@given(st.integers(1, 6), st.integers(1, 4))
def test_contracting_maps_get_the_form_of_the_discrete_lyapunov_equation(p: int, q: int) -> None:
    # x+ = (1 - m eta) x + eta J x: |1 - m eta|^2 + eta^2 < 1 iff eta < 2m/(1 + m^2).
    m = sp.Rational(p, q)
    rhs = (theta - m * eta * theta + eta * psi, psi - m * eta * psi - eta * theta)
    damped = Map(STATE, rhs, (eta,))
    (V,) = discrete_lyapunov(damped.jacobian(), STATE)
    image = V.subs(dict(zip(STATE, rhs, strict=True)), simultaneous=True)
    assert sp.simplify(image - V + EUCLID) == 0
    result = find_lyapunov(damped)
    assert result is not None
    assert result.strict_range == (eta < 2 * m / (1 + m**2))
    assert rechecked(result.certificate)


def test_the_sharp_function_in_more_dimensions() -> None:
    T, P = sp.symbols("theta_1:3", real=True), sp.symbols("psi_1:3", real=True)
    z = sum((t * p for t, p in zip(T, P, strict=True)), sp.Integer(0))
    rhs = [sp.Piecewise((t + eta * p, z < 0), (t, True)) for t, p in zip(T, P, strict=True)]
    rhs += [sp.Piecewise((p - eta * t, z > 0), (p, True)) for t, p in zip(T, P, strict=True)]
    result = find_lyapunov(Map((*T, *P), tuple(rhs), (eta,)), "absolute")
    assert result is not None
    wanted = sum((x**2 for x in (*T, *P)), sp.Integer(0)) - eta * sp.Abs(z)
    assert sp.expand(result.function - wanted) == 0
    assert result.range == (eta < 2)
    assert rechecked(result.certificate)


@pytest.mark.parametrize("lead", [sp.Integer(1), sp.Symbol("c")])
def test_unknown_coefficients_are_solved_for(lead: sp.Expr) -> None:
    a, b = sp.symbols("a b")
    template = lead * theta**2 + a * psi**2 + b * sp.Abs(theta * psi)
    result = find_lyapunov(oracle(), template)
    assert result is not None
    assert sp.expand(result.function - SHARP) == 0


def test_bad_input_is_named() -> None:
    with pytest.raises(GameError, match="none of quadratic, absolute, max"):
        find_lyapunov(oracle(), "cubic")
    with pytest.raises(GameError, match="positive symbol"):
        find_lyapunov(oracle(), symbol=sp.Symbol("eta", real=True))
    with pytest.raises(GameError, match="takes the origin to"):
        find_lyapunov(Map(STATE, (theta + eta, psi), (eta,)))
    bent = Map(STATE, (sp.Piecewise((sp.sin(theta), theta > psi), (theta, True)), psi), (eta,))
    with pytest.raises(Undecided, match="switched_stability"):
        find_lyapunov(bent)
    with pytest.raises(GameError, match="holds no state"):
        find_lyapunov(oracle(), eta**2)
    first, second = sp.symbols("eta_1 eta_2", positive=True)
    with pytest.raises(Undecided, match="do not act through their product"):
        find_lyapunov(Map(STATE, (theta - first * theta, psi - second * psi), (first, second)))

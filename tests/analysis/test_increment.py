"""Increments per branch, against plain arithmetic."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.analysis.increment import increment
from symgan.errors import GameError
from symgan.results_discrete import Increment
from symgan.system import Map
from tests.analysis import switched_orbits as plain
from tests.analysis.switched_games import (
    EUCLID,
    LARGEST,
    SHARP,
    eta,
    oracle,
    place,
    psi,
    states,
    steps,
    theta,
)

VALUES = {
    "euclid": (EUCLID, lambda x, e: plain.norm2(x)),
    "sharp": (SHARP, lambda x, e: plain.sharp(x, e)),
    "largest": (LARGEST, lambda x, e: plain.largest(x)),
}
FOUND: dict[tuple[str, str], Increment] = {}


def found(name: str, tie: str) -> Increment:
    if (name, tie) not in FOUND:
        FOUND[name, tie] = increment(VALUES[name][0], oracle(tie))
    return FOUND[name, tie]


CASES = [(name, tie) for name in ("euclid", "sharp") for tie in plain.TIES] + [("largest", "mover")]


@settings(max_examples=60)
@given(st.data(), st.sampled_from(CASES), steps)
def test_branches_cover_and_agree_with_plain_arithmetic(
    data: st.DataObject, case: tuple[str, str], step: Fraction
) -> None:
    name, tie = case
    x = data.draw(states(step))
    V = VALUES[name][1]
    wanted = V(plain.step(x, step, tie), step) - V(x, step)
    at = place(x, step)
    here = [b for b in found(name, tie).branches if b.region.subs(at) == sp.true]
    assert here
    assert {Fraction(str(b.value.subs(at))) for b in here} == {wanted}


SOLVED = [case for case in CASES if case[0] != "largest" and case != ("sharp", "both")]


@settings(max_examples=50)
@given(st.data(), st.sampled_from(SOLVED), steps)
def test_bounds_say_exactly_when_the_increment_is_not_positive(
    data: st.DataObject, case: tuple[str, str], step: Fraction
) -> None:
    name, tie = case
    x = data.draw(states(step))
    if name == "euclid" and x[0] * x[1] and data.draw(st.booleans()):
        step = 2 * abs(data.draw(st.sampled_from([x[0] / x[1], x[1] / x[0]])))  # on the bound
    V = VALUES[name][1]
    change = V(plain.step(x, step, tie), step) - V(x, step)
    at = place(x, step)
    bounds = [c for region, c in found(name, tie).bounds if region.subs(at) == sp.true]
    assert bounds
    assert all((c.subs(at) == sp.true) == (change <= 0) for c in bounds)


def test_one_exact_step_of_gradient_descent() -> None:
    # (theta - eta g)^2 <= theta^2 iff eta <= 2 theta/g, for g of either sign.
    g = sp.Symbol("g", real=True)
    single = increment(theta**2, Map((theta,), (theta - eta * g,), (eta, g)))
    ((region, bound),) = single.bounds
    assert region == sp.true
    assert bound == sp.Or(sp.Eq(g, 0), eta <= 2 * theta / g)
    assert sp.expand(single.branches[0].value - (eta**2 * g**2 - 2 * eta * theta * g)) == 0


def test_the_dirac_bounds_are_ratios_of_the_state() -> None:
    bounds = dict(found("euclid", "stay").bounds)
    assert bounds[psi * theta < 0] == (eta <= -2 * theta / psi)
    assert bounds[psi * theta > 0] == (eta <= 2 * psi / theta)
    assert bounds[sp.Eq(psi * theta, 0)] == sp.true


def test_the_sharp_function_is_kept_exactly_by_an_overshoot() -> None:
    values = {b.region: b.value for b in found("sharp", "stay").branches}
    z = psi * theta
    assert values[(z < 0) & (psi * (eta * psi + theta) >= 0)] == 0
    loss = values[(z < 0) & (psi * (eta * psi + theta) < 0)]
    assert sp.expand(loss - 2 * eta * psi * (eta * psi + theta)) == 0


@settings(max_examples=30)
@given(st.data(), steps)
def test_branches_with_exponentials(data: st.DataObject, step: Fraction) -> None:
    # One step of the BCE game's V1, by the logistic function at 30 digits.
    from mpmath import mp, mpf

    x = data.draw(states(step))
    logistic = 1 / (1 + sp.exp(-psi * theta))
    single = increment(EUCLID, Map((theta, psi), (theta + eta * logistic * psi, psi), (eta,)))
    with mp.workdps(30):
        a, b, e = (mpf(v.numerator) / v.denominator for v in (*x, step))
        moved = a + e * b / (1 + mp.exp(-a * b))
        wanted = moved**2 - a**2
        got = mpf(single.branches[0].value.subs(place(x, step)).evalf(30))
        # 30 digits of terms no larger than the sum of their magnitudes, ten to spare.
        assert abs(got - wanted) <= mpf(10) ** -20 * (1 + moved**2 + a**2)


@pytest.mark.parametrize(
    ("V", "symbol", "message"),
    [
        (sp.Symbol("theta") ** 2, None, "neither state nor parameter"),
        (theta**2, sp.Symbol("eta", real=True), "must be a positive symbol"),
        (theta**2, sp.Symbol("h", positive=True), "no parameter of the map"),
    ],
)
def test_bad_input_is_named(V: sp.Expr, symbol: sp.Symbol | None, message: str) -> None:
    with pytest.raises(GameError, match=message):
        increment(V, oracle(), symbol)

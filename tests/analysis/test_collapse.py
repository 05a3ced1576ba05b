"""Collapse of intervals: against closed forms, simulated flows, and the rule's own steps."""

from __future__ import annotations

from functools import cache
from typing import Any

import mpmath as mp
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Rational, Symbol

from symgan.analysis.collapse import (
    collapse,
    crossing_step,
    reopening,
    width_after,
    width_rate,
)
from symgan.errors import GameError, Undecided
from symgan.games.mixture import Mixture, MixtureGan, mixture_gan
from symgan.rules.ordering import REPAIRS, ordered
from symgan.rules.simultaneous import simultaneous
from symgan.system import Map

x = Symbol("x", real=True)
eta = Symbol("eta", positive=True)
FIGURE = {"truth": Mixture((-2, 2)), "means": (-1, Rational(5, 2))}


@cache
def gan() -> MixtureGan:
    return mixture_gan(truth=FIGURE["truth"], intervals=1)


@cache
def difference(*means: Any) -> Expr:
    return FIGURE["truth"].pdf(x) - Mixture(means or FIGURE["means"]).pdf(x)


fractions = st.fractions(-2, 2, max_denominator=12).map(lambda q: Rational(*q.as_integer_ratio()))


@settings(max_examples=15, deadline=None)
@given(fractions, st.fractions(Rational(1, 12), 2, max_denominator=12), st.integers(1, 3))
def test_time_and_meeting_point_of_an_exponential(left: Rational, w: Any, k: int) -> None:
    r"""F = -e^{kx}: T = (e^{-kl} - e^{-kr})/2k, and e^{-kc} is the mean of both ends'."""
    right = left + Rational(*w.as_integer_ratio())
    found: Any = collapse(-sp.exp(k * x), x, left, right)
    early, late = sp.exp(-k * left), sp.exp(-k * right)
    assert found.finite
    assert found.time.contains((early - late) / (2 * k))
    assert found.meeting.contains(-sp.log((early + late) / 2) / k)
    assert not found.time.contains((early - late) / k)
    assert found.time.width < Rational(1, 10**9)
    assert found.bounds.lower <= found.time.lower
    assert found.time.upper <= found.bounds.upper


def test_the_printed_example_collapses() -> None:
    """Figure 2: truth (-2, 2), means (-1, 2.5), left interval [-1, 0.2], F < 0 on all of it."""
    found: Any = collapse(difference(), x, -1, Rational(1, 5))
    assert found.finite
    time, meeting = simulated(difference(), -1.0, 0.2)
    assert abs(float(found.time.middle) - time) < 1e-6  # the integrator's step is 1e-3, order 4
    assert abs(float(found.meeting.middle) - meeting) < 1e-6


def simulated(F: Expr, left: float, right: float) -> tuple[float, float]:
    """The flow of both ends by the classical fourth-order method, until they pass; interpolated."""
    f = sp.lambdify(x, F, "math")

    def rk4(at: float, sign: float, h: float) -> float:
        a = sign * f(at)
        b = sign * f(at + h * a / 2)
        c = sign * f(at + h * b / 2)
        d = sign * f(at + h * c)
        return at + h * (a + 2 * b + 2 * c + d) / 6

    t, h = 0.0, 1e-3 * 4
    while True:
        l2, r2 = rk4(left, -1, h), rk4(right, 1, h)
        if l2 >= r2:
            share = (right - left) / ((right - left) - (r2 - l2))
            return t + share * h, left + share * (l2 - left)
        left, right, t = l2, r2, t + h


@pytest.mark.parametrize(
    ("left", "right"),
    [(-3, Rational(1, 5)), (Rational(-1, 2), 2), (-4, -3), (Rational(17, 10), Rational(21, 10))],
)
def test_a_point_that_is_not_negative_keeps_the_ends_apart(left: Any, right: Any) -> None:
    found = collapse(difference(), x, left, right)
    assert not found.finite
    assert (found.time, found.meeting) == (None, None)
    assert left <= found.witness <= right
    assert difference().subs(x, found.witness).evalf(30) >= 0


def test_a_zero_at_an_end_takes_for_ever() -> None:
    assert collapse(-x, x, 0, 1).witness == 0
    assert collapse(-x, x, Rational(1, 1000), 1).finite
    with pytest.raises((Undecided, GameError)):
        collapse(-((x - sp.sqrt(2)) ** 2), x, 1, 2, seconds=1)


def test_rates_are_those_of_the_game() -> None:
    """The width's rate and next value from the game's own flow and the rule's own map."""
    game, (el,), (r,) = gan().game, gan().left, gan().right
    flow = dict(zip(game.state, game.flow().rhs, strict=True))
    assert sp.expand(flow[r] - flow[el] - width_rate(gan().F(x), x, el, r)) == 0
    step = dict(zip(game.state, simultaneous(game, eta).rhs, strict=True))
    assert sp.expand(step[r] - step[el] - width_after(gan().F(x), x, el, r, eta)) == 0
    assert sp.expand(step[r] - step[el] - width_after(-gan().F(x), x, el, r, eta)) != 0


def test_the_crossing_step_parts_steps_that_cross_from_those_that_do_not() -> None:
    F, left, right = difference(), Rational(-1), Rational(1, 5)
    bound = crossing_step(F, x, left, right)
    assert width_after(F, x, left, right, bound).equals(0)
    assert width_after(F, x, left, right, bound * Rational(11, 10)).evalf() < 0
    assert width_after(F, x, left, right, bound * Rational(9, 10)).evalf() > 0
    assert crossing_step(F, x, -3, Rational(-5, 2)) is None


def stepped(repair: str, at: Rational, step: Rational) -> tuple[Expr, Expr]:
    """The ends after one repaired step of the rule, from an interval closed at a point."""
    game, (el,), (r,) = gan().game, gan().left, gan().right
    system: Map = ordered(simultaneous(game, eta), (el, r), repair=repair)
    mu = dict(zip(gan().mu, FIGURE["means"], strict=True))
    values = {**mu, el: at, r: at, eta: step}
    after = dict(zip(system.state, (f.xreplace(values) for f in system.rhs), strict=True))
    return sp.sympify(after[el]).evalf(40), sp.sympify(after[r]).evalf(40)


@pytest.mark.parametrize("at", [Rational(-5, 2), Rational(-1, 2), Rational(9, 5), 3])
@pytest.mark.parametrize("repair", REPAIRS)
def test_reopening_is_what_the_rule_does(repair: Any, at: Any) -> None:
    step = Rational(3, 10)
    found = reopening(difference(), x, at, step, repair=repair)
    left, right = stepped(repair, sp.sympify(at), step)
    small = Rational(1, 10**30)
    assert found.opens == bool(right - left > small)
    assert found.crosses == bool(left - right > small)
    if repair == "literal":
        assert abs((right - left) - found.width.evalf(40)) < small
    if repair == "frozen":
        assert left - at == right - at == 0


def test_all_three_answers_occur() -> None:
    """The example has points where F is positive and points where it is negative."""
    signs = {reopening(difference(), x, at, 1).sign for at in (Rational(-5, 2), Rational(-1, 2))}
    assert signs == {1, -1}
    assert reopening(x, x, 0, 1).sign == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: collapse(-sp.exp(x), x, 1, 0), "not in order"),
        (lambda: collapse(-sp.exp(x), x, 0, sp.nan), "nan is not a finite real number"),
        (lambda: collapse(-sp.exp(x), x, 0, sp.oo), "oo is not a finite real number"),
        (lambda: collapse(-eta * sp.exp(x), x, 0, 1), "other symbols"),
        (lambda: collapse("x", x, 0, 1), "'x' is neither a number nor an expression"),  # type: ignore[arg-type]
        (lambda: collapse(-sp.exp(x), x, None, 1), "None is neither a number"),
        (lambda: collapse(-sp.exp(x), x, 0, 1, digits=81), "digits = 81: give a whole number"),
        (lambda: reopening(x, x, 0, "eta"), "the step 'eta' is neither a number"),
        (lambda: reopening(x, x, 0, -1), "not positive"),
        (lambda: reopening(x, x, 0, 1, repair="none"), "unknown repair"),
    ],
)
def test_bad_input_is_refused(call: Any, message: str) -> None:
    with pytest.raises(GameError, match=message):
        call()


def test_floats_stand_for_the_dyadic_rationals_that_they_are() -> None:
    exact = [Rational(f) for f in (0.3, 0.1)]
    made = reopening(0.3 * sp.exp(-x) - 1, x, 0.1, 0.3)
    assert made == reopening(exact[0] * sp.exp(-x) - 1, x, exact[1], exact[0])
    assert not made.width.atoms(sp.Float)
    assert not width_after(0.3 * x, x, 0, 0.1, 0.3).atoms(sp.Float)


def test_a_collapse_where_the_difference_is_far_below_the_working_precision() -> None:
    """F falls to e^-200 < 2^-96; T is the integral of e^(x^2/2)/2, by mpmath's erfi."""
    found: Any = collapse(-sp.exp(-(x**2) / 2), x, 0, 20)
    with mp.workdps(130):
        exact = mp.sqrt(mp.pi / 8) * mp.erfi(20 / mp.sqrt(2))
        lower, upper = (mp.mpf(int(b.p)) / int(b.q) for b in (found.time.lower, found.time.upper))
    assert lower <= exact <= upper
    assert upper - lower < exact * mp.mpf(10) ** -15  # of 96 bits; e^200 amplifies no error of 1/F
    assert found.bounds.lower <= found.time.lower
    assert found.time.upper <= found.bounds.upper

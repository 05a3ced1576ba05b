"""Residual oscillations against the Laplace route and a 40-digit integration."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp
from sympy import Function, Rational, Symbol

from symgan.analysis import residual_oscillation, silent_ramps, silent_start, solve_linear
from symgan.certify.identity import is_zero
from symgan.errors import GameError, Undecided
from symgan.games.annealed import (
    T,
    alpha,
    alpha_0,
    alpha_r,
    exponential_schedule,
    linear_ramp,
    psi,
    t,
    tau,
    theta,
)
from symgan.system import Flow
from tests.analysis.oracles import number

c = Symbol("c", positive=True)
theta_0, psi_0 = sp.symbols("theta_0 psi_0", real=True)
SMOOTH = {
    "exponential": exponential_schedule(),
    "two scales": alpha_r + (alpha_0 * t - 2) * sp.exp(-t),
    "wiggle": alpha_r + sp.exp(-t / 2) * sp.cos(2 * t),
}


def flow(rate: Any) -> Flow:
    rhs = (-c * psi, c * (theta - alpha), rate)
    extra = sorted(rate.free_symbols - {t, c}, key=str)
    return Flow((theta, psi, alpha), rhs, parameters=(c, *extra), time=t)


def simulated_radius(schedule: Any, values: dict[Any, Any], start: Any, until: Any) -> Any:
    r"""|z| after the schedule has ended, from a Taylor integrator on the equations of motion."""
    frequency = number(c, values)
    data = sp.lambdify(t, schedule.subs(values), "mpmath")

    def field(time: Any, state: Any) -> list[Any]:
        return [-frequency * state[1], frequency * (state[0] - data(time))]

    end = mp.odefun(field, 0, [number(v, values) for v in start])(until)
    return mp.hypot(end[0] - data(until), end[1])


@pytest.mark.parametrize("schedule", SMOOTH.values(), ids=SMOOTH)
def test_against_the_laplace_route(schedule: Any) -> None:
    """The amplitude of the closed form, by partial fractions, is the same number."""
    rate = sp.diff(schedule, t)
    alpha_start = schedule.subs(t, 0)
    form = solve_linear(flow(rate), (theta_0, psi_0, alpha_start))
    found = residual_oscillation(rate, t, c, mismatch=theta_0 - alpha_start, psi=psi_0)
    assert form.amplitude[0] == form.amplitude[1]
    assert is_zero(found.amplitude**2 - sp.sympify(form.amplitude[1]) ** 2).holds is True
    flipped = residual_oscillation(rate, t, c, mismatch=theta_0 - alpha_start, psi=-psi_0)
    assert is_zero(flipped.amplitude**2 - sp.sympify(form.amplitude[1]) ** 2).holds is False


@pytest.mark.parametrize("schedule", SMOOTH.values(), ids=SMOOTH)
def test_the_silent_start_is_silent(schedule: Any) -> None:
    rate = sp.diff(schedule, t)
    start = silent_start(rate, t, c, start=schedule.subs(t, 0))
    form = solve_linear(flow(rate), (*start, schedule.subs(t, 0)))
    assert form.oscillatory[:2] == (0, 0)
    other = solve_linear(flow(rate), (start[0], -start[1], schedule.subs(t, 0)))
    assert other.oscillatory[0] != 0


def test_exponential_schedule_by_hand() -> None:
    """Reference: int a K e^{-(a + ic) u} du = aK/(a + ic) with a = 1/T, K = alpha_r - alpha_0."""
    rate = sp.diff(exponential_schedule(), t)
    found = residual_oscillation(rate, t, c)
    gap = alpha_r - alpha_0
    assert is_zero(found.transform - gap / (1 + sp.I * c * T)).holds is True
    assert is_zero(found.transform - gap / (1 - sp.I * c * T)).holds is False
    assert is_zero(found.amplitude - abs(gap) / sp.sqrt(1 + (c * T) ** 2)).holds is True


def test_ramps() -> None:
    rate = sp.diff(linear_ramp(), t)
    found = residual_oscillation(rate, t, c)
    by_hand = 2 * abs(alpha_r - alpha_0) * abs(sp.sin(c * tau / 2)) / (c * tau)
    assert is_zero(found.amplitude - by_hand).holds is True
    assert is_zero(found.amplitude - by_hand * 2).holds is False
    durations = silent_ramps(c)
    k = Symbol("k", integer=True, positive=True)
    assert isinstance(durations, sp.ImageSet)
    silent = found.amplitude.subs(tau, durations.lamda(k))
    assert silent == 0
    assert found.amplitude.subs(tau, durations.lamda(k) / 2).subs(k, 1) != 0
    assert silent_ramps(1).contains(2 * sp.pi) == True  # noqa: E712 - SymPy Boolean
    assert silent_ramps(1).contains(sp.pi) == False  # noqa: E712 - SymPy Boolean
    assert silent_ramps(1).contains(0) == False  # noqa: E712 - SymPy Boolean


def test_unmatched_ramps() -> None:
    """sin x = x m has no solution for m = 1; psi = -2/pi is silent at tau = pi from rest."""
    impossible = silent_ramps(1, start=0, target=1, mismatch=1)
    assert impossible.contains(2 * sp.pi) == False  # noqa: E712 - SymPy Boolean
    half = silent_ramps(1, start=0, target=1, psi=-2 / sp.pi)
    assert half.contains(sp.pi) == True  # noqa: E712 - SymPy Boolean
    assert half.contains(2 * sp.pi) == False  # noqa: E712 - SymPy Boolean
    assert silent_ramps(1, start=2, target=2) == sp.Interval.open(0, sp.oo)
    assert silent_ramps(1, start=2, target=2, psi=1) is sp.S.EmptySet


rationals = st.fractions(Rational(1, 4), 3, max_denominator=8).map(
    lambda q: Rational(q.numerator, q.denominator)
)


@settings(max_examples=4)
@given(c_=rationals, duration=rationals, start=st.tuples(rationals, rationals))
def test_ramps_against_integration(c_: Any, duration: Any, start: Any) -> None:
    """Integrated up to the end of the ramp; after it, |z| is constant."""
    values = {c: c_, tau: duration, alpha_0: -1, alpha_r: 2}
    found = residual_oscillation(sp.diff(linear_ramp(), t), t, c, mismatch=theta_0 + 1, psi=psi_0)
    at = {**values, theta_0: start[0], psi_0: start[1]}
    with mp.workdps(20):
        rising = alpha_0 + (alpha_r - alpha_0) * t / tau
        exact = simulated_radius(rising, values, start, number(duration))
        # odefun is asked for 20 digits; the times are below 3 and the frequencies too.
        assert abs(exact - number(found.amplitude, at)) < mp.mpf(10) ** -15


@settings(max_examples=6)
@given(end=rationals, frequency=rationals, shape=st.integers(0, 2))
def test_piecewise_rates_against_quadrature(end: Any, frequency: Any, shape: int) -> None:
    """Pieces with powers, growth, and a wave in resonance with the oscillator."""
    pieces = (t**2 - 1, sp.exp(t) * t, sp.cos(frequency * t))
    rate = sp.Piecewise((pieces[shape], t < end), (-sp.exp(-t), t < end + 1), (0, True))
    found = residual_oscillation(rate, t, frequency)
    with mp.workdps(30):
        turn = sp.lambdify(t, sp.exp(-sp.I * frequency * t) * pieces[shape], "mpmath")
        tail = sp.lambdify(t, -sp.exp(-sp.I * frequency * t) * sp.exp(-t), "mpmath")
        ends = [number(end), number(end) + 1]
        exact = mp.quad(turn, [0, ends[0]]) + mp.quad(tail, ends)
        assert abs(exact - number(found.transform)) < mp.mpf(10) ** -24  # of quad's 30 digits
        assert abs(abs(exact) - number(found.amplitude)) < mp.mpf(10) ** -12  # root of a square


def test_a_free_schedule_stays_a_functional() -> None:
    free = Function("alpha", real=True)
    found = residual_oscillation(sp.diff(free(t), t), t, c, mismatch=theta_0, psi=psi_0)
    assert found.amplitude.has(sp.Integral)
    concrete = found.amplitude.subs(free(t), 1 - sp.exp(-t)).doit()
    with mp.workdps(30):
        at = {c: 2, theta_0: Rational(1, 3), psi_0: -1}
        expected = residual_oscillation(sp.exp(-t), t, c, mismatch=theta_0, psi=psi_0)
        gap = number(concrete, at) - number(expected.amplitude, at)
        assert abs(gap) < mp.mpf(10) ** -25


def test_refusals() -> None:
    with pytest.raises(Undecided, match="not known to decay"):
        residual_oscillation(sp.sin(t), t, c)
    with pytest.raises(Undecided, match="not known to decay"):
        residual_oscillation(sp.exp(-theta_0 * t), t, c)
    with pytest.raises(GameError, match="positive"):
        residual_oscillation(sp.exp(-t), t, theta_0)
    with pytest.raises(GameError, match="not a sum of"):
        residual_oscillation(1 / (1 + t) ** 2, t, c)
    with pytest.raises(GameError, match="start= and target="):
        silent_ramps(c, mismatch=1)
    with pytest.raises(Undecided, match="psi_0"):
        silent_ramps(c, psi=psi_0)
    with pytest.raises(GameError, match="switches where"):
        residual_oscillation(sp.Piecewise((1, sp.sin(t) > 0), (0, True)), t, c)

"""Closed forms against substitution, matrix exponentials, contours and numeric inversion."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp
from sympy import Matrix, Rational, Symbol

from symgan.analysis import solve_linear
from symgan.analysis.laplace import linear_parts
from symgan.certify.identity import is_zero
from symgan.games.annealed import T, alpha, alpha_0, alpha_r, annealed, psi, t, theta
from symgan.results import ClosedForm
from symgan.system import Flow
from tests.analysis.oracles import matrix_exponential_solution, newton_value, number

theta_0, psi_0 = sp.symbols("theta_0 psi_0", real=True)
c, a = sp.symbols("c a", positive=True)
x, y, z, x0, y0 = sp.symbols("x y z x_0 y_0", real=True)
p, q, k = sp.symbols("p q k", positive=True)
TINY = mp.mpf(10) ** -40
"""At 50 digits, matrix exponentials and contours of these sizes keep 40."""


def annealed_flow(**options: Any) -> Flow:
    return annealed(**options).flow()


def scaled_flow() -> Flow:
    """The annealed tiny-GAN with f(y) = c y."""
    drift = (alpha_r - alpha_0) / T * sp.exp(-t / T)
    rhs = (-c * psi, c * (theta - alpha), drift)
    return Flow((theta, psi, alpha), rhs, parameters=(T, alpha_0, alpha_r, c), time=t)


def damped_flow() -> Flow:
    """The linearized tiny-GAN, s^2 + p s + q, forced by exp(-a t)."""
    rhs = (y, -q * x - p * y + k * sp.exp(-a * t))
    return Flow((x, y), rhs, parameters=(p, q, k, a), time=t)


CASES = {
    "decoupled": (annealed_flow(), (theta_0, psi_0, alpha_0)),
    "generator": (annealed_flow(switch=1), (theta_0, psi_0, alpha_0)),
    "discriminator": (annealed_flow(switch=1, side="discriminator"), (theta_0, psi_0, alpha_0)),
    "matched": (annealed_flow(), (alpha_0, 0, alpha_0)),
    "scaled": (scaled_flow(), (theta_0, psi_0, alpha_0)),
    "damped": (damped_flow(), (x0, y0)),
    "resonant": (Flow((x, y), (-y + sp.cos(t), x + t * sp.sin(t)), time=t), (x0, y0)),
    "roots": (Flow((x, y), (-sp.sqrt(k) * y, sp.sqrt(k) * x), parameters=(k,)), (x0, y0)),
    "saddle": (Flow((x, y), (y, 2 * x + y + sp.exp(-t)), time=t), (x0, y0)),
    "phase": (Flow((x,), (-a * x + sp.cos(c * t + p) * t,), (a, c, p), t), (x0,)),
}
VALUES = {
    T: Rational(7, 3),
    alpha_0: Rational(-5, 4),
    alpha_r: 3,
    theta_0: Rational(2, 7),
    psi_0: Rational(9, 5),
    c: Rational(3, 2),
    a: Rational(4, 5),
    x0: Rational(-3, 2),
    y0: Rational(5, 3),
    p: Rational(2, 3),
    q: Rational(11, 6),
    k: Rational(7, 2),
}
cases = pytest.mark.parametrize(("flow", "initial"), CASES.values(), ids=CASES)


@cache
def solved(flow: Flow, initial: tuple[Any, ...]) -> ClosedForm:
    """Each case is solved once for all tests."""
    return solve_linear(flow, initial)


def residuals(flow: Flow, form: ClosedForm, solution: tuple[sp.Expr, ...]) -> list[sp.Expr]:
    at = dict(zip(flow.state, solution, strict=True))
    return [sp.diff(s, form.time) - f.xreplace(at) for s, f in zip(solution, flow.rhs, strict=True)]


@cases
def test_elementary_form_solves_the_flow_exactly(flow: Flow, initial: tuple[Any, ...]) -> None:
    form = solved(flow, initial)
    assert [is_zero(r).holds for r in residuals(flow, form, form.solution)] == [True] * len(
        flow.state
    )
    for value, start in zip(form.solution, initial, strict=True):
        assert is_zero(value.subs(form.time, 0) - start).holds is True


@cases
def test_a_wrong_solution_has_a_witness(flow: Flow, initial: tuple[Any, ...]) -> None:
    form = solved(flow, initial)
    wrong = (form.solution[0] + form.time, *form.solution[1:])
    assert False in [is_zero(r).holds for r in residuals(flow, form, wrong)]


@cases
def test_laplace_domain_satisfies_the_transformed_flow(
    flow: Flow, initial: tuple[Any, ...]
) -> None:
    """(sI - A) X = x0 + F with F from quadrature-free numeric transforms of the forcing."""
    form = solved(flow, initial)
    A, forcing = linear_parts(flow)
    s = form.frequency
    n = len(flow.state)
    with mp.workdps(30):
        point = mp.mpf("1.7")  # right of every pole but the saddle's, whose forcing decays
        values = {**VALUES, s: sp.Rational(17, 10)}
        X = Matrix(form.laplace)
        left = (s * sp.eye(n) - A) * X - Matrix(initial)
        for row, b in zip(left, forcing, strict=True):
            plain = sp.lambdify(form.time, b.subs(VALUES), "mpmath")
            F = mp.quad(lambda u, f=plain: f(u) * mp.exp(-point * u), [0, 2, 5, 10, 20, 60])
            # exp(-1.7 * 60) < 1e-44 is cut off; quadrature keeps 20 of 30 digits.
            assert abs(number(row, values) - F) < mp.mpf(10) ** -20


@cases
def test_newton_form_is_the_elementary_form(flow: Flow, initial: tuple[Any, ...]) -> None:
    form = solved(flow, initial)
    with mp.workdps(50):
        for i, solution in enumerate(form.solution):
            for time in (mp.mpf("0.3"), mp.mpf("2.1")):
                at = {**VALUES, form.time: sp.Rational(str(time))}
                value = newton_value(form, i, VALUES, mp.mpf(str(at[form.time].evalf(60))))
                assert abs(value - number(solution, at)) < TINY * (1 + abs(value))


@cases
def test_numeric_inversion_of_the_transform(flow: Flow, initial: tuple[Any, ...]) -> None:
    form = solved(flow, initial)
    with mp.workdps(30):
        for X, solution in zip(form.laplace, form.solution, strict=True):
            F = sp.lambdify(form.frequency, X.subs(VALUES), "mpmath")
            numeric = mp.invertlaplace(F, mp.mpf("1.5"), method="talbot")
            exact = number(solution, {**VALUES, form.time: Rational(3, 2)})
            # Talbot's default degree keeps about half of the working digits.
            assert abs(numeric - exact) < mp.mpf(10) ** -10


@cases
def test_parts_add_up_and_are_what_they_say(flow: Flow, initial: tuple[Any, ...]) -> None:
    form = solved(flow, initial)
    rows = zip(
        form.solution, form.center, form.transient, form.oscillatory, form.secular, strict=True
    )
    for solution, center, transient, oscillatory, secular in rows:
        assert is_zero(solution - center - transient - oscillatory - secular).holds is True
        assert form.time not in center.free_symbols
        later = {**VALUES, form.time: 200}
        assert abs(sp.N(transient.subs(later))) < 1e-20  # exp(-200/3) = 1e-29 at the slowest
        if form.omega is not None and oscillatory != 0:
            period = sp.diff(oscillatory, form.time, 2) + form.omega**2 * oscillatory
            assert is_zero(period).holds is True
        assert (secular == 0) == (secular.subs(VALUES) == 0)


@cases
def test_amplitude_and_phase_rebuild_the_oscillation(flow: Flow, initial: tuple[Any, ...]) -> None:
    form = solved(flow, initial)
    for part, amplitude, phase in zip(form.oscillatory, form.amplitude, form.phase, strict=True):
        if phase is None:
            assert amplitude is None or (amplitude == 0 and part == 0)
            continue
        assert amplitude is not None
        assert form.omega is not None
        assert sp.sympify(amplitude).subs(VALUES) >= 0
        rebuilt = amplitude * sp.sin(form.omega * form.time + phase)
        with mp.workdps(50):
            for time in (0, Rational(1, 3), 2):
                at = {**VALUES, form.time: time}
                assert abs(number(part - rebuilt, at)) < TINY
                off = amplitude * sp.sin(form.omega * form.time + phase + Rational(1, 100))
                assert abs(number(part - off, at)) > TINY


def test_annealed_closed_forms_as_worked_by_hand() -> None:
    """Reference: z' = i z - alpha'(t) with z = theta - alpha + i psi, integrated by hand."""
    form = solve_linear(annealed_flow(), (alpha_0, 0, alpha_0))
    gap = abs(alpha_r - alpha_0)
    assert is_zero(form.amplitude[1] - gap / sp.sqrt(1 + T**2)).holds is True
    assert is_zero(form.amplitude[1] - gap / T * sp.sqrt(1 + T**2)).holds is False
    assert form.center == (alpha_r, 0, alpha_r)
    assert form.omega == 1
    assert form.growth == (0, 0, 0)
    assert form.generic is sp.true
    coupled = solve_linear(annealed_flow(switch=1), (alpha_0, 0, alpha_0))
    assert coupled.omega == sp.sqrt(2)
    assert is_zero(coupled.center[0] - (alpha_0 + alpha_r) / 2).holds is True
    secular = solve_linear(annealed_flow(switch=1, side="discriminator"), (alpha_0, 0, alpha_0))
    assert secular.growth == (2, 1, 2)
    assert secular.omega is None


@pytest.mark.parametrize(
    ("values", "regime"),
    [
        ({p: 1, q: 1}, "underdamped"),
        ({p: 2, q: 1}, "critical"),
        ({p: 2, q: 1 - Rational(1, 10**30)}, "nearly critical"),
        ({p: 3, q: 2, a: 1}, "overdamped, resonant forcing"),
        ({p: 2, q: 1, a: 1}, "triple pole"),
        ({p: 3, q: Rational(1, 10**20)}, "stiff"),
        ({p: 1, q: 1, a: Rational(1, 10**25)}, "slow forcing"),
    ],
)
def test_newton_form_holds_in_every_regime(values: dict[Symbol, Any], regime: str) -> None:
    form = solve_linear(damped_flow(), (x0, y0))
    at = {**VALUES, **values}
    A, C, W = Matrix([[0, 1], [-at[q], -at[p]]]), Matrix([0, at[k]]), Matrix([[-at[a]]])
    with mp.workdps(60):
        for time in (mp.mpf(2) ** -20, mp.mpf(1), mp.mpf(7)):
            exact = matrix_exponential_solution(A, C, W, [at[x0], at[y0]], [1], time)
            for i in range(2):
                assert abs(newton_value(form, i, at, time) - exact[i]) < TINY


def test_generic_condition_is_exactly_where_poles_meet() -> None:
    form = solve_linear(damped_flow(), (x0, y0))
    apart = form.generic.subs({p: 1, q: 1, a: 3})
    assert apart == True  # noqa: E712 - SymPy Boolean
    for values in ({p: 2, q: 1, a: 3}, {p: 3, q: 2, a: 1}, {p: 3, q: 2, a: 2}):
        assert form.generic.subs(values) == False  # noqa: E712 - SymPy Boolean


small = st.integers(-2, 2).map(sp.Integer)
rates = st.sampled_from([Rational(r) for r in ("-2", "-1", "-1/2", "0", "1")])


@st.composite
def driven(draw: st.DrawFn) -> tuple[Matrix, Matrix, list[Any], Any, int]:
    """A matrix with small entries, so that defective and resonant ones are common."""
    n = draw(st.integers(1, 3))
    A = Matrix(n, n, [draw(small) for _ in range(n * n)])
    C = Matrix([draw(small) for _ in range(n)])
    return A, C, [draw(small) for _ in range(n)], draw(rates), draw(st.integers(0, 2))


@settings(max_examples=15)
@given(driven(), st.sampled_from(["1/8", "1", "3"]))
def test_any_linear_flow_against_one_matrix_exponential(problem: Any, instant: str) -> None:
    """Forcing t^k e^{rt} / k! is the last state of a Jordan chain of length k + 1."""
    A, C, start, rate, power = problem
    n = A.rows
    states = (x, y, z)[:n]
    forcing = t**power * sp.exp(rate * t) / sp.factorial(power)
    rhs = A * Matrix(states) + C * forcing
    flow = Flow(states, tuple(rhs), time=t)
    form = solve_linear(flow, start)
    size = power + 1
    chain = Matrix(size, size, lambda i, j: rate if i == j else int(i == j + 1))
    feed = sp.zeros(n, size)
    feed[:, size - 1] = C
    first = [1, *[0] * power]
    time = Rational(instant)
    with mp.workdps(50):
        exact = matrix_exponential_solution(A, feed, chain, start, first, number(time))
        scale = 1 + max(abs(v) for v in exact)
        for i in range(n):
            assert abs(newton_value(form, i, {}, number(time)) - exact[i]) < TINY * scale
            if form.generic is sp.true:
                assert abs(number(form.solution[i], {t: time}) - exact[i]) < TINY * scale


def test_fourth_order_even_poles_stay_real() -> None:
    """Two coupled bilinear pairs: s^4 + 30 s^2 + 4 has two real frequencies."""
    u, v, w, r = sp.symbols("u v w r", real=True)
    B = Matrix([[1, 2], [3, 4]])
    rhs = (*(-B * Matrix([w, r])), *(B.T * Matrix([u, v])))
    form = solve_linear(Flow((u, v, w, r), rhs), (1, 0, 0, 0))
    assert form.omega is None
    assert not form.solution[0].has(sp.I)
    for value in residuals(Flow((u, v, w, r), rhs), form, form.solution):
        with mp.workdps(50):
            assert abs(number(value, {form.time: Rational(5, 7)})) < TINY

"""The reference against exact solutions, and what it must refuse."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf

from symgan.errors import Undecided
from symgan.kernels import KernelError, reference
from symgan.kernels.integrator import Integration, Precision
from symgan.kernels.reference import agreement
from symgan.kernels.taylor import Program
from symgan.system import Flow, Map

x, y, a = sp.symbols("x y a", real=True)
t = sp.Symbol("t", nonnegative=True)

SOLVED: dict[str, tuple[Any, Any, Callable[[Any], Any]]] = {
    "exponential": (-x, 1, lambda s: mpmath.exp(-s)),
    "logistic": (x * (1 - x), Fraction(1, 10), lambda s: 1 / (1 + 9 * mpmath.exp(-s))),
    "tanh": (1 - x**2, 0, mpmath.tanh),
    "arctangent": (1 / (1 + t**2), 0, mpmath.atan),
    "erf": (2 * sp.exp(-(t**2)) / sp.sqrt(sp.pi), 0, mpmath.erf),
    "square root": (1 / (2 * x), 1, lambda s: mpmath.sqrt(1 + s)),
    "cube root": (x ** sp.Rational(-2, 1) / 3, 1, lambda s: mpmath.cbrt(1 + s)),
    "power": (-(x ** sp.Rational(3, 2)), 4, lambda s: 4 / (1 + s) ** 2),
    "logarithm": (sp.exp(-x), 0, lambda s: mpmath.log(1 + s)),
    "x log x": (-x * sp.log(x), 3, lambda s: 3 ** mpmath.exp(-s)),
    "gudermann": (1 / sp.cosh(t), 0, lambda s: 2 * mpmath.atan(mpmath.tanh(s / 2))),
    "pendulum swing": (sp.cos(x), 0, lambda s: 2 * mpmath.atan(mpmath.tanh(s / 2))),
}


def gap(got: Any, exact: Any) -> Any:
    return abs(got - exact) / max(abs(exact), mpf(10) ** -30)


@pytest.mark.parametrize("dps", [20, 50, 120])
@pytest.mark.parametrize("name", sorted(SOLVED))
def test_known_solutions(name: str, dps: int) -> None:
    rhs, start, exact = SOLVED[name]
    times = [0, Fraction(1, 1000), 1, Fraction(7, 2)]
    flow = Flow((x,), (rhs,), time=t)
    solution = reference(flow, dps=dps).solve({"x": start}, times)
    assert solution.agreement >= dps
    with mpmath.workdps(dps + 20):
        for at, (value,) in zip(times, solution, strict=True):
            true = mpmath.mpf(at.numerator) / at.denominator if isinstance(at, Fraction) else at
            expected = exact(mpf(true))
            assert gap(value, expected) <= mpf(10) ** -dps
            if at == 1:  # the false neighbor: the same solution a hair later
                later = exact(mpf(true) * (1 + mpf(10) ** (-dps + 3)))
                assert gap(value, later) > mpf(10) ** -dps


def test_a_circle_to_a_hundred() -> None:
    solution = reference(Flow((x, y), (-y, x))).solve({x: 1, y: 0}, [100, 1000])
    with mpmath.workdps(70):
        for at, state in zip((100, 1000), solution, strict=True):
            assert abs(state[0] - mpmath.cos(at)) <= mpf(10) ** -50
            assert abs(state[1] - mpmath.sin(at)) <= mpf(10) ** -50


@settings(max_examples=15)
@given(st.fractions(Fraction(1, 10), 5), st.fractions(-3, 3), st.fractions(0, 10))
def test_a_linear_ramp(tau: Fraction, rate: Fraction, at: Fraction) -> None:
    """x' = a on t < tau, then 0: the breakpoint is met exactly, wherever it lies."""
    tau_ = sp.Symbol("tau", positive=True)
    flow = Flow((x,), (sp.Piecewise((a, t < tau_), (0, True)),), parameters=(a, tau_), time=t)
    (state,) = reference(flow).solve({"x": 1}, [at], {"a": rate, "tau": tau})
    expected = 1 + rate * min(at, tau)
    with mpmath.workdps(60):
        assert abs(state[0] - mpf(expected.numerator) / expected.denominator) <= mpf(10) ** -49


def test_kinks_in_the_state_are_crossed() -> None:
    """x' = -1 - H(x - 1/2) from 1: slope -2 until t = 1/4, then -1."""
    for kink in (sp.Heaviside(x - sp.Rational(1, 2)), (sp.sign(2 * x - 1) + 1) / 2):
        (state,) = reference(Flow((x,), (-1 - kink,))).solve({"x": 1}, [1])
        assert abs(state[0] + mpf(1) / 4) < mpf(10) ** -50
    (state,) = reference(Flow((x,), (-sp.Abs(x) - 1,))).solve({"x": 1}, [3])
    with mpmath.workdps(60):  # 2 e^-t - 1 until ln 2, then 1 - e^(t - ln 2)
        assert abs(state[0] - (1 - mpmath.exp(3) / 2)) < mpf(10) ** -48


def test_sliding_along_a_surface_is_refused() -> None:
    with pytest.raises(Undecided, match="slides along"):
        reference(Flow((x,), (-sp.sign(x),))).solve({"x": 1}, [2])
    with pytest.raises(Undecided, match="starts on"):
        reference(Flow((x,), (sp.sign(x),))).solve({"x": 0}, [2])


def test_small_times_keep_relative_digits() -> None:
    """x = t^2 / 2 at t = 1e-300 is 5e-601, below float64, and has 50 digits."""
    (state,) = reference(Flow((x, y), (y, 1 + 0 * x))).solve({"x": 0, "y": 0}, ["1e-300"])
    with mpmath.workdps(60):
        assert abs(state[0] / (mpf("1e-600") / 2) - 1) <= mpf(10) ** -50


def test_blow_up_and_stiffness_are_refused() -> None:
    with pytest.raises(Undecided, match="cannot pass t = "):
        reference(Flow((x,), (x**2,))).solve({"x": 1}, [2])
    with pytest.raises(Undecided, match="stiff"):
        reference(Flow((x,), (-(10**9) * x,))).solve({"x": 1}, [100])


def test_precision_is_raised_until_runs_agree() -> None:
    """Chaos: the logistic map at 4 doubles errors each step; x_n = sin^2(2^n arcsin sqrt(x_0))."""
    map_ = Map((x,), (4 * x * (1 - x),))
    solution = reference(map_).solve({"x": Fraction(1, 3)}, [0, 1, 300])
    assert len(solution.precisions) > 2
    with mpmath.workdps(250):
        angle = mpmath.asin(mpmath.sqrt(mpf(1) / 3)) * 2**300
        assert abs(solution[2][0] - mpmath.sin(angle) ** 2) <= mpf(10) ** -50
    assert abs(solution[1][0] - mpf(8) / 9) < mpf(10) ** -15


def test_an_index_counts_the_steps() -> None:
    k = sp.Symbol("k", integer=True, nonnegative=True)
    (state,) = reference(Map((x,), (x + k,), index=k)).solve({"x": 0}, [5])
    assert state[0] == 0 + 1 + 2 + 3 + 4


def test_agreement_is_not_granted() -> None:
    """Two lists of states that differ in the 40th digit do not agree to 50."""
    with mpmath.workdps(60):
        states = [(mpf(1), mpf(2)), (mpf(0), mpf(3))]
        off = [(mpf(1), mpf(2) + mpf(10) ** -40), states[1]]
        assert agreement(states, states) == float("inf")
        assert 39 < agreement(states, off) < 41
        small = [(mpf("1e-30"),)], [(mpf("1e-30") * (1 + mpf(10) ** -20),)]
        assert 19 < agreement(*small) < 21  # relative where a component is small all along


def test_a_coarse_integration_disagrees() -> None:
    """The agreement test sees truncation: a run asked for 60 bits is not good for 50 digits."""
    flow = Flow((x,), (x * (1 - x),))
    with mpmath.workdps(80):
        runs = [
            Integration(flow, {}, Precision(400, accuracy, order)).run([mpf(1) / 10], [mpf(3)])
            for accuracy, order in ((60, 20), (220, 80), (240, 90))
        ]
    assert 12 < agreement(runs[0], runs[1]) < 30
    assert agreement(runs[1], runs[2]) > 50


def test_series_of_every_operation() -> None:
    """Taylor coefficients of the field itself, against symbolic differentiation."""
    field = (
        sp.sin(x) * sp.tanh(t) + sp.atan(x) + sp.sqrt(2 + x) + sp.log(3 + t) * sp.cos(t) ** 3
        + sp.erf(x) + sp.asinh(x) + sp.sinh(t) - x**-2 + 2**x + sp.tan(x / 3)
    )  # fmt: skip
    bits, order = 300, 4
    with mpmath.workprec(bits + 64):
        program = Program([x], t, [sp.sympify(field)], {}, bits)
        one = 1 << bits
        program.expand([one], 0, one, order, 1)
        derivative, term = field, []
        for k in range(order):
            place = {x: 1, t: 0}
            term.append(sp.N(derivative.subs(place), 70) / sp.factorial(k + 1))
            derivative = sp.diff(derivative, t) + sp.diff(derivative, x) * field
        for k, expected in enumerate(term):
            got = mpmath.ldexp(mpf(program.state[0].coefficients[k + 1]), -bits)
            assert abs(got - mpf(str(expected))) <= mpf(10) ** -60 * max(1, abs(got))


@pytest.mark.parametrize(
    ("x0", "times", "parameters", "message"),
    [
        ({"x": 1}, [1], {}, "missing parameter 'a'"),
        ({"x": 1}, [1], {"a": 1, "b": 2}, "unknown parameter 'b'"),
        ({}, [1], {"a": 1}, "missing initial value 'x'"),
        ({"x": 1}, [], {"a": 1}, "at least one time"),
        ({"x": 1}, [2, 1], {"a": 1}, "increasing"),
        ({"x": 1}, [-1], {"a": 1}, "not negative"),
        ({"x": 1j}, [1], {"a": 1}, "not a real number"),
        ({"x": "one"}, [1], {"a": 1}, "not a real number"),
        ({"x": a}, [1], {"a": 1}, "not a number"),
    ],
)
def test_bad_questions(x0: dict, times: list, parameters: dict, message: str) -> None:
    with pytest.raises(KernelError, match=message):
        reference(Flow((x,), (-a * x,), parameters=(a,))).solve(x0, times, parameters)


def test_what_has_no_reference() -> None:
    with pytest.raises(KernelError, match="give a Flow or a Map"):
        reference(x)  # type: ignore[arg-type]
    with pytest.raises(KernelError, match="noise"):
        reference(Map((x,), (x + y,), noise=(y,)))
    with pytest.raises(KernelError, match="less than 10 digits"):
        reference(Flow((x,), (x,)), dps=3)
    with pytest.raises(KernelError, match="no power series is known for the function gamma"):
        reference(Flow((x,), (sp.gamma(x),))).solve({"x": 1}, [1])
    with pytest.raises(KernelError, match="whole numbers"):
        reference(Map((x,), (x,))).solve({"x": 1}, [0.5])

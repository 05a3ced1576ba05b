"""Rewritten expressions keep their digits on the whole line, and so do their derivatives."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf
from sympy.codegen.cfunctions import expm1, log1p

from symgan.kernels import compile
from symgan.kernels.logistic import sigmoid, softplus
from symgan.kernels.rewrite import stable, stable_derivative

x, a, b = sp.symbols("x a b", real=True)
E = sp.exp

FORMS: dict[str, tuple[sp.Expr, sp.Expr, float, float]] = {
    "log of a logistic": (sp.log(1 / (1 + E(-x))), -softplus(-x), -800, 36.0),
    "log of a quotient": (sp.log(E(x) / (1 + E(x))), -softplus(-x), -800, 720.0),
    "log of the rest": (sp.log(1 - 1 / (1 + E(-x))), -softplus(x), 900, 36.0),
    "log(1 + x^2)": (sp.log(1 + x**2), log1p(x**2), 900, 1e-9),
    "log(1 - e^-x^2)": (
        sp.log(1 - E(-(x**2))),
        sp.Piecewise(
            (sp.log(-expm1(-(x**2))), x**2 < sp.log(2)),
            (log1p(-E(sp.Min(-(x**2), -sp.S.Half))), True),
        ),
        20,
        7.0,
    ),
    "e^x - 1": (E(x) - 1, expm1(x), 700, 1e-9),
    "1 - e^-x": (3 * x - 3 * x * E(-x), -3 * x * expm1(-x), 700, 1e-9),
    "(e^x - 1)/(e^x + 1)": ((E(x) - 1) / (E(x) + 1), sp.tanh(x / 2), 900, 1e-9),
    "sinh over cosh": ((E(x) - E(-x)) / (E(x) + E(-x)), sp.tanh(x), 900, 1e-9),
    "1 - cos x": (1 - sp.cos(x), 2 * sp.sin(x / 2) ** 2, 900, 1e-7),
    "(1 - cos x)/x^2": ((1 - sp.cos(x)) / x**2, 2 * sp.sin(x / 2) ** 2 / x**2, 900, 1e-7),
    "cosh x - 1": (sp.cosh(x) - 1, 2 * sp.sinh(x / 2) ** 2, 700, 1e-7),
    "1 - erf": (1 - sp.erf(x), sp.erfc(x), 26, 5.0),
    "normal cdf": (
        sp.erf(x / sp.sqrt(2)) / 2 + sp.Rational(1, 2),
        sp.erfc(-x / sp.sqrt(2), evaluate=False) / 2,
        37,
        -8.0,
    ),
    "1 - tanh": (1 - sp.tanh(x), 2 * sigmoid(-2 * x), 350, 18.0),
    "1 - tanh^2": (1 - sp.tanh(x) ** 2, 4 * sigmoid(2 * x) * sigmoid(-2 * x), 350, 20.0),
    "softplus less its line": (sp.log(1 + E(x)) - x, softplus(-x), 700, 36.0),
    "two exponentials": (E(x) / (E(x) + E(-2 * x)), sigmoid(3 * x), 230, 720.0),
}
"""Name -> written, rewritten, reach, and where the expression as written is wrong."""


@cache
def kernel(name: str, order: int) -> Any:
    written = FORMS[name][0]
    return compile(
        stable_derivative(written, x) if order else written, arguments=[x], backend="numpy"
    )


@cache
def exact(name: str, order: int) -> Any:
    return sp.lambdify([x], sp.diff(FORMS[name][0], x, order), "mpmath")


def loss(got: float, name: str, order: int, value: float) -> Any:
    """The error in units of what rounding x costs: |x| roundings of the result, at least one."""
    with mpmath.workdps(1000):  # e^800 + 1 must hold the 1
        reference = exact(name, order)(mpf(value))
        error = abs(mpf(got) - reference) - mpf(2) ** -1070
        return mpf(0) if error <= 0 else error / abs(reference) / (1 + value**2)


TOLERANCE = 4e-15
"""A function of a product or a square passes on the rounding of its argument, up to x^2 times."""


@pytest.mark.parametrize("name", FORMS)
def test_the_form_is_the_intended_one(name: str) -> None:
    written, wanted, _, _ = FORMS[name]
    assert stable(written) == wanted


@pytest.mark.parametrize("name", FORMS)
def test_a_second_rewrite_changes_nothing(name: str) -> None:
    """Kernels of derivatives pass through it twice."""
    once = stable(FORMS[name][0])
    assert stable(once) == once


# the quotient rule cancels near 0, whatever the numerator's form
CASES = [(name, 0) for name in FORMS] + [(n, 1) for n in FORMS if n != "(1 - cos x)/x^2"]


@pytest.mark.parametrize(("name", "order"), CASES)
@settings(max_examples=6)
@given(share=st.floats(-1, 1) | st.sampled_from([1e-12, -1e-12, 1e-6, 0.05, -0.05, 1.0, -1.0]))
def test_digits_on_the_whole_line(name: str, order: int, share: float) -> None:
    value = share * abs(FORMS[name][2])
    if abs(value) < 1e-100:  # 0/0 as written, and squares that underflow
        value = 1e-3
    assert loss(float(kernel(name, order)({"x": value})), name, order, value) <= TOLERANCE


@pytest.mark.parametrize("name", FORMS)
def test_as_written_the_digits_are_lost(name: str) -> None:
    written, _, _, where = FORMS[name]
    raw = sp.lambdify([x], written, [{"erf": lambda v: float(mpmath.erf(v))}, "numpy"])
    with np.errstate(all="ignore"):
        got = float(raw(np.float64(where)))
    assert not np.isfinite(got) or loss(got, name, 0, where) > TOLERANCE


@pytest.mark.parametrize(
    "neighbor",
    [
        (a + b) * E(x) - a - 2 * b,
        E(x) - 2,
        1 - sp.cos(x) ** 2,
        2 - sp.erf(x),
        a - b * sp.tanh(x),
        sp.log(2 + E(x)),
        E(x) - x,
    ],
)
def test_what_only_looks_alike_is_left_alone(neighbor: sp.Expr) -> None:
    assert stable(neighbor) == neighbor


def test_a_derivative_of_the_form_as_written_is_wrong() -> None:
    """log(1 - sigmoid(x)): NaN at 900, and wrong in the second digit at 36."""
    written = sp.log(1 - 1 / (1 + E(-x)))
    raw = sp.lambdify([x], sp.diff(written, x), "numpy")
    with np.errstate(all="ignore"):
        assert abs(float(raw(np.float64(36.0))) + 1) > 1e-2
    right = compile(stable_derivative(written, x), arguments=[x], backend="numpy")
    assert right({"x": [36.0, 900.0]}).tolist() == [-(1 - 2.0**-52), -1.0]


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (1 - E(-(x**2) - (a - b) ** 2), -expm1(-(x**2) - (a - b) ** 2)),
        ((a + b) * E(x) - a - b, (a + b) * expm1(x)),
        (a * sp.log(1 + E(x + b)) - a * x - a * b, a * softplus(-x - b)),
        (b * E(x - (a - b) ** 2) / (1 + E(x)), b * sigmoid(x) * E(-((a - b) ** 2))),
    ],
)
def test_other_factors_and_arguments_stay_as_they_are(written: sp.Expr, wanted: sp.Expr) -> None:
    """Nothing is divided out, where one factor would overflow while another underflows, and no
    square of a difference is multiplied out."""
    assert stable(written) == wanted


@pytest.mark.parametrize("backend", ["numpy", "jit"])
def test_a_factor_that_overflows_meets_one_that_underflows(backend: str) -> None:
    """e^(ab - c)/(1 + e^(ab)), where e^-c is infinite and the logistic factor zero, and back."""
    kernel = compile(E(a * b - x) / (1 + E(a * b)), arguments=[a, b, x], backend=backend)
    got = kernel({"a": [-800.0, 800.0], "b": 1.0, "x": [-800.0, 0.5]})
    # the second argument of exp is rounded, to one unit of exp's result
    np.testing.assert_allclose(got, [1.0, np.exp(-0.5)], rtol=3e-16)


@given(st.fractions(-2000, 2000, max_denominator=10**6), st.integers(15, 60))
def test_logistic_functions_of_numbers(number: Fraction, digits: int) -> None:
    """To every digit asked for, where exponentials are beyond floating point too."""
    u = sp.Rational(number.numerator, number.denominator)
    with mpmath.workdps(2 * digits + 900):
        e = mpmath.exp(mpf(number.numerator) / number.denominator)
        for found, want in ((sigmoid(u), e / (1 + e)), (softplus(u), mpmath.log(1 + e))):
            got = found.evalf(digits)._to_mpmath(4 * digits)
            assert abs(got - want) <= mpf(10) ** (1 - digits) * want
            assert abs(got * (1 + mpf(10) ** (2 - digits)) - want) > mpf(10) ** (1 - digits) * want


@pytest.mark.parametrize("backend", ["numpy", "jit"])
def test_logistic_functions_of_numbers_are_compiled(backend: str) -> None:
    """A loss at a fixed place is a constant like any other."""
    body = sp.log(1 + E(2)) * x + 1 / (1 + E(3))
    kernel = compile([body], arguments=[x], backend=backend)
    found = kernel({x: np.array([0.0, 1.0])})
    want = [float(body.subs(x, k).evalf(30)) for k in (0, 1)]
    np.testing.assert_allclose(np.ravel(found), want, rtol=1e-15)


def test_logistic_functions_of_symbols_stay() -> None:
    assert sp.N(softplus(x) + 1) == softplus(x) + 1.0

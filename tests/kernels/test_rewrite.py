"""Generated code stays finite, silent and right far from zero."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.kernels import compile
from symgan.kernels.differences import _Terms, rewritten_sum
from symgan.kernels.evaluate import evaluate
from symgan.kernels.measure import UNDERFLOW
from symgan.kernels.rewrite import sigmoid, softplus, stable
from symgan.losses import SCALAR_LOSSES

y, a, b, c = sp.symbols("y a b c", real=True)
REACH = (-1000.0, -709.9, -40.0, -1e-9, 0.0, 0.5, 40.0, 709.9, 1000.0)


def exact(expression: sp.Expr, value: float) -> Any:
    with mpmath.workdps(1000):  # e^1000 + 1 must hold the 1
        return evaluate(expression, {y: mpmath.mpf(value)})


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("name", sorted(set(SCALAR_LOSSES) - {"exponential"}))
@settings(max_examples=15)
@given(value=st.sampled_from(REACH) | st.floats(-1000, 1000))
def test_losses_keep_plain_relative_accuracy(name: str, order: int, value: float) -> None:
    """f, f' and f'' to |y| = 1000: relative error, not only against the terms that cancel."""
    loss = SCALAR_LOSSES[name](y)
    expression = sp.diff(loss, y, order) if order else loss
    if name == "hinge" and value == 1.0:
        return  # the kink: f' takes a value by convention, f'' none
    got = float(compile(expression, arguments=[y])({"y": value}))
    reference = exact(expression, value)
    with mpmath.workdps(50):
        lost = abs(mpmath.mpf(got) - reference) - UNDERFLOW
        # y enters exp(y): a rounding of y is |y| roundings of the result
        assert lost <= abs(reference) * 1e-15 * (1 + abs(value) / 4), (got, reference)


def test_what_overflows_in_earnest_is_infinite_and_silent() -> None:
    """The suite turns warnings into errors; exp(1000) is infinite in float64."""
    kernel = compile((-sp.exp(-y), sp.exp(-y)), arguments=[y])
    assert kernel({"y": -1000.0}).tolist() == [-np.inf, np.inf]


def test_second_derivative_of_a_kink() -> None:
    kernel = compile(sp.diff(SCALAR_LOSSES["hinge"](y), y, 2), arguments=[y])
    got = kernel({"y": [0.0, 1.0, 2.0]})
    assert got[0] == got[2] == 0
    assert np.isnan(got[1])


@pytest.mark.parametrize(
    ("written", "rewritten"),
    [
        (sp.log(1 + sp.exp(a * b)), softplus(a * b)),
        (1 / (1 + sp.exp(y)), sigmoid(-y)),
        (sp.exp(-y) / (1 + sp.exp(-y)), sigmoid(-y)),
        (sp.exp(2 * y) / (1 + sp.exp(y)) ** 3, sigmoid(y) ** 2 * sigmoid(-y)),
        (
            c * sp.exp(a * b - c) / (1 + sp.exp(a * b)),
            c * sp.exp(sp.Min(a * b, 0) - c) * sigmoid(abs(a * b)),
        ),
        (sp.exp(-y) / (1 + sp.exp(y)), sp.exp(-y) * sigmoid(-y)),
        (1 - sp.tanh(y) ** 2, 4 * sigmoid(2 * y) * sigmoid(-2 * y)),
        (a - a * sigmoid(y), a * sigmoid(-y)),
        (sp.log(2 + sp.exp(y)), sp.log(2 + sp.exp(y))),
    ],
)
def test_rewrites(written: sp.Expr, rewritten: sp.Expr) -> None:
    assert stable(written) == rewritten


@settings(max_examples=40)
@given(st.integers(-3, 6), st.integers(1, 4), st.floats(-30, 30), st.floats(-2, 2))
def test_quotients_keep_their_value(m: int, n: int, u: float, v: float) -> None:
    """Any power of e^u over any power of 1 + e^u, with a bystander in the exponent."""
    expression = sp.exp(m * y + a) / (1 + sp.exp(y)) ** n
    got = float(compile(expression, arguments=[y, a])({"y": u, "a": v}))
    with mpmath.workdps(50):
        reference = evaluate(expression, {y: mpmath.mpf(u), a: mpmath.mpf(v)})
        # exponents to 200 are rounded: |exponent| 2**-53 each, below 1e-13
        assert abs(got - reference) <= 1e-13 * abs(reference)
        assert abs(got - reference * (1 + mpmath.mpf(10) ** -11)) > 1e-13 * abs(reference)


def test_shared_subexpressions_are_computed_once() -> None:
    expressions = (sp.tanh(a * b) + a, sp.tanh(a * b) + b)
    kernel = compile(expressions, arguments=[a, b], backend="numpy")
    assert kernel.source.count("tanh") == 1


TERMS = [
    y,
    sp.exp(y),
    sp.exp(-y),
    sp.exp(a * y),
    sp.exp(-a * y),
    b * sp.exp(a * y - c),
    b * sp.exp(c - a * y),
    sp.exp(y + sp.log(2), evaluate=False),
    sp.exp(-y) / 2,
    sp.Mul(sp.exp(y), sp.exp(2 * y), evaluate=False),
    sp.exp(-1),
    sp.E,
]
"""Partners of one another, also where one of two is no exponential, or where factors join."""


@pytest.mark.parametrize("one", TERMS, ids=sp.srepr)
def test_no_partner_of_an_exponential_is_passed_over(one: sp.Expr) -> None:
    """Partners are written only where they can be there: the same sums as if all were."""
    sums = [sp.Add(one, term, evaluate=False) for other in TERMS for term in (other, -other)]
    found = [rewritten_sum(total) for total in sums]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(_Terms, "may_hold_inverse", lambda *_: True)
        assert found == [rewritten_sum(total) for total in sums]


def test_a_partner_passed_over_is_seen() -> None:
    """The false neighbor of the test above."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(_Terms, "may_hold_inverse", lambda *_: False)
        assert rewritten_sum(sp.exp(y) + sp.exp(-y)) == sp.exp(y) + sp.exp(-y)
    assert rewritten_sum(sp.exp(y) + sp.exp(-y)) == 2 * sp.cosh(y)

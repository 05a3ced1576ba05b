"""The measure itself: what it bounds, and what it makes of wrong numbers."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpc, mpf

from symgan.kernels import KernelError, compile, error_against_reference
from symgan.kernels.evaluate import evaluate, sized
from symgan.kernels.measure import Comparison, envelope, worst
from symgan.system import Flow
from tests.kernels.exact import divided_difference
from tests.kernels.test_divided import node_lists, times

x, y = sp.symbols("x y", real=True)


@settings(max_examples=60)
@given(node_lists(), times)
def test_the_envelope_bounds_every_difference(nodes: list[complex], t: float) -> None:
    with mpmath.workdps(60):
        for j, bound in enumerate(envelope([mpc(r) for r in nodes], t)):
            # equality for one node; both sides are rounded at 60 digits
            assert abs(divided_difference(nodes[: j + 1], t)) <= bound * (1 + mpf(10) ** -50)


@pytest.mark.parametrize("t", [1e-300, 1e-9])
def test_the_envelope_is_tight_near_zero(t: float) -> None:
    nodes = [0, -1, mpc(0, 1), mpc(0, -1)]
    for j, bound in enumerate(envelope(nodes, t)):
        assert abs(abs(divided_difference(nodes[: j + 1], t)) / bound - 1) < 1e-8


def test_magnitudes_add_what_values_cancel() -> None:
    found = sized(x - y + sp.sin(x), {x: mpf(2), y: mpf(2)})
    assert found.value == mpmath.sin(2)
    assert found.magnitude == 4 + mpmath.sin(2) + 2 * abs(mpmath.cos(2))
    product = sized((x - y) * x**-2, {x: mpf(2), y: mpf(2)})
    assert product.value == 0
    assert product.magnitude == 4 * mpf(2) / 4


@settings(max_examples=40)
@given(st.floats(0.1, 3), st.floats(-3, 3))
def test_evaluation_by_another_path(u: float, v: float) -> None:
    """The tree walk agrees with SymPy's own evalf; a neighbor does not."""
    expression = (
        sp.exp(x * y) / (1 + sp.tanh(y) ** 2) + sp.log(x) * sp.sqrt(x) - sp.Abs(y) * sp.erf(x)
    )
    with mpmath.workdps(40):
        walked = evaluate(expression, {x: mpf(u), y: mpf(v)})
        # one binary point: evalf of exact rationals, 40 digits
        other = mpf(str(expression.subs({x: sp.Rational(u), y: sp.Rational(v)}).evalf(40)))
        assert abs(walked - other) <= mpf(10) ** -36
        assert abs(walked * (1 + mpf(10) ** -30) + mpf(10) ** -32 - other) > mpf(10) ** -36


def test_numbers_that_are_not_finite_are_infinitely_wrong() -> None:
    ok = Comparison(1.0, mpf(1), mpf(1), {})
    nan = Comparison(float("nan"), mpf(1), mpf(1), {"here": 1})
    found = worst([ok, nan, ok])
    assert found.error == np.inf
    assert found.where == {"here": 1}
    assert found.compared == 3
    assert Comparison(1e-9, mpf(0), mpf(0), {}).error == np.inf
    assert Comparison(1e-320, mpf(0), mpf(0), {}).error == 0  # underflow


def test_nothing_compared_is_an_error() -> None:
    with pytest.raises(KernelError, match="nothing to compare"):
        worst([])
    flow = Flow((x,), (x,))
    with pytest.raises(KernelError, match="give states"):
        error_against_reference(compile(flow), flow)

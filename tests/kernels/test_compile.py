"""What compile accepts, refuses and says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp

from symgan.errors import SymganError
from symgan.games.dirac import dirac
from symgan.kernels import ExpressionKernel, FlowKernel, KernelError, MapKernel, compile
from symgan.system import Flow, Map

x, y, a = sp.symbols("x y a", real=True)
CIRCLE = Flow((x, y), (-a * y, a * x), parameters=(a,))
TURN = Map((x, y), (x - a * y, y + a * x), parameters=(a,))
STATE = [[1.0, 2.0]]


def test_expressions_matrices_and_scalars() -> None:
    matrix = compile(CIRCLE.jacobian(), arguments=[x, y, a])
    assert isinstance(matrix, ExpressionKernel)
    assert matrix({"x": [1.0, 2.0], "y": 0.0, "a": 3.0}).tolist() == [[[0, -3], [3, 0]]] * 2
    assert compile((x, x**2), arguments=[x])({x: 3.0}).tolist() == [3, 9]
    scalar = compile(x + a, arguments=[x, a])
    assert scalar({"x": [1.0, 2.0], "a": 1.0}).tolist() == [2, 3]
    assert compile(sp.Integer(2), arguments=[x])({"x": np.zeros(3)}).tolist() == [2, 2, 2]


def test_kernels_show_their_arguments_and_code() -> None:
    kernel = compile(CIRCLE, backend="numpy")
    assert isinstance(kernel, FlowKernel)
    assert kernel.arguments == (x, y, a)
    assert "def kernel(x, y, a)" in kernel.source
    assert kernel(STATE, parameters={a: 2}).tolist() == [[-4, 2]]
    assert isinstance(compile(TURN), MapKernel)
    with pytest.raises(AttributeError):
        kernel.source = ""  # type: ignore[misc]


def test_branches_of_mixed_shapes() -> None:
    t = sp.Symbol("t", nonnegative=True)
    flow = Flow((x,), (sp.Piecewise((a, t < 1), (x, t < 2), (0, True)),), parameters=(a,), time=t)
    got = compile(flow).field([[5.0]], [0.5, 1.0, 1.5, 2.0], {"a": 7})
    assert got[:, 0].tolist() == [7, 5, 5, 0]


def test_error_functions() -> None:
    got = compile(sp.erf(x) + sp.erfc(x), arguments=[x])({"x": [-1.0, 0.0, 2.0]})
    np.testing.assert_allclose(got, 1, rtol=4e-16)  # two roundings


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: compile(dirac().flow()), r"no backend knows the function f'\(psi\*theta\)"),
        (lambda: compile(sp.gamma(x), arguments=[x]), r"no backend knows the function gamma\(x\)"),
        (lambda: compile(x + sp.I, arguments=[x]), "holds I"),
        (lambda: compile(x + y, arguments=[x]), "holds y, not among its arguments"),
        (lambda: compile(x), "give a Flow, a Map"),
        (lambda: compile((), arguments=[x]), "no expressions"),
        (lambda: compile(x > 0, arguments=[x]), "not a scalar expression"),
        (lambda: compile(x, arguments=[x, sp.Symbol("x")]), "two arguments are called 'x'"),
        (lambda: compile(CIRCLE, backend="fortran"), "unknown backend 'fortran'"),
        (lambda: compile(CIRCLE, dtype=int), "not supported; use float64 or float32"),
        (lambda: compile(CIRCLE, dtype="quad"), "not supported"),
        (
            lambda: compile(CIRCLE).field([1.0, 2.0, 3.0], parameters={"a": 1}),
            "last axis must be 2",
        ),
        (lambda: compile(CIRCLE).field(1.0, parameters={"a": 1}), "last axis must be 2"),
        (lambda: compile(CIRCLE).field(STATE), "missing parameter 'a'; it takes a"),
        (
            lambda: compile(CIRCLE).field(STATE, parameters={"a": 1, "b": 1}),
            "unknown parameter 'b'",
        ),
        (lambda: compile(CIRCLE).field(STATE, parameters={"a": 1, a: 1}), "given twice"),
        (lambda: compile(CIRCLE).field([[1j, 0]], parameters={"a": 1}), "is complex"),
        (lambda: compile(CIRCLE).field([["u", "v"]], parameters={"a": 1}), "not numeric"),
        (lambda: compile(CIRCLE).field([[x, 0]], parameters={"a": 1}), "not real numbers"),
        (lambda: compile(CIRCLE).field(np.empty((0, 2)), parameters={"a": 1}), "empty batch"),
        (
            lambda: compile(CIRCLE).field(np.ones((3, 2)), parameters={"a": [1, 2]}),
            "do not broadcast",
        ),
        (lambda: compile(TURN).iterate(STATE, -1, {"a": 1}), "steps must be a whole number"),
        (lambda: compile(TURN).iterate(STATE, 1.5, {"a": 1}), "steps must be a whole number"),  # type: ignore[arg-type]
        (lambda: compile(TURN).trajectory(STATE, 2, {"a": 1}, every=0), "every must be"),
        (lambda: compile(TURN).iterate(STATE, 2, {"a": 1}, noise=[[0.0]]), "no noise symbols"),
        (lambda: compile(Map((x,), (x + y,), noise=(y,))).iterate([1.0], 2), "draws y; give noise"),
        (
            lambda: compile(Map((x,), (x + y,), noise=(y,))).iterate([1.0], 2, noise=[[1.0]]),
            r"give \(2, ..., 1\)",
        ),
    ],
)
def test_one_clear_sentence(call: Any, message: str) -> None:
    with pytest.raises(KernelError, match=message) as caught:
        call()
    assert isinstance(caught.value, SymganError)
    assert "\n" not in str(caught.value)


def test_divergence_is_silent_and_visible() -> None:
    """An orbit that leaves float64 says so in its values, not in warnings."""
    got = compile(Map((x,), (x**3,))).trajectory([10.0], 12)
    assert np.isfinite(got[0, 0])
    assert np.isinf(got[-1, 0])

"""SymPy to torch: values and two derivatives keep their digits, and no gradient is nan."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest
import sympy as sp
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf
from sympy import Abs, Heaviside, Max, Min, Piecewise, Rational, Symbol, erf, erfc, exp, log, sqrt

from symgan.empirical.bridge import compiled, elementwise
from symgan.empirical.bridge.fields import pull
from symgan.errors import GameError
from symgan.kernels import KernelError
from symgan.kernels.evaluate import evaluate, sized
from symgan.losses import SCALAR_LOSSES

x, y = sp.symbols("x y", real=True)
ULP = 2.0**-52
FEW = 6
"""An elementary function of torch errs by up to 2 ulp, its argument by one, and a second
derivative is a sum of three such products."""

EVERYWHERE = {
    **{name: f(x) for name, f in SCALAR_LOSSES.items() if name != "hinge"},
    "softplus": log(1 + exp(x)),
    "logistic": exp(x) / (1 + exp(x)) ** 2,
    "expm1": exp(x) - 1,
    "erf": erf(x / 3),
    "erfc": erfc(x / 3),
    "atan": sp.atan(x),
    "asinh": sp.asinh(x),
    "sin": sp.sin(x) * sp.cos(3 * x),
    "sinh": sp.sinh(x / 5) + sp.cosh(x / 7),
    "root": sqrt(1 + x**2) + (2 + sp.tanh(x)) ** Rational(1, 3),
    "quotient": (x**3 - 2) / (x**2 + sqrt(2)),
    "power": (x**2 + 1) ** -3,
}
POSITIVE = {
    "log": log(x),
    "log1p": log(1 + x),
    "rest": log(1 - exp(-x)),
    "cube root": x ** Rational(1, 3),
}


def _derivatives(expression: Any, at: float) -> list[float]:
    """Value, slope and curvature by autograd."""
    u = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    (value,) = compiled([expression], [x])(u)
    (slope,) = pull((value,), (u,), graph=True)
    (bend,) = pull((slope,), (u,), graph=True)
    return [float(t.detach()) for t in (value, slope, bend)]


def _worst(expression: Any, at: float) -> float:
    """The worst error in ulp of the terms of SymPy's own derivatives."""
    errors = []
    with mpmath.workdps(60):
        place = {x: mpf(at)}
        for order, got in enumerate(_derivatives(expression, at)):
            exact = sized(sp.diff(expression, x, order), place)
            lost = abs(mpf(got) - exact.value) - mpf(2) ** -1022
            errors.append(float(lost / exact.magnitude / ULP) if lost > 0 else 0.0)
    return max(errors)


@pytest.mark.parametrize("name", EVERYWHERE)
def test_values_and_derivatives_everywhere(name: str) -> None:
    points = (0.0, 1e-9, -0.7, 17.0, -38.0, 300.0)
    assert max(_worst(EVERYWHERE[name], at) for at in points) <= FEW


@pytest.mark.parametrize("name", POSITIVE)
def test_values_and_derivatives_of_positive_arguments(name: str) -> None:
    assert max(_worst(POSITIVE[name], at) for at in (1e-6, 0.3, 0.69, 2.0, 40.0)) <= FEW


@settings(max_examples=25)
@given(st.floats(-700, 700), st.sampled_from(sorted(EVERYWHERE)))
def test_values_and_derivatives_at_any_point(at: float, name: str) -> None:
    assert _worst(EVERYWHERE[name], at) <= FEW


def test_native_code_would_not_pass() -> None:
    """torch's softplus is linear beyond 20; what the measure is for."""
    native = float(torch.nn.functional.softplus(torch.tensor(25.0, dtype=torch.float64)))
    with mpmath.workdps(40):
        exact = mpmath.log(1 + mpmath.exp(25))
        assert abs(native - exact) / exact / ULP > FEW
        assert abs(_derivatives(EVERYWHERE["softplus"], 25.0)[0] - exact) / exact / ULP <= FEW


CHOICES = {
    "root beside zero": (Piecewise((sqrt(x), x > 0), (0, True)), -1.0, [0.0, 0.0]),
    "logarithm at its pole": (Piecewise((log(x), x > 0), (x**2, True)), 0.0, [0.0, 0.0]),
    "quotient at its pole": (Piecewise((1 / x, x > 1), (3 * x, True)), 0.0, [0.0, 3.0]),
    "overflow": (Piecewise((exp(x), x < 1), (x, True)), 1000.0, [1000.0, 1.0]),
    "nested": (
        Piecewise((Piecewise((log(x - 1), x > 1), (7, True)), x > 0), (x**2, True)),
        -2.0,
        [4.0, -4.0],
    ),
    "joined": (Piecewise((log(-x), sp.And(x < 0, x > -9)), (x, True)), 0.0, [0.0, 1.0]),
}


@pytest.mark.parametrize("name", CHOICES)
def test_gradients_of_branches_not_taken_do_not_leak(name: str) -> None:
    expression, at, expected = CHOICES[name]
    found = _derivatives(expression, at)
    assert found[:2] == expected
    assert found[2] == found[2]  # no nan in the second derivative either


def test_where_alone_leaks() -> None:
    u = torch.tensor(0.0, requires_grad=True)
    value = torch.where(u > 0, torch.log(u), u**2)
    assert torch.autograd.grad(value, u)[0].isnan()


def test_choices_entry_by_entry_and_under_vmap() -> None:
    f = elementwise(Piecewise((sqrt(x), x > 0), (-x, True)), x)
    points = torch.tensor([4.0, -3.0, 0.0])
    slope = torch.func.vmap(torch.func.grad(f))(points)
    assert f(points).tolist() == [2.0, 3.0, -0.0]
    assert slope.tolist() == [0.25, -1.0, -1.0]


@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated")  # torch's own, inside jvp
def test_transforms_of_stable_functions() -> None:
    """Forward mode, vmap and double backward agree."""
    f = elementwise(log(1 + exp(x)), x)
    points = torch.linspace(-3, 3, 7, dtype=torch.float64)
    backward = torch.func.vmap(torch.func.grad(f))(points)
    forward = torch.func.jvp(f, (points,), (torch.ones_like(points),))[1]
    assert torch.equal(backward, forward)
    assert torch.autograd.gradcheck(f, points.requires_grad_())
    assert torch.autograd.gradgradcheck(f, points)


@pytest.mark.parametrize(
    ("expression", "at", "slope"),
    [
        (Min(0, x - 1), 1.0, 0.5),  # SymPy: Heaviside(0) = 1/2
        (Max(x, 2 * x), 0.0, 1.5),
        (Abs(x), 0.0, 0.0),
        (sp.sign(x) * x, 0.0, 0.0),
        (Heaviside(x) * (x + 1), 0.0, 0.5),
        (Min(x, 2, x**2 + 1), 1.5, 1.0),
        (Max(x, -x, 3), -4.0, -1.0),
    ],
)
def test_slopes_at_kinks_are_those_of_sympy(expression: Any, at: float, slope: float) -> None:
    assert _derivatives(expression, at)[1] == slope


def test_common_subexpressions_are_computed_once() -> None:
    source = compiled([sp.tanh(x * y) + 1, sp.tanh(x * y) ** 2], [x, y]).source
    assert source.count("functions.tanh") == 1


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_results_follow_the_arguments(dtype: torch.dtype) -> None:
    found = compiled([x / 3 + sqrt(2), sp.Integer(2)], [x])(torch.tensor(1.0, dtype=dtype))
    assert [value.dtype for value in found] == [dtype, dtype]
    assert abs(float(found[0]) - (1 / 3 + 2**0.5)) <= 2 * torch.finfo(dtype).eps


def test_names_that_mean_something_else_in_code() -> None:
    odd = [Symbol("lambda", real=True), Symbol("torch", real=True), Symbol(r"\mu", real=True)]
    assert float(compiled([sp.Add(*odd)], odd)(1.0, 2.0, 4.0)[0]) == 7.0


@settings(max_examples=30)
@given(st.floats(-50, 50), st.floats(-50, 50))
def test_conditions(a: float, b: float) -> None:
    told = compiled([sp.And(x > y, sp.Not(y > 3)), sp.Or(x <= 1, sp.Ne(y, 2))], [x, y])
    found = [bool(value) for value in told(*torch.tensor([a, b], dtype=torch.float64))]
    assert found == [a > b and not b > 3, a <= 1 or b != 2]


def test_refusals() -> None:
    with pytest.raises(KernelError, match="no backend knows"):
        compiled([sp.Function("g")(x)], [x])
    with pytest.raises(KernelError, match="not among its arguments"):
        compiled([x + y], [x])
    with pytest.raises(GameError, match="no function of x alone"):
        elementwise(x * y, x)


def test_the_measure_rejects_a_wrong_derivative() -> None:
    with mpmath.workdps(60):
        exact = evaluate(sp.diff(EVERYWHERE["tanh"], x), {x: mpf("0.7")})
        assert abs(float(exact) * (1 + 1e-14) - exact) / exact / ULP > FEW

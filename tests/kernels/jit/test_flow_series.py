"""Power series in machine code against Taylor coefficients by differentiation to 60 digits."""

from __future__ import annotations

from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.codegen.cfunctions import expm1, log1p

from symgan.kernels.body import PARAMETER, STATE
from symgan.kernels.errors import NoSeries
from symgan.kernels.jit.calls import Variant, evaluate
from symgan.kernels.jit.emit import Emitter
from symgan.kernels.jit.engine import assembled, loaded
from symgan.kernels.jit.flows.expansion import SLOPES, Expansion
from symgan.kernels.jit.flows.power_series import Given
from symgan.kernels.jit.functions import FUNCTIONS
from symgan.kernels.jit.levels import ONCE, TRAJECTORY, Outward, Writers
from symgan.kernels.jit.loops import Loop
from symgan.kernels.jit.target import host
from symgan.kernels.jit.vectors import SCALING_BITS, written_out
from symgan.kernels.rewrite import sigmoid, softplus

ORDER = 9
RADIUS = 0.25
"""Coefficients are weighted by its powers: the series of the functions below converge there."""
ROUNDINGS = 20
"""Units in the last place of the largest weighted coefficient that one may err by; the worst
measured is 8.3."""

x, a = sp.symbols("x a", real=True)
PLACES = [[0.4, -0.7, 0.3], [0.9, 0.5, -0.2], [0.05, 1.0, 0.6]]
"""Coefficients of x: every function below is regular there."""
EXPRESSIONS = [
    *(function(x) for function in SLOPES if function not in (sp.acosh,)),
    sp.acosh(x + 2),
    sp.log(x + 2),
    log1p(x),
    sp.log(1 + x**2),
    1 / (x + 2),
    (1 + x) / (2 - x) / (3 + x**2),
    sp.sqrt(x + 2),
    1 / sp.sqrt(x + 2),
    (x + 2) ** sp.Rational(5, 2),
    (x + 2) ** sp.Rational(1, 3),
    (x + 2) ** sp.Rational(-4, 3),
    (x + 2) ** a,
    (x + 2) ** -a,
    (x + 2) ** x,
    sp.pi**x,
    x**2,
    x**7,
    x**-2 + (x + 1) ** 3,
    -a * x * sp.exp(x) * sp.sin(x) + 3,
    a - sp.cos(x) / 7 - x / 3 + sp.sin(x),
    sp.Float(0.1) * x - sp.Rational(1, 3),
    sp.exp(-(x**2) / 2) * (1 + sp.erf(x)) / sp.sqrt(2 * sp.pi),
    x * sp.exp(x) / (1 + sp.exp(x)),
]
VALUE = 0.37


@cache
def compiled(expression: Any) -> Any:
    """(three coefficients of x, a) -> the coefficients of an expression, as machine code."""
    target = host()
    writers = Writers(np.float64, scales=target.bits == SCALING_BITS)
    loop, code = Loop(writers, target.bits), Outward(writers)
    first = [loop.load(i, TRAJECTORY) for i in range(3)]
    number = loop.load(3, ONCE)
    emit = Emitter(writers, {x: first[0], a: number}, {x: STATE, a: PARAMETER}, FUNCTIONS)
    expansion = Expansion(emit, code, {x: Given(code, *first)})
    series = expansion.of(expression)
    for k in range(ORDER + 1):
        expansion.extend(k)
    results = [series[k] or code.const(0) for k in range(ORDER + 1)]
    lanes = target.bits // 64
    text = written_out(loop.evaluation(results, 4), lanes, 1)
    return Variant(lanes, loaded(assembled(text, target), target))


def coefficients(expression: Any, places: Any) -> Any:
    """Coefficients (places, order + 1) by machine code."""
    columns = [*np.ascontiguousarray(np.array(places, dtype=float).T), np.array(VALUE)]
    found = np.empty((ORDER + 1, len(places)))
    evaluate(compiled(expression), columns, found, 1)
    return found.T


def exact(expression: Any, place: Any) -> Any:
    """The coefficients by mpmath's numerical derivatives at 60 digits: another route altogether."""
    s = sp.Symbol("s", real=True)
    path = sum(sp.Rational(c) * s**k for k, c in enumerate(map(sp.Rational, place)))
    along = expression.subs({x: path, a: sp.Rational(VALUE)})
    along = along.replace(sigmoid, lambda u: 1 / (1 + sp.exp(-u)))
    along = along.replace(softplus, lambda u: sp.log(1 + sp.exp(u)))
    along = along.replace(expm1, lambda u: sp.exp(u) - 1).replace(log1p, lambda u: sp.log(1 + u))
    function = sp.lambdify(s, along, modules="mpmath")
    with mpmath.workdps(60):
        return mpmath.taylor(function, 0, ORDER)


def deviation(found: Any, wanted: Any) -> float:
    """The largest error of a weighted coefficient, in units of the largest one's last place."""
    weights = RADIUS ** np.arange(ORDER + 1)
    size = max(abs(float(w)) * r for w, r in zip(wanted, weights, strict=True))
    errors = [float(abs(f - w)) * r for f, w, r in zip(found, wanted, weights, strict=True)]
    return max(errors) / (size * 2.0**-53)


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_series(expression: Any) -> None:
    for place, found in zip(PLACES, coefficients(expression, PLACES), strict=True):
        wanted = exact(expression, place)
        assert deviation(found, wanted) <= ROUNDINGS
        for k in range(ORDER + 1):  # every coefficient is looked at: a slip in one is seen
            slipped = found.copy()
            slipped[k] += 1e-12 * RADIUS**-k * max(abs(float(w)) for w in wanted)
            assert deviation(slipped, wanted) > ROUNDINGS


reals = st.floats(-1, 1).map(lambda v: round(v, 3))
leaves = st.sampled_from([x, a, sp.Integer(2), sp.Rational(-1, 3)])


def _grown(inner: Any) -> Any:
    unary = st.sampled_from([sp.sin, sp.tanh, sp.atan, sigmoid, softplus, lambda u: 1 / (3 + u**2)])
    return st.one_of(
        st.builds(lambda f, u: f(u), unary, inner),
        st.builds(lambda u, v: u + v, inner, inner),
        st.builds(lambda u, v: u - v, inner, inner),
        st.builds(lambda u, v: u * v, inner, inner),
    )


@settings(max_examples=25)
@given(st.recursive(leaves, _grown, max_leaves=6), st.lists(reals, min_size=3, max_size=3))
def test_series_of_any_expression(expression: Any, place: list[float]) -> None:
    """Compositions, whose parts may be shared, cancel, or stand still."""
    (found,) = coefficients(expression, [place])
    wanted = exact(expression, place)
    weights = RADIUS ** np.arange(ORDER + 1)
    error = max(float(abs(f - w)) * r for f, w, r in zip(found, wanted, weights, strict=True))
    assert error <= 4 * (1 + sp.count_ops(expression)) * _size(expression, place) ** 2 * 2.0**-53


def _size(expression: Any, place: list[float]) -> float:
    """The largest weighted sum of coefficients among the parts, or 1.

    Squared, as a product's roundings are relative to both factors; of 150 drawn expressions the
    worst erred by 1.3 of its square's last place.
    """
    parts = [part for part in sp.preorder_traversal(expression) if part.free_symbols]
    weights = RADIUS ** np.arange(ORDER + 1)
    return max([1.0, *(float(np.abs(exact(p, place)).astype(float) @ weights) for p in parts)])


def test_what_stands_still_costs_nothing() -> None:
    """x does not occur: coefficients above the first are zero and no line is written for them."""
    (found,) = coefficients(sp.exp(a) + 1, [PLACES[0]])
    assert found[0] == pytest.approx(1 + np.exp(VALUE), rel=1e-15)
    assert not found[1:].any()


@pytest.mark.parametrize("function", [sp.atan2(x, 2 - x), sp.Abs(x), sp.floor(x)])
def test_no_series(function: Any) -> None:
    with pytest.raises(NoSeries, match=f"series of {type(function).__name__} is not known"):
        compiled(function)

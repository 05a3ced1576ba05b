"""Derivatives are SymPy's to the last bracket, however they are found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan import differentiation, rules
from symgan.differentiation import diff, jacobian
from symgan.expectation import NORMAL, Expectation
from symgan.games.annealed import tiny_gan
from symgan.games.dirac import dirac
from symgan.losses import GenericLoss

x, y, z = sp.symbols("x y z", real=True)
p = sp.Symbol("p", positive=True)
n = sp.Symbol("n", integer=True)
free = sp.Function("free")

LISTED = {
    "sum of equals": x + 2 * x * y - x * y,
    "product": x * y * sp.exp(x * y) * sp.tanh(x - y),
    "product of equals": (x + y) ** 3 * (x - y) / (x + y),
    "power": (x**2 + y) ** sp.Rational(3, 2),
    "root": sp.sqrt(x) * sp.sqrt(x * y),
    "power with a symbol": p ** (x * y) * x**p,
    "power of a power": (x**2 + 1) ** (x + y),
    "two arguments": sp.Max(x, y**2) + sp.atan2(x, y) + sp.besselj(1, x * y),
    "kinks": sp.Abs(x * y) + sp.sign(x) * x + sp.Heaviside(x - y),
    "choice": sp.Piecewise((x**2, x < y), (sp.exp(x) * y, x < 2 * y), (y, True)),
    "choice by the symbol alone": sp.Piecewise((y, x < 1), (p, True)),
    "free loss": GenericLoss(x * y) * GenericLoss(-x),
    "free function": free(x * y, x) * x,
    "its derivative": sp.Derivative(free(x, y), y) * x,
    "integral": sp.Integral(sp.exp(-x * z**2), (z, 0, y)) * x,
    "sum over an index": sp.Sum(x**n, (n, 0, 3)) + x,
    "mean": Expectation(sp.tanh(x * z + y), z, NORMAL) * x,
    "complex": sp.re(x + sp.I * y) * sp.exp(sp.I * x),
    "floating point": 0.1 * x**2.5 - sp.Float("0.0") * y,
    "number": sp.Integer(3),
    "symbol": x,
}


def differing(expression: Any, rule: Callable[[Any, Any], Any] = diff) -> list[str]:
    """By which symbols a rule's derivative is another expression than SymPy's."""
    symbols = (x, y, p)
    return [
        str(s) for s in symbols if sp.srepr(rule(expression, s)) != sp.srepr(sp.diff(expression, s))
    ]


@pytest.mark.parametrize("expression", LISTED.values(), ids=LISTED)
def test_each_kind_of_expression(expression: Any) -> None:
    assert differing(expression) == []


LEAVES = st.sampled_from([x, y, p, sp.Integer(0), sp.Integer(-2), sp.Rational(2, 3), sp.pi])
FUNCTIONS = (sp.exp, sp.tanh, sp.cos, sp.Abs, sp.sign, lambda u: sp.log(1 + u**2), sp.erf)


def _joined(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pairs = st.tuples(parts, parts)
    return st.one_of(
        pairs.map(lambda uv: uv[0] + uv[1]),
        pairs.map(lambda uv: uv[0] * uv[1]),
        st.tuples(parts, st.sampled_from([2, 3, sp.Rational(1, 2)])).map(lambda uk: uk[0] ** uk[1]),
        st.tuples(st.sampled_from(FUNCTIONS), parts).map(lambda fu: fu[0](fu[1])),
        pairs.map(lambda uv: sp.Piecewise((uv[0], x < y), (uv[1], True))),
    )


@settings(max_examples=200)
@given(st.recursive(LEAVES, _joined, max_leaves=8))
def test_any_expression(expression: Any) -> None:
    assert differing(expression) == []


@pytest.mark.parametrize("name", ["alternating", "symplectic-adjustment", "unrolled"])
@pytest.mark.parametrize("game", [dirac(), tiny_gan()], ids=["dirac", "tiny-gan"])
def test_jacobians_of_rules(game: Any, name: str) -> None:
    eta = sp.Symbol("eta", positive=True)
    system = rules.named(name)(game, eta)
    found = jacobian(system.rhs, system.state)
    theirs = sp.Matrix(system.rhs).jacobian(sp.Matrix(system.state))
    assert sp.srepr(found) == sp.srepr(theirs)


def test_what_is_no_symbol_is_sympys() -> None:
    assert diff(free(x) ** 2, free(x)) == 2 * free(x)
    assert diff(sp.Matrix([x * y]), x) == sp.Matrix([y])


def _all_but_one(node: Any, symbol: Any, done: Any) -> Any:
    """A product rule that forgets the last factor."""
    return sp.Add(*(sp.diff(arg, symbol) * node / arg for arg in node.args[:-1]))


def test_a_forgotten_factor_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differentiation, "_of_product", _all_but_one)
    assert differing(LISTED["product"]) == ["x", "y"]


def test_a_sum_in_another_form_is_noticed() -> None:
    """Equal in value is not enough."""
    assert differing((x + y) ** 3, lambda e, s: sp.expand(sp.diff(e, s))) == ["x", "y"]

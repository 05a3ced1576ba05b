"""Flows and maps: composition, Jacobians, substitution, refusals."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, Symbol

from symgan.errors import GameError
from symgan.system import Flow, Map

x, y, a = sp.symbols("x y a", real=True)
k = Symbol("k", integer=True, nonnegative=True)
xi = Symbol("xi", real=True)

coefficients = st.integers(-3, 3)
expressions = st.tuples(*[coefficients] * 5).map(
    lambda c: c[0] + c[1] * x + c[2] * y + c[3] * x * y + c[4] * a * x**2
)
maps = st.tuples(expressions, expressions).map(lambda rhs: Map((x, y), rhs, parameters=(a,)))
numbers = st.fractions(-2, 2, max_denominator=9).map(lambda q: Rational(*q.as_integer_ratio()))


def at(system: Any, point: tuple[Any, Any], value: Any) -> tuple[Any, ...]:
    here: dict[Any, Any] = {x: point[0], y: point[1], a: value}
    return tuple(f.subs(here, simultaneous=True) for f in system.rhs)


@given(maps, maps, st.tuples(numbers, numbers), numbers)
def test_then_is_composition(first: Map, second: Map, point: Any, value: Any) -> None:
    composed = first.then(second)
    assert at(composed, point, value) == at(second, at(first, point, value), value)
    assert composed.stages == (first, second)


@given(maps, maps, maps)
def test_composition_is_associative(f: Map, g: Map, h: Map) -> None:
    left, right = f.then(g).then(h), f.then(g.then(h))
    assert [sp.expand(p - q) for p, q in zip(left.rhs, right.rhs, strict=True)] == [0, 0]
    assert left.stages == right.stages == (f, g, h)


@given(maps, maps)
def test_chain_rule(f: Map, g: Map) -> None:
    """The Jacobian of a composition is the product of Jacobians."""
    inner: dict[Any, Any] = dict(zip(f.state, f.rhs, strict=True))
    product = g.jacobian().subs(inner, simultaneous=True) * f.jacobian()
    assert (f.then(g).jacobian() - product).expand() == sp.zeros(2, 2)


def test_composition_is_not_commutative() -> None:
    """The false neighbor of the laws above."""
    f, g = Map((x, y), (x + 1, y)), Map((x, y), (2 * x, y))
    assert f.then(g).rhs != g.then(f).rhs


@given(maps, numbers)
def test_substitution_commutes_with_composition(f: Map, value: Any) -> None:
    whole, parts = f.then(f).subs({a: value}), f.subs({a: value}).then(f.subs({a: value}))
    assert [sp.expand(p - q) for p, q in zip(whole.rhs, parts.rhs, strict=True)] == [0, 0]
    assert whole.parameters == ()
    assert all(a not in s.parameters for s in whole.stages)


def test_substitution_is_simultaneous() -> None:
    b = Symbol("b", real=True)
    flow = Flow((x,), (a * x + b,), parameters=(a, b))
    assert flow.subs({a: 2, b: 3}).rhs == (2 * x + 3,)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: Flow((x, y), (y,)), r"flow on 2 symbols needs as many right-hand sides, not 1"),
        (lambda: Flow((x,), (a * x,)), r"undeclared symbols: a"),
        (lambda: Flow((x, x), (x, x)), r"one symbol twice"),
        (lambda: Flow((x,), (x,), parameters=(x,)), r"one symbol twice"),
        (lambda: Map((x,), (k * x,)), r"undeclared symbols: k"),
        (lambda: Map((x,), (x + xi,)), r"undeclared symbols: xi"),
        (lambda: Map((x,), (x,)).then(Map((y,), (y,))), r"different states"),
        (
            lambda: Map((x,), (k * x,), index=k).then(Map((x,), (a * x,), index=a)),
            r"different indices",
        ),
        (
            lambda: Map((x,), (x + xi,), noise=(xi,)).then(Map((x,), (x + xi,), noise=(xi,))),
            r"noise under the same symbols",
        ),
    ],
)
def test_refusals(build: Any, sentence: str) -> None:
    with pytest.raises(GameError, match=sentence):
        build()


def test_autonomy_is_read_from_the_right_hand_side() -> None:
    t = Symbol("t", nonnegative=True)
    assert Flow((x,), (x,), time=t).autonomous
    assert not Flow((x,), (x + t,), time=t).autonomous


def test_jacobian_at_a_point_is_simultaneous() -> None:
    flow = Flow((x, y), (x * y, x))
    assert flow.jacobian({x: y, y: x}) == sp.Matrix([[x, y], [1, 0]])

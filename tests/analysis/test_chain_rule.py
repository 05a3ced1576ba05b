"""Values and Jacobians by the chain rule, against SymPy's derivatives substituted afterwards."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Integer, Matrix, Rational

from symgan.analysis.chain_rule import values_and_jacobian
from symgan.analysis.points import jacobian_at
from symgan.errors import GameError
from symgan.system import Flow, Map

x, y, a = sp.symbols("x y a", real=True)
p = sp.Symbol("p", positive=True)
LEAVES = [x, y, a, p, Integer(2), Rational(-1, 3), Integer(0)]
VALUES = [Integer(0), Integer(1), Integer(-2), Rational(3, 2), a, 1 / p]


def joined(parts: Any) -> Any:
    pairs = st.tuples(parts, parts)
    return st.one_of(
        pairs.map(lambda t: t[0] + t[1]),
        pairs.map(lambda t: t[0] * t[1]),
        st.tuples(parts, st.sampled_from([2, 3, -1])).map(lambda t: (t[0] + 5) ** t[1]),
        parts.map(lambda e: sp.exp(e * x)),
        parts.map(lambda e: sp.sqrt(e**2 + 1)),
        parts.map(lambda e: sp.sin(e + y)),
        parts.map(lambda e: sp.sqrt(e**2 + x**2)),  # has no slope where both vanish
    )


EXPRESSIONS = st.recursive(st.sampled_from(LEAVES), joined, max_leaves=5)


def by_substitution(expressions: list[Expr], at: dict[Any, Expr]) -> Matrix:
    """The values, then the Jacobian, as one row an expression."""
    J = Matrix(expressions).jacobian(list(at))
    return Matrix.hstack(Matrix(expressions), J).subs(at, simultaneous=True)


def same(found: Matrix, wanted: Matrix) -> bool:
    """Equality at one place of the free parameters, to thirty digits."""
    place = {a: Rational(7, 5), p: Rational(11, 7)}
    gaps = (found - wanted).subs(place)
    sizes = wanted.subs(place)
    scale = max(1, *(abs(sp.N(e, 40)) for e in sizes))  # digits of the largest entry
    return all(abs(sp.N(gap, 40, maxn=200)) < sp.Float("1e-30") * scale for gap in gaps)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(EXPRESSIONS, min_size=1, max_size=2), st.sampled_from(VALUES), st.sampled_from(VALUES)
)
def test_it_is_the_derivative_substituted(
    expressions: list[Expr], first: Expr, second: Expr
) -> None:
    at = {y: second, x: first}  # columns come in the order of the point
    wanted = by_substitution(expressions, at)
    found = values_and_jacobian(expressions, at)
    if wanted.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        assert found is None
    elif found is None:
        assert any(_root_at_zero(e, at) for e in expressions)
    else:
        values, J = found
        assert J.shape == (len(expressions), 2)
        assert same(Matrix.hstack(Matrix(values), J), wanted)


def _root_at_zero(expression: Expr, at: dict[Any, Expr]) -> bool:
    roots = (r for r in expression.atoms(sp.Pow) if not r.exp.is_Integer)
    return any(sp.expand(r.base.subs(at, simultaneous=True)) == 0 for r in roots)


def test_a_wrong_entry_is_told_apart() -> None:
    """The comparison above refuses a slope that is off, and swapped columns."""
    f, at = [sp.exp(a * x) * y], {x: Integer(0), y: Integer(3)}
    wanted = by_substitution(f, at)
    assert same(Matrix([[3, 3 * a, 1]]), wanted)
    assert not same(Matrix([[3, 3 * a + Rational(1, 10**20), 1]]), wanted)
    assert not same(Matrix([[3, 1, 3 * a]]), wanted)


def test_a_factor_that_vanishes_hides_nothing_of_the_others() -> None:
    """Where two factors vanish the slope is zero; where one does, it is the other's value."""
    _, J = values_and_jacobian([x * y, x * (y + 1), x**2 * (y + 1)], {x: 0, y: 0}) or ([], Matrix())
    assert J.tolist() == [[0, 0], [1, 0], [0, 0]]


@pytest.mark.parametrize(
    "expression",
    [
        sp.sqrt(x),
        1 / x,
        x * sp.log(x),
        sp.sqrt(x**2 * y**2 + x**2),
        1 / sp.cosh(x) ** sp.Integer(2) / x**2,
        (x * y) ** Rational(1, 3),
    ],
)
def test_a_singular_part_is_left_to_others(expression: Expr) -> None:
    assert values_and_jacobian([expression], {x: 0, y: 1}) is None
    assert values_and_jacobian([expression], {x: 4, y: 1}) is not None


def test_what_is_bound_or_switches_is_differentiated_whole() -> None:
    inner = sp.Integral(x * p**2, (p, 0, y))
    switch = sp.Piecewise((x * y, x > 1), (x**2, True))
    at = {x: Integer(2), y: Integer(3)}
    values, J = values_and_jacobian([inner, switch], at) or ([], Matrix())
    assert [v.doit() for v in values] == [18, 6]
    assert J.doit() == Matrix([[9, 18], [3, 2]])


def test_a_jacobian_at_a_point_still_asks_for_rest_and_smoothness() -> None:
    flow = Flow((x, y), (y - x**2, a * (x - 1)), parameters=(a,))
    assert jacobian_at(flow, {x: 1, y: 1}) == Matrix([[-2, 1], [a, 0]])
    with pytest.raises(GameError, match="x = 1"):
        jacobian_at(flow, {x: 1, y: 2})
    with pytest.raises(GameError):
        jacobian_at(Map((x,), (x + abs(x),)), {x: 0})
    assert jacobian_at(Map((x,), (x + x * abs(x - 1),)), {x: 0}) == Matrix([[2]])

"""Sizes of expressions, counted no further than is asked."""

from __future__ import annotations

from typing import Any

import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Rational

from symgan.atlas.size import exceeds

x, y = sp.symbols("x y", positive=True)
LEAVES = [x, y, sp.Integer(-1), Rational(1, 2), Rational(-2, 3), sp.Integer(7), sp.pi]


def joined(parts: Any) -> Any:
    few = st.lists(parts, min_size=2, max_size=4)
    return st.one_of(
        few.map(lambda t: sp.Add(*t)),
        few.map(lambda t: sp.Mul(*t)),
        few.map(lambda t: sp.Max(*t)),
        st.tuples(parts, st.sampled_from([2, -1, -3, Rational(1, 2), Rational(-1, 2)])).map(
            lambda t: (t[0] + x) ** t[1]
        ),
        parts.map(sp.exp),
        parts.map(sp.sin),
        parts.map(lambda e: -e),
        st.tuples(parts, parts).map(lambda t: sp.Piecewise((t[0], x > y), (t[1], True))),
    )


EXPRESSIONS = st.recursive(st.sampled_from(LEAVES), joined, max_leaves=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(EXPRESSIONS, min_size=1, max_size=3), st.integers(-3, 3))
def test_it_is_the_count(expressions: list[Expr], off: int) -> None:
    """At the count it does not exceed, one below it does; so everywhere near it."""
    count = sum(int(e.count_ops()) for e in expressions)
    assert exceeds(expressions, count + off) is (off < 0)
    assert exceeds(iter(expressions), count + off) is (off < 0)


def test_a_large_expression_is_not_walked_to_its_end() -> None:
    """Shared parts make a sum of 2^200 terms; to count them all would take for ever."""
    large: Expr = x
    for k in range(1, 200):
        large = sp.Mul(sp.Add(large, k, evaluate=False), sp.Add(large, y, evaluate=False))
    assert exceeds([large], 60)
    assert not exceeds([], 0)

"""The measuring route on every connective, each with a neighbor that it rejects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
import pytest
import sympy as sp
from sympy import Symbol

from symgan.claims import by_numbers, by_z3, eq

Q = Symbol("Q", real=True)
x = Symbol("x", real=True)
POINTS = ({x: 1}, {x: sp.Rational(-3, 2)}, {x: 4})
SQUARE = by_numbers({Q: lambda place: place["x"] ** 2}, points=POINTS)


@pytest.mark.parametrize(
    ("statement", "holds"),
    [
        (eq(Q, x**2), True),
        (eq(Q, x**2 + sp.Rational(1, 10**30)), False),
        (eq(Q, -(x**2)), False),
        (Q > 0, True),
        (Q > 1, False),
        (Q >= 1, True),
        (Q < 16, False),
        (Q <= 16, True),
        (sp.Ne(Q, 3), True),
        (sp.Ne(Q, 16), False),
        (sp.And(Q > 0, eq(Q, x**2)), True),
        (sp.And(Q > 0, eq(Q, x)), False),
        (sp.Or(Q < 0, eq(Q, x**2), evaluate=False), True),
        (sp.Or(Q < 0, eq(Q, x), evaluate=False), False),
        (sp.Implies(x > 0, sp.Rational(1, 2) < Q, evaluate=False), True),
        (sp.Implies(x > 0, Q > 2, evaluate=False), False),
        (sp.Implies(x > 100, Q > 0, evaluate=False), None),  # no point meets the premise
        (sp.Equivalent(Q > 2, 2 + x - x < Q, evaluate=False), True),
        (sp.Equivalent(Q > 2, x > 2, evaluate=False), False),
    ],
)
def test_statements_are_measured(statement: sp.Basic, holds: bool | None) -> None:
    assert SQUARE(statement, sp.true, None).holds is holds


def test_a_small_difference_of_small_numbers_is_seen() -> None:
    tiny = by_numbers({Q: lambda place: mpmath.mpf(10) ** -60}, points=({x: 1},))
    assert tiny(eq(Q, sp.Rational(1, 10**60)), sp.true, None).holds is True
    assert tiny(eq(Q, sp.Rational(2, 10**60)), sp.true, None).holds is False


def test_the_witness_is_looked_at() -> None:
    statement = Q < 17
    assert SQUARE(statement, sp.true, None).holds is True
    assert SQUARE(statement, sp.true, {x: sp.Integer(5)}).holds is False


def test_points_outside_what_is_given_are_left_out() -> None:
    assert SQUARE(Q > 2, x > 3, None).holds is True
    assert SQUARE(Q > 2, x > 5, None).holds is None


@pytest.mark.parametrize(
    ("value", "statement"),
    [
        (sp.Integer(0), eq(Q, 0)),
        (x**2, eq(Q, x**2)),
        (x**2 + 1, sp.And(Q > 0, eq(x, x))),
    ],
)
def test_z3_is_no_route_where_nothing_is_left_to_decide(
    value: sp.Expr, statement: sp.Basic
) -> None:
    """0 = 0 after insertion is SymPy's own answer; asking z3 about it adds nothing."""
    found = by_z3({Q: value})(statement, sp.true, None)
    assert found.holds is None
    assert "nothing is left" in found.text


def test_z3_is_a_route_of_its_own() -> None:
    route = by_z3({Q: x**2 + 1})
    assert route(Q > 0, sp.true, None).holds is True
    assert route(Q > 1, sp.true, None).holds is False
    text = route(Q > 0, sp.true, None).certificate["text"]
    assert "(check-sat)" in text or "assert" in text


def test_a_quantity_is_measured_once_a_place() -> None:
    """Print, amendment and mutants are held against the same measurements, each at its place."""
    taken: list[int] = []

    def square(place: Mapping[str, Any]) -> Any:
        taken.append(int(place["x"]))
        return place["x"] ** 2

    route = by_numbers({Q: square}, points=({x: 2}, {x: 3}, {x: -2}))
    assert route(sp.And(eq(Q, x**2), Q > 0), sp.true, None).holds is True
    assert route(eq(Q, x**2 + 1), sp.true, None).holds is False
    assert route(eq(Q, 4), sp.true, None).holds is False  # 9 at x = 3, and not what 2 gave
    assert taken == [2, 3, -2]

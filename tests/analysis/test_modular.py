"""Linear independence modulo a prime, against exact ranks."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Matrix, Rational

from symgan.analysis.modular import PRIME, independent

a, b, x, y = sp.symbols("a b x y")
MONOMIALS = (sp.Integer(1), x, y, x * y, x**2)
ROWS = st.lists(st.integers(-2, 2), min_size=len(MONOMIALS), max_size=len(MONOMIALS))


def function(row: list[int], weight: Expr) -> Expr:
    terms = (c * m for c, m in zip(row, MONOMIALS, strict=True))
    return weight * sp.Add(*terms) / (x + 3)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=4), st.sampled_from([sp.Integer(1), a, 1 / (a + b)]))
def test_it_is_the_rank_over_the_rationals(rows: list[list[int]], weight: Expr) -> None:
    """Small coefficients: no minor of theirs, up to 4! 2^4, is divisible by the prime."""
    wanted = Matrix(rows).rank() == len(rows)
    assert independent([function(row, weight) for row in rows], {x, y}) is wanted


@settings(max_examples=20, deadline=None)
@given(st.lists(ROWS, min_size=2, max_size=3))
def test_a_combination_with_parameters_as_coefficients_is_dependent(rows: list[list[int]]) -> None:
    functions = [function(row, sp.Integer(1)) for row in rows]
    combination = sp.Add(*(c * f for c, f in zip((a, a * b + 1, 1 / b), functions, strict=False)))
    assert not independent([*functions, combination], {x, y})
    assert not independent([*functions, sp.expand(combination)], {x, y})


def test_parameters_are_no_variables() -> None:
    assert not independent([x, a * x], {x})
    assert independent([x, a * x], {x, a})


def test_further_rows_count() -> None:
    """Logarithms tell apart what rational parts alone do not."""
    assert not independent([x, 2 * x], {x})
    assert independent([x, 2 * x], {x}, [[1, 0]])
    assert not independent([x, 2 * x], {x}, [[1, 2]])
    assert not independent([x, 2 * x], {x}, [[PRIME, 2 * PRIME]])


@pytest.mark.parametrize(
    "functions",
    [
        [x, sp.exp(x)],
        [x, sp.sqrt(2) * x],
        [x, sp.sqrt(x)],
        [x, Rational(1, PRIME)],
        [x, PRIME * x**2],  # vanishes modulo the prime: nothing is shown
        [x, x**2 - x * (x + 1) + x],
    ],
    ids=str,
)
def test_what_it_cannot_show_it_does_not_claim(functions: list[Expr]) -> None:
    assert not independent(functions, {x})

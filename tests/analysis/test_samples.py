"""Points of opposite sign are there where they are found."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.analysis.samples import changes_sign, differs_from_zero

x = sp.Symbol("x", real=True)
a, b = sp.symbols("a b", positive=True)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=5), st.sampled_from([x, a]))
def test_a_change_of_sign_has_a_root_of_odd_order(
    coefficients: list[int], symbol: sp.Symbol
) -> None:
    polynomial = sp.Poly(coefficients, symbol)
    if changes_sign(polynomial.as_expr()):
        odd = [f for f, power in polynomial.sqf_list()[1] if power % 2]
        roots = [root for f in odd for root in f.real_roots()]
        assert any(root > 0 for root in roots if symbol is a) or (symbol is x and roots)


@pytest.mark.parametrize(
    "expression", [a + b, (a - b) ** 2, a**2 - a + 1, -a * b - 1, sp.Integer(3)]
)
def test_one_sign_is_not_taken_for_two(expression: sp.Expr) -> None:
    assert not changes_sign(expression)


@pytest.mark.parametrize("expression", [a - b, x * a, x**3 + b, a - sp.Rational(1, 2)])
def test_both_signs_are_found(expression: sp.Expr) -> None:
    assert changes_sign(expression)


@pytest.mark.parametrize("assumption", ["integer", "rational", "irrational", "imaginary"])
def test_symbols_of_other_kinds_are_left_alone(assumption: str) -> None:
    assert not changes_sign(sp.Symbol("n", **{assumption: True}) - 1)


@settings(deadline=None, max_examples=40)
@given(st.integers(-4, 4), st.integers(-4, 4), st.integers(-4, 4))
def test_only_the_zero_among_combinations_of_roots_is_zero(i: int, j: int, k: int) -> None:
    value = i * sp.sqrt(a) + j * sp.sqrt(b) + k
    assert differs_from_zero(value) == ((i, j, k) != (0, 0, 0))


def test_a_hidden_zero_is_not_refuted() -> None:
    hidden = sp.sqrt((a + b) ** 2 + 4 * a) ** 2 - (a + b) ** 2 - 4 * a
    nested = sp.sqrt(a**2 + 2 * a * b + b**2) - a - b
    assert not differs_from_zero(hidden)
    assert not differs_from_zero(nested)

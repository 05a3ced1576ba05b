"""The sign of a sum from the signs of its terms, read off without asking for assumptions."""

from __future__ import annotations

import sympy as sp
from sympy import Add, Expr, Mul


def one_sign(expression: Expr) -> int | None:
    """The common sign of the terms of a sum, each a number times powers of positive symbols.

    >>> a, b = sp.symbols("a b", positive=True)
    >>> one_sign(-a**2 - 3*b), one_sign(a - b), one_sign(a + sp.Symbol("x", real=True))
    (-1, None, None)
    """
    signs = {_term_sign(term) for term in Add.make_args(expression)}
    return signs.pop() if len(signs) == 1 else None


def _term_sign(term: Expr) -> int | None:
    number, monomial = term.as_coeff_Mul(rational=True)
    factors = (factor.as_base_exp() for factor in Mul.make_args(monomial))
    plain = all(b.is_Symbol and b.is_positive and n.is_Rational for b, n in factors)
    return int(sp.sign(number)) if plain else None

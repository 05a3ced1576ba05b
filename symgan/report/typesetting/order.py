r"""The order of terms in a sum and of factors in a product."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy import Abs, Add, Expr, Function, Mul, Order, Pow, Symbol
from sympy.core.sorting import default_sort_key

VARIABLES = ("s", "t", "theta", "psi", "phi", "x", "y", "z", "u", "v", "w", "r")
"""What usually varies, in the order in which it is written; all else are parameters."""

_STEPS = ("eta", "h")


def terms_in_order(expr: Add, first: Sequence[Symbol] = ()) -> list[Expr]:
    r"""The terms of a sum as they are written.

    Args:
        expr: the sum.
        first: its variables, where they are known; else their names decide (`VARIABLES`).

    >>> eta, theta, psi = sp.symbols("eta theta psi")
    >>> terms_in_order(1 - eta), terms_in_order(theta**2 + psi**2 - eta*psi*theta)
    ([1, -eta], [theta**2, -eta*psi*theta, psi**2])
    """
    variables = Variables(expr, first)
    terms = sorted(expr.args, key=variables.of_term)
    negative = [is_negative(term) for term in terms]
    if not negative[0] or all(negative) or expr.has(sp.I):
        return terms
    turned = len(terms) == 2 or len(expr.free_symbols) == 1 or not terms[-1].is_number
    if turned and not negative[-1] and not any(map(is_transcendental, terms)):
        return terms[::-1]
    if len(expr.free_symbols) == 1 and len(terms) > 2 and expr.is_polynomial():
        return terms
    lead = negative.index(False)
    return [terms[lead], *terms[:lead], *terms[lead + 1 :]]


def factors_in_order(factors: Sequence[Expr], first: Sequence[Symbol] = ()) -> list[Expr]:
    r"""The factors of a product as they are written; those that do not commute as they stand.

    >>> eta, theta, psi = sp.symbols("eta theta psi")
    >>> factors_in_order([psi, theta, eta, sp.Integer(2)])
    [2, eta, theta, psi]
    """
    if not all(factor.is_commutative for factor in factors):
        return list(factors)
    variables = Variables(Mul(*factors, evaluate=False), first)
    return sorted(factors, key=variables.of_factor)


def is_negative(term: Expr) -> bool:
    """Whether a term is written with a minus in front."""
    return bool(term.as_coeff_Mul()[0].is_negative)


def is_transcendental(term: Expr) -> bool:
    """Whether a term holds a function (but an absolute value) or a root of symbols."""
    return any(
        not isinstance(node, Abs) and (node.is_Function or node.is_Piecewise or _is_root(node))
        for node in sp.preorder_traversal(term)
    )


class Variables:
    """Which symbols of an expression are its variables, and the keys that sort by them."""

    def __init__(self, expr: Expr, first: Sequence[Symbol] = ()) -> None:
        symbols = expr.free_symbols
        known = self.known = [symbol for symbol in first if symbol in symbols]
        named = [] if known else [s for s in symbols if base_name(s) in VARIABLES]
        named.sort(key=lambda s: (VARIABLES.index(base_name(s)), _name_key(s)))
        self.variables = [*known, *named]
        rest = symbols - set(self.variables)
        self.parameters = sorted(rest, key=lambda s: (base_name(s) not in _STEPS, _name_key(s)))

    def of_term(self, term: Expr) -> tuple[Any, ...]:
        """Where a term stands in its sum."""
        powers = [degree(term, {symbol}) for symbol in self.variables]
        others = [degree(term, {symbol}) for symbol in self.parameters]
        total, rest = sum(powers), sum(others)
        largest = max(others, default=sp.S.Zero) if not total else sp.S.Zero
        steps = sum(
            other
            for symbol, other in zip(self.parameters, others, strict=True)
            if base_name(symbol) in _STEPS
        )
        functions = is_transcendental(term)
        return (
            isinstance(term, Order) or term.has(sp.oo, sp.zoo),
            bool(term.has(sp.I)) and not (self.known and total),
            functions,
            -total,
            bool(functions and term.has(sp.exp)),
            steps if total == 1 else 0,  # theta - eta psi, but eta theta^2 + psi^2
            [-power for power in powers],
            rest if functions else -rest,
            sorted(node.func.__name__ for node in term.atoms(Function)) if functions else [],
            -largest,
            [-power for power in others],
            default_sort_key(term),
        )

    def of_factor(self, factor: Expr) -> tuple[Any, ...]:
        """Where a factor stands in its product."""
        base = factor.base if isinstance(factor, Pow) else factor
        varies = bool(base.free_symbols & set(self.variables))
        place = _place(factor, base, varies and bool(self.variables))
        symbols = self.variables if varies else self.parameters
        inner = base.args[0] if isinstance(base, Abs) else base
        index = symbols.index(inner) if inner in symbols else len(symbols)
        size = (degree(base, set(symbols)), len(base.args)) if base.is_Add else ()
        first = factor is not sp.I  # before roots of numbers
        return (place, index, size, first, default_sort_key(factor))


def degree(expr: Expr, symbols: set[Symbol]) -> Expr:
    r"""The degree in symbols, where functions count as constants and roots as fractions.

    >>> x, y = sp.symbols("x y")
    >>> degree(x * (x + y) ** 2 * sp.sin(x), {x}), degree(sp.Abs(x * y) / y, {y})
    (3, 0)
    """
    if isinstance(expr, Symbol):
        return sp.S.One if expr in symbols else sp.S.Zero
    if isinstance(expr, Add):
        return max(degree(term, symbols) for term in expr.args)
    if isinstance(expr, Mul):
        return sp.Add(*(degree(factor, symbols) for factor in expr.args))
    if isinstance(expr, Pow) and expr.exp.is_Rational:
        return degree(expr.base, symbols) * expr.exp
    return degree(expr.args[0], symbols) if isinstance(expr, Abs) else sp.S.Zero


def base_name(symbol: Any) -> str:
    """A symbol's name without its subscript: ``theta`` of ``theta_1`` and ``theta0``."""
    return str(symbol).lstrip("_").split("_")[0].rstrip("0123456789")


def _place(factor: Expr, base: Expr, varies: bool) -> int:
    """The group of a factor; each group is written after those before it."""
    if factor.is_number and (factor.is_comparable or factor.has(sp.I)):  # 4 i sqrt(3)
        return 0 if factor.is_Rational else 1
    if isinstance(factor, sp.exp):
        return 7
    if base.is_Symbol or isinstance(base, Abs):
        root = 1 if _is_root(factor) else 0
        return (4 if varies else 2) + root
    if base.is_Add:
        return 6 if varies else 3
    return 9 if base.is_Piecewise else 8


def _is_root(node: Any) -> bool:
    return (
        isinstance(node, Pow)
        and bool(node.free_symbols)
        and not (node.exp.is_Integer or node.exp.free_symbols)
    )


def _name_key(symbol: Any) -> tuple[Any, ...]:
    """Alphabetical without regard to case, numbers by value: x_2 before x_10."""
    pieces = re.split(r"(\d+)", str(symbol).lstrip("_").lower())
    natural = [(int(p), "") if p.isdigit() else (-1, p) for p in pieces]
    return (natural, default_sort_key(symbol))

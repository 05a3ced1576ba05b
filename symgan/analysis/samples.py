"""Whether an expression takes both signs, seen at a few exact points.

Two points of opposite sign settle that the sign is open, at a fraction of what a search for a
proof costs; none found says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp
from sympy import Expr, Rational, Symbol

SIZES = (Rational(2, 3), Rational(1, 64), Rational(5), Rational(1, 7), Rational(64), Rational(3, 2))
POINTS = 8
DIGITS = 40
_SIGNS = frozenset({1, -1})


def changes_sign(expression: Expr) -> bool:
    """Whether two points were found that the symbols allow, with values of opposite sign.

    >>> a, x = sp.Symbol("a", positive=True), sp.Symbol("x", real=True)
    >>> changes_sign(a - 2), changes_sign(x**3), changes_sign(a + x**2)
    (True, True, False)
    """
    symbols = sorted(expression.free_symbols, key=str)
    if not symbols or not all(isinstance(s, Symbol) and _is_plain(s) for s in symbols):
        return False
    if not expression.is_rational_function(*symbols):
        return False
    seen = set[int]()
    for point in _points(symbols):
        value = expression.xreplace(point)
        if not value.is_Rational:  # a pole, or coefficients that are not rational
            return False
        seen.add(int(sp.sign(value)))
        if seen >= _SIGNS:
            return True
    return False


def differs_from_zero(expression: Expr) -> bool:
    """Whether a point was found that the symbols allow, with a value that is not 0.

    >>> a = sp.Symbol("a", positive=True)
    >>> differs_from_zero(sp.sqrt(a) - a), differs_from_zero(sp.sqrt(a**2 + 2*a + 1) - a - 1)
    (True, False)
    """
    symbols = sorted(expression.free_symbols, key=str)
    if not all(isinstance(s, Symbol) and _is_plain(s) for s in symbols):
        return False
    value = expression.xreplace(next(_points(symbols))).evalf(DIGITS)
    # of the digits asked for, as many again are left to rounding
    return bool(value.is_number and value.is_finite and abs(value) > Rational(1, 10**20))


def _is_plain(symbol: Symbol) -> bool:
    """Whether a symbol takes all reals, or all of one sign, 0 perhaps left out."""
    return bool(symbol.is_real) and symbol.is_integer is None and symbol.is_rational is None


def _points(symbols: list[Symbol]) -> Iterator[dict[Expr, Expr]]:
    """Points on different scales, those symbols negative that may be, in turn."""
    for k in range(POINTS):
        yield {
            s: _size(s, k, i) * SIZES[(k * (i + 1) + 2 * i) % len(SIZES)]
            for i, s in enumerate(symbols)
        }


def _size(symbol: Symbol, k: int, i: int) -> int:
    if symbol.is_nonnegative:
        return 1
    return -1 if symbol.is_nonpositive or (k >> (i % 3)) % 2 else 1

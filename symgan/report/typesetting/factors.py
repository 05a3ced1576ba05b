r"""Products: their sign, what is above and below the line, and sums that read better turned."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Add, Expr, Float, Integer, Mul, Pow

from symgan.report.typesetting.order import is_negative


def as_typed(expr: Any) -> bool:
    """Whether a product was typed so, with a factor 1 or several numbers that are to be seen."""
    args: tuple[Any, ...] = expr.args if isinstance(expr, Mul) else ()
    numbers = [arg for arg in args if arg.is_Number]
    return (
        len(numbers) > 1
        or any(number is sp.S.One for number in numbers)
        or (bool(numbers) and not args[0].is_Number)
    )


def split(expr: Expr) -> tuple[str, list[Expr], list[Expr]]:
    """A product as its sign and the factors above and below the line."""
    above: list[Expr] = []
    below: list[Expr] = []
    negative = False
    for factor in Mul.make_args(expr):
        if factor.is_Rational:
            negative ^= bool(factor.is_negative)
            above += [Integer(abs(factor.p))] if abs(factor.p) != 1 else []
            below += [Integer(factor.q)] if factor.q != 1 else []
        elif factor.is_Float and factor.is_negative:
            negative, above = not negative, [*above, -factor]
        elif isinstance(factor, Pow) and factor.exp.is_Rational and factor.exp.is_negative:
            below.append(Pow(factor.base, -factor.exp))
        else:
            above.append(factor)
    _join_roots(above, below)
    return "-" if negative else "", above, below


def _join_roots(above: list[Expr], below: list[Expr]) -> None:
    """One root below the line for a root above and its square below: 1/sqrt(2 pi), x/sqrt(3)."""
    for factor in list(above):
        if not _is_square_root(factor) or factor.base not in below or len(above) == 1:
            continue
        above.remove(factor)
        below.remove(factor.base)
        roots = [other for other in below if _is_square_root(other)]
        if roots:
            below.remove(roots[0])
            inside = Mul(factor.base, roots[0].base, evaluate=False)
            below.append(Pow(inside, sp.S.Half, evaluate=False))
        else:
            below.append(factor)


def _is_square_root(factor: Expr) -> bool:
    return isinstance(factor, Pow) and factor.exp == sp.S.Half


def exact_one(factor: Any) -> Any:
    """1 for 1.0: a factor of one is not worth printing."""
    return Integer(int(factor)) if isinstance(factor, Float) and abs(float(factor)) == 1 else factor


def flipped(product: Mul) -> Expr:
    """The product with a sum negated where that reads better.

    ``-(a - b) c`` reads ``(b - a) c`` and ``(-a - b) c`` reads ``-(a + b) c``.
    """
    if as_typed(product):
        return product
    negative = bool(product.as_coeff_Mul()[0].is_negative)
    for index, factor in enumerate(product.args):
        if not isinstance(factor, Add):
            continue
        others = (*product.args[:index], *product.args[index + 1 :])
        minus = [is_negative(term) for term in factor.args]
        mixed = any(minus) and 2 * sum(minus) >= len(minus)
        if (negative and mixed and not all(minus)) or (not negative and all(minus)):
            turned = Add(*(-term for term in factor.args))
            rest = Mul(*others, -1)
            parts = Mul.make_args(rest) if rest != 1 else ()
            return Mul(*parts, turned, evaluate=False) if parts else turned
    return product

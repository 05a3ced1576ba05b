"""The order of two ends, proved from what is known of the parameters."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp
from sympy import And, Expr, Mul
from sympy.logic.boolalg import Boolean

from symgan.analysis.prune import implied
from symgan.certify.sign import signs


def compare(one: Expr, other: Expr, given: Boolean = sp.true) -> int | None:
    """1 or -1 where the first is certainly not less, or not greater, than the other."""
    if one == other:
        return 1
    if sp.oo in (one, other):
        return 1 if one == sp.oo else -1
    if one.has(sp.Min, sp.Max) or other.has(sp.Min, sp.Max):
        return None
    if (one.is_nonnegative and other.is_nonnegative) or _both_nonnegative(one, other, given):
        squares = sp.expand(one**2), sp.expand(other**2)
        if implied(squares[0] >= squares[1], given):
            return 1
        if implied(squares[0] <= squares[1], given):
            return -1
    found = signs(_roots_named(one - other), given if _is_conjunction(given) else sp.true)
    if found <= {0, 1} or implied(one >= other, given):
        return 1
    return -1 if found <= {-1, 0} or implied(one <= other, given) else None


def _both_nonnegative(one: Expr, other: Expr, given: Boolean) -> bool:
    """Of two ends with a square root in one of them, so that their squares have none."""
    if not any(e.atoms(sp.Pow) and not e.is_rational_function() for e in (one, other)):
        return False
    if not all((e**2).is_rational_function() for e in (one, other)):
        return False
    return all(_is_root(e) or implied(e >= 0, given) for e in (one, other))


def _is_root(end: Expr) -> bool:
    """A product of one square root and sizes: not negative wherever it is real."""
    return all(
        part.is_nonnegative
        or isinstance(part.as_base_exp()[0], sp.Abs)
        or (part.is_Pow and part.exp == sp.Rational(1, 2))
        for part in Mul.make_args(end)
    )


def _roots_named(expression: Expr) -> Expr:
    """Square roots as symbols that are not negative: an end is real wherever it is one."""
    roots = [p for p in expression.atoms(sp.Pow) if p.exp == sp.Rational(1, 2) and p.free_symbols]
    names = {p: sp.Dummy("root", nonnegative=True) for p in roots}
    return expression.xreplace(names)


def _is_conjunction(condition: Boolean) -> bool:
    parts: Sequence[Boolean] = And.make_args(condition)
    return all(isinstance(p, sp.core.relational.Relational) for p in parts)

"""What users hand to exact analyses: numbers, whole numbers; text is refused, not read."""

from __future__ import annotations

import math
from numbers import Integral
from typing import Any

import sympy as sp
from sympy import Expr, Rational

from symgan.errors import GameError


def exact_expression(value: Any, what: str) -> Expr:
    """An expression without floats: each is replaced by the dyadic rational that it is.

    Args:
        value: a number or an expression.
        what: its name, for the message.

    Raises:
        GameError: text, or what is no expression.

    >>> exact_expression(0.5 * sp.Symbol("x"), "function")
    x/2
    """
    if isinstance(value, float) and not math.isfinite(value):
        raise GameError(f"the {what} {value} is not a finite real number")
    if isinstance(value, float):
        return Rational(*value.as_integer_ratio())
    try:
        found: Any = (
            None if isinstance(value, str | bytes | bool) else sp.sympify(value, strict=True)
        )
    except sp.SympifyError:
        found = None
    if not isinstance(found, Expr):
        raise GameError(f"the {what} {value!r} is neither a number nor an expression; give one")
    floats = found.atoms(sp.Float)
    return found.xreplace({f: Rational(f) for f in floats if f.is_finite}) if floats else found


def exact_number(value: Any, what: str) -> Expr:
    """A finite real number without floats.

    Raises:
        GameError: another thing, a symbol included.

    >>> exact_number(0.25, "mean"), exact_number(sp.sqrt(2), "mean")
    (1/4, sqrt(2))
    """
    found = exact_expression(value, what)
    if found.is_Rational:
        return found
    if sp.sympify(value).has(sp.Float):
        raise GameError(f"the {what} {value} mixes floats in; give an exact number")
    if found.free_symbols:
        raise GameError(f"the {what} {found} is a symbol, or holds one; give it a value")
    if not (found.is_finite and found.is_extended_real):
        raise GameError(f"the {what} {found} is not a finite real number")
    return found


def whole_number(value: Any, what: str, least: int, most: int | None = None) -> int:
    """A whole number between bounds; NumPy's and SymPy's count as well as Python's.

    Raises:
        GameError: it is none.

    >>> whole_number(sp.Integer(3), "intervals", 1)
    3
    """
    bounds = f"at least {least}" if most is None else f"from {least} to {most}"
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < least:
        raise GameError(f"{what} = {value!s}: give a whole number, {bounds}")
    if most is not None and int(value) > most:
        raise GameError(f"{what} = {value!s}: give a whole number, {bounds}")
    return int(value)

"""Balls of functions of one variable: ranges on intervals, and integrands for Arb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.certify.ball import enclose
from symgan.errors import Undecided

BITS = 96
"""The working precision."""


def ball_function(F: Expr, x: Symbol) -> Callable[[Any], Any]:
    """An expression in x as a function of complex balls; its constants are enclosed once.

    Args:
        F: made of sums, products, whole powers and exponentials.
        x: its symbol.

    Returns:
        flint ``acb`` -> ``acb``.

    Raises:
        Undecided: another function of x.

    >>> from symgan.certify.ball import load_flint
    >>> x = Symbol("x", real=True)
    >>> bool(ball_function(sp.exp(x) - x, x)(load_flint().acb(0)).contains(1))
    True
    """
    if x not in F.free_symbols:
        constant = enclose(F, {}, BITS)
        return lambda _: constant
    if x == F:
        return lambda z: z
    if F.is_Add or F.is_Mul:
        fixed, moving = F.as_independent(x, as_Add=F.is_Add)
        start = enclose(fixed, {}, BITS)
        parts = [ball_function(part, x) for part in type(F).make_args(moving)]
        return _sum(start, parts) if F.is_Add else _product(start, parts)
    if F.is_Pow and F.exp.is_Integer:
        base, power = ball_function(F.base, x), int(F.exp)
        return lambda z: base(z) ** power
    if isinstance(F, sp.exp):
        inner = ball_function(F.args[0], x)
        return lambda z: inner(z).exp()
    raise Undecided(f"no ball arithmetic for {F} on an interval; write it in exponentials")


def _sum(start: Any, parts: list[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    return lambda z: sum((part(z) for part in parts), start)


def _product(start: Any, parts: list[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    def value(z: Any) -> Any:
        found = start
        for part in parts:
            found = found * part(z)
        return found

    return value


def real_ball(value: Expr) -> Any:
    """The real ball of an exact number."""
    return enclose(value, {}, BITS).real

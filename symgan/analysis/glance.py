"""A glance in floats: whether a condition is seen to hold at some point.

Where it is, nobody has to ask a solver whether it can hold at all. What is not seen may hold
all the same, and a wrong glance would only keep a case that is empty.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from random import Random
from typing import Any

import sympy as sp
from sympy import Basic, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.system import Map

POINTS = 24
MARGIN = 1e-9
"""Of the size of the terms: far above their rounding, about 1e-16 each."""

Number = tuple[float, float]
"""A value, and the size of the terms that it is a sum of."""


def seen_to_hold(condition: Boolean) -> bool:
    """Whether a condition holds at one of a few points by more than rounding.

    >>> a = Symbol("a", real=True)
    >>> seen_to_hold((a > 1) & (a < 2)), seen_to_hold((a > 1) & (a < -1))
    (True, False)
    >>> seen_to_hold(sp.Eq(a, a**2))
    False
    """
    if condition.has(sp.Eq):
        return False  # equations are met at chosen points alone
    symbols = sorted(condition.free_symbols, key=str)
    return any(_truth(condition, point) is True for point in _points(tuple(symbols)))


LARGE, ROUNDS, FAR = 100.0, 60, 1e12
"""A large parameter, how many steps are made, and how far an orbit then is: one of a stable map
with such parameters does not get there."""
STARTS = ((1.0, 0.3), (0.3, -1.0), (-0.8, 0.7))


def runs_away(system: Map) -> bool:
    """Whether an orbit is seen to run away for some parameters of size 1 or `LARGE`.

    >>> x, eta = Symbol("x", real=True), Symbol("eta", positive=True)
    >>> descent = Map((x,), (x - eta*x,), parameters=(eta,))
    >>> runs_away(descent), runs_away(Map((x,), (x/(1 + eta),), parameters=(eta,)))
    (True, False)
    """
    moves = sp.lambdify([system.state, system.parameters], system.rhs, "math")
    sizes = ([-n if p.is_negative else n for p, n in zip(system.parameters, chosen, strict=True)]
             for chosen in product((LARGE, 1.0), repeat=len(system.parameters)))  # fmt: skip
    n = len(system.state)
    starts = [(start * n)[:n] for start in STARTS]
    return any(_is_far(moves, start, size) for size in sizes for start in starts)


def _is_far(moves: Callable[..., Any], start: Sequence[float], sizes: Sequence[float]) -> bool:
    state = start
    try:
        for _ in range(ROUNDS):
            state = moves(state, sizes)
        return math.hypot(*state) > FAR
    except OverflowError:
        return True
    except (ArithmeticError, ValueError, TypeError, NameError):
        return False  # there is no look in floats


@cache
def _points(symbols: tuple[Symbol, ...]) -> tuple[dict[Symbol, float], ...]:
    """Points on scales from 1/30 to 30 that the symbols' signs allow, always the same ones."""
    draw = Random(len(symbols))
    return tuple(
        {s: _sign(s, draw) * math.exp(draw.uniform(-3.4, 3.4)) for s in symbols}
        for _ in range(POINTS)
    )


def _sign(symbol: Symbol, draw: Random) -> int:
    side = draw.choice((1, -1))
    if symbol.is_nonnegative:
        return 1
    return -1 if symbol.is_nonpositive else side


def _truth(node: Boolean, point: Mapping[Symbol, float]) -> bool | None:
    """Kleene's three values: true and false where they are clear."""
    if node in (sp.true, sp.false):
        return node is sp.true
    if isinstance(node, Relational):
        return _relation(node, point)
    parts = [_truth(part, point) for part in node.args]
    if isinstance(node, sp.And):
        return False if False in parts else None if None in parts else True
    if isinstance(node, sp.Or):
        return True if True in parts else None if None in parts else False
    if isinstance(node, sp.Not) and parts[0] is not None:
        return not parts[0]
    return None


def _relation(node: Relational, point: Mapping[Symbol, float]) -> bool | None:
    try:
        (left, one), (right, other) = (_value(side, point) for side in (node.lhs, node.rhs))
    except (ArithmeticError, ValueError, TypeError):
        return None
    gap, size = left - right, one + other
    if not abs(gap) > MARGIN * size:  # near zero, or no number
        return None
    if isinstance(node, sp.Eq | sp.Ne):
        return isinstance(node, sp.Ne)
    return (gap > 0) is isinstance(node, sp.Gt | sp.Ge)


def _value(node: Basic, point: Mapping[Symbol, float]) -> Number:
    """The value in floats.

    Raises:
        TypeError: a function that is not known here.
        ValueError, ArithmeticError: there is no real value.
    """
    if isinstance(node, Symbol):
        value = point[node]
        return value, abs(value)
    if isinstance(node, sp.Number | sp.NumberSymbol):
        value = float(node)
        return value, abs(value)
    parts = _parts(node, point)
    if isinstance(node, sp.Add):
        found = list(parts)
        return math.fsum(v for v, _ in found), math.fsum(size for _, size in found)
    if isinstance(node, sp.Mul):
        found = list(parts)
        return math.prod(v for v, _ in found), math.prod(size for _, size in found)
    if isinstance(node, sp.Pow) and node.exp.is_Rational:
        (value, size), exponent = _value(node.base, point), float(node.exp)
        if exponent < 0 or not exponent.is_integer():  # the error of a root or quotient
            size = abs(value) * max(1.0, size / abs(value)) ** 2
        return math.pow(value, exponent), math.pow(size, exponent)
    if isinstance(node, sp.Abs):
        ((value, size),) = parts
        return abs(value), size
    raise TypeError(node.func)


def _parts(node: Basic, point: Mapping[Symbol, float]) -> Iterator[Number]:
    return (_value(arg, point) for arg in node.args)

"""Operations that are no power series: choices, comparisons, extrema, rounding, remainders."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import sympy as sp
from sympy import S
from sympy.logic.boolalg import ITE, And, Not, Or, Xor

from symgan.kernels.jit.choices import Emit, piecewise
from symgan.kernels.jit.lanes import Lanes, Value
from symgan.kernels.jit.levels import Operand


def sign(lanes: Lanes, x: Value) -> Value:
    """-1, 0 or 1; 0 at -0; NaN at NaN."""
    zero = lanes.const(0)
    size = lanes.select(lanes.eq(x, zero), zero, lanes.copysign(lanes.const(1), x))
    return lanes.select(lanes.isnan(x), x, size)


def heaviside(lanes: Lanes, x: Value, at_zero: Value) -> Value:
    """0 below 0, 1 above, the second argument at 0; NaN at NaN."""
    zero = lanes.const(0)
    step = lanes.select(lanes.gt(x, zero), lanes.const(1), zero)
    step = lanes.select(lanes.eq(x, zero), at_zero, step)
    return lanes.select(lanes.isnan(x), x, step)


def remainder(lanes: Lanes, x: Value, y: Value) -> Value:
    r"""The remainder :math:`x - y \lfloor x/y \rfloor` with the sign of y, rounded at most once.

    The whole quotient of the magnitudes is off by one at most, and what it leaves is exact. A
    quotient that is no exact number (2^53 in float64) gives NaN instead of wrong digits.
    """
    zero, size = lanes.const(0), lanes.abs(y)
    quotient = lanes.trunc(lanes.div(lanes.abs(x), size))
    rest = lanes.fma(lanes.neg(quotient), size, lanes.abs(x))
    rest = lanes.select(lanes.lt(rest, zero), lanes.add(rest, size), rest)
    apart = lanes.ilt(lanes.ixor(lanes.bits(x), lanes.bits(y)), lanes.iconst(0))
    turned = lanes.both(apart, lanes.ne(rest, zero))
    rest = lanes.copysign(lanes.select(turned, lanes.sub(size, rest), rest), y)
    limit = lanes.const(2**53 if lanes.double else 2**24)
    return lanes.select(lanes.lt(quotient, limit), rest, lanes.const(S.NaN))


def _unary(operation: str | Callable[..., Any]) -> Callable[[Emit, Any], Operand]:
    return lambda emit, node: emit.apply(operation, *map(emit, node.args))


def _folded(operation: str) -> Callable[[Emit, Any], Operand]:
    """Operands in the order of their shapes, two by two."""

    def fold(emit: Emit, node: Any) -> Operand:
        values = map(emit, emit.ordered(node.args))
        return reduce(lambda a, b: emit.apply(operation, a, b), values)

    return fold


def _chosen(emit: Emit, node: Any) -> Operand:
    condition, yes, no = map(emit, node.args)
    both = emit.apply("both", condition, yes)
    return emit.apply("either", both, emit.apply("both", emit.apply("invert", condition), no))


OPERATIONS: dict[Any, Callable[[Emit, Any], Operand]] = {
    sp.Piecewise: piecewise,
    sp.Abs: _unary("abs"),
    sp.sign: _unary(sign),
    sp.Heaviside: _unary(heaviside),
    sp.floor: _unary("floor"),
    sp.ceiling: _unary("ceil"),
    sp.Mod: _unary(remainder),
    sp.Min: _folded("minimum"),
    sp.Max: _folded("maximum"),
    sp.StrictLessThan: _unary("lt"),
    sp.LessThan: _unary("le"),
    sp.StrictGreaterThan: _unary("gt"),
    sp.GreaterThan: _unary("ge"),
    sp.Equality: _unary("eq"),
    sp.Unequality: _unary("ne"),
    And: _folded("both"),
    Or: _folded("either"),
    Not: _unary("invert"),
    Xor: _folded("ixor"),
    ITE: _chosen,
}
"""SymPy class -> what writes it."""

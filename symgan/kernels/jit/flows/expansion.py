"""From the expressions of a smooth field to the power series of its operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import sympy as sp
from sympy import Expr, Mul, Pow, S, Symbol
from sympy.codegen.cfunctions import expm1, log1p

from symgan.kernels.errors import NoSeries
from symgan.kernels.jit.emit import LARGEST_CHAIN, Emitter
from symgan.kernels.jit.flows.power_series import (
    Chain,
    Coefficient,
    Given,
    Logarithm,
    Power,
    Product,
    Quotient,
    Root,
    Series,
    Sum,
)
from symgan.kernels.jit.functions import FUNCTIONS
from symgan.kernels.jit.levels import Operand, Outward
from symgan.kernels.rewrite import sigmoid, softplus

SLOPES: dict[Any, Callable[[Any, Any], Any]] = {
    sp.exp: lambda a, g: g,
    expm1: lambda a, g: g + 1,
    sigmoid: lambda a, g: g - g**2,
    softplus: lambda a, g: sigmoid(a),
    sp.tanh: lambda a, g: 1 - g**2,
    sp.sinh: lambda a, g: sp.cosh(a),
    sp.cosh: lambda a, g: sp.sinh(a),
    sp.sin: lambda a, g: sp.cos(a),
    sp.cos: lambda a, g: -sp.sin(a),
    sp.tan: lambda a, g: 1 + g**2,
    sp.asinh: lambda a, g: 1 / sp.sqrt(1 + a**2),
    sp.acosh: lambda a, g: 1 / sp.sqrt(a**2 - 1),
    sp.atanh: lambda a, g: 1 / (1 - a**2),
    sp.asin: lambda a, g: 1 / sp.sqrt(1 - a**2),
    sp.acos: lambda a, g: -1 / sp.sqrt(1 - a**2),
    sp.atan: lambda a, g: 1 / (1 + a**2),
    sp.erf: lambda a, g: 2 / sp.sqrt(sp.pi) * sp.exp(-(a**2)),
    sp.erfc: lambda a, g: -2 / sp.sqrt(sp.pi) * sp.exp(-(a**2)),
}
"""A function g -> its derivative in terms of a and g(a)."""


class Expansion:
    """The series of a field, in an order in which they can be extended.

    Args:
        emit: writes what does not move along a solution.
        code: writes operations.
        given: symbols that move -> their series.

    Attributes:
        order: all series but the given ones.

    Raises:
        NoSeries: from `of`, for a function whose series is not known.
    """

    order: list[Series]

    def __init__(self, emit: Emitter, code: Outward, given: Mapping[Symbol, Given]) -> None:
        self._emit, self._code, self._moving = emit, code, set(given)
        self._series: dict[Any, Series] = dict(given)
        self.order = []

    def extend(self, k: int) -> None:
        """Find the k-th coefficients of all."""
        for series in self.order:
            series.extend(k)

    def of(self, node: Any) -> Series:
        """The series of an expression."""
        found = self._series.get(node)
        if found is None:
            found = self._series[node] = self._built(node)
        return found

    def _built(self, node: Any) -> Series:
        if not self._moves(node):
            return Given(self._code, self._emit(node))
        if isinstance(node, sp.Add):
            return self._sum(node)
        if isinstance(node, Mul):
            return self._scaled(node)
        if isinstance(node, Pow) and node.base != S.Exp1:
            return self._power(node.base, node.exp)
        if isinstance(node, sp.log):
            return self._logarithm(node, node.args[0])
        if isinstance(node, log1p):
            return self._logarithm(node, 1 + node.args[0])
        if type(node) in SLOPES:
            return self._chain(node)
        raise NoSeries(
            f"the series of {type(node).__name__} is not known, in {node}; take heyoka or scipy"
        )

    def _moves(self, node: Any) -> bool:
        return bool(node.free_symbols & self._moving)

    def _add(self, series: Series) -> Series:
        self.order.append(series)
        return series

    def _sum(self, node: Expr) -> Series:
        fixed = [arg for arg in node.args if not self._moves(arg)]
        constant = self._emit(sp.Add(*fixed)) if fixed else None
        sides: dict[bool, list[tuple[Coefficient, Series]]] = {False: [], True: []}
        for arg in node.args:
            if self._moves(arg):
                negative, scale, rest = self._parted(arg)
                sides[negative].append((scale, self.of(rest)))
        return self._add(Sum(self._code, constant, sides[False], sides[True]))

    def _scaled(self, node: Mul) -> Series:
        negative, scale, rest = self._parted(node)
        if not negative and scale is None:
            return self._product(rest)
        parts = [(scale, self.of(rest))]
        return self._add(
            Sum(self._code, None, [], parts) if negative else Sum(self._code, None, parts)
        )

    def _parted(self, node: Any) -> tuple[bool, Operand | None, Any]:
        """A term as sign, what does not move (None for 1), and what does."""
        fixed, moving = node.as_independent(*self._moving, as_Add=False)
        negative = bool(fixed.could_extract_minus_sign())
        size = -fixed if negative else fixed
        return negative, None if size == 1 else self._emit(size), moving

    def _product(self, node: Any) -> Series:
        """A product of factors that all move."""
        above: list[Any] = []
        below: list[Any] = []
        for factor in Mul.make_args(node):
            base, exponent = (factor.base, factor.exp) if factor.is_Pow else (factor, S.One)
            divides = base != S.Exp1 and exponent.is_Rational and exponent < 0
            (below if divides else above).append(base**-exponent if divides else factor)
        top = self._multiplied(above) if above else Given(self._code, self._code.const(1))
        return self._add(Quotient(self._code, top, self._multiplied(below))) if below else top

    def _multiplied(self, factors: Sequence[Any]) -> Series:
        total = self.of(factors[0])
        for place, factor in enumerate(factors[1:], 2):
            part = Mul(*factors[:place])
            if part not in self._series:
                self._series[part] = self._add(Product(self._code, total, self.of(factor)))
            total = self._series[part]
        return total

    def _power(self, base: Any, exponent: Any) -> Series:
        if self._moves(exponent):
            return self.of(sp.exp(exponent * sp.log(base), evaluate=False))
        if exponent.is_Rational and exponent < 0:
            return self._product(base**exponent)
        if exponent.is_Rational and exponent.q in (1, 2) and exponent <= LARGEST_CHAIN:
            whole = self._chain_of_squares(base, int(exponent.p) // int(exponent.q))
            if exponent.q == 1:
                assert whole is not None, "a power is not 1"
                return whole
            root = self._root(base)
            return self._add(Product(self._code, whole, root)) if whole else root
        number = self._emit(exponent)
        start = partial(self._started, FUNCTIONS[Pow].emit, number)
        return self._add(Power(self._code, self.of(base), number, start))

    def _root(self, base: Any) -> Series:
        key = (base, S.Half)
        if key not in self._series:
            self._series[key] = self._add(Root(self._code, self.of(base)))
        return self._series[key]

    def _chain_of_squares(self, base: Any, exponent: int) -> Series | None:
        """A whole power; None for 1."""
        if exponent <= 1:
            return self.of(base) if exponent else None
        half = self.of(base ** (exponent // 2))
        square = self._add(Product(self._code, half, half))
        if exponent % 2 == 0:
            return square
        return self._add(Product(self._code, square, self.of(base)))

    def _started(self, write: Any, exponent: Operand, base: Operand) -> Operand:
        return self._code.written(write, base, exponent)

    def _logarithm(self, node: Any, inside: Any) -> Series:
        start = partial(self._value, node)
        return self._add(Logarithm(self._code, self.of(inside), start))

    def _chain(self, node: Any) -> Series:
        write = FUNCTIONS[type(node)].emit
        part = self.of(node.args[0])
        series = Chain(self._code, part, partial(self._code.written, write))
        self._series[node] = self._add(series)
        series.slope = self.of(SLOPES[type(node)](node.args[0], node))
        return series

    def _value(self, node: Any) -> Operand:
        """A function at the first coefficient of its argument."""
        first = self.of(node.args[0])[0]
        return self._code.written(FUNCTIONS[type(node)].emit, first or self._code.const(0))

"""SymPy expressions as heyoka expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p

from symgan.errors import MissingExtra
from symgan.kernels.errors import KernelError
from symgan.kernels.rewrite import sigmoid, softplus


def heyoka() -> Any:
    """The module.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        import heyoka as module
    except ImportError:
        raise MissingExtra("heyoka", "flows", "integrating by Taylor series") from None
    return module


def translate(
    expressions: list[Any], symbols: Mapping[Any, Any], number: Callable[[Any], Any]
) -> list[Any]:
    """heyoka expressions, with what is shared built once.

    Args:
        expressions: real SymPy expressions; conditions of a Piecewise are comparisons joined
            by and, or, not.
        symbols: symbol -> heyoka expression.
        number: a SymPy number -> the floating-point number that heyoka computes with.

    Raises:
        KernelError: a function that heyoka does not know, or a symbol without a value.
    """
    translation = _Translation(heyoka(), dict(symbols), number)
    return [translation.of(sp.sympify(e)) for e in expressions]


LARGEST_CHAIN = 64
"""Whole exponents up to this one are multiplied out."""


class _Translation:
    def __init__(self, module: Any, done: dict[Any, Any], number: Callable[[Any], Any]) -> None:
        self.hy, self.done, self.number = module, done, number

    def of(self, node: Any) -> Any:
        if node not in self.done:
            self.done[node] = self._new(node)
        return self.done[node]

    def _new(self, node: Any) -> Any:
        if node.is_Number or node.is_NumberSymbol:
            return self.hy.expression(self.number(node))
        if node.is_Symbol:
            raise KernelError(f"{node} has no value")
        if isinstance(node, sp.Piecewise):
            return self._piecewise(node)
        if isinstance(node, sp.Pow):
            return self._power(node)
        parts = [self.of(arg) for arg in node.args]
        if isinstance(node, sp.Add):
            return self.hy.sum(parts)
        if isinstance(node, sp.Mul):
            return self.hy.prod(parts)
        if isinstance(node, softplus):
            return self._softplus(parts[0])
        name = _NAMES.get(type(node))
        if name is None:
            raise KernelError(f"heyoka knows no rule for {node}; use method='scipy'")
        return getattr(self.hy, name)(*parts)

    def _power(self, node: Any) -> Any:
        if node.base is sp.E or node.base == sp.E:
            return self.hy.exp(self.of(node.exp))
        if node.exp == sp.Rational(1, 2):
            return self.hy.sqrt(self.of(node.base))
        if node.exp.is_Integer and 2 < abs(node.exp) <= LARGEST_CHAIN:
            whole = self._multiplied(self.of(node.base), abs(int(node.exp)))
            return whole if node.exp > 0 else self.number(sp.Integer(1)) / whole
        return self.of(node.base) ** self.of(node.exp)

    def _multiplied(self, base: Any, exponent: int) -> Any:
        """A power by squares: heyoka's own series divides by the base, which may be 0."""
        if exponent == 1:
            return base
        square = self._multiplied(base, exponent // 2) ** self.of(sp.Integer(2))
        return self.hy.prod([square, base]) if exponent % 2 else square

    def _softplus(self, u: Any) -> Any:
        """log(1 + e^u): both forms are the same function, each safe from overflow on its side."""
        right = u + self.hy.log1p(self.hy.exp(-u))
        left = self.hy.log1p(self.hy.exp(u))
        return self.hy.select(self.hy.gt(u, self.number(sp.Integer(0))), right, left)

    def _piecewise(self, node: Any) -> Any:
        *earlier, (last, condition) = node.args
        if condition is not sp.true:
            raise KernelError(f"{node} has no value where none of its conditions holds")
        value = self.of(last)
        for branch, condition in reversed(earlier):
            value = self.hy.select(self._condition(condition), self.of(branch), value)
        return value

    def _condition(self, node: Any) -> Any:
        if node in (sp.true, sp.false):
            return self.hy.expression(self.number(sp.Integer(int(node is sp.true))))
        if isinstance(node, sp.core.relational.Relational):
            return getattr(self.hy, _RELATIONS[type(node)])(*map(self.of, node.args))
        parts = [self._condition(part) for part in node.args]
        if isinstance(node, sp.And):
            return self.hy.logical_and(parts)
        if isinstance(node, sp.Or):
            return self.hy.logical_or(parts)
        if isinstance(node, sp.Not):
            return reduce(self.hy.eq, [*parts, self.hy.expression(self.number(sp.Integer(0)))])
        raise KernelError(f"the condition {node} is not made of comparisons")


_NAMES: dict[Any, str] = {
    sp.exp: "exp",
    sp.log: "log",
    sp.sin: "sin",
    sp.cos: "cos",
    sp.tan: "tan",
    sp.asin: "asin",
    sp.acos: "acos",
    sp.atan: "atan",
    sp.atan2: "atan2",
    sp.sinh: "sinh",
    sp.cosh: "cosh",
    sp.tanh: "tanh",
    sp.asinh: "asinh",
    sp.acosh: "acosh",
    sp.atanh: "atanh",
    sp.erf: "erf",
    sp.erfc: "erfc",
    expm1: "expm1",
    log1p: "log1p",
    sigmoid: "sigmoid",
}
_RELATIONS: dict[Any, str] = {
    sp.StrictGreaterThan: "gt",
    sp.GreaterThan: "gte",
    sp.StrictLessThan: "lt",
    sp.LessThan: "lte",
    sp.Equality: "eq",
    sp.Unequality: "neq",
}

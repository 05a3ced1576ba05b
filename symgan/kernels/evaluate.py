r"""Values of expressions in multiprecision, by a walk over the expression tree.

Besides the value this gives the *magnitude* of an expression, the sum of the magnitudes of
what is added up on the way to it:

.. math:: |a + b|_* = |a|_* + |b|_*, \quad |ab|_* = |a|_* |b|_*, \quad
          |g(u)|_* = |g(u)| + |g'(u)|\,|u|_*.

Rounding errors of a floating-point evaluation are a small multiple of it; the error of a
kernel is measured against it (values themselves cross zero).

Source: Higham 2002, "Accuracy and Stability of Numerical Algorithms", section 3.1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpmath
import sympy as sp
from mpmath import mpf
from sympy import Expr, Symbol

from symgan.differentiation import diff
from symgan.kernels.errors import KernelError


def _sign(x: Any) -> Any:
    return mpf((x > 0) - (x < 0))


def _heaviside(x: Any, at_zero: Any = None) -> Any:
    return mpf(x > 0) if x != 0 else (mpf(1) / 2 if at_zero is None else at_zero)


FUNCTIONS: dict[type, Callable[..., Any]] = {
    sp.exp: mpmath.exp,
    sp.log: mpmath.log,
    sp.sin: mpmath.sin,
    sp.cos: mpmath.cos,
    sp.tan: mpmath.tan,
    sp.asin: mpmath.asin,
    sp.acos: mpmath.acos,
    sp.atan: mpmath.atan,
    sp.sinh: mpmath.sinh,
    sp.cosh: mpmath.cosh,
    sp.tanh: mpmath.tanh,
    sp.asinh: mpmath.asinh,
    sp.acosh: mpmath.acosh,
    sp.atanh: mpmath.atanh,
    sp.erf: mpmath.erf,
    sp.erfc: mpmath.erfc,
    sp.Abs: abs,
    sp.sign: _sign,
    sp.Heaviside: _heaviside,
    sp.Min: min,
    sp.Max: max,
}
"""What multiprecision code evaluates, besides sums, products, powers and Piecewise."""

KINKED = {sp.Abs: 1, sp.Min: 1, sp.Max: 1, sp.sign: 0, sp.Heaviside: 0, sp.DiracDelta: 0}
"""Slopes of functions with kinks, away from the kink."""


@dataclass(frozen=True)
class Sized:
    """A value and its magnitude."""

    value: Any
    magnitude: Any


def number(value: Any) -> Any:
    """A number in the working precision: int, float, str, Fraction, mpf or SymPy number.

    Raises:
        KernelError: it is not a real number.
    """
    if isinstance(value, Expr):
        if value.free_symbols:
            raise KernelError(f"{value} is not a number; put in values for its symbols")
        value = evaluate(value, {})
    try:
        return (
            mpf(value)
            if not hasattr(value, "numerator")
            else mpf(int(value.numerator)) / int(value.denominator)
        )
    except (TypeError, ValueError):
        raise KernelError(f"{value!r} is not a real number") from None


def evaluate(expression: Expr, values: Mapping[Symbol, Any]) -> Any:
    """The value in the working precision of mpmath.

    Args:
        expression: a real expression.
        values: symbol -> mpf.

    Raises:
        KernelError: a symbol without a value, or a function that is not known.

    >>> x = sp.Symbol("x", real=True)
    >>> with mpmath.workdps(30):
    ...     print(evaluate(x**2 / 3, {x: mpf(2)}))
    1.33333333333333333333333333333
    """
    return _walk(expression, values, {}, measured=False).value


def sized(expression: Expr, values: Mapping[Symbol, Any]) -> Sized:
    """The value and the magnitude; arguments as for `evaluate`."""
    return _walk(expression, values, {}, measured=True)


def holds(condition: Any, values: Mapping[Symbol, Any]) -> bool:
    """Whether a condition (relations joined by and, or, not) holds at these values."""
    if condition in (sp.true, sp.false):
        return condition is sp.true
    if isinstance(condition, sp.core.relational.Relational):
        left, right = (evaluate(side, values) for side in condition.args)
        return COMPARE[type(condition)](left, right)
    parts = [holds(part, values) for part in condition.args]
    if isinstance(condition, sp.And):
        return all(parts)
    if isinstance(condition, sp.Or):
        return any(parts)
    if isinstance(condition, sp.Not):
        return not parts[0]
    raise KernelError(f"the condition {condition} is not made of comparisons")


COMPARE: dict[type, Callable[[Any, Any], bool]] = {
    sp.StrictLessThan: lambda a, b: bool(a < b),
    sp.LessThan: lambda a, b: bool(a <= b),
    sp.StrictGreaterThan: lambda a, b: bool(a > b),
    sp.GreaterThan: lambda a, b: bool(a >= b),
    sp.Equality: lambda a, b: bool(a == b),
    sp.Unequality: lambda a, b: bool(a != b),
}
"""Comparisons of numbers."""


def _walk(
    node: Any, values: Mapping[Symbol, Any], done: dict[Any, Sized], *, measured: bool
) -> Sized:
    if node not in done:
        done[node] = _sized(node, values, done, measured=measured)
    return done[node]


def _sized(
    node: Any, values: Mapping[Symbol, Any], done: dict[Any, Sized], *, measured: bool
) -> Sized:
    if node in values:
        return Sized(values[node], abs(values[node]))
    if node.is_Symbol:
        raise KernelError(f"{node} has no value")
    if not node.args or node.is_Number or node.is_NumberSymbol:
        constant = _constant(node)
        return Sized(constant, abs(constant))
    if isinstance(node, sp.Piecewise):
        for branch, condition in node.args:
            if holds(condition, values):
                return _walk(branch, values, done, measured=measured)
        raise KernelError(f"no branch of {node} holds")
    parts = [_walk(arg, values, done, measured=measured) for arg in node.args]
    return _combine(node, parts, measured=measured)


def _combine(node: Any, parts: list[Sized], *, measured: bool) -> Sized:
    if isinstance(node, sp.Add):
        return Sized(mpmath.fsum(p.value for p in parts), mpmath.fsum(p.magnitude for p in parts))
    if isinstance(node, sp.Mul):
        return Sized(mpmath.fprod(p.value for p in parts), mpmath.fprod(p.magnitude for p in parts))
    if isinstance(node, sp.Pow):
        return _power(node, *parts)
    if isinstance(node, sp.DiracDelta) and parts[0].value != 0:
        return Sized(mpf(0), mpf(0))
    function = FUNCTIONS.get(type(node))
    if function is None:
        raise KernelError(f"no multiprecision rule for the function {node}")
    value = function(*(p.value for p in parts))
    return Sized(value, abs(value) + _slope(node, parts) if measured else value)


def _power(node: Any, base: Sized, exponent: Sized) -> Sized:
    if node.exp.is_Integer:
        n = int(node.exp)
        value = base.value**n
        if n >= 0:
            return Sized(value, base.magnitude**n)
        return Sized(value, abs(value) * (base.magnitude / abs(base.value)) * -n)
    if base.value < 0:
        raise KernelError(f"{node} is not real where its base is {mpmath.nstr(base.value, 5)}")
    value = base.value**exponent.value
    if base.value == 0:
        return Sized(value, abs(value))
    relative = abs(exponent.value) * base.magnitude / base.value
    relative += exponent.magnitude * abs(mpmath.log(base.value))
    return Sized(value, abs(value) * (1 + relative))


def _slope(node: Any, parts: list[Sized]) -> Any:
    r"""Sum of :math:`|g'(u)| |u|_*` over the arguments."""
    kind = type(node)
    if kind in KINKED:
        return KINKED[kind] * mpmath.fsum(p.magnitude for p in parts)
    (part,) = parts
    symbol, derivative = _derivative(kind)
    return abs(evaluate(derivative, {symbol: part.value})) * part.magnitude


@cache
def _derivative(kind: Any) -> tuple[Symbol, Any]:
    u = Symbol("u", real=True)
    return u, diff(kind(u), u)


def _constant(node: Any) -> Any:
    if node.is_Rational:
        return mpf(int(node.p)) / int(node.q)
    if node.is_Float or node.is_NumberSymbol:
        return node._to_mpmath(mpmath.mp.prec)
    raise KernelError(f"{node} is not a real number")

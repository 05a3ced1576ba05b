r"""Numbers with a bound of the error that floating-point code may make on the way to them.

An expression is evaluated to 40 digits, and beside each value stands how far a floating-point
evaluation of the same formula may lie from it: with the unit roundoff u and errors :math:`e`
of the operands, to first order

.. math:: a + b: \ e_a + e_b + u\,(|a| + |b|), \qquad
          ab: \ |a|e_b + |b|e_a + u\,|ab|, \qquad
          f(a): \ \max_\pm |f(a \pm e_a) - f(a)| + u\,|f(a)|.

This is running error analysis, made once for the formula as it is written. Code that orders the
operations in another way errs by a small multiple of the same quantities.

Source: Higham 2002, "Accuracy and Stability of Numerical Algorithms", section 3.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy as sp
from mpmath import mpf
from sympy import Expr, Symbol

from symgan.errors import Undecided
from symgan.kernels.evaluate import COMPARE, FUNCTIONS, evaluate

DIGITS = 40
"""Of all reference values: they are taken as exact beside float64's 16."""


class Unclear(Undecided):
    """A value whose error bound reaches over a pole or a branch: nothing can be said there."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """A value and a bound of the error made on the way to it.

    Attributes:
        value: to `DIGITS` digits.
        error: not negative.
    """

    value: Any
    error: Any


def exact(value: Any) -> Tracked:
    """A number that code holds without error."""
    return Tracked(mpf(value), mpf(0))


def rounded(value: Any, u: Any) -> Tracked:
    """A number that code holds as the nearest floating-point number."""
    return Tracked(value, u * abs(value))


def track(expression: Expr, values: Mapping[Symbol, Tracked], u: Any, done: Any = None) -> Tracked:
    """The value of an expression with the error that floating-point code may make.

    Args:
        expression: a real expression.
        values: of its symbols.
        u: the unit roundoff.
        done: values of subexpressions, shared between expressions at one point.

    Raises:
        Unclear: a division by what may be 0, a root of what may be negative, a branch whose
            condition lies within the error.

    >>> x = Symbol("x")
    >>> found = track(1 - x, {x: exact(1)}, mpf(2)**-53)
    >>> float(found.value), float(found.error * 2**53)  # -x, and a sum of 1 and 1
    (0.0, 3.0)
    """
    done = {} if done is None else done
    if expression not in done:
        done[expression] = _node(expression, values, u, done)
    return done[expression]


def _node(node: Any, values: Mapping[Symbol, Tracked], u: Any, done: Any) -> Tracked:
    if node in values:
        return values[node]
    if not node.args:
        number = evaluate(node, {})
        return exact(number) if node.is_Integer else rounded(number, u)
    if isinstance(node, sp.Piecewise):
        return _branch(node, values, u, done)
    parts = [track(arg, values, u, done) for arg in node.args]
    if isinstance(node, sp.Add):
        return _sum(parts, u)
    if isinstance(node, sp.Mul):
        return _product(parts, u)
    if isinstance(node, sp.Pow):
        return _power(node, parts[0], parts[1], u)
    if type(node) not in FUNCTIONS:
        raise Unclear(f"no multiprecision rule for the function {node}")
    return _function(FUNCTIONS[type(node)], parts, u, jumps=type(node) in _JUMPS)


_JUMPS = (sp.sign, sp.Heaviside)


def _sum(parts: Sequence[Tracked], u: Any) -> Tracked:
    size = mpmath.fsum(abs(p.value) for p in parts)
    error = mpmath.fsum(p.error for p in parts) + (len(parts) - 1) * u * size
    return Tracked(mpmath.fsum(p.value for p in parts), error)


def _product(parts: Sequence[Tracked], u: Any) -> Tracked:
    value, error = parts[0].value, parts[0].error
    for p in parts[1:]:
        error = abs(value) * p.error + abs(p.value) * error + error * p.error
        value = value * p.value
        error += u * abs(value)
    return Tracked(value, error)


def _power(node: Any, base: Tracked, exponent: Tracked, u: Any) -> Tracked:
    n = exponent.value
    if n < 0 and abs(base.value) <= base.error:
        raise Unclear(f"a division by {node.base}, which may be 0")
    if n == int(n):  # by repeated multiplication at worst
        value, length = base.value ** int(n), abs(int(n))
        return Tracked(value, _swing(lambda x: x ** int(n), base) + length * u * abs(value))
    if base.value < 0:
        raise Unclear(f"{node} is not real where its base is {mpmath.nstr(base.value, 5)}")
    low = max(base.value - base.error, mpf(0))
    value = base.value**n
    swing = max(abs((base.value + base.error) ** n - value), abs(low**n - value) if low else 0)
    if not low and base.error:
        swing = max(swing, value if n > 0 else mpf("inf"))
    swing += abs(value) * abs(mpmath.log(base.value)) * exponent.error if base.value else 0
    return Tracked(value, swing + u * abs(value))


def _swing(function: Any, x: Tracked) -> Any:
    """How far a function of one argument moves within the argument's error."""
    if not x.error:
        return mpf(0)
    here = function(x.value)
    return max(abs(function(x.value + x.error) - here), abs(function(x.value - x.error) - here))


def _function(function: Any, parts: Sequence[Tracked], u: Any, *, jumps: bool) -> Tracked:
    value = function(*(p.value for p in parts))
    if jumps:
        if parts[0].error and abs(parts[0].value) <= parts[0].error:
            raise Unclear("a sign that rounding decides")
        return Tracked(value, mpf(0))
    if len(parts) == 1:
        return Tracked(value, _swing(function, parts[0]) + u * abs(value))
    return Tracked(value, max(p.error for p in parts))  # Min and Max


def _branch(node: Any, values: Mapping[Symbol, Tracked], u: Any, done: Any) -> Tracked:
    for expression, condition in node.args:
        if _holds(condition, values, u, done):
            return track(expression, values, u, done)
    raise Unclear(f"no branch of {node} holds")


def _holds(condition: Any, values: Mapping[Symbol, Tracked], u: Any, done: Any) -> bool:
    if condition in (sp.true, sp.false):
        return condition is sp.true
    if isinstance(condition, sp.core.relational.Relational):
        gap = track(condition.lhs - condition.rhs, values, u, done)
        if gap.error and abs(gap.value) <= gap.error:
            raise Unclear(f"{condition}, which rounding decides")
        return COMPARE[type(condition)](gap.value, 0)
    parts = [_holds(part, values, u, done) for part in condition.args]
    if isinstance(condition, sp.Not):
        return not parts[0]
    return all(parts) if isinstance(condition, sp.And) else any(parts)

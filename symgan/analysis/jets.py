r"""Truncated power series of expressions, exactly: derivatives without long formulas.

An expression is evaluated from its leaves up on series in the deviations; a function of one
argument is composed with its own Taylor series there. Derivatives of order seven of nested
losses then cost what products of short series cost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.analysis.signs import sign
from symgan.differentiation import diff
from symgan.errors import GameError, Undecided
from symgan.losses import GenericLoss

Series = dict[tuple[int, ...], Expr]
"""Exponents of the deviations -> coefficient, up to an order."""
Values = dict[Any, Any]


class Jet:
    """Evaluates expressions on series.

    Args:
        series: state symbol -> its series; other symbols are constants.
        order: where all series end.
        where: values of constants, put in as they arise.

    >>> x = Symbol("x", real=True)
    >>> sorted(Jet({x: {(1,): sp.Integer(1)}}, 3)(sp.exp(x)**2).items())
    [((0,), 1), ((1,), 2), ((2,), 2), ((3,), 4/3)]
    """

    def __init__(
        self, series: Mapping[Symbol, Series], order: int, where: Values | None = None
    ) -> None:
        self.series, self.order, self.where = dict(series), order, where or {}
        first = next(iter(series.values()))
        self.zero = (0,) * len(next(iter(first), ()))
        self.known: dict[Expr, Series] = {}

    def __call__(self, expression: Expr) -> Series:
        """The series of an expression.

        Raises:
            GameError: it has no such series at this point.
            Undecided: a function that has no series rule, or a switch of open sign.
        """
        if expression not in self.known:
            self.known[expression] = self._value(expression)
        return self.known[expression]

    def _value(self, node: Expr) -> Series:
        if node in self.series:
            return self.series[node]
        if not node.free_symbols & set(self.series):
            return self._constant(node)
        if node.is_Add:
            return self._sum([self(arg) for arg in node.args])
        if node.is_Mul:
            return self._product([self(arg) for arg in node.args])
        if node.is_Pow:
            return self._power(*node.as_base_exp())
        if isinstance(node, sp.exp):
            return self._compose(self(node.args[0]), sp.exp)
        if isinstance(node, GenericLoss):
            order = node.order
            return self._compose(self(node.args[0]), lambda y: GenericLoss(y, order))
        if isinstance(node, sp.Abs | sp.sign | sp.Heaviside | sp.Min | sp.Max | sp.Piecewise):
            return self._branch(node)
        if isinstance(node, sp.Function) and len(node.args) == 1:
            return self._compose(self(node.args[0]), node.func)
        raise Undecided(f"{node.func} has no series rule; rewrite it in elementary functions")

    def _constant(self, value: Expr) -> Series:
        found = value.subs(self.where) if self.where else value
        if found.has(sp.nan, sp.zoo, sp.oo, sp.DiracDelta):
            raise GameError(f"the system is not {self.order} times differentiable at this point")
        return {self.zero: found} if found != 0 else {}

    def _sum(self, terms: Sequence[Series]) -> Series:
        total: dict[tuple[int, ...], list[Expr]] = {}
        for term in terms:
            for place, value in term.items():
                total.setdefault(place, []).append(value)
        return _nonzero({place: sp.Add(*values) for place, values in total.items()})

    def _product(self, factors: Sequence[Series]) -> Series:
        found: Series = {self.zero: sp.Integer(1)}
        for factor in sorted(factors, key=len):
            found = self.times(found, factor)
        return found

    def times(self, one: Series, other: Series) -> Series:
        """A product, cut at the order."""
        total: dict[tuple[int, ...], list[Expr]] = {}
        sizes = {place: sum(place) for place in other}
        for a, x in one.items():
            room = self.order - sum(a)
            for b, y in other.items():
                if sizes[b] <= room:
                    place = tuple(i + j for i, j in zip(a, b, strict=True))
                    total.setdefault(place, []).append(x * y)
        return _nonzero({place: sp.Add(*values) for place, values in total.items()})

    def _power(self, base: Expr, exponent: Expr) -> Series:
        if exponent.is_Integer and exponent > 0:
            return self._product([self(base)] * int(exponent))
        if exponent.free_symbols & set(self.series):
            return self(sp.exp(exponent * sp.log(base)))
        return self._compose(self(base), lambda y: y**exponent)

    def _compose(self, inner: Series, function: Callable[[Any], Any]) -> Series:
        r""":math:`\sum_k f^{(k)}(u_0)(u - u_0)^k/k!`, by Horner's rule."""
        start = inner.get(self.zero, sp.Integer(0))
        moved = {place: value for place, value in inner.items() if place != self.zero}
        y = sp.Dummy("y", real=True)
        derivative, coefficients = function(y), []
        for k in range(self.order + 1 if moved else 1):
            value = derivative.subs(y, start)
            coefficients.append(self._constant(value / sp.factorial(k)))
            derivative = diff(derivative, y)
        total: Series = {}
        for coefficient in reversed(coefficients):
            total = self._sum([self.times(total, moved), coefficient])
        return total

    def _branch(self, node: Any) -> Series:
        """The smooth branch of a switched expression on which the point lies."""
        if isinstance(node, sp.Piecewise):
            for value, condition in node.args:
                if condition is sp.true or self._holds(condition):
                    return self(value)
            raise GameError("no branch of the piecewise right-hand side holds at this point")
        if isinstance(node, sp.Min | sp.Max):
            first, *rest = node.args
            for other in rest:
                above = self._side(first - other) > 0
                first = first if above == isinstance(node, sp.Max) else other
            return self(first)
        side = self._side(node.args[0])
        if isinstance(node, sp.Abs):
            return self(side * node.args[0])
        return self._constant(sp.Integer(side if isinstance(node, sp.sign) else (side + 1) // 2))

    def _holds(self, condition: Any) -> bool:
        if isinstance(condition, sp.And | sp.Or):
            values = [self._holds(arg) for arg in condition.args]
            return all(values) if isinstance(condition, sp.And) else any(values)
        if not isinstance(condition, sp.core.relational.Relational):
            raise Undecided(f"the condition {condition} of a branch is no relation")
        side = self._side(condition.lhs - condition.rhs)
        return bool(condition.func(side, 0))

    def _side(self, surface: Expr) -> int:
        """The sign of a switching function at the point; it must not vanish there."""
        height = self(surface).get(self.zero, sp.Integer(0))
        found = sign(height)
        if found is None:
            raise Undecided(f"the side of the switching surface {surface} = 0 is open: {height}")
        if found == 0:
            raise GameError(f"the right-hand side is not smooth here: it switches at {surface} = 0")
        return found


def taylor(
    rhs: Sequence[Expr], point: Mapping[Symbol, Expr], order: int, where: Values | None = None
) -> list[Series]:
    """Taylor coefficients of functions at a point.

    Args:
        rhs: the functions.
        point: symbol -> value.
        order: up to which.
        where: values of constants, put in as they arise.

    >>> x, y = sp.symbols("x y", real=True)
    >>> sorted(taylor([x*sp.cos(y)], {x: sp.Integer(0), y: sp.Integer(0)}, 3)[0].items())
    [((1, 0), 1), ((1, 2), -1/2)]
    """
    n = len(point)
    units = [tuple(int(i == j) for j in range(n)) for i in range(n)]
    series = {
        symbol: _nonzero({(0,) * n: value, unit: sp.Integer(1)})
        for (symbol, value), unit in zip(point.items(), units, strict=True)
    }
    jet = Jet(series, order, where)
    return [jet(f) for f in rhs]


def _nonzero(series: Series) -> Series:
    """Without zero coefficients; those that hold symbols are expanded to see it."""
    tidied = ((p, v if v.is_Rational else sp.expand(v)) for p, v in series.items())
    return {place: value for place, value in tidied if value != 0}

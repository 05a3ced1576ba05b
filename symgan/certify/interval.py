r"""Interval arithmetic with ends from Arb: enclosures of expressions on boxes, also unbounded ones.

An end is an exact Arb number, or None where the interval is unbounded. Increasing functions take
their enclosure from the ends, which is why half-lines need no change of variables:
:math:`\tanh [X, \infty) \subset [\tanh X, 1]`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.certify.ball import load_flint
from symgan.errors import Undecided

End = Any
"""An exact flint ``arb``, or None."""


@dataclass(frozen=True, slots=True)
class Interval:
    """All reals from `low` to `high`; None: no bound."""

    low: End
    high: End

    def __add__(self, other: Interval) -> Interval:
        return Interval(
            _low(lambda a, b: a + b, self.low, other.low),
            _high(lambda a, b: a + b, self.high, other.high),
        )

    def __neg__(self) -> Interval:
        return Interval(
            None if self.high is None else -self.high, None if self.low is None else -self.low
        )

    def __sub__(self, other: Interval) -> Interval:
        return self + (-other)

    def __mul__(self, other: Interval) -> Interval:
        if self.is_zero or other.is_zero:
            return self if self.is_zero else other
        one, two = self._parts(), other._parts()
        products = [_signed_product(a, b) for a in one for b in two]
        return _hull(products)

    def _parts(self) -> list[tuple[int, Interval]]:
        """The nonnegative and the nonpositive part, the latter negated."""
        found: list[tuple[int, Interval]] = []
        zero = load_flint().arb(0)
        if self.high is None or self.high >= 0:
            low = zero if self.low is None or self.low < 0 else self.low
            found.append((1, Interval(low, self.high)))
        if self.low is None or self.low < 0:
            low = zero if self.high is None or self.high > 0 else -self.high
            found.append((-1, Interval(low, None if self.low is None else -self.low)))
        return found

    @property
    def is_zero(self) -> bool:
        """Whether it is [0, 0]."""
        return self.low is not None and self.high is not None and bool(self.low == self.high == 0)

    @property
    def is_positive(self) -> bool:
        """Whether every element is positive."""
        return self.low is not None and bool(self.low > 0)

    def inverse(self) -> Interval:
        """All reciprocals.

        Raises:
            Undecided: zero is among the elements.
        """
        if not self.is_positive:
            if (-self).is_positive:
                return -((-self).inverse())
            raise Undecided("a divisor may be zero on the box")
        zero = load_flint().arb(0)
        return Interval(
            zero if self.high is None else (1 / self.high).lower(), (1 / self.low).upper()
        )

    def power(self, exponent: int) -> Interval:
        """An integer power; even powers are not negative."""
        if exponent < 0:
            return self.power(-exponent).inverse()
        base = self if exponent % 2 else self.absolute()
        return base.increasing(lambda z: z**exponent, None, None) if exponent else point(1)

    def absolute(self) -> Interval:
        """All absolute values."""
        return _hull([interval for _, interval in self._parts()])

    def increasing(self, function: Callable[[Any], Any], at_low: End, at_high: End) -> Interval:
        """The values of an increasing function, with its limits where there is no bound."""
        return Interval(
            at_low if self.low is None else function(self.low).lower(),
            at_high if self.high is None else function(self.high).upper(),
        )

    def meet(self, other: Interval) -> Interval:
        """What two enclosures of one thing leave."""
        return Interval(
            _best(self.low, other.low, lambda a, b: a > b),
            _best(self.high, other.high, lambda a, b: a < b),
        )


def point(value: Any) -> Interval:
    """An enclosure of a rational number."""
    flint = load_flint()
    number = sp.Rational(value)
    ball = flint.arb(flint.fmpq(int(number.p), int(number.q)))
    return Interval(ball.lower(), ball.upper())


def between(low: Expr, high: Expr) -> Interval:
    """The interval between two rationals or infinities."""
    return Interval(
        None if low == -sp.oo else point(low).low, None if high == sp.oo else point(high).high
    )


def enclosure(expression: Expr, box: Mapping[Symbol, Interval]) -> Interval:
    """An enclosure of an expression's values on a box, operation by operation.

    Raises:
        Undecided: it may be undefined on the box, or holds a function that has no enclosure.

    >>> x = Symbol("x", real=True)
    >>> enclosure(1 + sp.tanh(x), {x: between(sp.Integer(-1), sp.oo)}).is_positive
    True
    """
    if isinstance(expression, Symbol):
        return box[expression]
    if expression.is_Rational:
        return point(expression)
    if expression is sp.pi or expression is sp.E:
        ball = load_flint().arb.pi() if expression is sp.pi else load_flint().arb(1).exp()
        return Interval(ball.lower(), ball.upper())
    if expression.is_Pow:
        return _power(expression, box)
    function = _FUNCTIONS.get(expression.func)
    if function is None:
        raise Undecided(f"no enclosure on a box is known for {expression}")
    return function(*(enclosure(argument, box) for argument in expression.args))


def _power(expression: Expr, box: Mapping[Symbol, Interval]) -> Interval:
    base, exponent = expression.as_base_exp()
    inner = enclosure(base, box)
    if exponent.is_Integer:
        return inner.power(int(exponent))
    if not exponent.is_Rational or not (inner.low is not None and inner.low >= 0):
        raise Undecided(f"no enclosure on the box is known for {expression}")
    root = inner if exponent.q != 2 else inner.increasing(lambda z: z.sqrt(), None, None)
    if exponent.q != 2:
        flint = load_flint()
        root = inner.increasing(lambda z: z.root(int(exponent.q)), flint.arb(0), None)
    return root.power(int(exponent.p))


def _log(z: Interval) -> Interval:
    if not z.is_positive:
        raise Undecided("the argument of a logarithm may be zero or negative on the box")
    return z.increasing(lambda v: v.log(), None, None)


def _bounded(low: int, high: int, name: str) -> Callable[[Interval], Interval]:
    def function(z: Interval) -> Interval:
        arb = load_flint().arb
        return z.increasing(lambda v: getattr(v, name)(), arb(low), arb(high))

    return function


def _atan(z: Interval) -> Interval:
    half = load_flint().arb.pi() / 2
    return z.increasing(lambda v: v.atan(), (-half).lower(), half.upper())


def _cosh(z: Interval) -> Interval:
    return z.absolute().increasing(lambda v: v.cosh(), None, None)


def _wave(name: str) -> Callable[[Interval], Interval]:
    """Sine and cosine, by balls."""

    def function(z: Interval) -> Interval:
        arb = load_flint().arb
        if z.low is None or z.high is None:
            return Interval(arb(-1), arb(1))
        ball = getattr(z.low.union(z.high), name)()
        return Interval(ball.lower(), ball.upper()).meet(Interval(arb(-1), arb(1)))

    return function


def _sum(*terms: Interval) -> Interval:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _product(*factors: Interval) -> Interval:
    total = factors[0]
    for factor in factors[1:]:
        total = total * factor
    return total


def _maximum(*values: Interval) -> Interval:
    """The largest of the lower ends, and of the upper ends."""
    lows = [v.low for v in values if v.low is not None]
    highs = [v.high for v in values]
    return Interval(
        _extreme(lows, lambda a, b: a > b) if lows else None,
        None if None in highs else _extreme(highs, lambda a, b: a > b),
    )


def _minimum(*values: Interval) -> Interval:
    return -_maximum(*(-v for v in values))


def _sign(z: Interval) -> Interval:
    ends = [point(1)] if z.is_positive else [point(-1)] if (-z).is_positive else None
    return ends[0] if ends else Interval(point(-1).low, point(1).high)


_FUNCTIONS: dict[Any, Callable[..., Interval]] = {
    sp.Add: _sum,
    sp.Mul: _product,
    sp.exp: lambda z: z.increasing(lambda v: v.exp(), load_flint().arb(0), None),
    sp.log: _log,
    sp.tanh: _bounded(-1, 1, "tanh"),
    sp.atan: _atan,
    sp.sinh: lambda z: z.increasing(lambda v: v.sinh(), None, None),
    sp.cosh: _cosh,
    sp.sin: _wave("sin"),
    sp.cos: _wave("cos"),
    sp.Abs: lambda z: z.absolute(),
    sp.Max: _maximum,
    sp.Min: _minimum,
    sp.sign: _sign,
}


def _low(operation: Callable[[Any, Any], Any], a: End, b: End) -> End:
    return None if a is None or b is None else operation(a, b).lower()


def _high(operation: Callable[[Any, Any], Any], a: End, b: End) -> End:
    return None if a is None or b is None else operation(a, b).upper()


def _best(a: End, b: End, is_better: Callable[[Any, Any], Any]) -> End:
    if a is None or b is None:
        return b if a is None else a
    return a if is_better(a, b) else b


def _extreme(ends: list[Any], is_better: Callable[[Any, Any], Any]) -> Any:
    best = ends[0]
    for end in ends[1:]:
        best = _best(best, end, is_better)
    return best


def _signed_product(one: tuple[int, Interval], other: tuple[int, Interval]) -> Interval:
    """The product of two nonnegative intervals, with their signs."""
    (sign, a), (times, b) = one, other
    high = _high(lambda x, y: x * y, a.high, b.high)
    if a.is_zero or b.is_zero:
        high = load_flint().arb(0)
    found = Interval((a.low * b.low).lower(), high)
    return found if sign == times else -found


def _hull(intervals: list[Interval]) -> Interval:
    lows, highs = [i.low for i in intervals], [i.high for i in intervals]
    return Interval(
        None if None in lows else _extreme(lows, lambda a, b: a < b),
        None if None in highs else _extreme(highs, lambda a, b: a > b),
    )

r"""The second program's interval arithmetic: rational ends, derivatives carried along.

Ends are fractions, or None where there is no bound; functions are enclosed at the ends by Arb.
Every operation rounds outward to `BITS` bits, so that fractions stay short.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symgan.certify.ball import load_flint
from symgan.errors import Undecided

BITS = 96
HUGE = Fraction(2) ** 2000
"""Beyond it an end is none, and below its inverse it is zero."""

End = Fraction | None


@dataclass(frozen=True)
class Range:
    """All reals from `low` to `high`."""

    low: End
    high: End

    def __add__(self, other: Range) -> Range:
        low = None if self.low is None or other.low is None else self.low + other.low
        high = None if self.high is None or other.high is None else self.high + other.high
        return outward(low, high)

    def __neg__(self) -> Range:
        high = None if self.low is None else -self.low
        return Range(None if self.high is None else -self.high, high)

    def __sub__(self, other: Range) -> Range:
        return self + (-other)

    def __mul__(self, other: Range) -> Range:
        products = [_times(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        if None not in (self.low, self.high, other.low, other.high):
            numbers = [p for p in products if p is not None]
            return outward(min(numbers), max(numbers))
        if Range(Fraction(0), Fraction(0)) in (self, other):
            return Range(Fraction(0), Fraction(0))
        return self._unbounded_product(other)

    def _unbounded_product(self, other: Range) -> Range:
        """Signs decide which ends of an unbounded product exist."""
        if not self.is_nonnegative and (-self).is_nonnegative:
            return -((-self) * other)
        if not other.is_nonnegative and (-other).is_nonnegative:
            return -(self * (-other))
        if self.is_nonnegative and other.is_nonnegative:
            assert self.low is not None
            assert other.low is not None
            high = None if None in (self.high, other.high) else _times(self.high, other.high)
            return outward(self.low * other.low, high)
        if self.is_nonnegative and self.high is not None:
            low = None if other.low is None else self.high * other.low
            return outward(low, None if other.high is None else self.high * other.high)
        if other.is_nonnegative and other.high is not None:
            return other * self
        return Range(None, None)

    @property
    def is_positive(self) -> bool:
        """Whether every element is positive."""
        return self.low is not None and self.low > 0

    @property
    def is_nonnegative(self) -> bool:
        """Whether no element is negative."""
        return self.low is not None and self.low >= 0

    def inverse(self) -> Range:
        """All reciprocals.

        Raises:
            Undecided: zero is among the elements.
        """
        if self.low is not None and self.low > 0:
            return outward(Fraction(0) if self.high is None else 1 / self.high, 1 / self.low)
        if self.high is not None and self.high < 0:
            return -((-self).inverse())
        raise Undecided("a divisor may be zero on a box of the certificate")

    def absolute(self) -> Range:
        """All absolute values."""
        if self.is_nonnegative:
            return self
        if (-self).is_nonnegative:
            return -self
        if self.low is None or self.high is None:
            return Range(Fraction(0), None)
        return Range(Fraction(0), max(-self.low, self.high))

    def power(self, exponent: int) -> Range:
        """An integer power."""
        if exponent < 0:
            return self.power(-exponent).inverse()
        if exponent == 0:
            return Range(Fraction(1), Fraction(1))
        base = self if exponent % 2 else self.absolute()
        low = None if base.low is None else base.low**exponent
        return outward(low, None if base.high is None else base.high**exponent)

    def hull(self, other: Range) -> Range:
        """The smallest range around both."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Range(low, high)

    def rising(self, name: str, at_low: End, at_high: End) -> Range:
        """The values of an increasing function of Arb; its limits where there is no bound."""
        low = at_low if self.low is None else _at(name, self.low)[0]
        high = at_high if self.high is None else _at(name, self.high)[1]
        return outward(low, high)


def _times(a: End, b: End) -> End:
    return None if a is None or b is None else a * b


def outward(low: End, high: End) -> Range:
    """A range with short fractions around another."""
    start = None if low is None else _down(low)
    return Range(start, None if high is None else _negated(_down(-high)))


def _negated(end: End) -> End:
    return None if end is None else -end


def _down(value: Fraction) -> End:
    """A lower bound of `BITS` bits; None below any."""
    if value < -HUGE:
        return None
    if value > HUGE:
        return HUGE
    if abs(value) * HUGE < 1:
        return Fraction(0) if value >= 0 else -1 / HUGE
    size = abs(value.numerator).bit_length() - value.denominator.bit_length()
    scale = Fraction(2) ** (BITS - size)
    return Fraction((value * scale).__floor__()) / scale


def _at(name: str, place: Fraction) -> tuple[End, End]:
    """Bounds of a function's value at a rational."""
    flint = load_flint()
    with flint.ctx.workprec(BITS + 32):
        value = getattr(flint.arb(flint.fmpq(place.numerator, place.denominator)), name)()
        if not value.is_finite():
            raise Undecided(f"{name} has no bounds at {place}")
        low, high = value.lower(), value.upper()
        return _fraction(low, -1), _fraction(high, 1)


def _fraction(end: Any, side: int) -> End:
    """An exact ball as a fraction; one whose size is beyond `HUGE` is rounded outward."""
    flint = load_flint()
    huge = flint.arb(2) ** 2000
    if abs(end) > huge:
        if side * end > 0:
            return None
        return HUGE if end > 0 else -HUGE
    if (end > 0 or end < 0) and abs(end) * huge < 1:
        return Fraction(0) if (end > 0) != (side > 0) else side / HUGE
    number: Any = end.fmpq()
    return Fraction(int(number.p), int(number.q))


def pi_range() -> Range:
    """A range around pi."""
    flint = load_flint()
    ball = flint.arb.pi()
    return outward(_fraction(ball.lower(), -1), _fraction(ball.upper(), 1))


def wave(name: str, z: Range) -> Range:
    """Sine or cosine: by balls, and never beyond -1 and 1."""
    one = Fraction(1)
    if z.low is None or z.high is None:
        return Range(-one, one)
    flint = load_flint()
    with flint.ctx.workprec(BITS + 32):
        ends = [flint.arb(flint.fmpq(e.numerator, e.denominator)) for e in (z.low, z.high)]
        ball = getattr(ends[0].union(ends[1]), name)()
        low, high = _fraction(ball.lower(), -1), _fraction(ball.upper(), 1)
    return Range(-one if low is None else max(-one, low), one if high is None else min(one, high))

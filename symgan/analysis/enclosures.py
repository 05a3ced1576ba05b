"""Rational enclosures of real numbers, and of the balls of python-flint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Integer, Rational


@dataclass(frozen=True)
class Enclosure:
    """A closed interval that provably contains one number.

    Attributes:
        lower, upper: exact rationals; both -oo, or both oo, for an end at infinity.

    >>> third = Enclosure(Rational(33, 100), Rational(34, 100))
    >>> third.width, third.contains(Rational(1, 3)), third.is_finite
    (1/100, True, True)
    """

    lower: Expr
    upper: Expr

    @property
    def is_finite(self) -> bool:
        """The number is real, not infinite."""
        return bool(self.lower.is_finite)

    @property
    def width(self) -> Expr:
        """The upper bound less the lower; 0 for an infinite end."""
        return self.upper - self.lower if self.is_finite else Integer(0)

    @property
    def middle(self) -> Expr:
        """The middle, infinite for an infinite end."""
        return (self.lower + self.upper) / 2 if self.is_finite else self.lower

    def contains(self, value: Any) -> bool:
        """The value lies between the bounds, the bounds included."""
        number = sp.sympify(value)
        return bool(self.lower <= number) and bool(number <= self.upper)


MINUS_INFINITY = Enclosure(sp.S.NegativeInfinity, sp.S.NegativeInfinity)
INFINITY = Enclosure(sp.S.Infinity, sp.S.Infinity)


def round_outward(lower: Any, upper: Any, digits: int) -> Enclosure:
    """The least multiples of 2^-digits around two balls.

    Args:
        lower, upper: flint ``arb``; the enclosure runs from the least number in the first to
            the greatest in the second.
        digits: binary digits after the point.
    """
    return Enclosure(
        Rational(_scaled_floor(lower.lower(), digits), 1) / Integer(2) ** digits,
        Rational(-_scaled_floor(-upper.upper(), digits), 1) / Integer(2) ** digits,
    )


def _scaled_floor(point: Any, digits: int) -> int:
    mantissa, exponent = (int(part) for part in point.man_exp())
    shift = exponent + digits
    return mantissa << shift if shift >= 0 else mantissa >> -shift


def rational_ball(flint: Any, value: Rational) -> Any:
    """The ball of a rational at the working precision."""
    return flint.arb(flint.fmpq(int(value.p), int(value.q)))


def interval_ball(low: Any, high: Any) -> Any:
    """The smallest ball around two."""
    return low.union(high)

r"""Real roots of rational polynomials, as exact points: compared, and put into polynomials."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from typing import Any

import sympy as sp
from sympy import Expr, Poly, Rational, Symbol

from symgan.analysis.budget import Budget

x = Symbol("x")
BITS = 16


@dataclass
class RealRoot:
    """A real root of an irreducible polynomial in `x` over the rationals.

    The isolating interval shrinks as questions are asked; the number never changes.

    Attributes:
        polynomial: irreducible.
        low, high: ends of an interval that holds this root and no other; equal where the
            root is rational.
    """

    polynomial: Poly
    low: Fraction
    high: Fraction

    @property
    def rational(self) -> Fraction | None:
        """The root itself, where it is rational."""
        if self.polynomial.degree() > 1:
            return None
        a, b = self.polynomial.all_coeffs()
        return -_fraction(b) / _fraction(a)

    def refine(self, bits: int = BITS) -> None:
        """Halve the interval a number of times."""
        f = _fractions(self.polynomial)
        left = horner(f, self.low)
        for _ in range(bits):
            middle = (self.low + self.high) / 2
            value = horner(f, middle)
            if value * left > 0:
                self.low = middle
            else:
                self.high = middle

    def sign(self, polynomial: Poly) -> int:
        """The sign of a rational polynomial in `x` at this root, exactly."""
        rest = polynomial.rem(self.polynomial)
        if rest.is_zero:
            return 0
        entries = _fractions(rest)
        if len(entries) == 1:
            return _sign(entries[0])
        while True:
            low, high = _interval_horner(entries, self.low, self.high)
            if low > 0 or high < 0:
                return 1 if low > 0 else -1
            self.refine()

    def closed_form(self) -> Expr:
        """Rational or in square roots where the degree allows it, otherwise a CRootOf."""
        for value in _radicals(self.polynomial):
            number = value.evalf(40)
            if number.is_real and self._is_near(_fraction(sp.Rational(number))):
                return value
        below = self.polynomial.count_roots(None, _rational(self.low))
        return sp.CRootOf(self.polynomial, below)

    def _is_near(self, approximation: Fraction) -> bool:
        """Whether the root with this 40-digit approximation is this one."""
        margin = Fraction(1, 10**30)
        while self.high - self.low > margin:
            self.refine()
        low, high = self.low - 2 * margin, self.high + 2 * margin
        alone = self.polynomial.count_roots(_rational(low), _rational(high)) == 1
        return alone and low < approximation < high


def point(value: Any) -> RealRoot:
    """A rational number as a root."""
    number = _fraction(sp.Rational(value))
    return RealRoot(Poly(x - _rational(number), x, domain="QQ"), number, number)


def positive_roots(polynomials: Iterable[Poly], budget: Budget) -> list[RealRoot]:
    """The distinct positive roots of rational polynomials in `x`, in order."""
    factors: dict[Poly, None] = {}
    for polynomial in polynomials:
        budget.check("the roots of the conditions")
        if polynomial.is_zero or polynomial.degree() < 1:
            continue
        for factor, _ in polynomial.factor_list()[1]:
            factors[factor.monic()] = None
    found = [root for factor in factors for root in _roots(factor, budget)]
    return sorted(found, key=cmp_to_key(compare))


def compare(one: RealRoot, other: RealRoot) -> int:
    """-1, 0 or 1 as the first root is less, equal or greater."""
    if one.polynomial == other.polynomial and _same(one, other):
        return 0
    while True:
        if one.high <= other.low:  # different numbers, so touching intervals part them
            return -1
        if other.high <= one.low:
            return 1
        one.refine()
        other.refine()


def between(one: RealRoot | None, other: RealRoot | None) -> Fraction:
    """A simple rational strictly between two different roots; None stands for 0 and infinity."""
    if one is None and other is None:
        return Fraction(1)
    if other is None:
        assert one is not None
        return Fraction(int(one.high) + 1)
    low = Fraction(0) if one is None else one.high
    while not low < other.low:
        other.refine()
        if one is not None:
            one.refine()
            low = one.high
    return simplest(low, other.low)


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The rational of smallest denominator strictly between two (Stern-Brocot).

    >>> simplest(Fraction(3, 10), Fraction(12, 10)), simplest(Fraction(7, 5), Fraction(3, 2))
    (Fraction(1, 1), Fraction(10, 7))
    """
    whole = low.numerator // low.denominator
    if whole + 1 < high:
        return Fraction(whole + 1)
    low, high = low - whole, high - whole
    if low == 0:
        return whole + Fraction(1, high.denominator // high.numerator + 1)
    return whole + 1 / simplest(1 / high, 1 / low)


def horner(entries: list[Fraction], at: Fraction) -> Fraction:
    """The value of a polynomial, leading coefficient first."""
    total = Fraction(0)
    for entry in entries:
        total = total * at + entry
    return total


def _same(one: RealRoot, other: RealRoot) -> bool:
    low, high = max(one.low, other.low), min(one.high, other.high)
    if low > high:
        return False
    return one.polynomial.count_roots(_rational(low), _rational(high)) == 1


def _roots(factor: Poly, budget: Budget) -> list[RealRoot]:
    budget.check("the real roots of the conditions")
    found = []
    for (low, high), _ in factor.intervals():
        root = RealRoot(factor, _fraction(low), _fraction(high))
        if root.rational is not None:
            root.low = root.high = root.rational
        while root.rational is None and root.low <= 0 <= root.high:
            root.refine()
        if root.low > 0:
            found.append(root)
    return found


def _radicals(polynomial: Poly) -> list[Expr]:
    r"""Roots of degree one or two, of those in :math:`x^2`, and their square roots."""
    coefficients = polynomial.all_coeffs()
    n = len(coefficients) - 1
    if n == 1:
        return [-coefficients[1] / coefficients[0]]
    if n == 2:
        a, b, c = coefficients
        root = sp.sqrt(b**2 - 4 * a * c)
        return [(-b - root) / (2 * a), (-b + root) / (2 * a)]
    if n == 4 and not any(coefficients[1::2]):
        squares = _radicals(Poly(coefficients[::2], polynomial.gen))
        return [side * sp.sqrtdenest(sp.sqrt(u)) for u in squares for side in (-1, 1)]
    return []


def _interval_horner(
    entries: list[Fraction], low: Fraction, high: Fraction
) -> tuple[Fraction, Fraction]:
    bottom = top = Fraction(0)
    for entry in entries:
        products = (bottom * low, bottom * high, top * low, top * high)
        bottom, top = min(products) + entry, max(products) + entry
    return bottom, top


def _fractions(polynomial: Poly) -> list[Fraction]:
    return [_fraction(c) for c in polynomial.all_coeffs()]


def _fraction(number: Any) -> Fraction:
    return Fraction(int(number.p), int(number.q))


def _rational(number: Fraction) -> Rational:
    return Rational(number.numerator, number.denominator)


def _sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)

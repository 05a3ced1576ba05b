r"""Algebraic numbers without a closed form: a name each, and which root it is."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp
from sympy import Expr, Poly, Rational
from sympy.polys.rootoftools import ComplexRootOf

DIGITS = 5
"""Significant digits of the decimals beside a name."""


class Roots:
    """Names of the roots that one rendering meets, in the order in which it meets them."""

    def __init__(self) -> None:
        self.names: dict[Any, str] = {}

    def name(self, root: Any) -> str:
        """The name of a root, a new one where it has none."""
        return self.names.setdefault(root, _named(len(self.names) + 1))

    def clauses(self, show: Any) -> list[tuple[str, str]]:
        """(name, which number it is) of each root.

        Args:
            show: prints an expression.
        """
        return [(name, clause(root, show)) for root, name in self.names.items()]


def _named(number: int) -> str:
    return f"r_{number}" if number < 10 else f"r_{{{number}}}"


def clause(root: Any, show: Any) -> str:
    r"""Which number a root of a polynomial is, with decimals and an interval of its own.

    >>> r = sp.Symbol("r")
    >>> print(clause(sp.CRootOf(r**5 - r - 1, 0), sp.latex))
    1.1673\ldots, \text{ the root of } r^{5} - r - 1 \text{ in } (1, 2)
    """
    polynomial = show(_shown(root).as_expr())
    if not root.is_real:
        return rf"{_complex(root)}\ldots, \text{{ a root of }} {polynomial}"
    low, high = (decimal(end) for end in isolating(root))
    which = rf"\text{{ the root of }} {polynomial} \text{{ in }} ({low}, {high})"
    return rf"{_decimals(root)}\ldots, {which}"


def isolating(root: Any) -> tuple[Rational, Rational]:
    """The widest interval with ends of as few decimals as possible that holds no other root.

    >>> r = sp.Symbol("r")
    >>> isolating(sp.CRootOf(100 * r**2 - 34 * r + 2, 1, radicals=False))
    (1/5, 3/10)
    """
    polynomial = root.poly
    places = 0
    while True:
        unit = Rational(1, 10**places)
        low = sp.floor(root / unit) * unit
        high = low + unit
        ends = polynomial.eval(low) != 0 and polynomial.eval(high) != 0
        if ends and polynomial.count_roots(low, high) == 1:
            return low, high
        places += 1


def decimal(value: Rational) -> str:
    """A rational with a denominator that divides a power of ten, written out.

    >>> decimal(Rational(-3, 20)), decimal(Rational(7))
    ('-0.15', '7')
    """
    number = Fraction(int(value.p), int(value.q))
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
    sign, digits = "-" if number < 0 else "", str(abs(int(number * 10**places)))
    digits = digits.rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def _shown(root: Any) -> Poly:
    """The polynomial in r: the name that its root has."""
    return root.poly.replace(root.poly.gen, sp.Symbol("r"))


def _decimals(root: Expr) -> str:
    """The first digits, cut off and not rounded, so that more may follow."""
    whole = max(len(str(abs(int(sp.floor(abs(root)))))), 1)
    places = max(DIGITS - whole, 1)
    cut = sp.floor(abs(root) * 10**places) / sp.Integer(10) ** places
    text = decimal(cut)
    text += "" if "." in text else "."
    return ("-" if root.is_negative else "") + text.ljust(text.index(".") + 1 + places, "0")


def _complex(root: ComplexRootOf) -> str:
    value = root.evalf(DIGITS)
    real, imaginary = sp.re(value), sp.im(value)
    sign = "-" if imaginary < 0 else "+"
    return f"{real} {sign} {abs(imaginary)} i"

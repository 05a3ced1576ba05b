r"""Where roots lie against the unit circle, with multiplicity on it: Miller's recursion.

With :math:`g^*(z) = z^n g(1/z)` and :math:`g_1 = (a_n g - a_0 g^*)/z`, a polynomial is

- *Schur* (all roots inside) iff :math:`|a_0| < |a_n|` and :math:`g_1` is Schur;
- *von Neumann* (all roots in the closed disk) iff :math:`|a_0| < |a_n|` and :math:`g_1` is
  von Neumann, or :math:`g_1 \equiv 0` and :math:`g'` is von Neumann;
- *simple von Neumann* (those on the circle simple, too) iff :math:`|a_0| < |a_n|` and
  :math:`g_1` is simple von Neumann, or :math:`g_1 \equiv 0` and :math:`g'` is Schur.

Source: Miller 1971, "On the location of zeros of certain classes of polynomials with
applications to numerical analysis", theorems 6.1 to 6.3.
"""

from __future__ import annotations

from enum import IntEnum
from functools import reduce
from typing import Any

import sympy as sp
from sympy import And, Expr, Or, Poly
from sympy.logic.boolalg import Boolean

from symgan.analysis.realroot import RealRoot, x
from symgan.analysis.schur import Cleared, Coefficients, bilinear_expressions, strictly_positive
from symgan.analysis.signs import nonnegative, nonvanishing, positive, sign, vanishes
from symgan.errors import Undecided

MOST_TERMS = 4000


class Place(IntEnum):
    """Where the roots of a polynomial lie; greater is worse."""

    INSIDE = 0
    SIMPLE = 1
    """In the closed disk, some on the circle, each of these simple."""
    CLOSED = 2
    """In the closed disk, with a multiple root on the circle."""
    OUTSIDE = 3


def place_at(entries: list[Poly], root: RealRoot) -> Place:
    """Where the roots lie when the coefficients, polynomials in `x`, are taken at a root.

    Args:
        entries: coefficients, leading coefficient first; the leading one must not vanish.
        root: an exact real number.
    """
    entries = [e.rem(root.polynomial) for e in entries]
    if len(entries) == 1:
        return Place.INSIDE
    first, last = entries[0], entries[-1]
    gap = root.sign(first * first - last * last)
    reduced = [
        (first * c - last * d).rem(root.polynomial)
        for c, d in zip(entries[:-1], entries[:0:-1], strict=True)
    ]
    if gap > 0:
        return place_at(_scaled(reduced), root)
    if gap < 0 or any(not c.is_zero for c in reduced):
        return Place.OUTSIDE
    inner = place_at(_derivative(entries), root)
    return {
        Place.INSIDE: Place.SIMPLE,
        Place.SIMPLE: Place.CLOSED,
        Place.CLOSED: Place.CLOSED,
        Place.OUTSIDE: Place.OUTSIDE,
    }[inner]


def von_neumann(polynomial: Cleared) -> Boolean:
    """The condition for all roots to lie in the closed disk.

    Raises:
        Undecided: the conditions grow too long.
    """
    triangle = _triangle(polynomial)
    if triangle is not None:
        return And(*map(nonnegative, triangle))
    return _recursion(polynomial, _closed_case)


def simple_von_neumann(polynomial: Cleared) -> Boolean:
    """The condition for all roots to lie in the closed disk, those on the circle simple.

    Raises:
        Undecided: the conditions grow too long.
    """
    triangle = _triangle(polynomial)
    if triangle is not None:
        *ends, inside = triangle
        corners = Or(positive(inside), And(*map(positive, ends)))
        return And(*map(nonnegative, triangle), corners)
    return _recursion(polynomial, _simple_case)


def _triangle(polynomial: Cleared) -> tuple[Expr, Expr, Expr] | None:
    r"""g(1), g(-1) and :math:`a_2 - a_0` of a quadratic with a positive leading coefficient.

    The roots lie in the closed disk iff none is negative; a double root on the circle, 1 or
    -1, is where the last vanishes together with one of the others. None of other degrees.
    """
    if len(polynomial.entries) != 3 or sign(polynomial.expression(polynomial.entries[0])) != 1:
        return None
    lead, middle, last = polynomial.entries
    found = (lead + middle + last, lead - middle + last, lead - last)
    return tuple(map(polynomial.expression, found))


def derivative(polynomial: Cleared) -> Cleared:
    """The derivative in the main variable."""
    n, K = len(polynomial.entries) - 1, polynomial.domain
    entries = [K.convert(n - k) * c for k, c in enumerate(polynomial.entries[:-1])]
    return Cleared(entries, K, polynomial.field)


def schur_condition(polynomial: Cleared) -> Boolean:
    """The condition for all roots to lie in the open disk."""
    if len(polynomial.entries) == 1:
        return sp.true
    return And(*(strictly_positive(e) for e in bilinear_expressions(polynomial)))


def self_reciprocal(polynomial: Cleared) -> bool:
    r"""Whether :math:`g^* = \pm g` identically: with every root its inverse is one."""
    entries = polynomial.entries
    sides = (entries[::-1], [-c for c in reversed(entries)])
    return any(all(not (a - b) for a, b in zip(entries, s, strict=True)) for s in sides)


def _recursion(polynomial: Cleared, degenerate: Any) -> Boolean:
    if len(polynomial.entries) == 1:
        return sp.true
    _require_short(polynomial)
    reduced, content = _reduced(polynomial)
    if not any(reduced.entries):
        return degenerate(polynomial)
    first, last = (polynomial.expression(polynomial.entries[k]) for k in (0, -1))
    inside = positive(sp.factor((first - last) * (first + last)))
    vanishing = Or(
        vanishes(content), And(*(vanishes(reduced.expression(c)) for c in reduced.entries))
    )
    ahead = sp.false
    if inside is not sp.false:
        ahead = And(inside, nonvanishing(content), _recursion(reduced, degenerate))
    if vanishing is sp.false:
        return ahead
    return Or(ahead, And(vanishing, degenerate(polynomial)))


def _closed_case(polynomial: Cleared) -> Boolean:
    return von_neumann(derivative(polynomial))


def _simple_case(polynomial: Cleared) -> Boolean:
    return schur_condition(derivative(polynomial))


def _reduced(polynomial: Cleared) -> tuple[Cleared, Expr]:
    """The reduced polynomial without its content, and the content."""
    a, K = polynomial.entries, polynomial.domain
    entries = [a[0] * c - a[-1] * d for c, d in zip(a[:-1], a[:0:-1], strict=True)]
    if K.is_Field:
        return Cleared(entries, K, polynomial.field), sp.Integer(1)
    content = reduce(K.gcd, entries)
    if not content:
        return Cleared(entries, K, polynomial.field), sp.Integer(1)
    smaller = [K.exquo(c, content) for c in entries]
    return Cleared(smaller, K, polynomial.field), polynomial.expression(content)


def _require_short(polynomial: Cleared) -> None:
    if polynomial.domain.is_PolynomialRing:
        terms = sum(len(c) for c in polynomial.entries)
        if terms > MOST_TERMS:
            raise Undecided(
                f"the conditions on the unit circle have {terms} terms; give values to parameters"
            )


def _derivative(entries: Coefficients) -> Coefficients:
    n = len(entries) - 1
    return [c * (n - k) for k, c in enumerate(entries[:-1])]


def _scaled(entries: list[Poly]) -> list[Poly]:
    """Without a common rational factor, so that numbers stay short."""
    contents = [abs(e.content()) for e in entries if not e.is_zero]
    common = reduce(sp.gcd, contents) if contents else sp.Integer(1)
    return [Poly(e / common, x, domain="QQ") if common else e for e in entries]

r"""The step of the smallest spectral radius, exactly, for a matrix in the step alone.

With :math:`z = r\zeta` the set :math:`S_r = \{\eta : \rho(\eta) < r\}` is cut out by the curves
:math:`g(r)\,g(-r)\,\Delta_{n-1}(r) = 0` in the plane of step and radius. It grows with r, and
the r at which it ceases to be empty is a turning point or a crossing of these curves, so one
of finitely many algebraic numbers; one rational r between each two of them decides which.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

import sympy as sp
from sympy import Poly, Rational, Symbol

from symgan.analysis.budget import Budget
from symgan.analysis.circle import Place, place_at
from symgan.analysis.field import build_field
from symgan.analysis.realroot import RealRoot, between, compare, point, positive_roots, x
from symgan.analysis.schur import Cleared, critical_elements
from symgan.differentiation import diff

y = Symbol("y")
MOST_DEGREE = 12
REFINEMENTS = 60


@dataclass(frozen=True)
class Optimum:
    """The smallest spectral radius and the step that has it.

    Attributes:
        rate: the infimum.
        step: where it is attained; None where it is approached as the step grows.
        radius: a rational radius above the rate that is reached at `sample`.
        sample: a rational step with a spectral radius below `radius`.
    """

    rate: RealRoot
    step: RealRoot | None
    radius: Fraction
    sample: Fraction


def optimum(factors: Sequence[Sequence[Poly]], budget: Budget) -> Optimum | None:
    """The best step; None where the curves are too large or the optimum is not one point.

    Args:
        factors: the factors of the characteristic polynomial, each with its coefficients as
            polynomials in `x`, leading coefficient first; some step is stable.
        budget: time.
    """
    curves = _curves(factors, budget)
    if curves is None:
        return None
    turning = [_as_polynomial(e, y) for e in _turning(curves, x, y, budget)]
    zero = point(0)
    radii = [r for r in positive_roots(turning, budget) if compare(r, point(1)) <= 0]
    radii = [zero, *radii]
    if compare(radii[-1], point(1)) < 0:
        radii.append(point(1))
    low, high = 0, len(radii) - 2
    while low < high:
        middle = (low + high) // 2
        radius = _between(radii[middle], radii[middle + 1])
        if _reached(factors, curves, radius, budget):
            high = middle
        else:
            low = middle + 1
    return _place(factors, curves, radii[low], radii[low + 1], budget)


def _curves(factors: Sequence[Sequence[Poly]], budget: Budget) -> list[Poly] | None:
    """The irreducible curves in step and radius on which the status of a step can change."""
    found: dict[Poly, None] = {}
    for entries in factors:
        budget.check("the curves of constant spectral radius")
        n = len(entries) - 1
        scaled = [e.as_expr() * y ** (n - k) for k, e in enumerate(entries)]
        field = build_field([x, y])
        ring = field.domain.get_ring()
        critical = critical_elements(Cleared([ring.from_sympy(e) for e in scaled], ring, field))
        for expression in (entries[0].as_expr(), *(ring.to_sympy(e) for e in critical)):
            polynomial = Poly(expression, x, y, domain="QQ")
            if polynomial.is_zero:
                continue
            if polynomial.degree(x) > 2 * MOST_DEGREE:
                return None
            for factor, _ in polynomial.factor_list()[1]:
                if factor.degree(x) > MOST_DEGREE or factor.degree(y) > MOST_DEGREE:
                    return None
                found[factor] = None
    return list(found)


def _turning(curves: Sequence[Poly], out: Symbol, kept: Symbol, budget: Budget) -> Iterator[Any]:
    """Values of one coordinate at which curves turn, meet, escape or reach the axis."""
    for curve in curves:
        budget.check("the turning points of the spectral radius")
        expression = curve.as_expr()
        if out not in expression.free_symbols:
            yield expression
            continue
        in_out = Poly(expression, out)
        yield in_out.LC()
        yield in_out.eval(0)
        if in_out.degree() > 1:
            yield in_out.discriminant()
    for one, other in combinations(curves, 2):
        budget.check("the crossings of the spectral radius")
        if one.has(out) and other.has(out) and (one.has(kept) or other.has(kept)):
            yield sp.resultant(one.as_expr(), other.as_expr(), out)


def _reached(
    factors: Sequence[Sequence[Poly]], curves: Sequence[Poly], radius: Fraction, budget: Budget
) -> bool:
    return bool(_components(factors, curves, radius, budget))


def _components(
    factors: Sequence[Sequence[Poly]], curves: Sequence[Poly], radius: Fraction, budget: Budget
) -> list[tuple[RealRoot | None, RealRoot | None, Fraction]]:
    """The open intervals of steps with a spectral radius below a rational one.

    Neighbors stay apart even where the step between them belongs to the set.
    """
    value = Rational(radius.numerator, radius.denominator)
    at = [_as_polynomial(c.as_expr().subs(y, value), x) for c in curves]
    cuts = positive_roots(at, budget)
    ends: list[RealRoot | None] = [None, *cuts, None]
    found = []
    for low, high in pairwise(ends):
        budget.check("the steps below a spectral radius")
        sample = between(low, high)
        if _inside(factors, point(sample), value):
            found.append((low, high, sample))
    return found


def _inside(factors: Sequence[Sequence[Poly]], step: RealRoot, radius: Rational) -> bool:
    for entries in factors:
        n = len(entries) - 1
        scaled = [e * radius ** (n - k) for k, e in enumerate(entries)]
        if step.sign(entries[0]) == 0 or place_at(scaled, step) is not Place.INSIDE:
            return False
    return True


def _place(
    factors: Sequence[Sequence[Poly]],
    curves: Sequence[Poly],
    rate: RealRoot,
    above: RealRoot,
    budget: Budget,
) -> Optimum | None:
    """Shrink the set of steps below a radius until it holds one candidate only."""
    steps = positive_roots(
        [_as_polynomial(e, x) for e in _candidates(curves, rate, budget)], budget
    )
    radius = _between(rate, above)
    for _ in range(REFINEMENTS):
        low, high, sample = _components(factors, curves, radius, budget)[0]
        inside = [s for s in steps if _strictly_between(low, s, high)]
        if len(inside) == 1:
            return Optimum(rate, inside[0], radius, sample)
        if high is None and not inside:
            return Optimum(rate, None, radius, sample)
        rate.refine(4)
        nearer = (3 * rate.high + radius) / 4
        radius = nearer if rate.high < nearer else radius
    return None


def _candidates(curves: Sequence[Poly], rate: RealRoot, budget: Budget) -> Iterator[Any]:
    """Steps at which a curve that turns at the rate, or two that cross there, do so."""

    def vanishes(expression: Any) -> bool:
        polynomial = _as_polynomial(expression, y).as_expr().subs(y, x)
        return rate.sign(Poly(polynomial, x, domain="QQ")) == 0

    both = [c for c in curves if c.has(x) and c.has(y)]
    for curve in both:
        budget.check("the steps of the smallest spectral radius")
        expression = curve.as_expr()
        if curve.degree(x) > 1 and vanishes(sp.discriminant(expression, x)):
            yield sp.resultant(expression, diff(expression, x), y)
    for one, other in combinations(curves, 2):
        if one.has(x) and other.has(x) and (one.has(y) or other.has(y)):
            crossing = sp.resultant(one.as_expr(), other.as_expr(), x)
            if vanishes(crossing) and (one.has(y) and other.has(y)):
                yield sp.resultant(one.as_expr(), other.as_expr(), y)
    for curve in curves:
        if not curve.has(y):
            yield curve.as_expr()


def _as_polynomial(expression: Any, symbol: Symbol) -> Poly:
    """In the given symbol, renamed to `x`."""
    return Poly(sp.sympify(expression).subs(symbol, x), x, domain="QQ")


def _strictly_between(low: RealRoot | None, root: RealRoot, high: RealRoot | None) -> bool:
    above = low is None or compare(low, root) < 0
    return above and (high is None or compare(root, high) < 0)


def _between(low: RealRoot, high: RealRoot) -> Fraction:
    return between(None if low.low == low.high == 0 else low, high)

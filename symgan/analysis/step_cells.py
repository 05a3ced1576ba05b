r"""The half-line of steps cut at every step where stability can change, exactly.

For a matrix that depends on the step alone. Roots of an irreducible factor g cross the
unit circle only where :math:`g(1)\,g(-1)\,\Delta_{n-1} = 0`; a factor with :math:`g^* = \pm g`
leaves it only where two of its roots meet. Between such steps one rational step answers for
all, at such a step Miller's recursion runs over its number field.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import reduce
from itertools import combinations, pairwise
from typing import Any

import sympy as sp
from sympy import Poly
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.budget import Budget
from symgan.analysis.circle import Place, place_at, self_reciprocal
from symgan.analysis.linear_map import LinearMap
from symgan.analysis.realroot import RealRoot, between, point, positive_roots, x
from symgan.analysis.schur import Cleared, critical_elements


class Status(Enum):
    """What a linear iteration does at one step."""

    STABLE = "spectral radius below one"
    MARGINAL = "spectral radius one, semisimple on the circle"
    DEFECTIVE = "spectral radius one, a Jordan block on the circle"
    UNSTABLE = "spectral radius above one"
    UNDEFINED = "a pole of the map"


@dataclass(frozen=True)
class Cell:
    """An open interval between two cuts (None: 0 or infinity), or one cut.

    Attributes:
        low, high: the ends; the same root for a single point.
        status: what happens on all of it.
        sample: a rational step in it (the left end's approximation for a point).
    """

    low: RealRoot | None
    high: RealRoot | None
    status: Status
    sample: Fraction | None

    @property
    def is_point(self) -> bool:
        """Whether the cell is a single step."""
        return self.sample is None


@dataclass(frozen=True)
class Piece:
    """An irreducible factor of the characteristic polynomial, its coefficients in `x`."""

    polynomial: Cleared
    multiplicity: int
    entries: list[Poly]
    reciprocal: bool


def pieces(system: LinearMap) -> list[Piece]:
    """The factors with coefficients as polynomials in the step, named `x`."""
    found = []
    for factor, multiplicity in system.factors:
        polynomial = system.cleared(factor)
        entries = [in_step(e) for e in polynomial.entries]
        found.append(Piece(polynomial, multiplicity, entries, self_reciprocal(polynomial)))
    return found


def in_step(element: Any) -> Poly:
    """A ring element with the step as its only symbol, as a polynomial in `x`."""
    if hasattr(element, "terms"):
        terms = {m: sp.Rational(c.numerator, c.denominator) for m, c in element.terms()}
        return Poly.from_dict(terms or {(0,): 0}, x, domain="QQ")
    return Poly(sp.Rational(element.numerator, element.denominator), x, domain="QQ")


def cells(system: LinearMap, budget: Budget) -> list[Cell]:
    """The cells of the half-line of positive steps, in order."""
    parts = pieces(system)
    cuts = positive_roots(_cut_polynomials(system, parts), budget)
    found: list[Cell] = []
    ends: list[RealRoot | None] = [None, *cuts, None]
    for low, high in pairwise(ends):
        budget.check("the stability between two steps")
        sample = between(low, high)
        found.append(Cell(low, high, status_at(system, parts, point(sample)), sample))
        if high is not None:
            found.append(Cell(high, high, status_at(system, parts, high), None))
    return found


def status_at(system: LinearMap, parts: list[Piece], step: RealRoot) -> Status:
    """What happens at one exact step."""
    if any(step.sign(p.entries[0]) == 0 for p in parts):
        return Status.UNDEFINED
    places = [place_at(p.entries, step) for p in parts]
    if Place.OUTSIDE in places:
        return Status.UNSTABLE
    critical = [p for p, place in zip(parts, places, strict=True) if place is not Place.INSIDE]
    if not critical:
        return Status.STABLE
    together = reduce(_product, (p.entries for p in critical))
    if all(p.multiplicity == 1 for p in critical) and place_at(together, step) is Place.SIMPLE:
        return Status.MARGINAL
    return Status.MARGINAL if _semisimple(system, step) else Status.DEFECTIVE


def _cut_polynomials(system: LinearMap, parts: list[Piece]) -> Iterator[Poly]:
    for part in parts:
        yield part.entries[0]
        critical = [in_step(e) for e in critical_elements(part.polynomial)]
        yield from critical
        if part.reciprocal and len(part.entries) > 2:
            yield _resultant(part.entries, _derived(part.entries))
        if part.reciprocal and part.multiplicity > 1:
            yield from _annihilated(system)
    for one, other in combinations(parts, 2):
        if one.reciprocal and other.reciprocal:
            yield _resultant(one.entries, other.entries)


def _resultant(one: list[Poly], other: list[Poly]) -> Poly:
    z = sp.Symbol("z")
    ring = sp.QQ[x]
    f, g = (
        Poly.from_list([ring.from_sympy(e.as_expr()) for e in entries], z, domain=ring)
        for entries in (one, other)
    )
    value = f.resultant(g)
    return Poly(value.as_expr() if hasattr(value, "as_expr") else value, x, domain="QQ")


def _derived(entries: list[Poly]) -> list[Poly]:
    n = len(entries) - 1
    return [c * (n - k) for k, c in enumerate(entries[:-1])]


def _product(one: list[Poly], other: list[Poly]) -> list[Poly]:
    found = [Poly(0, x, domain="QQ")] * (len(one) + len(other) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            found[i + j] += a * b
    return found


def _annihilated(system: LinearMap) -> Iterator[Poly]:
    """Numerators of the product of the distinct factors at the matrix: zero, or where it may be."""
    K = system.field
    rows = [[K.element(e) for e in row] for row in system.matrix.tolist()]
    A = DomainMatrix(rows, system.matrix.shape, K.domain)
    eye = DomainMatrix.eye(A.shape[0], K.domain).to_dense()
    total = eye
    for factor, _ in system.factors:
        value = eye * K.domain.zero
        for c in factor.rep.to_list():
            value = value * A + eye * c
        total = total * value
    for row in total.to_list():
        for entry in row:
            yield in_step(getattr(entry, "numer", entry))


def _semisimple(system: LinearMap, step: RealRoot) -> bool:
    r"""Whether :math:`\operatorname{rank} u(A) = \operatorname{rank} u(A)^2` for the
    square-free polynomial u of the eigenvalues on the circle (all others lie inside)."""
    number = step.closed_form()
    matrix = system.matrix.subs(system.symbol, number)
    domain = sp.QQ if number.is_Rational else sp.QQ.algebraic_field(number)
    rows = [[domain.from_sympy(sp.sympify(e)) for e in row] for row in matrix.tolist()]
    A = DomainMatrix(rows, matrix.shape, domain)
    z = sp.Symbol("z")
    characteristic = Poly.from_list(A.charpoly(), z, domain=domain)
    reverse = Poly.from_list(A.charpoly()[::-1], z, domain=domain)
    circle = characteristic.gcd(reverse)
    circle = circle.quo(circle.gcd(circle.diff(z)))
    eye = DomainMatrix.eye(A.shape[0], domain).to_dense()
    U = eye * domain.zero
    for c in circle.rep.to_list():
        U = U * A + eye * c
    return U.rank() == (U * U).rank()

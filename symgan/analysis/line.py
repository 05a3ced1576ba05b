r"""Signs of polynomials along a line and along a plane's parameter, exactly.

The projection step of cylindrical algebraic decomposition in two variables: over an open
interval of the parameter in which no leading coefficient, discriminant or resultant
vanishes, the roots of the polynomials are continuous and keep their order, so that one
sample decides for the whole interval; the finitely many other parameters are samples of
their own, rational or algebraic.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import sympy as sp
from sympy import Expr, Poly, Rational, Symbol

from symgan.errors import Undecided


@dataclass(frozen=True)
class Piece:
    """An open interval of positive parameters, or one value, and a sample in it."""

    lower: Expr
    upper: Expr
    sample: Expr

    @property
    def set(self) -> sp.Set:
        """The piece as a set."""
        if self.lower == self.upper:
            return sp.FiniteSet(self.lower)
        return sp.Interval.open(self.lower, self.upper)


@dataclass(frozen=True)
class Spot:
    """A root or an interval between roots: the signs there, and a rational point if known."""

    signs: tuple[int, ...]
    point: Rational | None


def pieces(factors: Sequence[Expr], x: Symbol, parameter: Symbol) -> tuple[Piece, ...]:
    r"""Cut :math:`(0, \infty)` where roots in x of the factors may appear, merge or cross.

    Args:
        factors: different irreducible polynomials in x and the parameter, over the rationals.
        x: the line's coordinate.
        parameter: what is cut.

    >>> x, a = sp.symbols("x a")
    >>> [piece.sample for piece in pieces([x**2 - a + 1], x, a)]
    [1/2, 1, 2]
    """
    lines = [Poly(f, x) for f in factors if f.has(x)]
    projected = [f for f in factors if not f.has(x)]
    projected += [p.LC() for p in lines]
    projected += [p.discriminant() for p in lines if p.degree() > 1]
    projected += [sp.resultant(p, q) for p, q in combinations(lines, 2)]
    cuts = _positive_roots(projected, parameter)
    ends = [sp.Integer(0), *cuts, sp.oo]
    open_pieces = [Piece(a, b, between(a, b)) for a, b in pairwise(ends)]
    points = [Piece(a, a, a) for a in cuts]
    return tuple(sorted(open_pieces + points, key=lambda piece: sp.N(piece.sample, 30)))


def _positive_roots(polynomials: Sequence[Expr], parameter: Symbol) -> list[Expr]:
    found: set[Expr] = set()
    for polynomial in polynomials:
        for factor, _ in sp.factor_list(sp.sympify(polynomial), parameter)[1]:
            found |= {r for r in Poly(factor, parameter).real_roots() if r.is_positive}
    return sorted(found, key=lambda r: sp.N(r, 30))


def between(lower: Expr, upper: Expr) -> Rational:
    """The rational with the smallest denominator strictly between two numbers.

    >>> between(sp.Integer(0), sp.sqrt(2)), between(sp.sqrt(2), sp.oo)
    (1, 2)
    """
    low, high = sp.Integer(0), None
    for _ in range(10_000):
        middle = Rational(low.p + 1, low.q) if high is None else _mediant(low, high)
        if not middle > lower:
            low = middle
        elif not middle < upper:
            high = middle
        else:
            return middle
    raise Undecided(f"no simple rational lies between {lower} and {upper}")


def _mediant(low: Rational, high: Rational) -> Rational:
    return Rational(low.p + high.p, low.q + high.q)


def spots(factors: Sequence[Expr], x: Symbol, parameter: Symbol, value: Expr) -> Iterator[Spot]:
    """All combinations of signs of the factors along the line, at one parameter.

    Args:
        factors: polynomials in x and the parameter, over the rationals.
        x: the line's coordinate.
        parameter: it takes the value.
        value: rational, or real algebraic.

    >>> x, a = sp.symbols("x a")
    >>> [(spot.signs, spot.point) for spot in spots([x**2 - a, x], x, a, sp.Integer(0))]
    [((1, -1), -1), ((1, 1), 1), ((0, 0), 0)]
    """
    curves = [_Curve.of(f, x, parameter, value) for f in factors]
    norm = sp.Mul(*(curve.norm for curve in curves))
    roots = _isolated(norm, x)
    for point in _between_roots(roots):
        yield Spot(tuple(curve.sign_at(point) for curve in curves), point)
    for low, high in roots:
        signs = tuple(curve.sign_at_root(low, high) for curve in curves)
        yield Spot(signs, low if low == high else None)


def _isolated(polynomial: Expr, x: Symbol) -> list[tuple[Rational, Rational]]:
    """Disjoint intervals, one a real root, in order; a rational root is its own interval."""
    factors = [Poly(f, x) for f, _ in sp.factor_list(polynomial, x)[1]] if polynomial.has(x) else []
    width = Rational(1, 8)
    while True:
        found = [ends for f in factors for ends, _ in f.intervals(eps=width)]
        found.sort()
        if all(a[1] < b[0] for a, b in pairwise(found)):
            return found
        width /= 64


def _between_roots(roots: Sequence[tuple[Rational, Rational]]) -> list[Rational]:
    """A rational in each interval between roots, and one beyond either end."""
    if not roots:
        return [sp.Integer(0)]
    inner = [_simplest(a[1], b[0]) for a, b in pairwise(roots)]
    return [sp.floor(roots[0][0]) - 1, *inner, sp.ceiling(roots[-1][1]) + 1]


def _simplest(lower: Rational, upper: Rational) -> Rational:
    """A simple rational strictly between two rationals of any sign."""
    if lower < 0 < upper:
        return sp.Integer(0)
    return between(lower, upper) if lower >= 0 else -between(-upper, -lower)


@dataclass(frozen=True)
class _Curve:
    """A polynomial at one parameter.

    Attributes:
        value: its value, a polynomial in x over the rationals or an algebraic field.
        simple: the same without multiple roots; None where it vanishes identically.
        norm: a polynomial over the rationals that vanishes at all its roots.
    """

    value: Poly
    simple: Poly | None
    norm: Expr

    @classmethod
    def of(cls, factor: Expr, x: Symbol, parameter: Symbol, value: Expr) -> _Curve:
        inserted = factor.subs(parameter, value)
        rational = value.is_Rational
        polynomial = Poly(inserted, x) if rational else Poly(inserted, x, extension=value)
        if polynomial.is_zero:
            return cls(polynomial, None, sp.Integer(1))
        simple = polynomial.sqf_part()
        if rational:
            return cls(polynomial, simple, inserted)
        minimal = sp.minimal_polynomial(value, parameter)
        return cls(polynomial, simple, sp.resultant(factor, minimal, parameter))

    def sign_at(self, point: Rational) -> int:
        return _sign(self.value.eval(point))

    def sign_at_root(self, low: Rational, high: Rational) -> int:
        """The sign at the only root of the norms between two points that are no roots."""
        if self.simple is None:
            return 0
        if low == high:
            return self.sign_at(low)
        crosses = _sign(self.simple.eval(low)) != _sign(self.simple.eval(high))
        return 0 if crosses else self.sign_at(low)


def _sign(number: Expr) -> int:
    """The sign of an element of the field; its canonical form is 0 only if it is zero."""
    if number.is_Rational:
        return int(sp.sign(number))
    return int(sp.sign(sp.N(number, 50)))

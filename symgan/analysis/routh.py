r"""Where the roots of a real polynomial lie, as exact conditions on its coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import And, Expr, Or, Poly, Symbol
from sympy.logic.boolalg import Boolean
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.circle import derivative, schur_condition, von_neumann
from symgan.analysis.field import Field, build_field
from symgan.analysis.schur import Cleared, cleared
from symgan.analysis.signs import nonnegative, positive, sign, vanishes
from symgan.errors import GameError, Undecided


@dataclass(frozen=True)
class Location:
    """Conditions on the roots of an irreducible real factor.

    Attributes:
        inside: all roots in the open left half-plane (open unit disk).
        outside: a root in the open right half-plane (outside the closed disk).
        boundary: all roots simple, on the imaginary axis but not 0 (on the unit circle).
        edge: closed, but neither inside nor boundary: 0, or only some roots on the boundary.
        repeated: all on the boundary, each a double root (but not 0).
    """

    inside: Boolean
    outside: Boolean
    boundary: Boolean
    edge: Boolean = sp.false
    repeated: Boolean = sp.false

    @property
    def closed(self) -> Boolean:
        """All roots in the closed half-plane (disk): the opposite of `outside`."""
        return Or(self.inside, self.boundary, self.edge, self.repeated)


def hurwitz(polynomial: Any, variable: Symbol) -> Boolean:
    r"""The exact condition for all roots to have negative real part (Liénard-Chipart).

    Of :math:`s^n + a_1 s^{n-1} + \dots + a_n` every second coefficient :math:`a_n,
    a_{n-2}, \dots` and every second Hurwitz determinant :math:`\Delta_{n-1},
    \Delta_{n-3}, \dots` must be positive, computed over the field of coefficients.

    Args:
        polynomial: an expression, any degree, with real parameters.
        variable: its variable.

    Raises:
        GameError: a constant, or a leading coefficient of open sign.

    Source: Gantmacher, The Theory of Matrices, vol. 2, chapter XV, section 13.

    >>> s, a, b, c = sp.symbols("s a b c", real=True)
    >>> hurwitz(s**3 + a*s**2 + b*s + c, s)
    (a > 0) & (c > 0) & (a*b - c > 0)
    """
    raw = Poly(sp.sympify(polynomial), variable)
    field = build_field(raw.all_coeffs())
    lead = sign(raw.LC())
    if raw.degree() < 1 or not lead:
        raise GameError(
            f"{polynomial} has no degree in {variable} or a leading coefficient of open sign; "
            "give a polynomial with a positive leading coefficient"
        )
    return _hurwitz(field.poly(raw.as_expr() * lead, variable), field)


def half_plane(factor: Poly, field: Field) -> Location:
    """Conditions for an irreducible monic factor and the imaginary axis.

    Raises:
        Undecided: parameters in a factor of degree four (not even) or more.
    """
    a = field.coefficients(factor)[1:]
    if len(a) == 1:
        return Location(positive(a[0]), positive(-a[0]), sp.false, vanishes(a[0]))
    if len(a) == 2:
        return _quadratic(*a)
    if len(a) == 3:
        return _cubic(*a)
    if all(c.is_number for c in a):
        return numeric(factor, field)
    if len(a) == 4 and a[0] == a[2] == 0:
        return _biquadratic(a[1], a[3])
    raise _undecided(factor, field)


def disk(factor: Poly, field: Field) -> Location:
    """Conditions for an irreducible monic factor and the unit circle (Jury).

    Raises:
        Undecided: parameters in a factor of degree three or more.
    """
    a = field.coefficients(factor)[1:]
    if len(a) == 1:
        ends = (1 - a[0], 1 + a[0])
        inside, outside = And(*map(positive, ends)), Or(*(positive(-e) for e in ends))
        return Location(inside, outside, Or(*map(vanishes, ends)))
    if len(a) == 2:
        return _jury(*a)
    if all(c.is_number for c in a):
        return numeric(_bilinear(factor, field), field)
    return _miller(cleared(factor.rep.to_list(), field))


def numeric(factor: Poly, field: Field) -> Location:
    r"""An irreducible factor of degree two or more with numbers as coefficients.

    If it has an imaginary root it shares a root with :math:`g(-s)`, so it is even,
    :math:`g(s) = G(s^2)`. All its roots are then imaginary and simple exactly if
    :math:`G(s^2) + s\,G'(s^2)` is a Hurwitz polynomial (Hermite-Biehler); otherwise, by
    symmetry, one of them lies to the right.
    """
    left = _hurwitz(factor, field)
    axis: Boolean = sp.false
    coefficients = factor.rep.to_list()
    if not any(coefficients[1::2]):
        G = field.from_coefficients(coefficients[::2], factor.gen)
        axis = _hurwitz(_interlaced(G, field), field)
    right = And(sp.Not(left), sp.Not(axis))
    if not {left, axis} <= {sp.true, sp.false}:
        raise _undecided(factor, field)
    return Location(left, right, axis)


def _quadratic(p: Expr, q: Expr) -> Location:
    return Location(
        inside=And(positive(p), positive(q)),
        outside=Or(positive(-p), positive(-q)),
        boundary=And(vanishes(p), positive(q)),
        edge=And(nonnegative(p), vanishes(q)),
    )


def _cubic(a: Expr, b: Expr, c: Expr) -> Location:
    r"""On the edge, 0 is a root beside :math:`s^2 + a s + b`, or :math:`(s + a)(s^2 + b)`."""
    minor = sp.factor(a * b - c)
    return Location(
        inside=And(positive(a), positive(c), positive(minor)),
        outside=Or(*(positive(-e) for e in (a, b, c, minor))),
        boundary=sp.false,  # one of three roots is real: 0 or inside
        edge=Or(
            And(vanishes(c), nonnegative(a), nonnegative(b)),
            And(vanishes(minor), positive(a), positive(c)),
        ),
    )


def _biquadratic(p: Expr, q: Expr) -> Location:
    r""":math:`s^4 + p s^2 + q`: symmetric, so all roots are imaginary or one is to the right."""
    discriminant = sp.factor(p**2 - 4 * q)
    return Location(
        inside=sp.false,
        outside=Or(positive(-p), positive(-q), positive(-discriminant)),
        boundary=And(positive(p), positive(q), positive(discriminant)),
        edge=And(nonnegative(p), vanishes(q)),
        repeated=And(positive(p), vanishes(discriminant)),
    )


def _jury(p: Expr, q: Expr) -> Location:
    r""":math:`z^2 + p z + q`: the triangle :math:`1 \pm p + q > 0,\ q < 1`.

    On its two slanted sides 1 or -1 is a root and q, or -q, the other.
    """
    sides = [sp.factor(e) for e in (1 + p + q, 1 - p + q, 1 - q)]
    circle = And(vanishes(1 - q), positive(2 - p), positive(2 + p))
    real = And(vanishes(1 + q), vanishes(p))
    slanted = Or(*(vanishes(e) for e in sides[:2]))
    return Location(
        inside=And(*(positive(e) for e in sides)),
        outside=Or(*(positive(-e) for e in sides)),
        boundary=Or(circle, real),
        edge=And(slanted, positive(1 + q), positive(1 - q)),
        repeated=And(slanted, vanishes(1 - q)),
    )


def _miller(polynomial: Cleared) -> Location:
    r"""All roots on the circle and simple: :math:`g^* = \pm g` and :math:`g'` is Schur."""
    inside, closed = schur_condition(polynomial), von_neumann(polynomial)
    entries = polynomial.entries
    pairs = list(zip(entries, reversed(entries), strict=True))
    reciprocal = Or(
        And(*(vanishes(polynomial.expression(a - b)) for a, b in pairs)),
        And(*(vanishes(polynomial.expression(a + b)) for a, b in pairs)),
    )
    circle = And(reciprocal, schur_condition(derivative(polynomial)))
    return Location(
        inside=inside,
        outside=sp.Not(closed),
        boundary=circle,
        edge=And(closed, sp.Not(inside), sp.Not(circle)),
    )


def _hurwitz(polynomial: Poly, field: Field) -> Boolean:
    entries, K = polynomial.rep.to_list(), field.domain
    n = len(entries) - 1

    def entry(i: int, j: int) -> Any:
        k = 2 * (j + 1) - (i + 1)
        return entries[k] if 0 <= k <= n else K.zero

    conditions = [positive(field.expression(entries[k])) for k in range(n, 0, -2)]
    for size in range(n - 1, 0, -2):
        rows = [[entry(i, j) for j in range(size)] for i in range(size)]
        minor = DomainMatrix(rows, (size, size), K).det()
        conditions.append(positive(field.expression(minor)))
    return And(*conditions)


def _interlaced(G: Poly, field: Field) -> Poly:
    s = G.gen
    square = field.poly(s**2, s)
    return G.compose(square) + field.poly(s, s) * G.diff(s).compose(square)


def _bilinear(factor: Poly, field: Field) -> Poly:
    r""":math:`(1-w)^n g\!\left(\frac{1+w}{1-w}\right)`, made monic: circle to axis."""
    w = factor.gen
    up, down = field.poly(1 + w, w), field.poly(1 - w, w)
    total = field.poly(0, w)
    n = factor.degree()
    for k, c in enumerate(reversed(factor.rep.to_list())):
        total = total + up**k * down ** (n - k) * field.from_coefficients([c], w)
    return total.monic()


def _undecided(factor: Poly, field: Field) -> Undecided:
    terms: Sequence[Expr] = field.coefficients(factor)
    polynomial = sp.Poly(terms, factor.gen).as_expr()
    return Undecided(
        f"the factor {polynomial} has degree {factor.degree()} and open parameters, and only its "
        "Hurwitz condition (analysis.hurwitz) is known in general; give values to its parameters"
    )

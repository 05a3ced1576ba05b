r"""Spectra of linearizations, with verdicts that hold exactly where they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import combinations
from typing import Any

import sympy as sp
from sympy import And, Expr, Matrix, Not, Or, Poly, Symbol
from sympy.logic.boolalg import Boolean
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.conditions import tidy
from symgan.analysis.field import Field, build_field
from symgan.analysis.points import Point, assume_nonzero, jacobian_at
from symgan.analysis.routh import Location, disk, half_plane
from symgan.analysis.signs import nonnegative, positive, size, smaller_size, vanishes
from symgan.analysis.wholes import require_whole
from symgan.errors import Undecided
from symgan.results import Regime, Spectrum, Stability
from symgan.system import Map, System

Factor = tuple[Poly, int]


def spectrum(
    system: System, at: Point | None = None, *, nonzero: Iterable[int | Expr] = ()
) -> Spectrum:
    r"""The spectrum of the linearization at an equilibrium, and what it decides.

    The characteristic polynomial is factored over the field of the parameters. Each
    factor is placed against the imaginary axis (Routh-Hurwitz) or the unit circle (Jury,
    and the bilinear transform above degree two); no root is approximated.

    Args:
        system: a flow or a map.
        at: an equilibrium, checked here; None for a linear system.
        nonzero: values assumed not to vanish: expressions, or orders n for the
            derivatives :math:`f^{(n)}` of a free loss.

    Returns:
        Verdicts with conditions that exclude one another and leave nothing out. A center
        needs a semisimple spectrum on the axis without 0 (on the circle); an eigenvalue
        beyond it means unstable, whatever the rest.

    Raises:
        GameError: ``at`` is not an equilibrium, or the Jacobian does not exist there.
        Undecided: of a flow, a factor of degree four or more with parameters; a double pair
            on the axis, whose place is not decided here; the sentence names it.

    Source: Gantmacher, The Theory of Matrices, vol. 2, chapter XV; Jury 1964.

    >>> from symgan.system import Flow
    >>> x, y, a = sp.symbols("x y a", real=True)
    >>> s = spectrum(Flow((x, y), (a*x - y, x + a*y), parameters=(a,)))
    >>> {r.verdict.value: r.condition for r in s.regimes}
    {'Hurwitz': a < 0, 'center': Eq(a, 0), 'unstable': a > 0}
    """
    require_whole(system, "spectrum")
    discrete = isinstance(system, Map)
    exact = jacobian_at(system, at)
    entries, names = assume_nonzero(list(exact), nonzero)
    J = Matrix(*exact.shape, entries)
    variable = _variable(J, discrete)
    field = build_field(J)
    characteristic = _characteristic(J, field, variable)
    factors = [(g.monic(), m) for g, m in characteristic.factor_list()[1]]
    factors.sort(key=lambda f: (f[0].degree(), sp.default_sort_key(f[0].as_expr())))
    return Spectrum(
        variable=variable,
        polynomial=_expression(characteristic, field).xreplace(names),
        eigenvalues=tuple((r.xreplace(names), m) for r, m in _eigenvalues(factors, field)),
        regimes=tuple(
            Regime(verdict, condition.xreplace(names))
            for verdict, condition in _regimes(J, factors, field, discrete).items()
            if condition is not sp.false
        ),
        oscillates=Or(*(_nonreal(g, field) for g, _ in factors)).xreplace(names),
        discrete=discrete,
    )


def _variable(J: Matrix, discrete: bool) -> Symbol:
    name = "z" if discrete else "s"
    while name in {str(x) for x in J.free_symbols}:
        name += "_"
    return Symbol(name)


def _domain_matrix(J: Matrix, field: Field) -> DomainMatrix:
    rows = [[field.element(e) for e in row] for row in J.tolist()]
    return DomainMatrix(rows, J.shape, field.domain)


def _characteristic(J: Matrix, field: Field, variable: Symbol) -> Poly:
    return field.from_coefficients(_domain_matrix(J, field).charpoly(), variable)


def _expression(polynomial: Poly, field: Field) -> Expr:
    coefficients = reversed(field.coefficients(polynomial))
    return sp.Add(*(c * polynomial.gen**k for k, c in enumerate(coefficients)))


def _regimes(
    J: Matrix, factors: Sequence[Factor], field: Field, discrete: bool
) -> Mapping[Stability, Boolean]:
    places = [disk(g, field) if discrete else half_plane(g, field) for g, _ in factors]
    axis = And(*(p.boundary for p in places))
    unequal = Or(axis, *(p.repeated for p in places))
    center = tidy(_center(J, factors, places, field))
    mixed = And(
        *(Or(p.inside, p.boundary) for p in places),
        Or(*(p.inside for p in places)),
        Or(*(p.boundary for p in places)),
    )
    edges = [And(p.edge, *(other.closed for other in places if other is not p)) for p in places]
    defective = sp.false if tidy(unequal) == center else And(unequal, Not(center))
    return {
        Stability.STABLE: tidy(And(*(p.inside for p in places))),
        Stability.CENTER: center,
        Stability.UNSTABLE: tidy(Or(*(p.outside for p in places))),
        Stability.DEGENERATE: tidy(Or(*edges, mixed if len(places) > 1 else sp.false, defective)),
    }


def _center(
    J: Matrix, factors: Sequence[Factor], places: Sequence[Location], field: Field
) -> Boolean:
    """All factors on the boundary, and the matrix semisimple there.

    Distinct factors whose product annihilates the matrix make it semisimple. Where two
    factors share a root, the product without one of them must annihilate it.
    """
    on_axis = tidy(And(*(p.boundary for p in places)))
    semisimple: Boolean = sp.true if on_axis is sp.false else _annihilates(J, factors, field)
    found: Boolean = And(on_axis, semisimple)
    shared = [
        (i, j, meeting)
        for i, j in combinations(range(len(factors)), 2)
        if (meeting := tidy(And(on_axis, _meet(factors[i], factors[j], field)))) is not sp.false
    ]
    repeated = [(i, p.repeated) for i, p in enumerate(places) if p.repeated is not sp.false]
    if len(shared) + len(repeated) > 1 or (repeated and len(factors) > 1):
        raise Undecided(
            "several pairs of eigenvalues may coincide on the boundary; give values to parameters "
            "to see whether the spectrum is semisimple there"
        )
    for i, j, meeting in shared:
        rest = [f for k, f in enumerate(factors) if k != j]
        found = Or(
            And(found, Not(_meet(factors[i], factors[j], field))),
            And(meeting, _annihilates(J, rest, field)),
        )
    for i, where in repeated:
        found = Or(found, And(where, _half_annihilates(J, factors[i][0], field)))
    return found


def _meet(one: Factor, other: Factor, field: Field) -> Boolean:
    """Where two factors have a root in common."""
    resultant = one[0].resultant(other[0])
    value = resultant.as_expr() if isinstance(resultant, Poly) else sp.sympify(resultant)
    return vanishes(field.expression(field.element(value)))


def _annihilates(J: Matrix, factors: Sequence[Factor], field: Field) -> Boolean:
    """The condition for the product of the factors, once each, to vanish at the matrix."""
    A = _domain_matrix(J, field)
    product = reduce(lambda M, f: M * _at_matrix(f[0], A), factors, _identity(A))
    return And(*(vanishes(field.expression(e)) for row in product.to_list() for e in row))


def _half_annihilates(J: Matrix, factor: Poly, field: Field) -> Boolean:
    r"""As `_annihilates` for the root of :math:`g = h^2`, :math:`h = s^{n/2} + (p/2) s^{n/2-2}`.

    At a double root :math:`s^4 + p s^2 + q = (s^2 + p/2)^2` and
    :math:`z^2 + p z + q = (z + p/2)^2`.
    """
    p = field.coefficient(factor, factor.degree() // 2)
    s = factor.gen
    half = field.poly(s ** (factor.degree() // 2) + p / 2, s)
    return _annihilates(J, [(half, 1)], field)


def _identity(A: DomainMatrix) -> DomainMatrix:
    return DomainMatrix.eye(A.shape[0], A.domain).to_dense()


def _at_matrix(polynomial: Poly, A: DomainMatrix) -> DomainMatrix:
    total = _identity(A) * A.domain.zero
    for coefficient in polynomial.rep.to_list():
        total = total * A + _identity(A) * coefficient
    return total


def _eigenvalues(factors: Sequence[Factor], field: Field) -> list[tuple[Expr, int]]:
    found: list[tuple[Expr, int]] = []
    for g, multiplicity in factors:
        roots = _roots(field.coefficients(g), g.gen)
        if not roots:
            return []
        found += [(r, multiplicity) for r in roots]
    return found


def _roots(coefficients: Sequence[Expr], variable: Symbol) -> tuple[Expr, ...]:
    if len(coefficients) == 2:
        return (-coefficients[1],)
    if len(coefficients) == 3:
        return _quadratic_roots(coefficients[1], coefficients[2])
    if len(coefficients) == 5 and coefficients[1] == coefficients[3] == 0:
        squares = _quadratic_roots(coefficients[2], coefficients[4])
        return tuple(side * sp.sqrt(u) for u in squares for side in (-1, 1))
    if not all(c.is_Rational for c in coefficients):
        return ()
    polynomial = Poly(coefficients, variable)
    return tuple(sp.CRootOf(polynomial, k) for k in range(polynomial.degree()))


def _quadratic_roots(p: Expr, q: Expr) -> tuple[Expr, Expr]:
    root = sp.sqrt(sp.factor(p**2 / 4 - q))
    return -p / 2 - root, -p / 2 + root


def _nonreal(factor: Poly, field: Field) -> Boolean:
    r"""The condition for a factor to have a root with nonzero imaginary part."""
    a = field.coefficients(factor)[1:]
    if len(a) == 1:
        return sp.false
    if len(a) == 2:
        return _complex_pair(*a)
    if all(c.is_Rational for c in a):
        real = Poly([1, *a], factor.gen).count_roots()
        return sp.true if real < len(a) else sp.false
    if len(a) == 3:
        discriminant = sp.discriminant(Poly([1, *a], factor.gen).as_expr(), factor.gen)
        return positive(-discriminant)
    if len(a) == 4 and a[0] == a[2] == 0:
        gap = sp.factor(a[1] ** 2 - 4 * a[3])
        return Or(positive(a[1]), positive(-a[3]), positive(-gap))
    return Not(_all_real(factor, field))


def _all_real(factor: Poly, field: Field) -> Boolean:
    r"""Hermite: all roots are real iff the matrix of power sums :math:`p_{i+j}` is positive
    semidefinite, so iff the sums of its principal minors of each size are not negative."""
    sums = _power_sums(factor.rep.to_list(), 2 * factor.degree() - 1, field)
    n = factor.degree()
    hankel = DomainMatrix([sums[i : i + n] for i in range(n)], (n, n), field.domain)
    minors = hankel.charpoly()[1:]
    return And(*(nonnegative(field.expression(c) * (-1) ** (k + 1)) for k, c in enumerate(minors)))


def _power_sums(coefficients: list[Any], count: int, field: Field) -> list[Any]:
    """Newton's identities for a monic polynomial, leading coefficient first."""
    n, K = len(coefficients) - 1, field.domain
    sums = [K.convert(n)]
    for k in range(1, count):
        own = K.convert(k) * coefficients[k] if k <= n else K.zero
        earlier = (coefficients[i] * sums[k - i] for i in range(1, min(k - 1, n) + 1))
        sums.append(-(own + sum(earlier, K.zero)))
    return sums


def _complex_pair(p: Expr, q: Expr) -> Boolean:
    r""":math:`p^2 < 4q`, written :math:`|p/2| < |r|` where :math:`q = r^2`."""
    root = _square_root(q)
    condition = positive(sp.factor(4 * q - p**2))
    if root is None or p == 0 or condition in (sp.true, sp.false):
        return condition
    return smaller_size(sp.factor(p / 2), root)


def _square_root(q: Expr) -> Expr | None:
    """A rational root of a perfect square, up to sign."""
    if q == 0:
        return None
    top, bottom = sp.fraction(sp.factor(q))
    root: Expr = sp.Integer(1)
    for part, side in ((top, 1), (bottom, -1)):
        for factor in sp.Mul.make_args(part):
            base, exponent = factor.as_base_exp()
            if factor.is_Rational and sp.sqrt(factor).is_Rational:
                root *= sp.sqrt(factor) ** side
            elif exponent.is_Integer and exponent.is_even:
                root *= base ** (side * exponent // 2)
            else:
                return None
    return size(root)

r"""What normal forms of marginal equilibria share: the split spectrum, derivatives, the result.

The amplitude r of the critical motion obeys :math:`\dot r = a r^k + \dots` (a flow) or
:math:`r^+ = r + a r^k + \dots` (a map); with k odd, a < 0 attracts and a > 0 repels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sympy as sp
from sympy import And, Expr, Matrix, Poly, Symbol
from sympy.logic.boolalg import Boolean
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.conditions import tidy
from symgan.analysis.field import Field, build_field
from symgan.analysis.jets import taylor
from symgan.analysis.points import Point, jacobian_at, point_values
from symgan.analysis.routh import Location, disk, half_plane
from symgan.analysis.signs import sign
from symgan.errors import GameError
from symgan.system import Map, System


class Criticality(StrEnum):
    """Which eigenvalues are on the boundary of stability, all others being inside."""

    HOPF = "imaginary pair"
    ZERO = "eigenvalue 0"
    NEIMARK_SACKER = "unit circle pair"
    FLIP = "eigenvalue -1"
    FOLD = "eigenvalue 1"


@dataclass(frozen=True)
class NormalForm:
    r"""The first term that decides on a center manifold.

    Attributes:
        kind: which eigenvalues are critical.
        coefficient: a of :math:`\dot r = a r^k` or :math:`r^+ = r + a r^k`.
        order: k; an even order repels on one side.
        amplitude: the state symbol in whose deviation r is measured (a positive factor of a
            depends on it, the sign does not).
        eigenvalue: the critical eigenvalue; of a pair, the one in the upper half-plane.
        condition: where in the parameters all other eigenvalues are inside.
    """

    kind: Criticality
    coefficient: Expr
    order: int
    amplitude: Symbol
    eigenvalue: Expr
    condition: Boolean

    @property
    def attracting(self) -> bool | None:
        """Whether the equilibrium attracts; None where the sign of the coefficient is open."""
        found = sign(self.coefficient)
        if found is None or found == 0:
            return None
        return found < 0 and self.order % 2 == 1


@dataclass(frozen=True)
class Factor:
    """An irreducible factor of the characteristic polynomial, and where its roots lie."""

    polynomial: Poly
    power: int
    place: Location


@dataclass(frozen=True)
class Linearization:
    """The Jacobian at an equilibrium over a field, with its factored spectrum.

    Attributes:
        jacobian: the matrix.
        field: the field of its entries.
        factors: of the characteristic polynomial.
        discrete: of a map.
    """

    jacobian: Matrix
    field: Field
    factors: tuple[Factor, ...]
    discrete: bool

    def others_inside(self, factor: Factor) -> Boolean:
        """The condition for the roots of all other factors to be inside."""
        return tidy(And(*(f.place.inside for f in self.factors if f is not factor)))


def linearized(
    system: System, at: Point | None, where: Mapping[Any, Any] | None = None
) -> Linearization:
    """The Jacobian at an equilibrium with its spectrum split into irreducible factors.

    Args:
        system: a flow or a map.
        at: an equilibrium, checked; None for a linear system.
        where: values that hold there, put in after differentiation.

    Raises:
        GameError: no equilibrium, or no Jacobian there.
        Undecided: a factor with parameters whose place is not known.
    """
    given = sympified(where)
    J = jacobian_at(system, at).applyfunc(lambda e: e.subs(given))
    field = build_field(J)
    discrete = isinstance(system, Map)
    coefficients = domain_matrix(J, field).charpoly()
    polynomial = field.from_coefficients(coefficients, sp.Dummy("z" if discrete else "s"))
    locate = disk if discrete else half_plane
    factors = [(g.monic(), m) for g, m in polynomial.factor_list()[1]]
    factors.sort(key=lambda f: (f[0].degree(), str(f[0].all_coeffs())))
    located = tuple(Factor(g, m, locate(g, field)) for g, m in factors)
    return Linearization(J, field, located, discrete)


def domain_matrix(matrix: Matrix, field: Field) -> DomainMatrix:
    """A matrix over the field."""
    rows = [[field.element(e) for e in row] for row in matrix.tolist()]
    return DomainMatrix(rows, matrix.shape, field.domain)


def sympified(where: Mapping[Any, Any] | None) -> dict[Any, Any]:
    """The values put in at the equilibrium, as expressions."""
    return {sp.sympify(k): sp.sympify(v) for k, v in (where or {}).items()}


def critical_factor(found: Linearization, wanted: Sequence[Factor], name: str) -> Factor:
    """The one simple critical factor, all others being inside somewhere.

    Raises:
        GameError: there is none, several, a multiple one, or another that is never inside.
    """
    shown = ", ".join(f"({f.polynomial.as_expr()})^{f.power}" for f in found.factors)
    if len(wanted) != 1 or wanted[0].power != 1:
        raise GameError(f"the spectrum {shown} has no simple {name}, so this normal form is none")
    if found.others_inside(wanted[0]) is sp.false:
        raise GameError(
            f"beside the {name}, the spectrum {shown} has eigenvalues that are not inside; the "
            "center manifold does not decide"
        )
    return wanted[0]


Tensor = dict[tuple[int, ...], list[Expr]]
"""Sorted indices of the state symbols -> the mixed derivatives of all components."""


def derivatives(
    system: System, at: Point, orders: Sequence[int], where: Mapping[Any, Any] | None = None
) -> list[Tensor]:
    """All nonzero mixed derivatives of some orders at a point, a tensor an order.

    Raises:
        GameError: one does not exist.
    """
    series = taylor(system.rhs, point_values(system, at), max(orders), sympified(where))
    n = len(system.state)
    found: dict[int, Tensor] = {order: {} for order in orders}
    for i, terms in enumerate(series):
        for powers, value in terms.items():
            if sum(powers) in found:
                indices = tuple(k for k, p in enumerate(powers) for _ in range(p))
                row = found[sum(powers)].setdefault(indices, [sp.Integer(0)] * n)
                row[i] = value * sp.prod(map(sp.factorial, powers))
    return list(found.values())

r"""One critical eigenvalue: the motion on a center manifold of dimension one, order by order.

The manifold is :math:`x = x^* + q u + \sum_k h_k u^k` with :math:`p^\top h_k = 0`, the motion
:math:`\dot u = \sum_k f_k u^k` or :math:`u^+ = \mu u + \sum_k g_k u^k`. The coefficient of
:math:`u^k` in the equation of invariance is linear in :math:`h_k` and :math:`f_k`:

.. math:: (A - \mu_k) h_k - q f_k = R_k - N_k,

N being the nonlinear terms and R what lower orders leave, with :math:`\mu_k = 0` for a flow and
:math:`\mu^k` for a map. The first coefficient that is not zero decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from sympy import Expr, Integer, Matrix, Symbol

from symgan.analysis.budget import Budget
from symgan.analysis.field import build_field
from symgan.analysis.jets import Jet
from symgan.analysis.normal_form import (
    Criticality,
    Linearization,
    NormalForm,
    critical_factor,
    linearized,
    sympified,
)
from symgan.analysis.points import Point, point_values
from symgan.analysis.quadratic_extension import null_vector, solve
from symgan.analysis.wholes import require_whole
from symgan.certify.identity import is_zero
from symgan.errors import GameError, Undecided
from symgan.system import Flow, Map, System

HIGHEST = 7
SECONDS = 20.0


def zero_eigenvalue(
    flow: Flow,
    at: Point,
    *,
    where: Mapping[Any, Any] | None = None,
    highest: int = HIGHEST,
    budget: float = SECONDS,
) -> NormalForm:
    r"""The first term :math:`a u^k` of :math:`\dot u` on the center manifold of an eigenvalue 0.

    Args:
        flow: autonomous, of any dimension.
        at: an equilibrium, checked here.
        where: values that hold there, put in after differentiation.
        highest: the highest order k that is looked at.
        budget: seconds.

    Raises:
        GameError: no equilibrium, no simple eigenvalue 0, or others that are not to the left.
        Undecided: all terms up to the highest order vanish (as along a curve of equilibria), or
            whether one does is open.

    Source: Carr 1981, Applications of Centre Manifold Theory, chapter 2.

    >>> x, y = sp.symbols("x y", real=True)
    >>> form = zero_eigenvalue(Flow((x, y), (x*y, -y - x**2)), {x: 0, y: 0})
    >>> form.coefficient, form.order, form.attracting
    (-1, 3, True)
    """
    require_whole(flow, "zero_eigenvalue")
    if not isinstance(flow, Flow) or not flow.autonomous:
        raise GameError("the eigenvalue 0 is critical for an autonomous flow; for maps take fold")
    return _first_term(flow, at, Criticality.ZERO, where, highest, budget)


def fold(
    system: Map,
    at: Point,
    *,
    where: Mapping[Any, Any] | None = None,
    highest: int = HIGHEST,
    budget: float = SECONDS,
) -> NormalForm:
    r"""The first term :math:`a u^k` of :math:`u^+ - u` at a fixed point with the eigenvalue 1.

    Args and errors: as `zero_eigenvalue`, of a map.

    >>> x = sp.Symbol("x", real=True)
    >>> form = fold(Map((x,), (x - x**2,)), {x: 0})
    >>> form.coefficient, form.order, form.attracting
    (-1, 2, False)
    """
    require_whole(system, "fold")
    _require_map(system)
    return _first_term(system, at, Criticality.FOLD, where, highest, budget)


def flip(
    system: Map,
    at: Point,
    *,
    where: Mapping[Any, Any] | None = None,
    highest: int = HIGHEST,
    budget: float = SECONDS,
) -> NormalForm:
    r"""The first term of :math:`|u|^+ = |u| + a|u|^k` at a fixed point with the eigenvalue -1.

    With :math:`u^+ = g(u) = -u + g_2 u^2 + g_3 u^3 + \dots` the second iterate is
    :math:`u - 2(g_2^2 + g_3)u^3 + \dots`; a is half of its first term, of odd order.

    Args and errors: as `zero_eigenvalue`, of a map.

    Source: Kuznetsov 2004, Elements of Applied Bifurcation Theory, section 4.5.

    >>> x = sp.Symbol("x", real=True)
    >>> flip(Map((x,), (-x - x**2,)), {x: 0}).coefficient
    -1
    """
    require_whole(system, "flip")
    _require_map(system)
    return _first_term(system, at, Criticality.FLIP, where, highest, budget)


def _require_map(system: Any) -> None:
    if not isinstance(system, Map):
        raise GameError("fold and flip are for maps; for flows take zero_eigenvalue")


_CRITICAL = {Criticality.ZERO: 0, Criticality.FOLD: 1, Criticality.FLIP: -1}


def _first_term(
    system: System,
    at: Point,
    kind: Criticality,
    where: Mapping[Any, Any] | None,
    highest: int,
    budget: float,
) -> NormalForm:
    value, time = Integer(_CRITICAL[kind]), Budget(budget)
    found = linearized(system, at, where)
    wanted = [f for f in found.factors if _has_root(found, f.polynomial, value)]
    factor = critical_factor(found, wanted, f"eigenvalue {value}")
    manifold = _Manifold(system, at, found, value, where)
    for order in range(2, highest + 1):
        time.check(f"order {order} of the center manifold")
        manifold.extend()
        if kind is Criticality.FLIP and order % 2 == 0:
            continue
        term = manifold.twice(order) / 2 if kind is Criticality.FLIP else manifold.motion[order]
        zero = is_zero(term).holds
        if zero is None:
            raise Undecided(f"cannot decide whether {term} vanishes; give values to parameters")
        if not zero:
            symbol = system.state[manifold.measured]
            condition = found.others_inside(factor)
            return NormalForm(kind, sp.factor(term), order, symbol, value, condition)
    raise Undecided(
        f"on the center manifold of the {kind.value} all terms up to order {highest} vanish, as "
        "they do along a curve of equilibria; look for a first integral or a continuum"
    )


def _has_root(found: Linearization, polynomial: Any, value: Integer) -> bool:
    return polynomial.degree() == 1 and found.field.coefficient(polynomial, 0) == -value


class _Manifold:
    """The manifold and the motion on it up to an order that grows."""

    def __init__(
        self,
        system: System,
        at: Point,
        found: Linearization,
        value: Integer,
        where: Mapping[Any, Any] | None,
    ) -> None:
        self.system, self.value, self.J = system, value, found.jacobian
        self.point, self.where = point_values(system, at), sympified(where)
        self.u = sp.Dummy("u", real=True)
        self.q, self.p, self.measured = _eigenvectors(found, value)
        self.shape: list[Matrix] = [self.q]  # the coefficients of u, u^2, ...
        self.motion: dict[int, Expr] = {} if found.discrete is False else {1: value}

    def extend(self) -> None:
        """The next order, by one linear system."""
        order, n = len(self.shape) + 1, len(self.system.state)
        discrete = isinstance(self.system, Map)
        M = self.J - (self.value**order if discrete else 0) * sp.eye(n)
        right = (self._images(order) if discrete else self._drift(order)) - self._terms(order)
        bordered = Matrix.vstack(Matrix.hstack(M, -self.q), Matrix([[*self.p, 0]]))
        solution = _solved(bordered, Matrix([*right, 0]))
        self.shape.append(Matrix(solution[:n]))
        self.motion[order] = solution[n]

    def _terms(self, order: int) -> Matrix:
        """The coefficient of u^k in F along the manifold as far as it is known."""
        curves: dict[Symbol, dict[tuple[int, ...], Expr]] = {}
        for i, symbol in enumerate(self.system.state):
            terms = {(k,): v[i] for k, v in enumerate(self.shape, 1)}
            curves[symbol] = {(0,): self.point[symbol], **terms}
        jet = Jet(curves, order, self.where)
        return Matrix([jet(f).get((order,), sp.Integer(0)) for f in self.system.rhs])

    def _drift(self, order: int) -> Matrix:
        r"""The coefficient of u^k in :math:`\sum_j j h_j u^{j-1}\,\dot u` from lower orders."""
        total = sp.zeros(*self.q.shape)
        for j in range(2, order):
            total += j * self.shape[j - 1] * self.motion[order - j + 1]
        return total

    def _images(self, order: int) -> Matrix:
        r"""The coefficient of u^k in :math:`\sum_j h_j g(u)^j` from lower orders."""
        total = sp.zeros(*self.q.shape)
        for j in range(2, order):
            total += self.shape[j - 1] * self._power(j, order)
        return total

    def _power(self, exponent: int, order: int) -> Expr:
        """The coefficient of u^k in a power of the motion."""
        motion = sp.Add(*(c * self.u**k for k, c in self.motion.items()))
        return sp.Poly(motion**exponent, self.u).coeff_monomial(self.u**order)

    def twice(self, order: int) -> Expr:
        """The coefficient of u^k in the second iterate of the motion."""
        terms = (c * self._power(k, order) for k, c in self.motion.items())
        return sp.Add(*terms)


def _eigenvectors(found: Linearization, value: Integer) -> tuple[Matrix, Matrix, int]:
    """q with one entry 1, p with p q = 1, and the place of that entry."""
    K = found.field.domain
    shifted = found.jacobian - value * sp.eye(found.jacobian.rows)
    rows = [[found.field.element(e) for e in row] for row in shifted.tolist()]
    right = null_vector(rows, K.one)
    left = null_vector(list(zip(*rows, strict=True)), K.one)
    measured = next(i for i, entry in enumerate(right) if entry)
    right = [entry / right[measured] for entry in right]
    scale = sum((a * b for a, b in zip(left, right, strict=True)), K.zero)
    q, p = ([found.field.expression(e) for e in v] for v in (right, [e / scale for e in left]))
    return Matrix(q), Matrix(p), measured


def _solved(matrix: Matrix, right: Sequence[Expr]) -> list[Expr]:
    """A linear system solved over the field of its entries."""
    field = build_field([*matrix, *right])
    rows = [[field.element(e) for e in row] for row in matrix.tolist()]
    return [field.expression(e) for e in solve(rows, [field.element(e) for e in right])]

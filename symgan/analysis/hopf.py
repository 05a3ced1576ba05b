r"""Hopf coefficients in any dimension, by projection on the center manifold.

With :math:`A q = \lambda q,\ p^\top A = \lambda p^\top,\ p^\top q = 1` for the critical
:math:`\lambda`, the motion on the center manifold is :math:`\dot z = \lambda z + c_1 z^2\bar z`,

.. math:: c_1 = \tfrac12 p^\top\bigl[C(q, q, \bar q) + 2 B(q, h_{11}) + B(\bar q, h_{20})\bigr],
          \quad h_{11} = -A^{-1} B(q, \bar q),\quad h_{20} = (2\lambda - A)^{-1} B(q, q),

with the second and third derivatives B and C. All of it lies in :math:`K(\lambda)`, K being the
field of the coefficients, so that no root is ever written down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import sympy as sp
from sympy import Expr

from symgan.analysis.field import Field, build_field
from symgan.analysis.normal_form import (
    Criticality,
    Factor,
    Linearization,
    NormalForm,
    Tensor,
    critical_factor,
    derivatives,
    linearized,
)
from symgan.analysis.points import Point
from symgan.analysis.quadratic_extension import Extension, Number, null_vector, solve
from symgan.analysis.signs import sign
from symgan.analysis.wholes import require_whole
from symgan.errors import GameError, Undecided
from symgan.system import Flow, System

Vector = list[Number]


def hopf_coefficient(
    flow: Flow, at: Point, *, where: Mapping[Any, Any] | None = None
) -> NormalForm:
    r"""The coefficient a of :math:`\dot r = a r^3` at an equilibrium with one imaginary pair.

    The amplitude r is measured in the deviation of one state symbol, as in
    `first_lyapunov_coefficient`, which this agrees with in the plane.

    Args:
        flow: an autonomous flow of any dimension; derivatives of a free loss may stay symbols.
        at: an equilibrium, checked here.
        where: values that hold there, such as ``{GenericLoss(0, 2): 0}``, put in after
            differentiation.

    Returns:
        See `NormalForm`; its condition says where all other eigenvalues are to the left.

    Raises:
        GameError: no equilibrium, no simple imaginary pair, other eigenvalues that are not to
            the left, or a flow that is not three times differentiable.
        Undecided: the assumptions leave open whether there is such a pair.

    Source: Kuznetsov 2004, Elements of Applied Bifurcation Theory, section 5.4.

    >>> x, y, w = sp.symbols("x y w", real=True)
    >>> flow = Flow((x, y, w), (-y + x*w, x + y*w, -w - x**2 - y**2))
    >>> hopf_coefficient(flow, {x: 0, y: 0, w: 0}).coefficient
    -1
    """
    require_whole(flow, "hopf_coefficient")
    if not isinstance(flow, Flow) or not flow.autonomous:
        raise GameError("a Hopf coefficient is of an autonomous flow; take neimark_sacker of maps")
    found = linearized(flow, at, where)
    pair = pair_of_flow(found)
    motion = projected(flow, at, found, pair, where)
    c1 = motion.cubic(motion.embed(0), motion.root + motion.root)
    frequency = sp.sqrt(found.field.coefficient(pair.polynomial, 0))
    return NormalForm(
        kind=Criticality.HOPF,
        coefficient=motion.expression(c1.real / motion.field.domain.convert(4)),
        order=3,
        amplitude=flow.state[motion.measured],
        eigenvalue=sp.I * frequency,
        condition=found.others_inside(pair),
    )


def pair_of_flow(found: Linearization) -> Factor:
    """The simple imaginary pair of a flow, all other eigenvalues being to the left.

    Raises:
        GameError: there is none.
        Undecided: it is open whether there is one.
    """
    imaginary = [f for f in found.factors if _is_imaginary(found, f)]
    return critical_factor(found, imaginary, "pair of imaginary eigenvalues")


def _is_imaginary(found: Linearization, factor: Factor) -> bool:
    r"""Whether a factor is :math:`s^2 + w` with w > 0.

    An irreducible factor that has an imaginary root is even; with one pair only on the axis and
    all else to the left it has degree two.
    """
    if factor.polynomial.degree() != 2 or found.field.coefficient(factor.polynomial, 1) != 0:
        return False
    square = found.field.coefficient(factor.polynomial, 0)
    if sign(square) is None:
        raise Undecided(f"the sign of the squared frequency {square} is open; add assumptions")
    return sign(square) == 1


@dataclass(frozen=True)
class Projection:
    """Eigenvectors of a critical pair with what the cubic term is made of.

    Attributes:
        field: the real field of all coefficients.
        extension: the field of the pair.
        matrix: the Jacobian over the extension.
        right, left: q with one entry 1 and p with :math:`p^T q = 1`.
        tensors: the derivatives over the extension, second order first.
        measured: the place of the entry 1.
    """

    field: Field
    extension: Extension
    matrix: tuple[tuple[Number, ...], ...]
    right: Vector
    left: Vector
    tensors: tuple[Mapping[tuple[int, ...], Vector], ...]
    measured: int

    @property
    def root(self) -> Number:
        """The critical eigenvalue."""
        return self.extension.root

    def embed(self, value: Any) -> Number:
        """A rational number in the extension."""
        return self.extension.embed(self.field.domain.convert(value))

    def expression(self, element: Any) -> Expr:
        """An element of the real field as an expression."""
        return self.field.expression(element)

    def cubic(self, sum_product: Number, double: Number) -> Number:
        r"""The coefficient :math:`c_1` of :math:`z^2\bar z`.

        Args:
            sum_product: the eigenvalue that goes with :math:`z\bar z`: 0, or 1 of a map.
            double: the one that goes with :math:`z^2`: :math:`2\lambda`, or its square of a map.
        """
        q, conjugate = self.right, [entry.conjugate for entry in self.right]
        second, third = self.tensors[:2]
        h11 = self._resolvent(sum_product, self._form(second, q, conjugate))
        h20 = self._resolvent(double, self._form(second, q, q))
        total = self._form(third, q, q, conjugate)
        mixed, other = self._form(second, q, h11), self._form(second, conjugate, h20)
        total = [a + b + b + c for a, b, c in zip(total, mixed, other, strict=True)]
        return _product(self.left, total) / self.embed(2)

    def _resolvent(self, value: Number, right: Vector) -> Vector:
        r"""The solution h of :math:`(\mu - A) h = b`."""
        return solve(_shifted(self.matrix, value, -1), right)

    def _form(self, tensor: Mapping[tuple[int, ...], Vector], *vectors: Vector) -> Vector:
        """A multilinear form of symmetric derivatives at vectors."""
        total = [self.embed(0)] * len(self.right)
        for indices, values in tensor.items():
            weight = self.embed(0)
            for places in set(permutations(indices)):
                term = self.embed(1)
                for place, vector in zip(places, vectors, strict=True):
                    term = term * vector[place]
                weight = weight + term
            total = [t + weight * v for t, v in zip(total, values, strict=True)]
        return total


def projected(
    system: System,
    at: Point,
    found: Linearization,
    pair: Factor,
    where: Mapping[Any, Any] | None,
    highest: int = 3,
) -> Projection:
    """The eigenvectors and derivatives of a critical pair, over one field.

    Args:
        system, at, where: as in `hopf_coefficient`.
        found: the linearization there.
        pair: the factor of the critical pair.
        highest: order of derivatives.
    """
    tensors = derivatives(system, at, range(2, highest + 1), where)
    entries = [e for tensor in tensors for values in tensor.values() for e in values]
    t, n = (found.field.coefficient(pair.polynomial, k) for k in (1, 0))
    field = build_field([*found.jacobian, t, n, *entries])
    extension = Extension(field.domain, -field.element(t), field.element(n))

    def number(e: Expr) -> Number:
        return extension.embed(field.element(e))

    def embedded(tensor: Tensor) -> dict[tuple[int, ...], Vector]:
        return {indices: [number(e) for e in values] for indices, values in tensor.items()}

    A = [[number(e) for e in row] for row in found.jacobian.tolist()]
    one = extension.embed(field.domain.one)
    q = null_vector(_shifted(A, extension.root), one)
    p = null_vector(_shifted(list(zip(*A, strict=True)), extension.root), one)
    measured = next(i for i, entry in enumerate(q) if entry)
    q = [entry / q[measured] for entry in q]
    scale = _product(p, q)
    p = [entry / scale for entry in p]
    rows = tuple(tuple(row) for row in A)
    return Projection(field, extension, rows, q, p, tuple(map(embedded, tensors)), measured)


def _shifted(rows: Sequence[Sequence[Number]], value: Number, side: int = 1) -> list[list[Number]]:
    r"""The matrix :math:`A - \mu`, or :math:`\mu - A` for side -1."""
    zero = value - value
    shifted = [[e - value if i == j else e for j, e in enumerate(r)] for i, r in enumerate(rows)]
    return shifted if side == 1 else [[zero - e for e in row] for row in shifted]


def _product(one: Sequence[Number], other: Sequence[Number]) -> Number:
    first, *rest = (a * b for a, b in zip(one, other, strict=True))
    for term in rest:
        first = first + term
    return first

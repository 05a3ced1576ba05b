r"""The linearization theorem where some eigenvalues are zero: stability modulo equilibria.

Let an equilibrium lie on a k-dimensional manifold of equilibria. The tangent space is then in the
kernel of the Jacobian. If 0 is an eigenvalue of *algebraic* multiplicity exactly k and all others
have negative real part, the manifold is normally attracting: every orbit that starts near the
point tends exponentially to some equilibrium of the manifold, and the point is stable.

What the theorem needs is that the zero directions are directions of equilibria, not only of zero
eigenvalue: :math:`\dot x = -x^3` and :math:`\dot x = x^3` share their linearization with
:math:`\dot x = 0`, but the first attracts more slowly than exponentially and the second repels. And
a pair on the imaginary axis is not excused by any manifold.

Source: Nagarajan and Kolter 2017, theorem A.4; Aulbach 1984 for normally attracting manifolds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sympy as sp
from sympy import Dummy, Expr, ImmutableMatrix, Matrix, Symbol
from sympy.logic.boolalg import Boolean
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.conditions import tidy
from symgan.analysis.field import build_field
from symgan.analysis.points import (
    Point,
    assume_nonzero,
    jacobian_at,
    point_values,
    vanishes_exactly,
)
from symgan.analysis.routh import hurwitz
from symgan.analysis.signs import vanishes
from symgan.analysis.spectrum import spectrum
from symgan.analysis.wholes import require_whole
from symgan.differentiation import jacobian
from symgan.errors import GameError, Undecided
from symgan.results import Equilibrium, Stability
from symgan.system import Flow


class Modulo(StrEnum):
    """What the linearization decides, given a manifold of equilibria through the point."""

    STABLE = "exponentially stable modulo equilibria"
    KERNEL = "0 has larger multiplicity than the manifold of equilibria has dimensions"
    AXIS = "an imaginary pair, the rest to the left"
    UNSTABLE = "an eigenvalue with positive real part"
    DEPENDS = "depends on parameters, or is undecided"


@dataclass(frozen=True)
class ModuloEquilibria:
    """The verdict, with what was checked.

    Attributes:
        point: the equilibrium.
        tangent: the directions of the manifold at the point, one a column.
        rest: the characteristic polynomial divided by s^k, in `variable`.
        variable: s.
        condition: the exact condition for exponential stability modulo the manifold.
        kernel: the exact condition for 0 to be an eigenvalue beyond the manifold; there the
            linearization decides nothing.
        verdict: the one verdict, where there is one.
    """

    point: Mapping[Symbol, Expr]
    tangent: ImmutableMatrix
    rest: Expr
    variable: Symbol
    condition: Boolean
    kernel: Boolean
    verdict: Modulo


def stable_modulo_equilibria(
    flow: Flow,
    at: Point,
    directions: Sequence[Sequence[Any]] | Mapping[Symbol, Any] | Equilibrium | None = None,
    *,
    nonzero: Iterable[int | Expr] = (),
) -> ModuloEquilibria:
    r"""Decide exponential stability of an equilibrium modulo a manifold of equilibria.

    Args:
        flow: autonomous.
        at: the equilibrium, without free state symbols.
        directions: the manifold: vectors that span it, affinely, at the point; or a continuum
            (`Equilibrium`, or symbol -> value with free state symbols as values) that holds the
            point. None: no manifold, the classical theorem.
        nonzero: values assumed not to vanish, as in `spectrum`.

    Raises:
        GameError: the directions are dependent, the field does not vanish identically on them, or
            the continuum does not hold the point.
        Undecided: whether it vanishes was not decided.

    >>> x, y = sp.symbols("x y", real=True)
    >>> flow = Flow((x, y), (sp.Integer(0), -y + x*y))
    >>> stable_modulo_equilibria(flow, {x: 0, y: 0}, [(1, 0)]).verdict.value
    'exponentially stable modulo equilibria'
    >>> cubic = Flow((x, y), (-x**3, -y))
    >>> stable_modulo_equilibria(cubic, {x: 0, y: 0}).verdict.name
    'KERNEL'
    """
    require_whole(flow, "stable_modulo_equilibria")
    point = point_values(flow, at)
    J = jacobian_at(flow, point)
    tangent = _tangent(flow, point, directions)
    entries, names = assume_nonzero([*J], nonzero)
    s = Symbol("s")
    while s in J.free_symbols:
        s = Symbol(s.name + "_")
    rest = _rest(Matrix(*J.shape, entries), tangent.cols, s)
    condition, kernel, verdict = _verdict(rest, s)
    return ModuloEquilibria(
        point=point,
        tangent=ImmutableMatrix(tangent),
        rest=rest.xreplace(names),
        variable=s,
        condition=condition.xreplace(names),
        kernel=kernel.xreplace(names),
        verdict=verdict,
    )


def _tangent(flow: Flow, point: Mapping[Symbol, Expr], directions: Any) -> Matrix:
    """The tangent space of the manifold at the point, after the field was shown to vanish on it."""
    n = len(flow.state)
    if directions is None or (isinstance(directions, list | tuple) and not directions):
        return sp.zeros(n, 0)
    place, free, here = _parametrized(flow, point, directions)
    for s, f in zip(flow.state, flow.rhs, strict=True):
        residual = f.subs(dict(zip(flow.state, place, strict=True)), simultaneous=True)
        zero = vanishes_exactly(residual)
        if zero is False:
            raise GameError(
                f"the directions are no equilibria: the right-hand side of {s} leaves "
                f"{sp.factor_terms(residual)} on them"
            )
        if zero is None:
            raise Undecided(f"cannot decide whether {residual} vanishes on the directions")
    tangent = jacobian(place, free).subs(here, simultaneous=True)
    if tangent.rank() < len(free):
        raise GameError("the directions are linearly dependent at the point; drop some")
    return tangent


def _parametrized(
    flow: Flow, point: Mapping[Symbol, Expr], directions: Any
) -> tuple[Matrix, list[Symbol], dict[Symbol, Expr]]:
    """The manifold as a function of new symbols, these symbols, and their values at the point."""
    if isinstance(directions, Equilibrium | Mapping):
        values = point_values(flow, directions)
        free = [s for s in flow.state if any(s in v.free_symbols for v in values.values())]
        names = {s: Dummy(s.name, real=True) for s in free}
        place = Matrix([values[s].xreplace(names) for s in flow.state])
        here = {names[s]: point[s] for s in free}
        gaps = (v.subs(here) - point[s] for s, v in zip(flow.state, place, strict=True))
        if any(vanishes_exactly(gap) is not True for gap in gaps):
            raise GameError("the continuum does not hold the point; give a point on it")
        return place, list(names.values()), here
    if isinstance(directions, str) or any(isinstance(d, str) for d in directions):
        raise GameError(f"{directions!r} is no list of directions; give vectors of numbers")
    vectors = [Matrix(direction) for direction in directions]
    if any(v.shape != (len(flow.state), 1) for v in vectors):
        raise GameError(f"a direction has one entry for each of {flow.state}")
    lengths = [Dummy(f"r{i}", real=True) for i in range(len(vectors))]
    place = Matrix([point[s] for s in flow.state])
    for r, v in zip(lengths, vectors, strict=True):
        place += r * v
    return place, lengths, dict.fromkeys(lengths, sp.Integer(0))


def _rest(J: Matrix, k: int, s: Symbol) -> Expr:
    """The characteristic polynomial over s^k; k zero eigenvalues are known to be there."""
    field = build_field(J)
    rows = [[field.element(e) for e in row] for row in J.tolist()]
    coefficients = DomainMatrix(rows, J.shape, field.domain).charpoly()
    left = coefficients[: len(coefficients) - k]
    degree = len(left) - 1
    return sp.Add(*(field.expression(c) * s ** (degree - i) for i, c in enumerate(left)))


def _verdict(rest: Expr, s: Symbol) -> tuple[Boolean, Boolean, Modulo]:
    if not rest.has(s):
        return sp.true, sp.false, Modulo.STABLE
    condition = tidy(hurwitz(rest, s))
    kernel = tidy(vanishes(rest.subs(s, 0)))
    if condition is sp.true:
        return condition, kernel, Modulo.STABLE
    return condition, kernel, _failure(rest, s, kernel)


def _failure(rest: Expr, s: Symbol, kernel: Boolean) -> Modulo:
    """Why the other eigenvalues are not all to the left, the worst reason first."""
    try:
        verdict = spectrum(_companion(sp.Poly(rest, s))).verdict
    except Undecided:
        return Modulo.DEPENDS
    if verdict in (None, Stability.STABLE):
        return Modulo.DEPENDS
    if verdict is Stability.UNSTABLE:
        return Modulo.UNSTABLE
    if kernel in (sp.true, sp.false):
        return Modulo.KERNEL if kernel is sp.true else Modulo.AXIS
    return Modulo.DEPENDS


def _companion(polynomial: sp.Poly) -> Flow:
    """A linear flow with this monic characteristic polynomial."""
    n = polynomial.degree()
    state = tuple(Dummy(f"y{i}", real=True) for i in range(n))
    lower = zip(reversed(polynomial.all_coeffs()[1:]), state, strict=True)
    last = -sp.Add(*(c * y for c, y in lower))
    free = tuple(sorted(last.free_symbols - set(state), key=str))
    return Flow(state, (*state[1:], last), parameters=free)

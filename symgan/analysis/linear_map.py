"""The linear iteration whose steps are asked for, with its characteristic polynomial."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Poly, Symbol
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.field import Field, build_field
from symgan.analysis.points import Point, assume_nonzero, jacobian_at, moving, point_values
from symgan.analysis.reduction import fixed_directions, modulo_tangent, tangent_space
from symgan.analysis.schur import Cleared, cleared
from symgan.analysis.signs import sign
from symgan.certify.identity import is_zero
from symgan.errors import GameError, Undecided
from symgan.results import Equilibrium
from symgan.system import Map

MOST_TERMS = 20_000
LONG_RHS = 500
"""Operations of a right-hand side that is written out to see whether it is linear."""


@dataclass(frozen=True)
class LinearMap:
    """A matrix in the step and the parameters, and its spectrum's equation.

    Attributes:
        symbol: the step.
        matrix: modulo the tangent space of a continuum.
        field: the field of its entries.
        variable: the variable of the characteristic polynomial.
        characteristic: monic, over the field.
        factors: (irreducible monic factor, multiplicity); none where they were not asked for.
    """

    symbol: Symbol
    matrix: Matrix
    field: Field
    variable: Symbol
    characteristic: Poly
    factors: tuple[tuple[Poly, int], ...]

    @property
    def polynomial(self) -> Expr:
        """The characteristic polynomial as an expression."""
        terms = reversed(self.field.coefficients(self.characteristic))
        return sp.Add(*(c * self.variable**k for k, c in enumerate(terms)))

    @property
    def parameters(self) -> tuple[Symbol, ...]:
        """What the matrix depends on besides the step."""
        return tuple(sorted(self.matrix.free_symbols - {self.symbol}, key=str))

    def cleared(self, factor: Poly) -> Cleared:
        """A factor without denominators."""
        return cleared(factor.rep.to_list(), self.field)


def linear_map(matrix: Matrix, symbol: Symbol, *, factored: bool = True) -> LinearMap:
    """The characteristic polynomial of a matrix, and its factors, if they are asked for.

    Raises:
        Undecided: it is too long to factor.
    """
    field = build_field([*matrix, symbol])
    variable = Symbol("z")
    while variable in matrix.free_symbols or variable == symbol:
        variable = Symbol(variable.name + "_")
    rows = [[field.element(e) for e in row] for row in matrix.tolist()]
    coefficients = DomainMatrix(rows, matrix.shape, field.domain).charpoly()
    _require_short(coefficients)
    characteristic = field.from_coefficients(coefficients, variable)
    found = characteristic.factor_list()[1] if factored else []
    factors = [(g.monic(), m) for g, m in found]
    factors.sort(key=lambda f: (f[0].degree(), sp.default_sort_key(f[0].as_expr())))
    return LinearMap(symbol, matrix, field, variable, characteristic, tuple(factors))


def linearization(
    system: Any, symbol: Symbol, at: Point | None, nonzero: Iterable[Any]
) -> tuple[Matrix, dict[Expr, Expr]]:
    """The Jacobian at a fixed point, modulo the tangent space of a continuum.

    Returns:
        The matrix, and symbol -> value for what was assumed not to vanish.

    Raises:
        GameError: see `symgan.analysis.step_bound`.
    """
    if hasattr(system, "linearization"):  # an implicit map knows its own derivative
        if at is None:
            raise GameError("an implicit map has no Jacobian without a point; give at=")
        system, at = system.linearization(_point(at)), None
    _require_step(system, symbol)
    if at is None:
        _require_fixed_point(system)
        J = jacobian_at(system, None)
        tangent = fixed_directions(J)
    else:
        _refuse_switching(system, at)
        J = jacobian_at(system, at)
        values = point_values(system, at)
        tangent = tangent_space(values, system.state)
        _require_fixed(J, tangent)
    entries, names = assume_nonzero([*modulo_tangent(J, tangent)], nonzero)
    side = J.rows - tangent.cols
    if side == 0:
        raise GameError("every state is a fixed point of this map, so no step moves anything")
    return Matrix(side, side, entries), names


def _point(at: Point) -> Any:
    return dict(at.point) if isinstance(at, Equilibrium) else at


def _require_step(system: Map, symbol: Symbol) -> None:
    if not isinstance(system, Map):
        raise GameError(
            f"step_bound needs a map, not a {type(system).__name__}; apply a rule first"
        )
    if symbol.is_positive is not True:
        raise GameError(f"the step {symbol} is not positive; declare it with positive=True")
    known = {*system.parameters} | set().union(*(f.free_symbols for f in system.rhs))
    if symbol in system.state:
        raise GameError(f"{symbol} is a state symbol of the map, not its step")
    if symbol not in known:
        names = ", ".join(str(p) for p in system.parameters) or "none"
        raise GameError(f"the map does not depend on {symbol}; its parameters are {names}")


def _require_fixed_point(system: Map) -> None:
    """An affine map must have a fixed point; a switched or moving one is refused."""
    if any(f.has(sp.Piecewise) for f in system.rhs):
        raise _switched("the map is piecewise")
    changing = [str(s) for s in moving(system) if any(s in f.free_symbols for f in system.rhs)]
    if changing:
        raise GameError(f"the map depends on {changing[0]}, so no point need stay at rest; fix it")
    J = system.jacobian().applyfunc(sp.expand) if _may_be_linear(system) else None
    if J is None or J.free_symbols & set(system.state):
        raise GameError("the map is not linear, so its steps depend on the fixed point; give at=")
    start = dict.fromkeys(system.state, sp.Integer(0))
    offset = Matrix([f.subs(start) for f in system.rhs])
    if all(is_zero(e).holds for e in offset):
        return
    moved = J - sp.eye(J.rows)
    field = build_field([*moved, *offset])
    both = Matrix.hstack(moved, offset)
    ranks = [
        DomainMatrix(
            [[field.element(e) for e in row] for row in M.tolist()], M.shape, field.domain
        ).rank()
        for M in (moved, both)
    ]
    if ranks[0] != ranks[1]:
        raise GameError("the map has no fixed point: x = F(x) has no solution; check its rhs")


def _may_be_linear(system: Map) -> bool:
    """Whether a map is polynomial in its state; a long formula is not written out to see it."""
    return all(
        f.is_polynomial(*system.state)
        or (f.count_ops() <= LONG_RHS and sp.expand(f).is_polynomial(*system.state))
        for f in system.rhs
    )


def require_rational(matrix: Matrix, symbol: Symbol) -> None:
    """Raises:
    GameError: an entry that is not rational in the step, which polynomials do not decide.
    """
    for e in matrix:
        if not e.is_rational_function(symbol):
            raise GameError(
                f"the entry {e} of the linearization is not rational in the step {symbol}; name "
                "what it depends on as a parameter, or take a rational map"
            )


def _refuse_switching(system: Map, at: Point) -> None:
    values = point_values(system, at)
    for f in system.rhs:
        for node in sorted(f.atoms(sp.Piecewise), key=sp.default_sort_key):
            relations = node.atoms(sp.core.relational.Relational)
            for relation in sorted(relations, key=sp.default_sort_key):
                height = (relation.lhs - relation.rhs).subs(values, simultaneous=True)
                if sign(height) == 0:
                    raise _switched(f"the point lies on the switching surface {relation.lhs} = "
                                    f"{relation.rhs}")  # fmt: skip


def _switched(why: str) -> GameError:
    return GameError(f"{why}, where the map has no Jacobian; use analysis.switched_stability")


def _require_fixed(J: Matrix, tangent: Matrix) -> None:
    for e in (J - sp.eye(J.rows)) * tangent:
        if is_zero(e).holds is not True:
            raise Undecided(f"cannot see that the continuum is one of fixed points: {e}")


def _require_short(coefficients: list[Any]) -> None:
    terms = sum(len(getattr(c, "numer", [0])) for c in coefficients)
    if terms > MOST_TERMS:
        raise Undecided(
            f"the characteristic polynomial has {terms} terms; give values to parameters"
        )

r"""The answer with parameters left: exact Booleans, and closed forms where they exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import sympy as sp
from sympy import And, Expr, Not, Or, Poly, Set
from sympy.logic.boolalg import Boolean
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.budget import Budget
from symgan.analysis.circle import (
    derivative,
    schur_condition,
    self_reciprocal,
    simple_von_neumann,
    von_neumann,
)
from symgan.analysis.crossing import simple_crossing
from symgan.analysis.linear_map import LinearMap
from symgan.analysis.prune import impossible
from symgan.analysis.schur import (
    LONGEST,
    Cleared,
    bilinear_expressions,
    critical_elements,
    strictly_positive,
)
from symgan.analysis.signs import sign, vanishes
from symgan.analysis.step_best_parametric import best_steps
from symgan.analysis.step_ends import boundary, scalar, shorter
from symgan.analysis.step_solve import Cases, as_set, solve_all
from symgan.errors import Undecided
from symgan.results_discrete import Best, Boundary, Edge


@dataclass(frozen=True)
class ParametricAnswer:
    """What `step_bound` says of a matrix with parameters, before scalings are undone.

    ``expressions`` are what must be positive, a tuple a factor.
    """

    asymptotic: Set | None
    marginal: Set | None
    condition: Boolean
    marginal_condition: Boolean
    undecided: Boolean
    boundary: tuple[Boundary, ...]
    best: tuple[Best, ...]
    expressions: tuple[tuple[Expr, ...], ...]


def answer(system: LinearMap, budget: Budget) -> ParametricAnswer:
    """Conditions by Miller's recursion and Routh-Hurwitz; sets where they can be solved."""
    parts = [(system.cleared(g), m) for g, m in system.factors]
    of_factors = [bilinear_expressions(p) for p, _ in parts]
    expressions = _without_repetition(e for found in of_factors for e in found)
    condition = shorter(And(*(strictly_positive(e) for e in expressions)))
    marginal, undecided = _marginal_or_open(system, parts, condition, budget)
    stable = None if condition is sp.false else _solved(expressions, system, budget)
    asymptotic = sp.S.EmptySet if condition is sp.false else stable and as_set(stable)
    neutral = _neutral(parts, system, budget)
    ends = tuple(boundary(system, parts, stable or neutral or [], budget))
    return ParametricAnswer(
        asymptotic=asymptotic,
        marginal=_marginal_set(neutral, ends, marginal),
        condition=condition,
        marginal_condition=marginal,
        undecided=undecided,
        boundary=ends,
        best=best_steps(system, stable, budget) if stable else (),
        expressions=tuple(of_factors),
    )


def _solved(expressions: list[Expr], system: LinearMap, budget: Budget) -> Cases | None:
    if any(len(e.args) > LONGEST for e in expressions):
        return None
    try:
        return solve_all(expressions, system.symbol, Budget(min(1.5, budget.left)))
    except Undecided:  # no closed form in the time; the condition stands
        return None


def _neutral(parts: list[tuple[Cleared, int]], system: LinearMap, budget: Budget) -> Cases | None:
    """Steps at which reciprocal factors have simple roots on the circle, all others inside."""
    reciprocal = [p for p, _ in parts if self_reciprocal(p)]
    if not reciprocal or any(m > 1 for p, m in parts if p in reciprocal) or len(reciprocal) > 1:
        return None
    inner = [p for p, _ in parts if p not in reciprocal]
    inner += [derivative(p) for p in reciprocal if len(p.entries) > 2]
    found = [e for p in inner for e in bilinear_expressions(p)]
    return _solved(_without_repetition(iter(found)), system, budget)


def _marginal_or_open(
    system: LinearMap, parts: list[tuple[Cleared, int]], condition: Boolean, budget: Budget
) -> tuple[Boolean, Boolean]:
    """As `_marginal`; out of time, every step that is not stable may be marginal."""
    try:
        return _marginal(system, parts, condition, budget)
    except Undecided:
        return sp.false, Not(condition)


def _marginal(
    system: LinearMap, parts: list[tuple[Cleared, int]], condition: Boolean, budget: Budget
) -> tuple[Boolean, Boolean]:
    """The condition for a spectral radius one that is semisimple; and what stays open."""
    if _is_large(system):
        return _on_the_surface(parts, condition)
    simple = And(*(simple_von_neumann(p) for p, _ in parts))
    budget.check("the marginal steps")
    closed = And(*(von_neumann(p) for p, _ in parts))
    meets = Or(*(_meet(f, g, system) for (f, _), (g, _) in combinations(system.factors, 2)))
    repeated: Boolean = sp.true
    if any(m > 1 for _, m in parts):
        repeated = _annihilated(system)
    sure = And(simple, Not(meets), repeated, Not(condition))
    rest = And(closed, Not(condition), Not(And(simple, Not(meets), repeated)))
    alike, derogatory = scalar(system.matrix), _derogatory(system)
    marginal = Or(sure, And(rest, alike))
    open_left = And(rest, Not(alike), derogatory)
    if open_left is not sp.false and impossible(open_left):
        open_left = sp.false
    return shorter(marginal), shorter(open_left)


def _is_large(system: LinearMap) -> bool:
    """Whether Miller's recursion would run long: degree three with two parameters, or four.

    A factor with all roots on the circle for a range of steps is left to it nevertheless.
    """
    degree = max(g.degree() for g, _ in system.factors)
    if any(self_reciprocal(system.cleared(g)) for g, _ in system.factors):
        return degree >= 5
    return degree >= 4 or (degree >= 3 and len(system.parameters) > 1)


def _on_the_surface(
    parts: list[tuple[Cleared, int]], condition: Boolean
) -> tuple[Boolean, Boolean]:
    """One factor, not repeated, with one simple crossing, and the others inside.

    Where the conditions are long nothing is said of the surface on which roots are critical.
    """
    marginal: list[Boolean] = []
    lengthy = any(len(r.lhs.args) > LONGEST for r in condition.atoms(sp.core.relational.Relational))
    for number, (part, multiplicity) in enumerate(parts):
        if multiplicity == 1 and not lengthy:
            others = (schur_condition(p) for k, (p, _) in enumerate(parts) if k != number)
            marginal.append(And(simple_crossing(part), *others))
    found = Or(*marginal)
    surface = [sp.Eq(p.expression(c), 0) for p, _ in parts for c in critical_elements(p) if c]
    return found, And(Or(*surface), Not(condition), Not(found))


def _derogatory(system: LinearMap) -> Boolean:
    """A necessary condition for an eigenvalue with two eigenvectors: no cyclic unit vector."""
    matrix = system.matrix
    n = matrix.rows
    if n == 2:  # derogatory is scalar, which is told apart
        return sp.false
    found: list[Boolean] = []
    K = system.field
    rows = [[K.element(e) for e in row] for row in matrix.tolist()]
    A = DomainMatrix(rows, matrix.shape, K.domain)
    for k in range(n):
        column = DomainMatrix.eye(n, K.domain).to_dense().extract(list(range(n)), [k])
        columns = [column]
        for _ in range(n - 1):
            columns.append(A * columns[-1])
        krylov = columns[0].hstack(*columns[1:])
        found.append(vanishes(K.expression(krylov.det())))
        if found[-1] is sp.false:
            return sp.false
    return And(*found)


def _meet(one: Poly, other: Poly, system: LinearMap) -> Boolean:
    value = one.resultant(other)
    expression = value.as_expr() if isinstance(value, Poly) else sp.sympify(value)
    return vanishes(system.field.expression(system.field.element(expression)))


def _annihilated(system: LinearMap) -> Boolean:
    """That the product of the distinct factors vanishes at the matrix."""
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
    return And(*(vanishes(K.expression(e)) for row in total.to_list() for e in row))


def _marginal_set(
    neutral: Cases | None, boundary: tuple[Boundary, ...], condition: Boolean
) -> Set | None:
    """A closed form of the marginal steps, where all ends are known without cases."""
    if condition is sp.false:
        return sp.S.EmptySet
    ends = [b for b in boundary if b.edge is not Edge.OPEN]
    if any(b.condition is not sp.true for b in ends):
        return None
    points = sp.FiniteSet(*(b.step for b in ends if b.edge is not Edge.JORDAN))
    inner = as_set(neutral) if neutral else sp.S.EmptySet
    return None if inner is None else sp.Union(inner, points)


def _without_repetition(expressions: Iterator[Expr]) -> list[Expr]:
    return list(dict.fromkeys(e for e in expressions if len(e.args) > LONGEST or sign(e) != 1))

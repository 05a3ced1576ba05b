r"""The answer with parameters left: exact Booleans, and closed forms where they exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import sympy as sp
from sympy import And, Expr, Matrix, Not, Or, Poly, Set
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
from symgan.analysis.conditions import tidy
from symgan.analysis.crossing import critical, simple_crossing
from symgan.analysis.linear_map import LinearMap
from symgan.analysis.prune import impossible
from symgan.analysis.schur import Cleared, bilinear_expressions, critical_elements
from symgan.analysis.signs import nonvanishing, positive, sign, vanishes
from symgan.analysis.step_solve import Case, Cases, as_set, solve_all
from symgan.errors import Undecided
from symgan.results_discrete import Boundary, Edge

LONG = 60


@dataclass(frozen=True)
class ParametricAnswer:
    """What `step_bound` says of a matrix with parameters, before scalings are undone."""

    asymptotic: Set | None
    marginal: Set | None
    condition: Boolean
    marginal_condition: Boolean
    undecided: Boolean
    boundary: tuple[Boundary, ...]
    expressions: tuple[Expr, ...]


def answer(system: LinearMap, budget: Budget) -> ParametricAnswer:
    """Conditions by Miller's recursion and Routh-Hurwitz; sets where they can be solved."""
    parts = [(system.cleared(g), m) for g, m in system.factors]
    expressions = _without_repetition(e for p, _ in parts for e in bilinear_expressions(p))
    condition = _shorter(And(*(positive(e) for e in expressions)))
    marginal, undecided = _marginal(system, parts, condition, budget)
    stable = None if condition is sp.false else _solved(expressions, system, budget)
    asymptotic = sp.S.EmptySet if condition is sp.false else stable and as_set(stable)
    neutral = _neutral(parts, system, budget)
    boundary = tuple(_boundary(system, parts, stable or neutral or [], budget))
    return ParametricAnswer(
        asymptotic=asymptotic,
        marginal=_marginal_set(neutral, boundary, marginal),
        condition=condition,
        marginal_condition=marginal,
        undecided=undecided,
        boundary=boundary,
        expressions=tuple(expressions),
    )


def _solved(expressions: list[Expr], system: LinearMap, budget: Budget) -> Cases | None:
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
    scalar, derogatory = _scalar(system.matrix), _derogatory(system)
    marginal = Or(sure, And(rest, scalar))
    open_left = And(rest, Not(scalar), derogatory)
    if open_left is not sp.false and impossible(open_left):
        open_left = sp.false
    return _shorter(marginal), _shorter(open_left)


def _is_large(system: LinearMap) -> bool:
    """Whether Miller's recursion would run long: degree three with two parameters, or five."""
    degree = max(g.degree() for g, _ in system.factors)
    return degree >= 5 or (degree >= 3 and len(system.parameters) > 1)


def _on_the_surface(
    parts: list[tuple[Cleared, int]], condition: Boolean
) -> tuple[Boolean, Boolean]:
    """One factor, not repeated, with one simple crossing, and the others inside."""
    marginal: list[Boolean] = []
    for number, (part, multiplicity) in enumerate(parts):
        if multiplicity == 1:
            others = (schur_condition(p) for k, (p, _) in enumerate(parts) if k != number)
            marginal.append(And(simple_crossing(part), *others))
    found = Or(*marginal)
    surface = Or(*(critical(p) for p, _ in parts))
    return found, And(surface, Not(condition), Not(found))


def _scalar(matrix: Matrix) -> Boolean:
    """That a matrix is a multiple of the identity, so semisimple with one eigenvalue."""
    n = matrix.rows
    off = [matrix[i, j] for i in range(n) for j in range(n) if i != j]
    along = [matrix[i, i] - matrix[0, 0] for i in range(1, n)]
    return And(*(vanishes(e) for e in (*off, *along)))


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


def _boundary(
    system: LinearMap, parts: list[tuple[Cleared, int]], cases: Cases, budget: Budget
) -> Iterator[Boundary]:
    """The ends of the solved cases, each with the place where it is one."""
    opened: dict[Expr, Boolean] = {}
    for case in cases:
        for value, where in (*_ends(case, "low"), *_ends(case, "high")):
            if value in (0, sp.oo):
                opened[value] = tidy(Or(opened.get(value, sp.false), where))
            else:
                yield from _named_end(system, parts, value, where, budget)
    for value, where in opened.items():
        yield Boundary(value, Edge.OPEN, (), where)


def _ends(case: Case, side: str) -> list[tuple[Expr, Boolean]]:
    """The ends of an interval one by one, with what makes each of them the end."""
    value = getattr(case, side)
    if not isinstance(value, sp.Min | sp.Max):
        return [(value, case.condition)]
    order = sp.Lt if isinstance(value, sp.Min) else sp.Gt
    return [
        (e, And(case.condition, *(order(e, other) for other in value.args if other != e)))
        for e in value.args
    ]


def _named_end(
    system: LinearMap,
    parts: list[tuple[Cleared, int]],
    value: Expr,
    where: Boolean,
    budget: Budget,
) -> Iterator[Boundary]:
    budget.check("the ends of the stable steps")
    found = _crossing(system, parts, value, where)
    if found is not None:
        edge, eigenvalues, unless = found
        yield Boundary(value, edge, eigenvalues, _shorter(And(where, unless)))


def _crossing(
    system: LinearMap, parts: list[tuple[Cleared, int]], value: Expr, where: Boolean
) -> tuple[Edge, tuple[Expr, ...], Boolean] | None:
    """Which critical expression vanishes at an end, and when its root there is simple."""
    at_one, at_minus, pair = [], [], []
    for part, _ in parts:
        elements = critical_elements(part)
        for found, element in zip((at_one, at_minus, pair), elements, strict=False):
            if element and _is_zero_at(part.expression(element), system, value):
                found.append(part)
    several = len(at_one) + len(at_minus) + len(pair) > 1
    if several:
        return None
    for list_, z, edge in ((at_one, 1, Edge.UNIT_ROOT), (at_minus, -1, Edge.FLIP)):
        if list_:
            part = list_[0]
            if self_reciprocal(part) and len(part.entries) == 3:
                return Edge.JORDAN, (sp.Integer(z),), Not(_scalar(system.matrix))
            slope = _value_at(derivative(part), z)
            simple = nonvanishing(slope.subs(system.symbol, value))
            if simple is not sp.true and impossible(And(where, Not(simple))):
                simple = sp.true
            return edge, (sp.Integer(z),), simple
    if pair:
        return Edge.CIRCLE, _pair_values(pair[0], system, value), sp.true
    return None


def _value_at(part: Cleared, z: int) -> Expr:
    n = len(part.entries) - 1
    total = part.domain.zero
    for k, c in enumerate(part.entries):
        total += c if z == 1 or (n - k) % 2 == 0 else -c
    return part.expression(total)


def _is_zero_at(expression: Expr, system: LinearMap, value: Expr) -> bool:
    top = sp.fraction(sp.together(expression))[0]
    return bool(sp.simplify(sp.expand(top.subs(system.symbol, value))) == 0)


def _pair_values(part: Cleared, system: LinearMap, value: Expr) -> tuple[Expr, ...]:
    if len(part.entries) != 3:
        return ()
    a, b = (part.expression(c) for c in part.entries[:2])
    p = sp.factor(sp.simplify((b / a).subs(system.symbol, value)))
    height = sp.sqrt(sp.factor(1 - p**2 / 4))
    return (-p / 2 - sp.I * height, -p / 2 + sp.I * height)


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
    return list(dict.fromkeys(e for e in expressions if sign(e) != 1))


def _shorter(condition: Boolean) -> Boolean:
    """Tidied where it is short enough for that."""
    size: Any = condition.count_ops() if hasattr(condition, "count_ops") else 0
    return tidy(condition) if size <= LONG else condition

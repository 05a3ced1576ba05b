"""What happens at the ends of solved steps, with parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from sympy import And, Expr, Matrix, Not, Or
from sympy.logic.boolalg import Boolean

from symgan.analysis.budget import Budget
from symgan.analysis.circle import derivative, self_reciprocal
from symgan.analysis.conditions import tidy
from symgan.analysis.linear_map import LinearMap
from symgan.analysis.prune import impossible
from symgan.analysis.samples import differs_from_zero
from symgan.analysis.schur import Cleared, critical_elements
from symgan.analysis.signs import nonvanishing, vanishes
from symgan.analysis.step_solve import Case, Cases
from symgan.results_discrete import Boundary, Edge

LONG = 60


def boundary(
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
        yield Boundary(value, edge, eigenvalues, shorter(And(where, unless)))


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
                return Edge.JORDAN, (sp.Integer(z),), Not(scalar(system.matrix))
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
    at_end = sp.expand(top.subs(system.symbol, value))
    return not differs_from_zero(at_end) and bool(sp.simplify(at_end) == 0)


def _pair_values(part: Cleared, system: LinearMap, value: Expr) -> tuple[Expr, ...]:
    if len(part.entries) != 3:
        return ()
    a, b = (part.expression(c) for c in part.entries[:2])
    p = sp.factor(sp.simplify((b / a).subs(system.symbol, value)))
    height = sp.sqrt(sp.factor(1 - p**2 / 4))
    return (-p / 2 - sp.I * height, -p / 2 + sp.I * height)


def scalar(matrix: Matrix) -> Boolean:
    """That a matrix is a multiple of the identity, so semisimple with one eigenvalue."""
    n = matrix.rows
    off = [matrix[i, j] for i in range(n) for j in range(n) if i != j]
    along = [matrix[i, i] - matrix[0, 0] for i in range(1, n)]
    return And(*(vanishes(e) for e in (*off, *along)))


def shorter(condition: Boolean) -> Boolean:
    """Tidied where it is short enough for that."""
    size: Any = condition.count_ops() if hasattr(condition, "count_ops") else 0
    return tidy(condition) if size <= LONG else condition

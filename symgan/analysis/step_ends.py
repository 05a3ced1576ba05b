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
from symgan.certify.identity import is_zero
from symgan.results_discrete import Boundary, Edge

LONG = 60


def boundary(
    system: LinearMap, parts: list[tuple[Cleared, int]], cases: Cases, budget: Budget
) -> Iterator[Boundary]:
    """The ends of the solved cases, each with the place where it is one."""
    opened: dict[Expr, Boolean] = {}
    ends = [end for case in cases for side in ("low", "high") for end in _ends(case, side)]
    critical = _critical(parts) if any(value not in (0, sp.oo) for value, _ in ends) else []
    for value, where in ends:
        if value in (0, sp.oo):
            opened[value] = tidy(Or(opened.get(value, sp.false), where))
        else:
            yield from _named_end(system, critical, value, where, budget)
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


Critical = list[tuple[Edge, Cleared, Expr]]
"""What vanishes where a root of a factor crosses at 1, at -1, or in a pair, as a numerator."""


def _critical(parts: list[tuple[Cleared, int]]) -> Critical:
    kinds = (Edge.UNIT_ROOT, Edge.FLIP, Edge.CIRCLE)
    return [
        (kind, part, sp.fraction(sp.together(part.expression(element)))[0])
        for part, _ in parts
        for kind, element in zip(kinds, critical_elements(part), strict=False)
        if element
    ]


def _named_end(
    system: LinearMap,
    critical: Critical,
    value: Expr,
    where: Boolean,
    budget: Budget,
) -> Iterator[Boundary]:
    budget.check("the ends of the stable steps")
    found = _crossing(system, critical, value, where)
    if found is not None:
        edge, eigenvalues, unless = found
        yield Boundary(value, edge, eigenvalues, shorter(And(where, unless)))


def _crossing(
    system: LinearMap, critical: Critical, value: Expr, where: Boolean
) -> tuple[Edge, tuple[Expr, ...], Boolean] | None:
    """Which critical expression vanishes at an end, and when its root there is simple."""
    found = [(kind, part) for kind, part, top in critical if _is_zero_at(top, system, value)]
    if len(found) != 1:
        return None
    edge, part = found[0]
    if edge is Edge.CIRCLE:
        return edge, _pair_values(part, system, value), sp.true
    z = 1 if edge is Edge.UNIT_ROOT else -1
    if self_reciprocal(part) and len(part.entries) == 3:
        return Edge.JORDAN, (sp.Integer(z),), Not(scalar(system.matrix))
    simple = nonvanishing(_value_at(derivative(part), z).subs(system.symbol, value))
    if simple is not sp.true and impossible(And(where, Not(simple))):
        simple = sp.true
    return edge, (sp.Integer(z),), simple


def _value_at(part: Cleared, z: int) -> Expr:
    n = len(part.entries) - 1
    total = part.domain.zero
    for k, c in enumerate(part.entries):
        total += c if z == 1 or (n - k) % 2 == 0 else -c
    return part.expression(total)


def _is_zero_at(top: Expr, system: LinearMap, value: Expr) -> bool:
    at_end = sp.expand(top.subs(system.symbol, value))
    if at_end == 0 or differs_from_zero(at_end):
        return at_end == 0
    return is_zero(at_end).holds is True or bool(sp.simplify(at_end) == 0)


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

r"""Boolean conditions on signs, brought to a short normal form.

A condition is a disjunction of cells; a cell says for some expressions which signs they
may take. Cells that contradict themselves are dropped, cells that differ in one sign are
merged, and an equation :math:`x = 0` is used in the rest of its cell.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import sympy as sp
from sympy import And, Expr, Or
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.analysis.signs import (
    nonnegative,
    nonvanishing,
    positive,
    semidefinite,
    sign,
    vanishes,
)
from symgan.differentiation import diff

Signs = frozenset[int]
ANY: Signs = frozenset({-1, 0, 1})
_RELATIONS: dict[type, Signs] = {
    sp.StrictGreaterThan: frozenset({1}),
    sp.GreaterThan: frozenset({0, 1}),
    sp.StrictLessThan: frozenset({-1}),
    sp.LessThan: frozenset({-1, 0}),
    sp.Equality: frozenset({0}),
    sp.Unequality: frozenset({-1, 1}),
}
_BUILD: dict[Signs, Any] = {
    frozenset({1}): positive,
    frozenset({0, 1}): nonnegative,
    frozenset({-1}): lambda e: positive(-e),
    frozenset({-1, 0}): lambda e: nonnegative(-e),
    frozenset({0}): vanishes,
    frozenset({-1, 1}): nonvanishing,
}
Cell = dict[Expr, Signs]
MOST_ATOMS = 12


def tidy(condition: Boolean) -> Boolean:
    """A shorter condition that says the same.

    Conditions with more than a dozen different relations are returned as they are.

    >>> x, y = sp.symbols("x y", real=True)
    >>> tidy(And(x >= 0, sp.Ne(x, 0)) | And(x > 0, x < 0) | And(x < 0, y > 0, sp.Eq(y, 0)))
    x > 0
    """
    if condition in (sp.true, sp.false) or len(condition.atoms(Relational)) > MOST_ATOMS:
        return condition
    cells = _cells(sp.to_dnf(sp.to_nnf(condition, simplify=False), simplify=False))
    merged = _absorb(_merge(cells))
    return Or(*(_condition(cell) for cell in merged))


def normalized(relation: Relational, difference: Expr) -> Boolean:
    """The relation that a difference has this relation to 0, without factors of known sign.

    >>> a, b = sp.Symbol("a", positive=True), sp.Symbol("b", real=True)
    >>> normalized(b < 1, b/a - 1/a)
    b < 1
    """
    return _BUILD[_RELATIONS[type(relation)]](difference)


def _cells(condition: Boolean) -> list[Cell]:
    found: list[Cell] = []
    for conjunction in Or.make_args(condition):
        settled = _use_equations(conjunction)
        if settled is sp.false:
            continue
        if isinstance(settled, Or) or any(isinstance(a, Or) for a in And.make_args(settled)):
            found += _cells(sp.to_dnf(settled, simplify=False))
            continue
        cell = _cell(settled)
        if cell is not None and cell not in found:
            found.append(cell)
    return found


def _use_equations(conjunction: Boolean) -> Boolean:
    """Put what each equation says into the other relations of a conjunction."""
    parts = list(And.make_args(conjunction))
    for number in range(len(parts)):
        known = _solved(parts[number])
        if known:
            parts = [p if i == number else _at(p, known) for i, p in enumerate(parts)]
    return And(*parts)


def _solved(part: Boolean) -> dict[Expr, Expr]:
    """An equation ``e = 0`` as a substitution, where e is one atom or linear in a symbol."""
    if not isinstance(part, sp.Equality):
        return {}
    difference = part.lhs - part.rhs
    if not difference.is_Add:
        return {difference: sp.Integer(0)}
    for symbol in sorted(difference.free_symbols, key=str):
        slope = diff(difference, symbol)
        if slope.is_Rational:
            return {symbol: sp.expand(symbol - difference / slope)}
    return {}


def _at(relation: Boolean, values: dict[Expr, Expr]) -> Boolean:
    if not isinstance(relation, Relational):
        return relation.xreplace(values)
    before = relation.lhs - relation.rhs
    difference = before.xreplace(values)
    if difference == before:
        return relation
    return _BUILD[_RELATIONS[type(relation)]](difference)


def _cell(conjunction: Boolean) -> Cell | None:
    cell: Cell = {}
    for relation in And.make_args(conjunction):
        if relation is sp.true:
            continue
        if not isinstance(relation, Relational):
            raise TypeError(f"{relation} is not a relation")
        difference = relation.lhs - relation.rhs
        signs = _RELATIONS[type(relation)]
        if difference.could_extract_minus_sign():  # one key for e and -e
            difference, signs = -difference, frozenset(-s for s in signs)
        allowed = cell.get(difference, ANY) & signs & _possible(difference)
        if not allowed:
            return None
        cell[difference] = allowed
    return {e: s for e, s in cell.items() if s != _possible(e)}


def _possible(expression: Expr) -> Signs:
    """The signs an expression can take under the assumptions of its symbols."""
    known = sign(expression)
    if known is not None:
        return frozenset({known})
    weak = semidefinite(expression)
    if weak is not None:
        return frozenset({0, weak})
    return frozenset({-1, 1}) if expression.is_nonzero else ANY


def _merge(cells: list[Cell]) -> list[Cell]:
    """Unite cells that differ in the signs of one expression only."""
    while True:
        for one, other in combinations(cells, 2):
            if one.keys() != other.keys():
                continue
            differing = [e for e in one if one[e] != other[e]]
            if len(differing) == 1:
                (e,) = differing
                union = {**one, e: one[e] | other[e]}
                kept = {k: v for k, v in union.items() if v != _possible(k)}
                cells = [c for c in cells if c is not one and c is not other]
                cells.append(kept)
                break
        else:
            return cells


def _absorb(cells: list[Cell]) -> list[Cell]:
    """Drop cells inside others."""

    def inside(one: Cell, other: Cell) -> bool:
        return all(one.get(e, ANY) <= allowed for e, allowed in other.items())

    kept: list[Cell] = []
    for number, cell in enumerate(cells):
        others = cells[number + 1 :] + kept
        if not any(inside(cell, other) for other in others):
            kept.append(cell)
    return kept


def _condition(cell: Cell) -> Boolean:
    return And(*(_BUILD[allowed](e) for e, allowed in cell.items()))

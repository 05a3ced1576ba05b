r"""When a function is a Lyapunov function for no oracle at all.

An oracle picks one of several update fields at each state. Where every one of them
increases V, no choice helps: one such state refutes V for all oracles over the fields.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.cells import Cell, cells, primitive, relation
from symgan.analysis.evidence import fails, proved
from symgan.analysis.increment import NOT_POSITIVE, POSITIVE, known, require_step
from symgan.analysis.planar import Failure, Rule, condition, decide_planar
from symgan.certify.identity import rational_points
from symgan.errors import GameError, Undecided
from symgan.results_discrete import NoGo
from symgan.system import Map

MOST_CELLS = 6


def no_go(V: Any, fields: Sequence[Map], symbol: Symbol | None = None) -> NoGo | None:
    r"""Why no oracle over given fields makes a function nonincreasing; None where one does.

    Args:
        V: an expression in the state and the parameters.
        fields: the maps an oracle may choose from at each state, on one state.
        symbol: the step; the only positive parameter unless given.

    Returns:
        The states at which every field increases V, with the exact set of steps for which
        there are any; None if there are none for any step.

    Raises:
        GameError: no fields, different states, or the step is not positive.
        Undecided: the fields are not homogeneous on the plane, and no such state was found.

    Source: dynamic, section 4: the Euclidean norm cannot serve the Dirac oracle.

    >>> x, y = sp.symbols("x y", real=True)
    >>> eta = Symbol("eta", positive=True)
    >>> first = Map((x, y), (x + eta*y, y), parameters=(eta,))
    >>> second = Map((x, y), (x, y - eta*x), parameters=(eta,))
    >>> no_go(x**2 + y**2, [first, second]).region
    (x*(eta*x - 2*y) > 0) & (y*(eta*y + 2*x) > 0)
    >>> no_go(abs(x), [first, second]) is None
    True
    """
    maps = list(fields)
    if not maps or any(single.state != maps[0].state for single in maps):
        raise GameError("a no-go needs at least one field, and all of them on one state")
    function, step = known(V, maps[0]), symbol or _step(maps)
    require_step(maps[0], step)
    changes = [_change(function, single) for single in maps]
    found = _cells(changes)
    try:
        rules = [_rule(cell) for cell in found]
        verdict = decide_planar(rules, maps[0].state, step)
    except Undecided:
        return _searched(function, found, _region(found, changes))
    outside = sp.Interval.open(0, sp.oo) - verdict.holds
    if outside is sp.EmptySet:
        return None
    failure = min((f for f in verdict.failures if f.state), key=_size)
    witness = {**failure.state, step: failure.piece.sample}
    cell = found[rules.index(failure.rule)]
    evidence, steps = _certificate(cell, witness), condition(outside, step)
    return NoGo(function, _region(found, changes), witness, evidence, steps)


def _step(maps: Sequence[Map]) -> Symbol:
    steps = [p for p in maps[0].parameters if p.is_positive]
    if len(steps) != 1:
        raise GameError(f"name the step among the parameters {maps[0].parameters}")
    return steps[0]


def _change(V: Expr, single: Map) -> Expr:
    image = V.subs(dict(zip(single.state, single.rhs, strict=True)), simultaneous=True)
    return image - V


def _cells(changes: Sequence[Expr]) -> tuple[Cell, ...]:
    """Cells with the increments of all fields."""
    return tuple(Cell(c.signs, tuple(map(sp.factor, c.values))) for c in cells(changes))


def _rule(cell: Cell) -> Rule:
    """No state of the cell lets all increments be positive."""
    *others, last = (sp.expand(value) for value in cell.values)
    signs = dict(cell.signs)
    for value in others:
        signs[value] = signs.get(value, POSITIVE) & POSITIVE
    return Rule(signs, last, NOT_POSITIVE)


def _size(failure: Failure) -> tuple[bool, int]:
    numbers = (*failure.state.values(), failure.piece.sample)
    rational = all(n.is_Rational for n in numbers)
    return not rational, sum(abs(n.p) + n.q for n in numbers) if rational else 0


def _region(found: Sequence[Cell], changes: Sequence[Expr]) -> Boolean:
    """Where all increments are positive: by cell where these are few, else as it stands."""
    if len(found) > MOST_CELLS:
        return sp.And(*(change > 0 for change in changes))
    return sp.Or(*(_cell_region(cell) for cell in found))


def _cell_region(cell: Cell) -> Boolean:
    needed: dict[Expr, Boolean] = {}
    for value in cell.values:
        p, sign = primitive(value)
        if p == 0:
            return sp.false
        needed[p] = sp.And(needed.get(p, sp.true), relation(p, frozenset({sign})))
    for p in list(needed):
        rest = sp.And(cell.region, *(r for q, r in needed.items() if q != p))
        if rest is not sp.true and needed[p] is not sp.false and proved(needed[p], rest):
            del needed[p]
    return sp.And(cell.region, *needed.values())


def _certificate(cell: Cell, witness: Mapping[Symbol, Expr]) -> Mapping[str, Any]:
    """That every increment is positive at the witness, a part a field."""
    return {"parts": [fails(value, "<=", cell.region, witness) for value in cell.values]}


def _searched(V: Expr, found: Sequence[Cell], region: Boolean) -> NoGo:
    """A witness by trying rational points, where nothing decides."""
    for cell in found:
        here = _cell_region(cell)
        for witness in rational_points(here.free_symbols, here):
            steps = sp.And(*(sp.Eq(s, v) for s, v in witness.items() if s.is_positive))
            return NoGo(V, region, witness, _certificate(cell, witness), steps)
    raise Undecided(f"no state was found at which every field increases {V}, and no proof of none")

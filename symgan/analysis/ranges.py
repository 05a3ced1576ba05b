r"""The exact range of steps for which a given function is a Lyapunov function of a map.

On the plane, for maps and functions that are homogeneous in the state, the range is decided
completely (`symgan.analysis.planar`). In more dimensions V is positive definite where the
pivots of its quadratic forms are positive, and nowhere grows by certificate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy as sp
from sympy import Expr, Symbol

from symgan.analysis.cells import Cell, cells, signed_factors
from symgan.analysis.evidence import complete_squares, nonincreasing, positive_definite
from symgan.analysis.increment import NOT_POSITIVE, POSITIVE, increment_cells
from symgan.analysis.line import Piece, pieces
from symgan.analysis.planar import Failure, Rule, decide_planar
from symgan.analysis.scaling import Reduced
from symgan.errors import Undecided

NEGATIVE = frozenset({-1})
Splits = Sequence[Sequence[tuple[Expr, Expr]]]


@dataclass(frozen=True)
class Range:
    """For which steps a function is a Lyapunov function.

    Attributes:
        holds: those steps.
        strict: those for which it decreases strictly off the origin.
        failures: why no other step belongs to them; empty where that was not decided.
    """

    holds: sp.Set
    strict: sp.Set
    failures: tuple[Failure, ...] = ()


def lyapunov_range(V: Expr, single: Reduced, known: sp.Set = sp.EmptySet) -> Range | None:
    """The steps for which V is a Lyapunov function.

    Args:
        V: a function of the reduced state.
        single: the map.
        known: steps that another function serves.

    Returns:
        None where no method applies, or where V serves for none but `known`.
    """
    if len(single.system.state) == 2:
        try:
            return _planar_range(V, single, known)
        except Undecided:
            pass  # not homogeneous: no complete decision, the sufficient one may do
    return _form_range(V, single, known)


def _planar_range(V: Expr, single: Reduced, known: sp.Set) -> Range | None:
    state, step = single.system.state, single.symbol
    positive = [_rule(cell, POSITIVE) for cell in cells([V])]
    definite = decide_planar(positive, state, step)
    if definite.holds.is_subset(known):
        return None
    changes = increment_cells(V, single.system)
    weak = decide_planar([*positive, *(_rule(c, NOT_POSITIVE) for c in changes)], state, step)
    if weak.holds.is_subset(known):
        return None
    strict = decide_planar([_rule(c, NEGATIVE) for c in changes], state, step)
    return Range(weak.holds, weak.holds & strict.holds, weak.failures)


def _rule(cell: Cell, allowed: frozenset[int]) -> Rule:
    top, bottom = sp.fraction(sp.together(cell.values[0]))
    return Rule(cell.signs, sp.expand(top * bottom), allowed)


def _form_range(V: Expr, single: Reduced, known: sp.Set) -> Range | None:
    """From the pivots of V's quadratic forms, then by certificate for the increment."""
    state, step = single.system.state, single.symbol
    splits = [complete_squares(c.values[0], state) for c in cells([V]) if c.is_open]
    full = [split for split in splits if split is not None]
    if len(full) < len(splits):
        return None
    holds = positive_steps([pivot for split in full for pivot, _ in split], step)
    if holds is None or holds.is_subset(known):
        return None
    changes, given = increment_cells(V, single.system), single.given(holds)
    if nonincreasing(changes, given) is None:
        return None
    flat = any(cell.is_open and cell.values[0] == 0 for cell in changes)
    opposite = [Cell(c.signs, (-c.values[0],)) for c in changes]
    is_strict = not flat and positive_definite(opposite, state, given) is not None
    failures = tuple(_indefinite(V, single, full))
    return Range(holds, holds if is_strict else sp.EmptySet, failures)


def _indefinite(V: Expr, single: Reduced, splits: Splits) -> Iterator[Failure]:
    """For every piece of steps with a pivot that is not positive, a state at which V is not."""
    pivots = [pivot for split in splits for pivot, _ in split]
    for piece in _pieces(pivots, single.symbol):
        states = _dips(V, single, splits, piece.sample)
        if (state := next(states, None)) is not None:
            yield Failure(piece, Rule({}, V, POSITIVE), state)


def _dips(V: Expr, single: Reduced, splits: Splits, step: Expr) -> Iterator[dict[Symbol, Expr]]:
    """States on the axis of a pivot that is not positive at which V is not positive."""
    place, state = {single.symbol: step}, single.system.state
    for split in splits:
        lines = [line.subs(place) for _, line in split]
        for index, (pivot, _) in enumerate(split):
            if pivot.subs(place).is_positive:
                continue
            wanted = [line - int(i == index) for i, line in enumerate(lines)]
            point = dict(zip(state, next(iter(sp.linsolve(wanted, *state))), strict=True))
            if V.subs(place).subs(point).is_nonpositive:
                yield point


def positive_steps(expressions: Sequence[Expr], step: Symbol) -> sp.Set | None:
    """The steps at which all expressions are positive; None where they hold other symbols.

    >>> eta = Symbol("eta", positive=True)
    >>> positive_steps([1 - eta**2/4, 1/eta], eta)
    Interval.open(0, 2)
    """
    if any(e.free_symbols - {step} for e in expressions):
        return None
    cut = _pieces(expressions, step)
    return sp.Union(*(p.set for p in cut if _all_positive(expressions, step, p.sample)))


def _pieces(expressions: Sequence[Expr], step: Symbol) -> tuple[Piece, ...]:
    """Pieces of the step on which no expression changes sign."""
    factors = {f for e in expressions for f, _ in signed_factors(e)[1]}
    return pieces(sorted(factors, key=sp.default_sort_key), sp.Dummy("x", real=True), step)


def _all_positive(expressions: Sequence[Expr], step: Symbol, value: Expr) -> bool:
    return all(sp.cancel(e.subs(step, value)).is_positive is True for e in expressions)

r"""Order under an update: what becomes of :math:`\ell_1 \le r_1 \le \ell_2 \le r_2` after a step.

An interval discriminator is defined for ordered ends, and a gradient step does not keep them in
order. Three repairs, for a step that sends a state x to y:

- ``literal``: none. Where an interval crosses (:math:`\ell > r`) the oriented integral of the loss
  counts it negatively, and where neighbors cross, what both cover counts twice.
- ``clamped``: the Euclidean projection of y onto the cone of ordered chains,

  .. math:: z_i = \max_{a \le i} \min_{b \ge i} \frac{y_a + \dots + y_b}{b - a + 1}.

  Ends that crossed meet at their mean, and an interval so closed may open again.
- ``frozen``: the same projection, but an interval that is closed in x
  (:math:`\ell_i = r_i`) keeps its place for good: its two ends are held fixed and the rest is
  projected onto chains in order with them. Between two such places the projection is the one
  above, cut off at both.

All three agree with the update itself as long as it keeps the order and no interval is closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, TypeVar

import sympy as sp
from sympy import Expr, Symbol

from symgan.errors import GameError
from symgan.program import Program, fresh
from symgan.system import Map

REPAIRS = ("literal", "clamped", "frozen")
"""The repairs, by name."""
MOST_FROZEN = 4
"""Intervals beyond which ``frozen`` is refused: it holds a case for every set of closed ones."""

MOST_ENDS, MOST_WRITTEN_OUT = 12, 8
"""Symbols of a chain, of a program and of a map: the formulas hold a mean for each run in it."""

S = TypeVar("S", Map, Program)


def ordered(system: S, chain: Sequence[Symbol], *, repair: str = "clamped") -> S:
    r"""An update with the order of a chain of state symbols repaired after each step.

    Args:
        system: a map or a program.
        chain: the symbols in the order that they must keep; for ``frozen`` the left and the
            right end of each interval in turn, :math:`\ell_1, r_1, \ell_2, r_2`.
        repair: one of `REPAIRS`.

    Returns:
        A system of the same kind on the same state.

    Raises:
        GameError: an unknown repair, symbols that are not in the state or stand twice, fewer
            than two of them; ``frozen`` with an odd number or too many.

    Source: Li et al. 2018, eqs. (5), (10), (11), which leave the repair open; the projection:
    Barlow et al. 1972, "Statistical inference under order restrictions", theorem 1.4.

    >>> x, y = sp.symbols("x y", real=True)
    >>> cross = Map((x, y), (x + 1, y - 1))
    >>> met = ordered(cross, (x, y), repair="clamped")
    >>> [f.subs({x: 0, y: 1}) for f in met.rhs], [f.subs({x: 0, y: 3}) for f in met.rhs]
    ([1/2, 1/2], [1, 2])
    """
    _check(system, chain, repair)
    if repair == "literal":
        return system
    program = system if isinstance(system, Program) else _as_program(system)
    taken = {s.name for s in (*program.state, *program.parameters, *program.names)}
    taken |= set() if program.index is None else {program.index.name}
    after = [Symbol(s.name, real=True) for s in fresh(chain, taken)]
    rhs = dict(zip(program.state, program.rhs, strict=True))
    repaired = projected(after) if repair == "clamped" else _frozen(chain, after)
    put = dict(zip(chain, repaired, strict=True))
    found = replace(
        program,
        rhs=tuple(put.get(s, rhs[s]) for s in program.state),
        assignments=(
            *program.assignments,
            *((t, rhs[s]) for s, t in zip(chain, after, strict=True)),
        ),
    )
    if isinstance(system, Program):
        return found
    values = dict(zip(after, (rhs[s] for s in chain), strict=True))
    return replace(system, rhs=tuple(f.xreplace(values) for f in found.rhs), stages=())


def projected(chain: Sequence[Expr]) -> tuple[Expr, ...]:
    r"""The Euclidean projection of a chain onto :math:`z_1 \le z_2 \le \dots`, by Min and Max.

    Args:
        chain: expressions, which may be in any order.

    Source: the max-min formula for isotonic regression, Barlow et al. 1972, section 1.4.

    >>> projected((sp.Integer(3), sp.Integer(1), sp.Integer(5)))
    (2, 2, 5)
    """
    n = len(chain)
    return tuple(
        _extreme(
            sp.Max,
            (_extreme(sp.Min, (_mean(chain, a, b) for b in range(i, n))) for a in range(i + 1)),
        )
        for i in range(n)
    )


def _extreme(kind: Any, values: Iterable[Expr]) -> Expr:
    """Max or Min; of expressions it is built as it stands, as SymPy would compare every pair."""
    found = tuple(values)
    if len(found) == 1 or all(value.is_number for value in found):
        return kind(*found)
    return kind(*found, evaluate=False)


def _mean(chain: Sequence[Expr], first: int, last: int) -> Expr:
    return sp.Add(*chain[first : last + 1]) / (last - first + 1)


def _frozen(before: Sequence[Symbol], after: Sequence[Symbol]) -> tuple[Expr, ...]:
    """The projection with closed intervals held: one case for every set of them."""
    pairs = [(before[i], before[i + 1]) for i in range(0, len(before), 2)]
    columns: list[list[tuple[Expr, Any]]] = [[] for _ in before]
    for closed in product((False, True), repeat=len(pairs)):
        signs = (
            sp.Eq(a, b) if shut else sp.Ne(a, b) for (a, b), shut in zip(pairs, closed, strict=True)
        )
        case = sp.And(*signs)
        for column, value in zip(columns, _held(before, after, closed), strict=True):
            column.append((value, case))
    for column in columns:  # the cases cover all states; the last needs no condition
        column[-1] = (column[-1][0], sp.true)
    return tuple(sp.Piecewise(*column) for column in columns)


def _held(before: Sequence[Symbol], after: Sequence[Symbol], closed: Sequence[bool]) -> list[Expr]:
    """The projection where these intervals are closed: each run between them, cut off at both."""
    found: list[Expr] = []
    start, low = 0, None
    for i in range(len(closed) + 1):
        if i < len(closed) and not closed[i]:
            continue
        high = None if i == len(closed) else before[2 * i]
        found += [_cut(z, low, high) for z in met(after[start : 2 * i])]
        if high is not None:
            found += [high, high]
        start, low = 2 * i + 2, high
    return found


def met(chain: Sequence[Expr]) -> tuple[Expr, ...]:
    r"""`projected`, with both ends of an interval that closes given by one formula.

    Ends :math:`i, i+1` meet iff :math:`\max_{a \le i} M_{a,i} \ge \min_{b > i} M_{i+1,b}` with the
    means M; then both take the value of the left one, so that rounding cannot part them (but
    where both sides are equal, which rounding may decide either way).
    """
    ends = list(projected(chain))
    n = len(chain)
    for i in range(0, n, 2):
        upper = _extreme(sp.Max, (_mean(chain, a, i) for a in range(i + 1)))
        lower = _extreme(sp.Min, (_mean(chain, i + 1, b) for b in range(i + 1, n)))
        ends[i + 1] = sp.Piecewise((ends[i], upper >= lower), (ends[i + 1], True))
    return tuple(ends)


def _cut(value: Expr, low: Expr | None, high: Expr | None) -> Expr:
    value = value if high is None else sp.Min(value, high)
    return value if low is None else sp.Max(value, low)


def _as_program(system: Map) -> Program:
    """A map's formulas as a program; noise and memory stay with the map."""
    return Program(
        system.state,
        system.rhs,
        parameters=(*system.parameters, *system.noise),
        index=system.index,
    )


def _check(system: Any, chain: Sequence[Symbol], repair: str) -> None:
    if repair not in REPAIRS:
        raise GameError(f"unknown repair {repair!r}; choose one of: {', '.join(REPAIRS)}")
    if not isinstance(system, Map | Program):
        raise GameError(f"{type(system).__name__} is no map; give a Map or a Program")
    if not isinstance(chain, tuple | list) or not all(isinstance(s, Symbol) for s in chain):
        raise GameError(f"the chain {chain!r} is no tuple of symbols; give the ends in order")
    if len(chain) < 2 or len(set(chain)) != len(chain):
        raise GameError(f"the chain {tuple(chain)} must hold two different symbols or more")
    for symbol in chain:
        if symbol not in system.state:
            raise GameError(f"{symbol} of the chain is not in the state {system.state}")
    if repair == "frozen":
        _check_intervals(chain)
    if repair == "literal":
        return
    if len(chain) > MOST_ENDS:
        raise GameError(f"the chain holds {len(chain)} symbols, more than {MOST_ENDS}; take fewer")
    if isinstance(system, Map) and len(chain) > MOST_WRITTEN_OUT:
        raise GameError(
            f"the chain holds {len(chain)} symbols, more than {MOST_WRITTEN_OUT}, which a map "
            "writes out for too long; give Program.of(map)"
        )


def _check_intervals(chain: Sequence[Symbol]) -> None:
    if len(chain) % 2:
        raise GameError(f"the chain {tuple(chain)} is no list of intervals; give both ends of each")
    if len(chain) > 2 * MOST_FROZEN:
        raise GameError(
            f"frozen takes {MOST_FROZEN} intervals at most, not {len(chain) // 2}; use clamped"
        )

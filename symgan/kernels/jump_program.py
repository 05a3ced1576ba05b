r"""One jump as a straight-line program, for maps whose guards move in straight lines.

Where every guard is constant or linear along every run, the number of steps to the next switch has
a formula: with the guard g and its change d a step,

.. math:: n = \lceil -g / d \rceil \quad\text{where } g/d < 0.

Rounding is monotone, so that the rounded quotient is at most the n that is wanted, and one less
at worst; the guard is evaluated there and tells which. (A fused operation gives its sign exactly.
NumPy rounds twice: a guard that is zero but for rounding may be found one step later, and the
state itself is rounded to the same side.) A guard of zero that moves changes at once; where guard
and change are zero there is no quotient, and the guard stays.

The jump of a batch is then itself a map, of the state and the number of steps that are left, which
any backend compiles to one fused loop; a trajectory without steps left stands still.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import sympy as sp
from sympy import Expr, Piecewise, Symbol
from sympy.logic import SOPform
from sympy.logic.boolalg import Boolean

from symgan.program import Program
from symgan.results_discrete import BranchRuns, NewtonSequence, Run

COUNTERS = ("switches", "jumps", "single steps")
"""What a counting program counts behind the steps that are left, before the last branch."""
_BITS = 3
"""Guards up to which conditions are minimized; the method takes time 16**guards."""


def is_linear(runs: BranchRuns) -> bool:
    """Whether every guard is constant or linear along the runs that can be jumped over."""
    return all(
        guard.polynomial and len(guard.newton) <= 2 for run in runs.runs for guard in run.guards
    ) and all(state.polynomial for run in runs.runs for state in run.states)


def jump_program(runs: BranchRuns, *, counting: bool) -> Program:
    """One jump of a state, at most as many steps as are left.

    Args:
        runs: linear ones.
        counting: whether to count switches, jumps and single steps as well.

    Returns:
        A program on the state, the steps left, and where they are counted, `COUNTERS` and the
        number of the last branch (-1: none yet).
    """
    taken = {s.name for s in (*runs.state, *runs.parameters)}
    writer = _Writer(taken)
    left = writer.symbol("left")
    guards = [writer.name(g) for g in runs.guards]
    choose = _Choice(guards, runs)
    count = _count(writer, choose, runs, guards, left)
    rhs = _moved(writer, choose, runs, count, left)
    state = [*runs.state, left]
    rhs.append(left - count)
    if counting:
        counters, values = _counted(writer, choose, runs, left)
        state += counters
        rhs += values
    return Program(tuple(state), tuple(rhs), tuple(writer.lines), parameters=runs.parameters)


@dataclass
class _Writer:
    """Names for intermediate values."""

    taken: set[str]
    lines: list[tuple[Symbol, Expr]] = field(default_factory=list)

    def symbol(self, stem: str) -> Symbol:
        """A new symbol."""
        name = next(n for i in range(len(self.taken) + 1) if (n := f"{stem}_{i}") not in self.taken)
        self.taken.add(name)
        return Symbol(name, real=True)

    def name(self, value: Any) -> Any:
        """A name for a value; symbols and numbers have one."""
        value = sp.sympify(value)
        if value.is_Symbol or value.is_Number:
            return value
        known = next((name for name, line in self.lines if line == value), None)
        if known is None:
            known = self.symbol("t")
            self.lines.append((known, value))
        return known


class _Choice:
    """Values that depend on the branch.

    Args:
        guards: names of the guards.
        runs: the branches.
    """

    def __init__(self, guards: Sequence[Any], runs: BranchRuns) -> None:
        ruling = [i for i in range(len(runs.runs)) if i in runs.cells]
        self.order = sorted(ruling, key=lambda i: runs.cells.count(i))
        self._where = {i: _where(guards, runs.cells, i) for i in self.order[:-1]}

    def __call__(self, value: Callable[[int], Any]) -> Any:
        """The value of the branch that rules."""
        values = {i: sp.sympify(value(i)) for i in self.order}
        if len(set(values.values())) == 1:
            return values[self.order[0]]
        last = self.order[-1]
        pairs = [(values[i], self._where[i]) for i in self.order[:-1] if values[i] != values[last]]
        return Piecewise(*pairs, (values[last], True))


def _where(guards: Sequence[Any], cells: Sequence[int], which: int) -> Boolean:
    """The signs under which a branch rules, as a condition on the guards."""
    bits = [(sp.Gt(g, 0), sp.Lt(g, 0)) for g in guards]
    flat = [bit for pair in bits for bit in pair]
    told: dict[tuple[int, ...], int] = {}
    for signs in product((-1, 0, 1), repeat=len(guards)):
        code = sum((s + 1) * 3**i for i, s in enumerate(signs))
        told[tuple(int(b) for s in signs for b in (s > 0, s < 0))] = cells[code]
    rows = [row for row, cell in told.items() if cell == which]
    if len(guards) > _BITS:
        terms = (
            sp.And(*(b if on else sp.Not(b) for b, on in zip(flat, row, strict=True)))
            for row in rows
        )
        return sp.Or(*terms)
    free = [
        row
        for row in product((0, 1), repeat=len(flat))
        if told.get(row, -1) == -1  # both signs at once, or a cell without states
    ]
    names = [sp.Dummy() for _ in flat]
    form: Any = SOPform(names, [list(r) for r in rows], [list(r) for r in free])
    return form.xreplace(dict(zip(names, flat, strict=True)))


def _count(
    writer: _Writer, choose: _Choice, runs: BranchRuns, guards: Sequence[Any], left: Symbol
) -> Any:
    """The steps of a jump: the least over the guards that move."""
    moving = [_moving(writer, run, guards) for run in runs.runs]
    slots = max(map(len, moving))
    count: Any = left
    for slot in range(slots):
        own = [m[slot] if slot < len(m) else (sp.Integer(1), sp.Integer(0)) for m in moving]
        start = writer.name(choose(lambda i, own=own: own[i][0]))
        slope = writer.name(choose(lambda i, own=own: own[i][1]))
        found = writer.name(_steps_to_zero(writer, start, slope, left))
        count = found if slot == 0 else writer.name(_lesser(found, count))
    return count


def _moving(writer: _Writer, run: Run, guards: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Guards that change along a run, with their change a step."""
    if run.refusal:
        return [(sp.Integer(0), sp.Integer(1))]  # as at a tie: one step
    return [
        (g, writer.name(sequence.newton[1]))
        for g, sequence in zip(guards, run.guards, strict=True)
        if len(sequence.newton) == 2
    ]


def _steps_to_zero(writer: _Writer, start: Any, slope: Any, left: Symbol) -> Any:
    """Steps until a guard has another sign; all that are left where that never happens."""
    quotient = writer.name(start / slope)
    least = writer.name(_lesser(-sp.floor(quotient), left))
    after = writer.name(start + least * slope)
    late = sp.And(sp.Lt(least, left), sp.Gt(start * after, 0))
    found = Piecewise((least + 1, late), (least, True))
    one = _lesser(sp.Integer(1), left)
    return Piecewise((found, sp.Lt(quotient, 0)), (one, sp.Eq(quotient, 0)), (left, True))


def _lesser(a: Any, b: Any) -> Any:
    return Piecewise((a, sp.Lt(a, b)), (b, True))


def _moved(
    writer: _Writer, choose: _Choice, runs: BranchRuns, count: Any, left: Symbol
) -> list[Any]:
    """The state after the jump."""
    degree = max((len(s.newton) for run in runs.runs for s in run.states), default=1)
    choices = [sp.Integer(1)]
    for j in range(1, degree):
        choices.append(writer.name(choices[-1] * (count - j + 1) / j))
    refused = any(run.refusal for run in runs.runs)
    found = []
    for j, symbol in enumerate(runs.state):
        total: Any = symbol
        for power in range(1, degree):
            own = [writer.name(_coefficient(run, j, power)) for run in runs.runs]
            slope = writer.name(choose(lambda i, own=own: own[i]))
            total = total + slope * choices[power]
        if refused:
            total = writer.name(total)
            stepped = [writer.name(r.step[j]) if r.refusal else total for r in runs.runs]
            total = choose(lambda i, stepped=stepped: stepped[i])
        found.append(Piecewise((total, sp.Gt(left, 0)), (symbol, True)))  # NaN: nothing is left
    return found


def _coefficient(run: Run, j: int, power: int) -> Any:
    sequence = run.states[j] if run.states else NewtonSequence((), ())
    return sequence.newton[power] if power < len(sequence.newton) else sp.Integer(0)


def _counted(
    writer: _Writer, choose: _Choice, runs: BranchRuns, left: Symbol
) -> tuple[list[Symbol], list[Any]]:
    switches, jumps, single = (writer.symbol(name.replace(" ", "_")) for name in COUNTERS)
    before = writer.symbol("branch")
    now = writer.name(choose(lambda i: i))
    moving = sp.Gt(left, 0)
    other = sp.And(moving, sp.Ge(before, 0), sp.Ne(before, now))
    alone = writer.name(choose(lambda i: int(bool(runs.runs[i].refusal))))
    return [switches, jumps, single, before], [
        Piecewise((switches + 1, other), (switches, True)),
        Piecewise((jumps + 1, moving), (jumps, True)),
        Piecewise((single + alone, moving), (single, True)),
        Piecewise((now, moving), (before, True)),
    ]

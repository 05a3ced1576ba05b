r"""Jumps over runs of any affine branch: batches in NumPy, each branch on its own states.

For guards that are no straight lines: polynomials in the number of steps, exponentials, quadratic
forms. The end of a run is found by bisection (`newton_runs`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy import Expr, Symbol

from symgan.kernels.engines import Engine
from symgan.kernels.newton_runs import Power, first_change, polynomial, powers, value
from symgan.results_discrete import BranchRuns, NewtonSequence, Run


@dataclass(frozen=True)
class GeneralJumps:
    """The compiled parts of a switched map.

    Attributes:
        table: signs of the guards -> branch.
        branches: the branches.
        guards: the engine of the guards.
    """

    table: NDArray[np.int64]
    branches: tuple[Branch, ...]
    guards: Engine = field(repr=False, compare=False)


def general_jumps(runs: BranchRuns, backend: str, kind: np.dtype[Any]) -> GeneralJumps:
    """Compile the runs of a switched map."""
    build = _Build((*runs.state, *runs.parameters), backend, kind)
    branches = tuple(_branch(run, runs, build) for run in runs.runs)
    return GeneralJumps(np.array(runs.cells), branches, build(runs.guards or (sp.S.One,)))


@dataclass(frozen=True)
class _Build:
    """Makes engines of expressions."""

    arguments: tuple[Symbol, ...]
    backend: str
    kind: np.dtype[Any]

    def __call__(
        self, expressions: Sequence[Expr], arguments: tuple[Symbol, ...] | None = None
    ) -> Engine:
        from symgan.kernels.compiler import compile

        own = self.arguments if arguments is None else arguments
        listed = tuple(expressions)
        return compile(listed, arguments=own, backend=self.backend, dtype=self.kind).engine


@dataclass(frozen=True)
class Branch:
    """The compiled functions of one branch.

    Attributes:
        step: state and parameters -> the next state.
        coefficients: state and parameters -> all Newton coefficients, states before guards.
        nodes: parameters -> all nodes, likewise; None where each is 1.
        sizes: how many coefficients each state and guard has.
        moved: how many of the sequences are states.

    A branch that cannot be jumped over has no coefficients.
    """

    step: Engine
    coefficients: Engine | None
    nodes: Engine | None
    sizes: tuple[int, ...]
    moved: int


def _branch(run: Run, runs: BranchRuns, build: _Build) -> Branch:
    step = build(run.step)
    if run.refusal:
        return Branch(step, None, None, (), 0)
    sequences: tuple[NewtonSequence, ...] = (*run.states, *run.guards)
    nodes = None
    if not all(s.polynomial for s in sequences):
        nodes = build([r for s in sequences for r in s.nodes], runs.parameters)
    coefficients = build([c for s in sequences for c in s.newton])
    sizes = tuple(len(s.newton) for s in sequences)
    return Branch(step, coefficients, nodes, sizes, len(run.states))


def _values(engine: Engine, columns: Sequence[Any], size: int) -> NDArray[np.float64]:
    """The outputs of an engine, in float64: array (outputs, size)."""
    return engine.values(columns, size, 1).astype(np.float64, copy=False)


def follow(
    jumps: GeneralJumps,
    state: list[Any],
    given: list[Any],
    steps: int,
    counts: NDArray[np.int64] | None,
) -> None:
    """Move states to the end, in place; count switches, jumps and single steps in three rows."""
    size = state[0].size
    counts = np.zeros((3, size), dtype=np.int64) if counts is None else counts
    left = np.full(size, float(steps))
    before = np.full(size, -1)
    active = np.arange(size) if steps else np.arange(0)
    with np.errstate(all="ignore"):
        while active.size:
            here = [c[active] for c in state]
            own = [c if c.ndim == 0 else c[active] for c in given]
            branch = jumps.table[
                _codes(_values(jumps.guards, [*here, *own], active.size), len(jumps.table))
            ]
            counts[0, active] += (before[active] != branch) & (before[active] >= 0)
            before[active] = branch
            for which in np.unique(branch):
                _advance(jumps.branches[which], active[branch == which], state, given, left, counts)
            alive = np.all([np.isfinite(c[active]) for c in state], axis=0)
            active = active[(left[active] > 0) & alive]


def _codes(guards: NDArray[np.float64], cells: int) -> NDArray[np.int64]:
    """Which cell the signs of the guards name; a map without guards has one."""
    signs = np.where(np.isnan(guards), 0, np.sign(guards)).astype(np.int64)
    if cells == 1:
        return np.zeros(guards.shape[1], dtype=np.int64)
    return 3 ** np.arange(len(signs)) @ (signs + 1)


def _advance(
    branch: Branch,
    lanes: NDArray[np.int64],
    state: list[Any],
    given: list[Any],
    left: NDArray[np.float64],
    counts: NDArray[np.int64],
) -> None:
    """One jump, or one step where the branch cannot be jumped over, of the states in `lanes`."""
    here = [c[lanes] for c in state]
    own = [c if c.ndim == 0 else c[lanes] for c in given]
    count, single = np.ones(lanes.size), np.ones(lanes.size, dtype=bool)
    moved: Any = None
    if branch.coefficients is not None:
        count, moved, single = _jump(branch, branch.coefficients, here, own, left[lanes])
    if moved is None:
        moved = branch.step.values([*here, *own], lanes.size, 1)
    elif single.any():
        moved = np.where(single, branch.step.values([*here, *own], lanes.size, 1), moved)
    for column, values in zip(state, moved, strict=True):
        column[lanes] = values
    left[lanes] -= count
    counts[1, lanes] += 1
    counts[2, lanes] += single


def _jump(
    branch: Branch,
    coefficients: Engine,
    here: Sequence[Any],
    own: Sequence[Any],
    left: NDArray[np.float64],
) -> tuple[Any, list[Any], Any]:
    """Lengths of the jumps, the states after them, and where only one step can be made."""
    parts = _split(_values(coefficients, [*here, *own], left.size), branch.sizes)
    single = np.zeros(left.shape, dtype=bool)
    tables: list[list[Power] | None] = [None] * len(parts)
    if branch.nodes is not None:
        several = max((c.size for c in own), default=1)
        nodes = _split(_values(branch.nodes, own, several), branch.sizes)
        tables = [powers(r, int(left.max())) for r in nodes]
        for r in nodes[branch.moved :]:
            single |= ~((r[0] > 0) & np.all([x >= 0 for x in r[1:]], axis=0))
        single |= ~np.all([np.isfinite(x) for r in nodes for x in r], axis=0)
    count = left
    for part, table in zip(parts[branch.moved :], tables[branch.moved :], strict=True):
        if table is None and len(part) > 2:
            table = powers([1.0] * len(part), int(left.max()))
        count = np.minimum(count, first_change(part, table, left))
    count = np.where(single, 1.0, count)
    moved = [
        polynomial(part, count) if table is None else value(part, table, count)
        for part, table in zip(parts[: branch.moved], tables, strict=False)
    ]
    return count, moved, single


def _split(values: NDArray[Any], sizes: Sequence[int]) -> list[list[Any]]:
    parts, start = [], 0
    for size in sizes:
        parts.append(list(values[start : start + size]))
        start += size
    return parts

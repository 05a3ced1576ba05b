r"""Batches of trajectories by Taylor's method in machine code of our own (`jit.flows`).

For smooth fields without events: several trajectories in the lanes of a vector, each with steps of
its own that end at the times asked for. What a trajectory gets depends on nothing but itself.

To one time trajectories are advanced in *rounds* of a fixed number of steps and put in the order of
the steps still needed, since a group ends when its slowest does. Through many times they go in one
call; the few that need more steps to a time than a round has, or fail, go on from there in rounds.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from symgan.errors import MissingExtra
from symgan.kernels.errors import KernelError
from symgan.kernels.integrate_problem import Array, Formulas, Problem, formulas
from symgan.kernels.integrate_run import Run
from symgan.kernels.trajectories import BLEW_UP, NOT_FINITE, STEPS
from symgan.system import Flow

ROUND = 64
"""Steps after which trajectories are put in order anew."""
HELD = 2**22
"""Numbers of snapshots that are held at once."""
MARGIN = 1e-3
"""The share by which a bound on norms is drawn in, so that rounding does not count."""
CUT_OFF = 10
"""Tolerances allowed for what a series leaves out, beyond the one that it is cut off by."""
OUTSIDE = -2
"""The outcome, for a while, of a trajectory that may pass the bound on its norm."""
_REFUSAL = "method 'jit' knows no {}; take heyoka or scipy"


def unfit(problem: Problem) -> str:
    """Why a problem is none for this method: a reason, or nothing."""
    if problem.formulas.events:
        return "events"
    if problem.formulas.guards:
        return "kinks of a field"
    return "dense output" if problem.dense else ""


def installed() -> bool:
    """Whether machine code can be made."""
    from symgan.kernels.jit.target import llvm

    try:
        llvm()
    except MissingExtra:
        return False
    return True


@lru_cache(maxsize=32)
def engine(known: Formulas, tolerance: float, bounded: bool = False) -> Any:
    """The machine code of a flow, kept as long as the process.

    Raises:
        MissingExtra: llvmlite is not installed.
        KernelError: a function that no backend knows.
    """
    from symgan.kernels.jit.flows.engine import FlowEngine
    from symgan.kernels.jit.flows.step import order_of
    from symgan.kernels.jit.store import user_store
    from symgan.kernels.jit.target import host

    flow = replace(known.flow, rhs=tuple(known.field))
    return FlowEngine(flow, order_of(tolerance), bounded, host(), user_store())


def require_followed(flow: Flow, tolerance: float) -> None:
    """Refuse a flow that this method cannot follow.

    Raises:
        MissingExtra: llvmlite is not installed.
        KernelError: kinks, a function whose series is not known, or a flow that is too large.
    """
    known = formulas(flow, ())
    if known.guards:
        raise KernelError(_REFUSAL.format("kinks of a field"))
    engine(known, tolerance, True).require_written_out()


def integrate(problem: Problem, workers: int) -> Run:
    """Integrate all trajectories of a problem; those that may pass its bound end as `OUTSIDE`.

    Raises:
        MissingExtra: llvmlite is not installed.
        KernelError: what this method is not for, or a function whose series is not known.
    """
    if reason := unfit(problem):
        raise KernelError(_REFUSAL.format(reason))
    run = Run(problem)
    code = engine(problem.formulas, problem.tolerance, bool(np.isfinite(problem.bound)))
    followed = _Followed(run, code, workers)
    everybody = np.arange(len(run.t))
    places = np.flatnonzero(problem.times > problem.start)
    if len(places) == 1:
        followed.one_by_one(everybody, places)
    else:
        block = max(1, HELD // max(1, len(run.t) * (run.x.shape[1] + 5)))
        for first in range(0, len(places), block):
            followed.through(everybody, places[first : first + block])
    run.finish(run.running(everybody))
    return run


class _Followed:
    """A run, and the machine code that advances it."""

    def __init__(self, run: Run, code: Any, workers: int) -> None:
        self.run, self.code, self.workers = run, code, workers

    def through(self, numbers: Any, places: Any) -> None:
        """Go through times in one call, and on from where that did not do."""
        run, times = self.run, self.run.problem.times
        numbers = run.running(numbers)
        if not len(numbers):
            return
        found = self._called(numbers, times[places], ROUND)
        x, (t, rest, _, _, steps) = np.split(found, [-5], axis=1)[0], found[:, -5:].swapaxes(0, 1)
        steps = steps + run.steps[numbers]
        good = (t == times[places, None]) & np.isfinite(x).all(axis=1)
        good &= steps <= run.problem.max_steps
        reached = np.logical_and.accumulate(good, axis=0)
        for row, place in enumerate(places):
            run.states[numbers[reached[row]], place] = x[row].T[reached[row]]
        count = reached.sum(axis=0)
        some = np.flatnonzero(count > 0)
        last, there = count[some] - 1, numbers[some]
        run.x[there], run.t[there] = x[last, :, some], t[last, some]
        run.rest[there], run.steps[there] = rest[last, some], steps[last, some].astype(np.int64)
        for row, place in enumerate(places):
            self.one_by_one(numbers[count <= row], [place])

    def one_by_one(self, numbers: Any, places: Any) -> None:
        """Go to each of the times in rounds."""
        run = self.run
        for place in places:
            self._until(run.running(numbers), float(run.problem.times[place]))
            there = run.running(numbers)
            run.states[there, place] = run.x[there]

    def _until(self, active: Any, until: float) -> None:
        run, most = self.run, self.run.problem.max_steps
        while True:
            active = active[run.t[active] < until]
            run.outcome[active[run.steps[active] >= most]] = STEPS
            active = run.running(active)
            if not len(active):
                return
            before = run.t[active]
            (found,) = self._called(
                active, np.array([until]), min(ROUND, most - int(run.steps[active].max()))
            )
            run.x[active] = found[:-5].T
            run.t[active], run.rest[active], stand, length, taken = found[-5:]
            run.steps[active] += taken.astype(np.int64)
            _end(run, active, stand, length)
            with np.errstate(divide="ignore", invalid="ignore"):
                left = (until - run.t[active]) / (run.t[active] - before)
            active = run.running(active[np.argsort(-left, kind="stable")])

    def _called(self, numbers: Any, times: Array, steps: int) -> Array:
        """The columns of `FlowEngine` at times, array (m, n + 5, trajectories)."""
        run, problem, none = self.run, self.run.problem, np.zeros(len(numbers))
        columns = [*run.x[numbers].T, run.t[numbers], run.rest[numbers], none, none, none]
        values: list[Any] = [*map(_shared, problem.parameters[numbers].T), problem.longest]
        values += [_reach(problem) ** 2] if np.isfinite(problem.bound) else []
        return self.code.follow(columns, values, times, steps, self.workers)


def _reach(problem: Problem) -> float:
    """The norm from which a step is doubted: the bound, less than what a step may err by.

    A component errs by the tolerance of 1 or of itself, wherever a series is cut off.
    """
    error = np.sqrt(problem.x0.shape[1]) * problem.tolerance * max(1.0, problem.bound)
    return max(0.0, (1 - MARGIN) * problem.bound - CUT_OFF * error)


def _shared(column: Array) -> Any:
    """One number where all trajectories have the same."""
    return column[0] if len(column) and np.all(column == column[0]) else column


def _end(run: Run, numbers: Any, stand: Array, length: Array) -> None:
    """Mark what cannot go on."""
    from symgan.kernels.jit.flows.step import DOUBTED, STUCK

    fine = np.isfinite(run.x[numbers]).all(axis=1)
    run.outcome[numbers[stand == DOUBTED]] = OUTSIDE
    run.outcome[numbers[stand == STUCK]] = BLEW_UP
    run.outcome[numbers[~fine | ((stand == STUCK) & np.isnan(length))]] = NOT_FINITE

r"""Batches of trajectories by Taylor's method in machine code of our own (`jit.flows`).

For smooth fields without events: steps of all trajectories are steps of one fused loop, several
trajectories in the lanes of a vector. A group ends when its slowest trajectory does, so that they
are advanced in *rounds* of a fixed number of steps and put in the order of the steps still needed.
What a trajectory gets depends on nothing but itself. Times between the first and the last are
met by steps that end there.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from symgan.errors import MissingExtra
from symgan.kernels.engines import Course
from symgan.kernels.errors import KernelError
from symgan.kernels.integrate_problem import Array, Formulas, Problem
from symgan.kernels.integrate_run import Run
from symgan.kernels.trajectories import BLEW_UP, NOT_FINITE, STEPS

ROUND = 64
"""Steps after which trajectories are put in order anew."""


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
def engine(formulas: Formulas, tolerance: float) -> Any:
    """The machine code of a flow, kept as long as the process.

    Raises:
        MissingExtra: llvmlite is not installed.
        KernelError: a function that no backend knows.
    """
    from symgan.kernels.jit.flows.engine import FlowEngine
    from symgan.kernels.jit.flows.step import order_of
    from symgan.kernels.jit.store import user_store
    from symgan.kernels.jit.target import host

    flow = replace(formulas.flow, rhs=tuple(formulas.field))
    return FlowEngine(flow, order_of(tolerance), host(), user_store())


def integrate(problem: Problem, workers: int) -> Run:
    """Integrate all trajectories of a problem.

    Raises:
        MissingExtra: llvmlite is not installed.
        KernelError: what this method is not for, or a function whose series is not known.
    """
    if reason := unfit(problem):
        raise KernelError(f"method='jit' knows no {reason}; take method='heyoka' or 'scipy'")
    run, code = Run(problem), engine(problem.formulas, problem.tolerance)
    for place, until in enumerate(problem.times):
        if until > problem.start:
            _until(run, code, float(until), workers)
        there = run.running(np.arange(len(run.t)))
        run.states[there, place] = run.x[there]
    run.finish(run.running(np.arange(len(run.t))))
    return run


def _until(run: Run, code: Any, until: float, workers: int) -> None:
    """Go on to a time."""
    active = run.running(np.arange(len(run.t)))
    while len(active):
        before = run.t[active]
        steps = max(1, min(ROUND, run.problem.max_steps - int(run.steps[active].max())))
        going, length = _round(run, code, active, until, steps, workers)
        _end(run, active, until, going, length)
        on = (run.t[active] < until) & going & (run.outcome[active] < 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            left = (until - run.t[active]) / (run.t[active] - before)
        active = active[on][np.argsort(-left[on], kind="stable")]


def _round(
    run: Run, code: Any, numbers: Any, until: float, steps: int, workers: int
) -> tuple[Any, Array]:
    """Some steps of each trajectory: which of them go on, and the lengths of their last steps."""
    count, n = len(numbers), run.x.shape[1]
    ones = np.ones(count)
    columns = [*run.x[numbers].T, run.t[numbers], run.rest[numbers], ones, ones, ones - 1]
    columns += [*map(_shared, run.problem.parameters[numbers].T)]
    columns += [np.array(until), np.array(run.problem.longest)]
    found = np.empty((1, n + 5, count))
    code.orbit(columns, _no_noise, Course(0, steps, steps), found, workers)
    run.x[numbers] = found[0, :n].T
    run.t[numbers], run.rest[numbers], going, length, taken = found[0, n:]
    run.steps[numbers] += taken.astype(np.int64)
    return going > 0, length


def _shared(column: Array) -> Array:
    """One number where all trajectories have the same."""
    return column[0] if len(column) and np.all(column == column[0]) else column


def _no_noise(first: int, steps: int, part: slice) -> Any:
    raise AssertionError("a flow has no noise")


def _end(run: Run, numbers: Any, until: float, going: Any, length: Array) -> None:
    """Mark what cannot go on."""
    short, fine = run.t[numbers] < until, np.isfinite(run.x[numbers]).all(axis=1)
    stuck = short & ~going
    run.outcome[numbers[short & going & (run.steps[numbers] >= run.problem.max_steps)]] = STEPS
    run.outcome[numbers[stuck]] = BLEW_UP
    run.outcome[numbers[~fine | (stuck & np.isnan(length))]] = NOT_FINITE

r"""Kernels that jump over the runs of a switched map's branches.

`symgan.analysis.branch_runs` derives what many steps of one branch make of a state; here a batch
of states goes from switch to switch. One jump costs about as much as a few steps, whatever its
length. `newton_runs` and `jump_program` say why no switch is missed.

*Rounding.* A jump rounds a few times where stepping rounds at every step, so the two differ in
the last digits and, after a switch that they decide differently, in all. A jump is the more
accurate: its error does not grow with the length of a run of polynomial branches. Products that
underflow to zero in a map's own conditions do not here, since each factor has its own sign.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.kernels.blocks import in_blocks
from symgan.kernels.engines import Course, Engine
from symgan.kernels.errors import KernelError
from symgan.kernels.jump_general import GeneralJumps, follow, general_jumps
from symgan.kernels.jump_program import COUNTERS, is_linear, jump_program
from symgan.kernels.kernel import Kernel, flat, threads
from symgan.kernels.values import (
    Values,
    broadcast,
    parameter_columns,
    require_count,
    require_distinct,
    require_dtype,
    state_columns,
)
from symgan.results_discrete import BranchRuns

BLOCK = {"numpy": 1 << 14, "jit": 1 << 16}
"""States that go through all their jumps before the next ones start; the call of compiled code
takes as long as some ten thousand jumps."""
FIRST, MOST = {"numpy": 4, "jit": 64}, 4096
"""Jumps before states at the end are set aside: at first, and at most; each time twice as many.
Compiled code sees by itself when a group of states is at the end."""


@dataclass(frozen=True)
class Jumped:
    """Where a batch of orbits got to, and how.

    Attributes:
        states: array (..., n), the states after all steps.
        switches: how often another branch ruled than before, an orbit each.
        jumps: how many jumps it took.
        stepped: how many of them were single steps because their branch cannot be jumped
            over, or not at these parameters.
    """

    states: NDArray[Any]
    switches: NDArray[np.int64]
    jumps: NDArray[np.int64]
    stepped: NDArray[np.int64]


@dataclass(frozen=True)
class JumpKernel(Kernel):
    """A switched map that moves from switch to switch.

    Attributes:
        runs: what it was made from.
        refusals: why some branches are stepped one by one; empty where none is.
        counting: the engine of one jump with counters, where all guards are linear along all
            runs (`engine` is then that of one jump); None elsewhere.
        general: jumps of the other maps (`engine` is then that of the guards).
    """

    runs: BranchRuns
    refusals: tuple[str, ...]
    counting: Engine | None = field(repr=False, compare=False)
    general: GeneralJumps | None = field(repr=False, compare=False)

    def __call__(self, x0: Any, steps: int, parameters: Values | None = None) -> NDArray[Any]:
        """`jump`."""
        return self.jump(x0, steps, parameters)

    def jump(
        self, x0: Any, steps: int, parameters: Values | None = None, *, workers: int = 0
    ) -> NDArray[Any]:
        """The states after a number of steps; as `MapKernel.iterate`, from switch to switch.

        Args:
            x0: initial states (..., n).
            steps: how many; at most 2**53 in float64 and 2**24 in float32.
            parameters: name or symbol -> number or array that broadcasts against the batch.
            workers: threads; 0 takes every core this process may use.

        Returns:
            Array (..., n). An orbit that leaves the floating-point range stops there.

        Raises:
            KernelError: shapes, parameters or numbers that do not fit.
        """
        return self._follow(x0, steps, parameters, workers, counting=False)[0]

    def follow(
        self, x0: Any, steps: int, parameters: Values | None = None, *, workers: int = 0
    ) -> Jumped:
        """The same, with the number of switches and jumps of each orbit."""
        states, counts = self._follow(x0, steps, parameters, workers, counting=True)
        return Jumped(states, *counts)

    def _follow(
        self, x0: Any, steps: int, parameters: Values | None, workers: int, *, counting: bool
    ) -> tuple[NDArray[Any], NDArray[np.int64]]:
        steps = require_count(steps, "steps", 0)
        most = 1 << np.finfo(self.dtype).nmant + 1
        if steps > most:
            raise KernelError(f"steps = {steps} is more than {self.dtype} counts exactly: {most}")
        columns = state_columns(x0, self.runs.state, self.dtype)
        constants = parameter_columns(parameters, self.runs.parameters, self.dtype)
        shape = broadcast([*columns, *constants])
        state = [np.broadcast_to(c, shape).reshape(-1) for c in columns]
        fixed = [flat(c, shape) for c in constants]
        size = state[0].size
        states = np.empty((size, len(state)), self.dtype)
        counts = np.zeros((3, size if counting else 0), dtype=np.int64)
        engine = self.counting if counting and self.counting else self.engine

        def work(part: slice) -> None:
            here = [np.ascontiguousarray(c[part]) for c in state]
            given = [c if c.ndim == 0 else c[part] for c in fixed]
            counted = counts[:, part] if counting else None
            if self.general is not None:
                here = [c.copy() for c in here]
                follow(self.general, here, given, steps, counted)
            elif steps:
                here = _linear(engine, here, given, steps, counted)
            for i, column in enumerate(here):
                states[part, i] = column

        block = BLOCK["numpy" if self.general else engine.name]
        in_blocks(work, size, threads(workers, size * min(steps, 100)), block)
        found = states.reshape((*shape, len(state)))
        return found, counts.reshape(3, *shape) if counting else counts


def compile_jumps(
    runs: BranchRuns, *, backend: str = "auto", dtype: Any = np.float64
) -> JumpKernel:
    r"""Compile the runs of a switched map to a kernel that jumps over them.

    Args:
        runs: from `symgan.analysis.branch_runs`.
        backend: as for `compile`; maps with guards that are no straight lines along a run are
            computed by NumPy with any backend.
        dtype: float64 or float32.

    Raises:
        KernelError: an expression that no backend knows, a dtype or backend that is not there.

    >>> from sympy import Abs, Symbol
    >>> from symgan.analysis.branch_runs import branch_runs
    >>> from symgan.system import Map
    >>> x = Symbol("x", real=True)
    >>> kernel = compile_jumps(branch_runs(Map((x,), (Abs(x) - 1,))))
    >>> kernel.jump([[1000.25], [3.0]], 1003).tolist()
    [[-0.75], [0.0]]
    """
    kind = require_dtype(dtype)
    arguments = (*runs.state, *runs.parameters)
    require_distinct(arguments)
    refusals = tuple(run.refusal for run in runs.runs if run.refusal)
    if is_linear(runs):
        plain, counting = (_engine(runs, backend, kind, counting=c) for c in (False, True))
        return JumpKernel(arguments, plain, runs, refusals, counting, None)
    general = general_jumps(runs, backend, kind)
    return JumpKernel(arguments, general.guards, runs, refusals, None, general)


def _engine(runs: BranchRuns, backend: str, kind: np.dtype[Any], *, counting: bool) -> Engine:
    """The engine of one jump; on the JIT, its orbits end where no steps are left."""
    from symgan.kernels.compiler import compile

    engine = compile(jump_program(runs, counting=counting), backend=backend, dtype=kind).engine
    if engine.name != "jit":
        return engine
    from symgan.kernels.jit.store import user_store
    from symgan.kernels.jit.target import host
    from symgan.kernels.jit.until import UntilEngine

    return UntilEngine(engine.body, kind, host(), user_store(), left=len(runs.state))


def _linear(
    engine: Engine,
    state: list[NDArray[Any]],
    given: list[NDArray[Any]],
    steps: int,
    counts: NDArray[np.int64] | None,
) -> list[NDArray[Any]]:
    """The states at the end: a few jumps of all at a time, then of those not there."""
    n, size, kind = len(state), state[0].size, engine.dtype
    extra = (steps, *((0,) * len(COUNTERS)), -1)[: len(engine.body.outputs) - n]
    here: list[Any] = [*state, *(np.full(size, value, kind) for value in extra)]
    table, active, own, several = np.empty(0), None, given, FIRST[engine.name]
    while len(here[0]):
        found = np.empty((1, len(here), len(here[0])), kind)
        with np.errstate(divide="ignore", invalid="ignore"):  # guards that do not move
            engine.orbit([*here, *own], _no_noise, Course(0, several, several), found, 1)
        moved = found[0]
        if active is None:
            table = moved
        else:
            table[:, active] = moved
        if not moved[n].any():
            break
        going = np.flatnonzero(moved[n] > 0)
        going = going[np.isfinite(moved[:n, going]).all(axis=0)]
        active = going if active is None else active[going]
        own = [c if c.ndim == 0 else c[active] for c in given]
        here, several = [row[going] for row in moved], min(2 * several, MOST)
    if counts is not None:
        counts[:] = table[n + 1 : n + 1 + len(COUNTERS)]
    return list(table[:n])


def _no_noise(first: int, count: int, part: slice) -> NDArray[Any]:
    del part, first
    return np.empty((count, 0, 0))

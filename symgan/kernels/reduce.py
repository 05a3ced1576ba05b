r"""Reductions along orbits, by a larger map: the state with the numbers that are carried.

The map :math:`(x, r) \mapsto (F(x), R(r, F(x)))` is compiled as any other is, by any backend; a
trajectory that a reduction stopped keeps both. Stopped trajectories leave the batch between
segments, so that they cost nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy import Symbol

from symgan.kernels.blocks import blocks
from symgan.kernels.body import INDEX, NOISE, PARAMETER, STATE, Body
from symgan.kernels.engines import Course, Engine
from symgan.kernels.errors import KernelError
from symgan.kernels.kernel import flat, threads
from symgan.kernels.noise import Drawing, Members, Noise, batch_of, noise_of
from symgan.kernels.reductions import Overflow, Reduced, Reduction, Setting
from symgan.kernels.values import Values, parameter_columns, state_columns

if TYPE_CHECKING:
    from symgan.kernels.maps import MapKernel

SEGMENT = 256
"""Steps between two looks at which trajectories have stopped."""
_LAST = 2**24
"""Steps that float32 can count."""


@dataclass(frozen=True)
class Larger:
    """The larger map, and the numbers of the first states.

    Attributes:
        steps: the engine of the map.
        starts: the engine of the numbers, given the state and the numbers before it.
        carried: how many numbers each reduction carries.
    """

    steps: Engine
    starts: Engine
    carried: tuple[int, ...]


def reduced(
    kernel: MapKernel,
    x0: Any,
    steps: int,
    parameters: Values | None,
    reductions: tuple[Reduction, ...],
    noise: Any,
    workers: int,
) -> Reduced:
    """As `MapKernel.reduce`."""
    if kernel.dtype == np.float32 and steps >= _LAST:
        raise KernelError(f"float32 counts no {steps} steps; compile the map in float64")
    stops = any(reduction.stop for reduction in reductions)
    asked = (*reductions, Overflow())
    made = kernel.larger(asked, kernel.dtype)
    columns = state_columns(x0, kernel.state, kernel.dtype)
    constants = parameter_columns(parameters, kernel.parameters, kernel.dtype)
    names = ", ".join(s.name for s in kernel.noise)
    drawn = noise_of(noise, names, len(kernel.noise), steps, 0, kernel.dtype)
    batch = batch_of([*columns, *constants], drawn)
    start = np.stack([np.broadcast_to(c, batch).reshape(-1) for c in columns])
    size = start.shape[-1]
    neutral = [np.full(size, n, kernel.dtype) for r in asked for n in r.neutral]
    first = made.starts.values([*start, *neutral, np.zeros(size, kernel.dtype)], size, 1)
    run = _Run(
        made.steps,
        [flat(constant, batch) for constant in constants],
        drawn.fitted(batch),
        len(kernel.noise),
        _watched(asked, made.carried, len(start)) if stops else (),
        threads(workers, size * max(steps, 1)),
    )
    final = run.go(np.concatenate([start, first]), steps)
    return _result(final, asked, made.carried, batch, len(start), run.watched)


def _result(
    final: NDArray[Any],
    asked: Sequence[Reduction],
    carried: Sequence[int],
    batch: tuple[int, ...],
    n: int,
    watched: Sequence[int],
) -> Reduced:
    values: dict[Reduction, NDArray[Any]] = {}
    place = n
    for reduction, count in zip(asked, carried, strict=True):
        values[reduction] = reduction.value(list(final[place : place + count])).reshape(batch)
        place += count
    stopped = np.reshape(np.any(final[list(watched)] >= 0, axis=0), batch)
    states = np.moveaxis(final[:n].reshape((n, *batch)), 0, -1)
    return Reduced(states, stopped, values[asked[-1]], values)


def _watched(asked: Sequence[Reduction], carried: Sequence[int], n: int) -> tuple[int, ...]:
    """Where the times stand that stop a trajectory."""
    places = np.cumsum([n, *carried])
    return tuple(int(p) for r, p in zip(asked, places, strict=False) if r.stop)


@dataclass(frozen=True)
class _Run:
    """Steps of the larger map on a flat batch.

    Attributes:
        engine: of the larger map.
        constants: one array or number a parameter.
        noise: flat.
        symbols: of noise.
        watched: rows of the times that stop a trajectory.
        workers: threads.
    """

    engine: Engine
    constants: Sequence[NDArray[Any]]
    noise: Noise
    symbols: int
    watched: tuple[int, ...]
    workers: int

    def go(self, start: NDArray[Any], steps: int) -> NDArray[Any]:
        """The last rows (numbers, size) of the rows at the start."""
        final = start.copy()
        members = np.arange(start.shape[-1])
        for part in blocks(steps, SEGMENT if self.watched else max(steps, 1)):
            members = members[self._running(final[:, members])]
            if not members.size:
                break
            some: Members = slice(None) if members.size == final.shape[-1] else members
            self._advance(final, some, part)
        return final

    def _running(self, rows: NDArray[Any]) -> NDArray[np.bool_]:
        return np.asarray(np.all(rows[list(self.watched)] < 0, axis=0))

    def _advance(self, final: NDArray[Any], members: Members, part: slice) -> None:
        fixed = [c if c.ndim == 0 else c[members] for c in self.constants]
        here = np.ascontiguousarray(final[:, members])
        count = part.stop - part.start
        found = np.empty((1, *here.shape), here.dtype)
        self.engine.orbit(
            [*here, *fixed],
            Drawing(self.noise, self.symbols, part.start, members),
            Course(part.start, count, count),
            found,
            self.workers,
        )
        final[:, members] = found[0]


def larger(
    body: Body, asked: tuple[Reduction, ...], dtype: np.dtype[Any], build: Callable[[Body], Engine]
) -> Larger:
    """Compile the larger map.

    Args:
        body: of the map.
        asked: the reductions.
        dtype: float64 or float32.
        build: the backend.

    Raises:
        KernelError: a reduction that does not fit the state.
    """
    state = [body.arguments[i] for i in body.having(STATE)]
    clock = [body.arguments[i] for i in body.having(INDEX)]
    step = clock[0] if clock else sp.Dummy("step", real=True)
    reached = [sp.Dummy(f"next_{s.name}", real=True) for s in state]
    carried = [
        [sp.Dummy(f"carried_{i}_{j}", real=True) for j in range(len(r.neutral))]
        for i, r in enumerate(asked)
    ]
    names = [symbol for symbols in carried for symbol in symbols]
    called = tuple(s.name for s in state)
    later = _updates(asked, carried, Setting(called, tuple(reached), step + 1, dtype))
    now = _updates(asked, carried, Setting(called, tuple(state), step, dtype))
    running = sp.And(*(c[0] < 0 for r, c in zip(asked, carried, strict=True) if r.stop))
    pairs = zip((*state, *names), (*reached, *later), strict=True)
    kept = [sp.Piecewise((new, running), (old, True)) for old, new in pairs]
    roles: dict[Symbol, str] = dict.fromkeys((*state, *names), STATE)
    roles |= {s: r for s, r in body.roles.items() if r == PARAMETER}
    roles[step] = INDEX
    roles |= {s: r for s, r in body.roles.items() if r == NOISE}
    assignments = (*body.assignments, *zip(reached, body.outputs, strict=True))
    return Larger(
        build(Body(roles, tuple(kept), assignments)),
        build(Body(dict.fromkeys((*state, *names, step), STATE), tuple(now))),
        tuple(len(symbols) for symbols in carried),
    )


def _updates(
    asked: Sequence[Reduction], carried: Sequence[Sequence[Symbol]], setting: Setting
) -> list[Any]:
    pairs = zip(asked, carried, strict=True)
    return [value for r, symbols in pairs for value in r.updated(symbols, setting)]

"""Where orbits end: from a grid of starts, by a stated criterion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Symbol

from symgan.errors import GameError
from symgan.kernels import ExitTime, compile, solve
from symgan.kernels.trajectories import BLEW_UP, NOT_FINITE
from symgan.report.plots.curves import Window
from symgan.report.plots.orbits import lifted
from symgan.system import Flow, Map

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.uint8]
NONE, ESCAPED, FIRST = 0, 1, 2
"""Codes: no point, escaped, and the first of the points; as in `symgan.sweep`."""
HOLD = 20
"""Steps, or times, for which an orbit has to stay near its end."""


def swept(
    system: Flow | Map,
    window: Window,
    goals: Sequence[Mapping[Symbol, Expr]],
    count: int,
    steps: int | None,
    radius: float,
    bound: float,
) -> Codes:
    """The code of every start, array (count, count), the first symbol's axis first.

    Codes are those of `symgan.sweep.Basins`: 0 for none, 1 for escaped, then the goals in order.

    Args:
        system: without parameters, autonomous.
        window: the ends of both axes.
        goals: visible symbol -> value.
        count: starts a side.
        steps: as `basin_map`.
        radius, bound: as `basin_map`.

    Raises:
        GameError: fewer than two starts a side, too few steps.
    """
    if count < 2:
        raise GameError(f"{count} starts a side make no map; give at least 2")
    length = (100 if isinstance(system, Flow) else 2000) if steps is None else steps
    if length < HOLD:
        raise GameError(f"{length} steps are too few; an orbit has to stay for the last {HOLD}")
    across, up = (np.linspace(*ends, count) for ends in window)
    starts = np.stack(np.meshgrid(across, up, indexing="ij"), axis=-1).reshape(-1, 2)
    if isinstance(system, Flow):
        tail, escaped = _times(system, starts, length, bound)
    else:
        tail, escaped = _steps(system, starts, length, bound)
    codes = np.full(len(starts), NONE, dtype=np.uint8)
    for code, goal in enumerate(goals, FIRST):
        place = np.array([float(value) for value in goal.values()])
        codes[(np.abs(tail - place) <= radius).all(axis=(0, 2))] = code
    codes[escaped] = ESCAPED
    return codes.reshape(count, count)


def _steps(system: Map, starts: Floats, length: int, bound: float) -> tuple[Floats, Bools]:
    """The last states (HOLD, starts, 2) of orbits of a map, and which of them have escaped."""
    kernel = compile(system)
    leaving = ExitTime(bound, stop=True)
    found = kernel.reduce(lifted(system, starts), length - HOLD, reductions=[leaving])
    tail = kernel.trajectory(found.final, HOLD)[1:]
    return tail[..., _places(system)], (found[leaving] >= 0) | _beyond(tail, bound)


def _times(system: Flow, starts: Floats, length: int, bound: float) -> tuple[Floats, Bools]:
    """The same of a flow, at the last whole times."""
    times = np.arange(length - HOLD + 1, length + 1, dtype=float)
    found = solve(system, starts, times, tolerance=1e-9, workers=0)
    tail = np.moveaxis(found.states, 1, 0)
    blown = np.isin(found.outcomes, [BLEW_UP, NOT_FINITE])
    return tail, blown | (_beyond(tail, bound) & ~found.failed)


def _beyond(tail: Floats, bound: float) -> Bools:
    with np.errstate(over="ignore", invalid="ignore"):
        return ~(np.sqrt((tail**2).sum(axis=-1)) <= bound).all(axis=0)


def _places(system: Map) -> list[int]:
    return [system.state.index(s) for s in system.visible]

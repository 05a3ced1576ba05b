"""Orbits through kernels: of maps step by step, of flows by the adaptive integrator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Symbol

from symgan.errors import GameError
from symgan.kernels import compile, solve
from symgan.report.plots.inputs import Values, dynamics, with_values
from symgan.system import Flow, Map

Floats = NDArray[np.float64]
TIMES = 2001
"""States of a flow that are drawn."""


@dataclass(frozen=True, eq=False)
class Orbits:
    """The orbits of one system from several starts.

    Attributes:
        clock: steps or times, array (k,).
        states: visible states, array (k, starts, n); not finite where an orbit has left.
        discrete: whether it is a map.
    """

    clock: Floats
    states: Floats
    discrete: bool


def followed(
    systems: Sequence[Any] | Mapping[str, Any], values: Values | None, state: Sequence[Symbol]
) -> dict[str, Flow | Map]:
    """Flows and maps by name, with numbers for their parameters.

    A value reaches every system that has a parameter of its name.

    Raises:
        GameError: a system on other symbols, a parameter without a value.
    """
    named = (
        systems
        if isinstance(systems, Mapping)
        else {"" if len(systems) == 1 else f"orbit {i + 1}": each for i, each in enumerate(systems)}
    )
    found: dict[str, Flow | Map] = {}
    for name, each in named.items():
        dynamics(each)  # refuses what is no system before its parameters are asked for
        own = {p.name for p in each.parameters}
        mine = {key: value for key, value in (values or {}).items() if str(key) in own}
        found[name] = dynamics(with_values(each, mine))
        seen = [s.name for s in visible(found[name])]
        if seen != [s.name for s in state]:
            raise GameError(
                f"{name or 'the followed system'} has the state {', '.join(seen)}, and not "
                f"{', '.join(s.name for s in state)}"
            )
    return found


def visible(system: Flow | Map) -> tuple[Symbol, ...]:
    """The state symbols without a map's memory."""
    return system.visible if isinstance(system, Map) else system.state


def orbits(
    system: Flow | Map, starts: Sequence[tuple[float, ...]], steps: int, until: float
) -> Orbits:
    """Orbits from starts that give the visible symbols.

    Args:
        system: without parameters, index and noise.
        starts: one tuple a start.
        steps: of a map.
        until: the last time of a flow.

    Raises:
        GameError: no steps, or no time.
    """
    if isinstance(system, Flow):
        if not until > 0:
            raise GameError(f"the end time {until} is not positive")
        times = np.linspace(0.0, float(until), TIMES)
        states = solve(system, np.asarray(starts, dtype=float), times, tolerance=1e-10).states
        return Orbits(times, np.moveaxis(states, 0, 1), False)
    if steps < 1:
        raise GameError(f"{steps} steps are no orbit; give at least 1")
    first = lifted(system, np.asarray(starts, dtype=float))
    kept = [system.state.index(s) for s in system.visible]
    states = compile(system).trajectory(first, int(steps))[..., kept]
    return Orbits(np.arange(len(states), dtype=float), states, True)


def lifted(system: Map, starts: Floats) -> Floats:
    """Whole states (k, m) from visible ones (k, n): memory as it is at the start of an orbit."""
    if not system.memory:
        return starts
    remembered = dict(system.memory)
    whole = tuple(remembered.get(s, s) for s in system.state)
    kernel = compile(whole, arguments=system.visible, backend="numpy")
    return kernel({s: starts[:, i] for i, s in enumerate(system.visible)})

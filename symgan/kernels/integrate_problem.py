"""What is integrated, checked and prepared: one problem, whichever method solves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy import Expr

from symgan.differentiation import diff
from symgan.kernels.errors import KernelError
from symgan.kernels.integrate_modes import Modes, choices, confirmed
from symgan.kernels.kernel import Compiled
from symgan.kernels.numpy_backend import numpy_backend
from symgan.kernels.trajectories import Event
from symgan.kernels.values import (
    Values,
    broadcast,
    parameter_columns,
    require_count,
    require_distinct,
    state_columns,
)
from symgan.system import Flow, require_declared

Array = NDArray[np.float64]
_DTYPE = np.dtype(np.float64)
FEWEST_STEPS = 16
"""Steps of Taylor's method along a field that depends on time, whatever its series say."""


@dataclass(frozen=True)
class Formulas:
    """A flow and events with their modes; hashable, so that compiled code is found again.

    Attributes:
        flow: the flow as it was given.
        events: the events as they were given.
    """

    flow: Flow
    events: tuple[Event, ...]

    @cached_property
    def modes(self) -> Modes:
        """The modes of the field and of the events."""
        return Modes.of([*self.flow.rhs, *(event.expression for event in self.events)])

    @cached_property
    def field(self) -> list[Expr]:
        """The field, smooth in each mode."""
        return [self.modes.smooth(f) for f in self.flow.rhs]

    @cached_property
    def guards(self) -> list[Expr]:
        """The guards, smooth in each mode."""
        return [self.modes.smooth(g) for g in self.modes.guards]

    @cached_property
    def watched(self) -> list[Expr]:
        """The events, smooth in each mode."""
        return [self.modes.smooth(event.expression) for event in self.events]

    @cached_property
    def arguments(self) -> tuple[Any, ...]:
        """State, parameters, mode bits and time, in the order of generated functions."""
        clock = () if self.flow.time is None else (self.flow.time,)
        return (*self.flow.state, *self.flow.parameters, *self.modes.bits, *clock)

    @cached_property
    def signs(self) -> Compiled:
        """Guards as a function of the arguments."""
        return numpy_backend(self.guards, self.arguments, _DTYPE)[0]

    @cached_property
    def rates(self) -> Compiled:
        """How fast guards change along the field of a mode."""
        return numpy_backend([self._rate(g) for g in self.guards], self.arguments, _DTYPE)[0]

    @cached_property
    def seen(self) -> Compiled:
        """Events, and how fast they change, as a function of the arguments."""
        both = [*self.watched, *(self._rate(w) for w in self.watched)]
        return numpy_backend(both, self.arguments, _DTYPE)[0]

    @cached_property
    def motion(self) -> Compiled:
        """The field as a function of the arguments."""
        return numpy_backend(self.field, self.arguments, _DTYPE)[0]

    def _rate(self, guard: Expr) -> Expr:
        time = self.flow.time
        along = [diff(guard, s) * f for s, f in zip(self.flow.state, self.field, strict=True)]
        return sp.Add(*along, diff(guard, time) if time is not None else sp.Integer(0))


@lru_cache(maxsize=64)
def formulas(flow: Flow, events: tuple[Event, ...]) -> Formulas:
    """The formulas of a flow and events, prepared once."""
    clock = () if flow.time is None else (flow.time,)
    require_distinct((*flow.state, *flow.parameters, *clock))
    known = {*flow.state, *flow.parameters, *clock}
    require_declared("an integration", "event", [e.expression for e in events], known)
    return Formulas(flow, events)


@dataclass(frozen=True)
class Problem:
    """A batch to be integrated.

    Attributes:
        formulas: field, guards and events.
        shape: the shape of the batch.
        x0: states, array (N, n).
        parameters: array (N, p).
        start, times: where trajectories begin, and the times asked for.
        tolerance: local error of a step, relative where states are larger than 1.
        max_steps: steps after which a trajectory is given up.
        dense: whether whole trajectories are kept.
        count_steps: whether steps are counted one by one.
        bound: trajectories end where their norm rises through it.
    """

    formulas: Formulas
    shape: tuple[int, ...]
    x0: Array
    parameters: Array
    start: float
    times: Array
    tolerance: float
    max_steps: int
    dense: bool
    count_steps: bool
    bound: float = np.inf

    def part(self, numbers: Any) -> Problem:
        """The trajectories with these numbers, in a flat batch."""
        own = {"x0": self.x0[numbers], "parameters": self.parameters[numbers]}
        return replace(self, shape=(len(numbers),), **own)

    def watched(self) -> Problem:
        """The same with an event, its last, in place of the bound."""
        if not np.isfinite(self.bound):
            return self
        flow, events = self.formulas.flow, self.formulas.events
        size = sp.Add(*(s**2 for s in flow.state))
        leaving = Event(size / sp.Float(self.bound) ** 2 - 1, direction=1, terminal=True)
        return replace(self, formulas=formulas(flow, (*events, leaving)), bound=np.inf)

    @property
    def end(self) -> float:
        """The last time."""
        return float(self.times[-1])

    @property
    def longest(self) -> float:
        """The longest step: where time enters the field, a part of the whole.

        A series says nothing of what begins later: at 0, that of t^20 is zero to every usual order.
        """
        if self.formulas.flow.time is None:
            return float(np.inf)
        return (self.end - self.start) / FEWEST_STEPS

    def guards(self, x: Array, t: Array, numbers: Any, mode: Array) -> Array:
        """Values of the guards, array (k, r), of the trajectories with these numbers."""
        return self._call(self.formulas.signs, x, t, numbers, mode)

    def rates(self, x: Array, t: Array, numbers: Any, mode: Array) -> Array:
        """How fast the guards change in a mode, array (k, r)."""
        return self._call(self.formulas.rates, x, t, numbers, mode)

    def seen(self, x: Array, t: Array, numbers: Any, mode: Array) -> Array:
        """Values of the events and then how fast they change, array (k, 2 e)."""
        return self._call(self.formulas.seen, x, t, numbers, mode)

    def first_modes(self) -> tuple[Array, NDArray[np.bool_]]:
        """The mode in which each trajectory begins, and whether there is exactly one.

        Where a guard is zero at the start, the mode is the one whose own field leads into it.
        """
        numbers = np.arange(len(self.x0))
        t = np.full(len(numbers), self.start)
        mode = np.zeros((len(numbers), len(self.formulas.guards)))
        signs = mode
        for _ in range(mode.shape[1] + 1):  # guards may stand inside one another
            signs = np.sign(self.guards(self.x0, t, numbers, mode))
            mode = (signs > 0).astype(float)
        found = np.zeros(len(numbers), dtype=int)
        for tried in choices(signs):
            right = confirmed(tried, signs, self.rates(self.x0, t, numbers, tried))
            new = right & ~(np.all(tried == mode, axis=1) & (found > 0))
            mode[new] = tried[new]
            found += new
        return mode, found == 1

    def _call(self, function: Compiled, x: Array, t: Array, numbers: Any, mode: Array) -> Array:
        columns = [*x.T, *self.parameters[numbers].T, *mode.T]
        columns += [] if self.formulas.flow.time is None else [t]
        with np.errstate(all="ignore"):
            values = function(*columns)
        full = [np.broadcast_to(np.asarray(v, dtype=float), len(x)) for v in values]
        return np.stack(full, axis=-1) if full else np.zeros((len(x), 0))


def problem(
    flow: Any,
    x0: Any,
    times: Any,
    parameters: Values | None,
    *,
    tolerance: float,
    events: Sequence[Any],
    dense: bool,
    count_steps: bool,
    start: float,
    max_steps: int,
    bound: float,
) -> Problem:
    """Check what a user gives and lay it out.

    Raises:
        KernelError: anything that does not fit, in one sentence.
    """
    if not isinstance(flow, Flow):
        raise KernelError(f"cannot integrate {type(flow).__name__}; give a Flow")
    columns = state_columns(x0, flow.state, _DTYPE)
    constants = parameter_columns(parameters, flow.parameters, _DTYPE)
    shape = broadcast([*columns, *constants])
    x = _laid(columns, shape)
    values = _laid(constants, shape)
    for what, array in (("initial states", x), ("parameters", values)):
        bad = int((~np.isfinite(array)).any(axis=1).sum())
        if bad:
            raise KernelError(f"{bad} of {len(x)} {what} are not finite; leave them out")
    if not (np.isfinite(tolerance) and 1e-15 <= tolerance <= 1e-2):
        raise KernelError(f"tolerance must be between 1e-15 and 1e-2, not {tolerance!r}")
    if not bound > 0:
        raise KernelError(f"the bound on norms is a positive number, not {bound!r}")
    watched = tuple(_event(event) for event in events)
    return Problem(
        formulas(flow, watched),
        shape,
        x,
        values,
        float(start),
        _times(times, start),
        float(tolerance),
        require_count(max_steps, "max_steps", 1),
        bool(dense),
        bool(count_steps),
        float(bound),
    )


def _laid(columns: Sequence[Any], shape: tuple[int, ...]) -> Array:
    full = [np.broadcast_to(column, shape).reshape(-1) for column in columns]
    size = int(np.prod(shape))
    return np.ascontiguousarray(np.stack(full, axis=-1)) if full else np.zeros((size, 0))


def _event(given: Any) -> Event:
    event = given if isinstance(given, Event) else Event(sp.sympify(given))
    if event.direction not in (-1, 0, 1):
        raise KernelError(f"the direction of an event is -1, 0 or 1, not {event.direction!r}")
    if not isinstance(event.expression, Expr) or not event.expression.free_symbols:
        raise KernelError(f"the event {event.expression} is no expression in state and time")
    return event


def _times(times: Any, start: float) -> Array:
    try:
        when = np.atleast_1d(np.asarray(times, dtype=float))
    except (TypeError, ValueError):
        raise KernelError(f"the times are not numbers: {times!r}") from None
    fits = when.ndim == 1 and when.size and np.all(np.isfinite(when)) and np.isfinite(start)
    if not fits or np.any(np.diff(when) < 0) or when[0] < start:
        raise KernelError(f"times must be finite, increasing and not before the start {start}")
    return when

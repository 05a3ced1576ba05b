r"""Following flows: trajectories looked at in equal intervals of time, as the orbits of a map.

A step of a sweep is an interval h: states are those at :math:`h, 2h, \dots`, found by adaptive
integration with dense output. The integrator starts anew every `SEGMENT` intervals, wherever
a chunk begins, and members of a batch do not meet, so that chunks and schedulers change no bit.

A trajectory that passes the bound, blows up or overflows has left; one that slides along a
switching surface, or takes too many steps, is *not followed*: nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symgan.errors import BadData, MissingExtra
from symgan.sweep.declaration import Variable
from symgan.sweep.models import Model, Sampling
from symgan.sweep.orbits import Extremes, Floats, Orbits, Whole
from symgan.system import Flow

METHODS = ("jit", "heyoka", "scipy")
SEGMENT = 64
"""Intervals between two starts of the integrator; a part of what a sweep means."""
TOGETHER = 512
"""Trajectories between two checkpoints."""
MOST_STEPS = 20_000
"""Steps of the integrator in a segment; what needs more is not followed."""
FAILED = "failed"
"""The variable that says which trajectories were not followed."""


def failed_variable() -> Variable:
    """The variable `FAILED`: codes of the reasons."""
    from symgan.kernels.trajectories import REASONS

    coded = ", ".join(f"{code} {text or 'no'}" for code, text in enumerate(REASONS))
    return Variable(FAILED, {}, "uint8", coded)


@dataclass(frozen=True)
class FlowOrbits(Orbits):
    """A batch of trajectories.

    Attributes:
        kernel: the flow.
        sampling: the interval and the accuracy.
        method: what integrates.
        failed: codes of the reasons why trajectories are not followed, (cells,); filled on the way.
    """

    sampling: Sampling = field(kw_only=True)
    method: str = field(kw_only=True)
    failed: Whole = field(kw_only=True)

    def advance(self, x: Floats, steps: int, first: int = 0) -> Floats:
        """As `Orbits.advance`."""
        for piece in self.path(x, steps, first):
            x = piece[-1]
        return x

    def path(
        self, x: Floats, steps: int, first: int = 0, bound: float = np.inf
    ) -> Iterator[Floats]:
        """As `Orbits.path`; NaN after a trajectory has passed the bound, or failed."""
        yield x[None]
        for here in range(first, first + steps, SEGMENT):
            found = self._states(x, here, min(SEGMENT, first + steps - here), bound)
            x = found[-1]
            yield found

    def extremes(self, x: Floats, steps: int, bound: float, first: int = 0) -> Extremes:
        """As `Orbits.extremes`, of the states at the ends of intervals.

        The bound is watched in between as well; a trajectory that passes it has left at the end of
        that interval, where it has no state any more.
        """
        final, place = x, first
        high, left = np.zeros(len(x)), np.full(len(x), -1)
        for piece in self.path(x, steps, first, bound):
            for state in piece:
                with np.errstate(over="ignore", invalid="ignore"):
                    norm = np.sqrt((state**2).sum(axis=-1))
                going = (left < 0) & (self.failed == 0)
                left = np.where(going & ~(norm <= bound), place, left)
                high = np.where(going, np.fmax(high, norm), high)
                final = np.where(going[:, None], state, final)
                place += 1
        return Extremes(final, high, left)

    def _states(self, x: Floats, first: int, count: int, bound: float) -> Floats:
        """States after 1 to `count` intervals, (count, cells, n); NaN where there is none."""
        found = np.full((count, *x.shape), np.nan)
        inside = np.isfinite(x).all(axis=-1) & ~((x**2).sum(axis=-1) >= bound**2)
        going = np.flatnonzero(inside & (self.failed == 0))
        for begin in range(0, len(going), TOGETHER):
            self.checkpoint()
            some = going[begin : begin + TOGETHER]
            found[:, some] = self._solved(x[some], some, first, count, bound)
        return found

    def _solved(self, x: Floats, some: Whole, first: int, count: int, bound: float) -> Floats:
        from symgan.kernels import solve
        from symgan.kernels.trajectories import BLEW_UP, FINISHED, NOT_FINITE, STOPPED

        flow: Any = self.kernel
        start = 0 if flow.time is None else first
        times = self.sampling.interval * np.arange(start, start + count + 1)
        result = solve(
            *(flow, x, times[1:], {name: v[some] for name, v in self.values.items()}),
            tolerance=self.sampling.tolerance,
            bound=bound,
            method=self.method,
            start=float(times[0]),
            max_steps=MOST_STEPS,
        )
        lost = ~np.isin(result.outcomes, (FINISHED, STOPPED, BLEW_UP, NOT_FINITE))
        self.failed[some[lost]] = result.outcomes[lost]
        return np.moveaxis(result.states, -2, 0)


@dataclass(frozen=True)
class FlowFollower:
    """A flow that is ready: from columns of cells to trajectories.

    Attributes:
        model: what is followed.
        method: what integrates.
    """

    model: Model
    method: str

    def orbits(
        self,
        columns: Mapping[str, Floats],
        streams: Whole,
        seed: int,
        checkpoint: Callable[[], None],
    ) -> tuple[FlowOrbits, Floats]:
        """As `symgan.sweep.orbits.Follower.orbits`."""
        start = np.stack([columns[name] for name in self.model.visible], axis=-1)
        values = {name: columns[name] for name in self.model.parameters}
        kernel: Any = self.model.system
        assert self.model.sampling is not None
        orbits = FlowOrbits(
            *(kernel, tuple(range(start.shape[-1])), values, streams, seed, checkpoint),
            sampling=self.model.sampling,
            method=self.method,
            failed=np.zeros(len(start), dtype=np.int64),
        )
        return orbits, start


def is_flow(model: Model) -> bool:
    """Whether a model is a flow."""
    return isinstance(model.system, Flow)


def method_of(name: str, models: Sequence[Model], *, portable: bool) -> str:
    """The integrator that a backend's name stands for.

    ``auto`` is machine code where its extra is installed and can follow every model, else heyoka,
    else SciPy.

    Raises:
        BadData: another backend, one that cannot follow a model, or portable results, which no
            integrator gives.
        MissingExtra: the package of the one that is asked for is not installed.

    >>> method_of("scipy", (), portable=False)
    'scipy'
    """
    if name not in ("auto", *METHODS):
        raise BadData(f"backend = {name!r}; flows take one of: auto, {', '.join(METHODS)}")
    if portable:
        raise BadData(
            "integrators have other last bits on other instruction sets; leave portable out of "
            "sweeps of flows"
        )
    if name == "scipy":
        return name
    if name == "jit":
        _require_written_out(models)
        return name
    if name == "auto" and _can_be_written_out(models):
        return "jit"
    from symgan.kernels.heyoka_expressions import heyoka

    try:
        heyoka()
    except MissingExtra:
        if name == "heyoka":
            raise
        return "scipy"
    return "heyoka"


def _can_be_written_out(models: Sequence[Model]) -> bool:
    try:
        _require_written_out(models)
    except (BadData, MissingExtra):
        return False
    return True


def _require_written_out(models: Sequence[Model]) -> None:
    """Refuse flows that machine code cannot follow."""
    from symgan.kernels.errors import KernelError
    from symgan.kernels.integrate_jit import require_followed

    for model in models:
        flow: Any = model.system
        assert model.sampling is not None
        try:
            require_followed(flow, model.sampling.tolerance)
        except KernelError as error:
            raise BadData(f"{model.name!r} by backend = 'jit': {error}") from error

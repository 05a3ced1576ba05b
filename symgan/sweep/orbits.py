"""Following a batch of orbits of one model: in segments, seeded, within reach of a checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from symgan.sweep.models import Model
from symgan.system import Map

if TYPE_CHECKING:
    from symgan.kernels.maps import MapKernel

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

WORK = 1_000_000
"""Steps of single states between two checkpoints, about: some tens of milliseconds."""
MOST_KEPT = 250
"""Steps of a path that are held in memory at once."""


@dataclass(frozen=True)
class Extremes:
    """What a stretch of orbits reached.

    Attributes:
        final: the states after it, (cells, n); of an orbit that left, the state outside.
        largest: of the Euclidean norms of all its states, the first included.
        left: the first step at which the norm was beyond the bound or no number; -1: never.
    """

    final: Floats
    largest: Floats
    left: Whole


@dataclass(frozen=True)
class Orbits:
    """A batch of orbits: the kernel, and what belongs to each cell.

    Attributes:
        kernel: of the map.
        visible: places of the visible symbols in the state.
        values: parameter -> array (cells,).
        streams: the number of each orbit, which keys its noise.
        seed: of the noise.
        checkpoint: called between segments; it raises where the run is to end.
    """

    kernel: MapKernel
    visible: tuple[int, ...]
    values: Mapping[str, Floats]
    streams: Whole
    seed: int
    checkpoint: Callable[[], None]

    def advance(self, x: Floats, steps: int, first: int = 0) -> Floats:
        """The states after some steps, the first of which has the number ``first``."""
        for here, count in _segments(first, steps, max(1, WORK // len(x))):
            self.checkpoint()
            x = self.kernel.iterate(
                x, count, self.values, noise=self._noise(), workers=1, first=here
            )
        return x

    def path(
        self, x: Floats, steps: int, first: int = 0, bound: float = np.inf
    ) -> Iterator[Floats]:
        """The states of all steps, the start included, in pieces (steps, cells, n).

        What passes the bound need not be followed further; maps are.
        """
        yield x[None]
        for here, count in _segments(first, steps, MOST_KEPT):
            self.checkpoint()
            found = self.kernel.trajectory(
                x, count, self.values, noise=self._noise(), workers=1, first=here
            )
            x = found[-1]
            yield found[1:]

    def extremes(self, x: Floats, steps: int, bound: float, first: int = 0) -> Extremes:
        """How far orbits come; one whose norm passes the bound stops there."""
        if first and (self.kernel.noise or self.kernel.index is not None):
            return self._extremes_of_path(x, steps, bound, first)
        from symgan.kernels.reductions import ExitTime, MaxNorm

        largest, leaves = MaxNorm(), ExitTime(bound, stop=True)
        high, left = np.zeros(len(x)), np.full(len(x), -1)
        for here, count in _segments(first, steps, self._at_once(x, steps)):
            self.checkpoint()
            found = self.kernel.reduce(
                *(x, count, self.values),
                reductions=(largest, leaves),
                noise=self._noise(),
                workers=1,
            )
            x = found.final
            high = np.fmax(high, found[largest])
            gone = found[leaves]
            left = np.where((left < 0) & (gone >= 0), here + gone, left)
            if (left >= 0).all():
                break
        return Extremes(x, high, left)

    def _extremes_of_path(self, x: Floats, steps: int, bound: float, first: int) -> Extremes:
        """The same step by step, where the number of a step matters: reductions count from 0."""
        high, left, place = np.zeros(len(x)), np.full(len(x), -1), first
        final = x
        for piece in self.path(x, steps, first):
            for state in piece:
                with np.errstate(over="ignore", invalid="ignore"):
                    norm = np.sqrt((state**2).sum(axis=-1))
                inside = left < 0
                high = np.where(inside, np.fmax(high, norm), high)
                final = np.where(inside[:, None], state, final)
                left = np.where(inside & ~(norm <= bound), place, left)
                place += 1
        return Extremes(final, high, left)

    def _at_once(self, x: Floats, steps: int) -> int:
        """Steps between two checkpoints; all of them where their numbers matter."""
        counted = self.kernel.noise or self.kernel.index is not None
        return max(1, steps) if counted else max(1, WORK // len(x))

    def seen(self, x: Floats) -> Floats:
        """The visible coordinates of states."""
        return x[..., list(self.visible)]

    def _noise(self) -> Any:
        if not self.kernel.noise:
            return None
        from symgan.kernels.noise import Seeded

        return Seeded(self.seed, self.streams)


def _segments(first: int, steps: int, most: int) -> Iterator[tuple[int, int]]:
    for here in range(first, first + steps, most):
        yield here, min(most, first + steps - here)


@dataclass(frozen=True)
class Follower:
    """A compiled model: from columns of cells to orbits.

    Attributes:
        model: what is followed.
        kernel: its steps.
        lift: from visible coordinates to whole states, memory as it starts.
    """

    model: Model
    kernel: MapKernel
    lift: Callable[[Floats, Mapping[str, Floats]], Floats]

    @classmethod
    def of(cls, model: Model, backend: str, portable: bool) -> Follower:
        """Compile a model.

        Raises:
            KernelError: a function that the backend does not know.
        """
        from symgan.kernels import compile

        system: Any = model.system
        kernel = compile(system, backend=backend, portable=portable)
        return cls(model, kernel, _lift(model, backend, portable))

    def orbits(
        self,
        columns: Mapping[str, Floats],
        streams: Whole,
        seed: int,
        checkpoint: Callable[[], None],
    ) -> tuple[Orbits, Floats]:
        """The orbits of some cells and where they start, (cells, n).

        Args:
            columns: name -> array (cells,), for all visible symbols and parameters.
            streams: the number of each cell.
            seed: of the noise.
            checkpoint: see `Orbits`.
        """
        start = np.stack([columns[name] for name in self.model.visible], axis=-1)
        values = {name: columns[name] for name in self.model.parameters}
        names = [s.name for s in self.model.system.state]
        visible = tuple(names.index(name) for name in self.model.visible)
        orbits = Orbits(self.kernel, visible, values, streams, seed, checkpoint)
        return orbits, self.lift(start, values)


def _lift(
    model: Model, backend: str, portable: bool
) -> Callable[[Floats, Mapping[str, Floats]], Floats]:
    system = model.system
    if not isinstance(system, Map) or not system.memory:
        return lambda start, values: start
    from symgan.kernels import compile

    remembered = dict(system.memory)
    arguments = (*system.visible, *system.parameters)
    expressions = tuple(remembered.get(s, s) for s in system.state)
    start_of = compile(expressions, arguments=arguments, backend=backend, portable=portable)

    def lift(start: Floats, values: Mapping[str, Floats]) -> Floats:
        given = {s.name: start[..., i] for i, s in enumerate(system.visible)}
        return start_of({**given, **values})

    return lift

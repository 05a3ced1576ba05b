"""Noise for maps that draw it: given as an array, or by a seed and the numbers of trajectories."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.kernels.errors import KernelError
from symgan.kernels.philox import normals, require_counters
from symgan.kernels.values import broadcast, real_array

Members = slice | NDArray[np.int64]
"""Some trajectories of a flat batch."""


class Noise(ABC):
    """The draws of a batch."""

    @property
    @abstractmethod
    def shape(self) -> tuple[int, ...]:
        """What the batch broadcasts against."""

    @abstractmethod
    def fitted(self, batch: tuple[int, ...]) -> Noise:
        """The noise of a batch of this shape, flat."""

    @abstractmethod
    def draws(self, step: int, count: int, symbols: int, members: Members) -> NDArray[Any]:
        """Draws of `count` steps from `step` on: array (count, symbols, members)."""


@dataclass(frozen=True)
class Seeded(Noise):
    """Standard normal draws by counter: one depends on the seed, the trajectory and the step.

    Whatever the batch, its order and the number of threads, a trajectory sees the same noise.

    Args:
        seed: a whole number from 0 to 2^64 - 1.
        streams: the numbers of the trajectories, whole numbers that broadcast against the batch;
            0, 1, 2, ... in the order of the batch unless given.

    >>> all_three = Seeded(7).fitted((3,)).draws(0, 2, 1, slice(None))
    >>> last = Seeded(7, streams=2).fitted(()).draws(1, 1, 1, slice(None))
    >>> bool(all_three[1, 0, 2] == last[0, 0, 0])
    True
    """

    seed: int
    streams: Any = None

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the streams."""
        return () if self.streams is None else np.shape(self.streams)

    def fitted(self, batch: tuple[int, ...]) -> Seeded:
        """The numbers of a batch of this shape, flat."""
        size = int(np.prod(batch))
        if self.streams is None:
            return Seeded(self.seed, np.arange(size))
        return Seeded(self.seed, np.broadcast_to(np.asarray(self.streams), batch).reshape(-1))

    def draws(self, step: int, count: int, symbols: int, members: Members) -> NDArray[Any]:
        """Draws of `count` steps from `step` on: array (count, symbols, members).

        Raises:
            KernelError: a seed, a step or numbers of trajectories out of range.
        """
        numbers = np.asarray(self.streams)[members]
        return np.stack([normals(self.seed, numbers, step + k, symbols) for k in range(count)])


@dataclass(frozen=True)
class Given(Noise):
    """Draws from an array (steps, ..., symbols), of which step `first` is the first."""

    array: NDArray[Any]
    first: int = 0

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape without steps and symbols."""
        return self.array.shape[1:-1]

    def fitted(self, batch: tuple[int, ...]) -> Given:
        """An array (steps, size, symbols)."""
        steps, symbols = self.array.shape[0], self.array.shape[-1]
        lead = (1,) * (len(batch) - len(self.shape))
        inner = self.array.reshape((steps, *lead, *self.shape, symbols))
        full = np.broadcast_to(inner, (steps, *batch, symbols))
        return Given(full.reshape((steps, int(np.prod(batch)), symbols)), self.first)

    def draws(self, step: int, count: int, symbols: int, members: Members) -> NDArray[Any]:
        """Draws of `count` steps from `step` on: array (count, symbols, members)."""
        del symbols
        row = step - self.first
        return np.moveaxis(self.array[row : row + count, members], -1, 1)


@dataclass(frozen=True)
class Drawing:
    """The noise of a stretch of steps, as engines ask for it: called, it draws.

    Attributes:
        noise: flat.
        symbols: how many there are.
        first: the number of the first step.
        members: which trajectories of the noise the batch holds.
    """

    noise: Noise
    symbols: int
    first: int
    members: Members = field(default_factory=lambda: slice(None))

    def __call__(self, step: int, count: int, part: slice) -> NDArray[Any]:
        """Draws (count, symbols, part) of steps counted from the first one."""
        return self.noise.draws(self.first + step, count, self.symbols, self._inside(part))

    def counters(self, part: slice, steps: int) -> NDArray[np.uint64] | None:
        """The streams of a part of the batch, where noise is drawn by counter.

        Raises:
            KernelError: numbers out of range in so many steps.
        """
        if not isinstance(self.noise, Seeded):
            return None
        numbers = np.asarray(self.noise.streams)[self._inside(part)]
        return require_counters(self.noise.seed, numbers, self.first + max(steps, 1) - 1)

    def _inside(self, part: slice) -> Members:
        return part if isinstance(self.members, slice) else self.members[part]


def noise_of(
    value: Any, names: str, symbols: int, steps: int, first: int, dtype: np.dtype[Any]
) -> Noise:
    """What a user passes as noise.

    Args:
        value: an array (steps, ..., symbols), or `Seeded`.
        names: the noise symbols, for the message.
        symbols: how many there are.
        steps: how many steps are taken.
        first: the index of the first one.
        dtype: of the kernel.

    Raises:
        KernelError: noise for a map without, no noise for a map with, or another shape.
    """
    if not symbols:
        if value is not None:
            raise KernelError("this map has no noise symbols; leave noise out")
        return Given(np.empty((steps, 0), dtype), first)
    if value is None:
        raise KernelError(f"this map draws {names}; give noise (steps, ..., m), or Seeded(seed)")
    if isinstance(value, Seeded):
        return value
    if steps == 0:
        return Given(np.empty((0, symbols), dtype), first)
    found = real_array(value, dtype, "the noise")
    if found.ndim < 2 or found.shape[0] != steps or found.shape[-1] != symbols:
        raise KernelError(f"noise has shape {found.shape}; give ({steps}, ..., {symbols})")
    return Given(found, first)


def batch_of(columns: list[Any], noise: Noise) -> tuple[int, ...]:
    """The shape of a batch of columns with noise.

    Raises:
        KernelError: the shapes do not fit together.
    """
    return broadcast([*columns, np.broadcast_to(np.zeros(()), noise.shape)])

"""What a backend offers: values of expressions, and orbits of maps, for flat batches."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.kernels.blocks import in_blocks
from symgan.kernels.body import INDEX, NOISE, STATE, Body
from symgan.kernels.numpy_backend import numpy_backend
from symgan.kernels.programs import program_backend

Draw = Callable[[int, int, slice], NDArray[Any]]
"""(first step, how many, part of the batch) -> draws (steps, symbols, batch)."""


@dataclass(frozen=True)
class Course:
    """Which steps an orbit takes, and which states it keeps.

    Attributes:
        first: the index of the first step.
        steps: how many; a multiple of `every`, at least 1.
        every: each so many-th state is kept.
    """

    first: int
    steps: int
    every: int

    @property
    def kept(self) -> int:
        """How many states are kept."""
        return self.steps // self.every


class Engine(ABC):
    """A compiled body.

    Attributes:
        name: of the backend.
        body: what it computes.
        dtype: float64 or float32.
    """

    name: str
    body: Body
    dtype: np.dtype[Any]

    @property
    @abstractmethod
    def source(self) -> str:
        """The generated code."""

    @abstractmethod
    def values(self, columns: Sequence[NDArray[Any]], size: int, workers: int) -> NDArray[Any]:
        """The outputs.

        Args:
            columns: one an argument: arrays (size,), or of no axis where one number serves all.
            size: of the batch.
            workers: threads.

        Returns:
            Array (outputs, size).
        """

    @abstractmethod
    def orbit(
        self,
        columns: Sequence[NDArray[Any]],
        draw: Draw,
        course: Course,
        found: NDArray[Any],
        workers: int,
    ) -> None:
        """States along an orbit; the outputs are the next state.

        Args:
            columns: as in `values`, without index and noise; state columns are (size,).
            draw: the noise.
            course: the steps.
            found: array (kept, outputs, size), which is filled.
            workers: threads.
        """


class NumpyEngine(Engine):
    """A body as one NumPy function.

    Raises:
        KernelError: a function NumPy does not know, or an undeclared symbol.
    """

    name = "numpy"

    def __init__(self, body: Body, dtype: np.dtype[Any]) -> None:
        self.body, self.dtype = body, dtype
        if body.assignments:
            made = program_backend(body.assignments, body.outputs, body.arguments, dtype)
        else:
            made = numpy_backend(body.outputs, body.arguments, dtype)
        self._function, self._source = made

    @property
    def source(self) -> str:
        """The generated function, as Python."""
        return self._source

    def values(self, columns: Sequence[NDArray[Any]], size: int, workers: int) -> NDArray[Any]:
        """As `Engine.values`."""
        found = np.empty((len(self.body.outputs), size), self.dtype)

        def work(part: slice) -> None:
            with np.errstate(over="ignore", under="ignore"):
                for row, value in zip(found, self._function(*_part(columns, part)), strict=True):
                    row[part] = value

        in_blocks(work, size, workers)
        return found

    def orbit(
        self,
        columns: Sequence[NDArray[Any]],
        draw: Draw,
        course: Course,
        found: NDArray[Any],
        workers: int,
    ) -> None:
        """As `Engine.orbit`; blocks of the batch that stay in the cache go through all steps."""
        count = len(self.body.having(STATE))

        def work(part: slice) -> None:
            here: list[Any] = _part(columns[:count], part)
            fixed = _part(columns[count:], part)
            for k in range(course.steps):
                moving = self._moving(draw, course.first, k, part)
                with np.errstate(over="ignore", under="ignore", invalid="ignore"):
                    values = self._function(*here, *fixed, *moving)
                    here = [np.asarray(value, dtype=self.dtype) for value in values]
                if (k + 1) % course.every == 0:
                    for row, value in zip(found[k // course.every], here, strict=True):
                        row[part] = value

        in_blocks(work, found.shape[-1], workers)

    def _moving(self, draw: Draw, first: int, k: int, part: slice) -> list[Any]:
        """The index and the draws of a step."""
        index = [self.dtype.type(first + k)] if self.body.having(INDEX) else []
        if not self.body.having(NOISE):
            return index
        return [*index, *draw(k, 1, part)[0].astype(self.dtype, copy=False)]


def _part(columns: Sequence[NDArray[Any]], part: slice) -> list[NDArray[Any]]:
    return [column if column.ndim == 0 else column[part] for column in columns]

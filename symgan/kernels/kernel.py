"""The abstract kernel, and the kernel of named expressions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sympy import Symbol

from symgan.kernels.blocks import cores
from symgan.kernels.values import Values, broadcast, parameter_columns, require_count

if TYPE_CHECKING:
    from symgan.kernels.engines import Engine

Columns = tuple[Any, ...]
Compiled = Callable[..., Sequence[Any]]
"""A generated function: arrays, one an argument -> a sequence of values, one an expression."""

ALONE = 2**14
"""Values up to which a second thread would cost more than it saves."""


@dataclass(frozen=True)
class Kernel(ABC):
    """A numeric function made from expressions.

    Attributes:
        arguments: the symbols of the generated function, in order.
        engine: what the backend made.

    Overflow gives infinities without a warning, as IEEE arithmetic defines it.
    """

    arguments: tuple[Symbol, ...]
    engine: Engine = field(repr=False, compare=False)

    @property
    def source(self) -> str:
        """The generated code: Python, or LLVM's text."""
        return self.engine.source

    @property
    def dtype(self) -> np.dtype[Any]:
        """float64 or float32; what a call returns."""
        return self.engine.dtype

    @property
    def backend(self) -> str:
        """The backend: "jit" or "numpy"."""
        return self.engine.name

    @abstractmethod
    def __call__(self, *values: Any, **named: Any) -> NDArray[Any]:
        """Evaluate; each kind of kernel says what it takes."""


@dataclass(frozen=True)
class ExpressionKernel(Kernel):
    """A batch of expressions in named arguments.

    Attributes:
        shape: the shape of one result: () for an expression, (n,) for a tuple, (n, m)
            for a matrix.
    """

    shape: tuple[int, ...]

    def __call__(self, values: Values, *, workers: int = 0) -> NDArray[Any]:
        """Evaluate at named values.

        Args:
            values: argument name or symbol -> number or array; arrays broadcast.
            workers: threads; 0 takes every core this process may use.

        Returns:
            Array (..., *shape).
        """
        columns = parameter_columns(values, self.arguments, self.dtype)
        return stack(self.engine, columns, self.shape, workers)


def stack(engine: Engine, columns: Columns, shape: tuple[int, ...], workers: int) -> NDArray[Any]:
    """Evaluate, with the values of one batch element on the last axes."""
    batch, flat = flattened(columns)
    size = int(np.prod(batch))
    found = engine.values(flat, size, threads(workers, size))
    entry = len(shape)
    arranged = found.reshape((*shape, *batch))
    return arranged.transpose((*range(entry, arranged.ndim), *range(entry)))


def flattened(columns: Sequence[Any]) -> tuple[tuple[int, ...], list[NDArray[Any]]]:
    """The shape of the batch, and its columns with one axis; none where one number serves all."""
    batch = broadcast(columns)
    return batch, [flat(column, batch) for column in columns]


def flat(column: Any, batch: tuple[int, ...]) -> NDArray[Any]:
    """A column with one axis, or none where one number serves all."""
    array = np.asarray(column)
    if array.size == 1:
        return array.reshape(())
    return (array if array.shape == batch else np.broadcast_to(array, batch)).reshape(-1)


def threads(workers: int, work: int) -> int:
    """Threads for so many values.

    Args:
        workers: what the user asks for; 0 for every core this process may use.
        work: how many values are computed.

    Raises:
        KernelError: no whole number of at least 0.
    """
    asked = require_count(workers, "workers", 0)
    if work <= ALONE:
        return 1
    return asked or cores()

"""The abstract kernel, and the kernel of named expressions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Symbol

from symgan.kernels.values import Values, broadcast, parameter_columns

Columns = tuple[Any, ...]
Compiled = Callable[..., Sequence[Any]]
"""What a backend makes: arrays, one an argument -> a sequence of values, one an expression."""
Backend = Callable[[Sequence[Any], Sequence[Symbol], np.dtype[Any]], tuple[Compiled, str]]
"""A backend: (expressions, arguments, dtype) -> the function and its generated code."""


@dataclass(frozen=True)
class Kernel(ABC):
    """A numeric function made from expressions.

    Attributes:
        arguments: the symbols of the generated function, in order.
        source: the generated code.
        dtype: float64 or float32; what a call returns.

    Overflow gives infinities without a warning, as IEEE arithmetic defines it.
    """

    arguments: tuple[Symbol, ...]
    source: str = field(repr=False)
    dtype: np.dtype[Any]

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
    function: Compiled = field(repr=False, compare=False)

    def __call__(self, values: Values) -> NDArray[Any]:
        """Evaluate at named values.

        Args:
            values: argument name or symbol -> number or array; arrays broadcast.

        Returns:
            Array (..., *shape).
        """
        columns = parameter_columns(values, self.arguments, self.dtype)
        return stack(self.function, columns, self.shape, self.dtype)


def stack(
    function: Compiled, columns: Columns, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> NDArray[Any]:
    """Evaluate, and lay the values of one batch element on the last axes."""
    batch = broadcast(columns)
    with np.errstate(over="ignore"):
        values = function(*columns)
        full = [np.broadcast_to(np.asarray(value, dtype=dtype), batch) for value in values]
    return np.stack(full, axis=-1).reshape((*batch, *shape))

"""Kernels of maps: steps, orbits, Jacobians."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Symbol

from symgan.kernels.blocks import iterate_blocks
from symgan.kernels.errors import KernelError
from symgan.kernels.kernel import Columns, Compiled, Kernel, stack
from symgan.kernels.values import (
    Values,
    broadcast,
    parameter_columns,
    real_array,
    require_count,
    state_columns,
)


@dataclass(frozen=True)
class MapKernel(Kernel):
    r"""A map :math:`x^+ = F(x, k, \xi)`: one step, many steps, orbits, the Jacobian."""

    state: tuple[Symbol, ...]
    parameters: tuple[Symbol, ...]
    index: Symbol | None
    noise: tuple[Symbol, ...]
    function: Compiled = field(repr=False, compare=False)
    derivative: Callable[[], Compiled] = field(repr=False, compare=False)

    def __call__(
        self, x: Any, parameters: Values | None = None, *, index: Any = 0, noise: Any = None
    ) -> NDArray[Any]:
        """`step`."""
        return self.step(x, parameters, index=index, noise=noise)

    def step(
        self, x: Any, parameters: Values | None = None, *, index: Any = 0, noise: Any = None
    ) -> NDArray[Any]:
        r"""One step, :math:`F(x, k, \xi)`.

        Args:
            x: states (..., n).
            parameters: name or symbol -> number or array that broadcasts against the batch.
            index: the iteration k that this step starts from.
            noise: draws (..., m), for maps with m noise symbols.

        Returns:
            Array (..., n).

        Raises:
            KernelError: shapes, parameters or numbers that do not fit.
        """
        columns = self._columns(x, parameters, index, noise)
        return stack(self.function, columns, (len(self.state),), self.dtype)

    def jacobian(
        self, x: Any, parameters: Values | None = None, *, index: Any = 0, noise: Any = None
    ) -> NDArray[Any]:
        r"""The Jacobian :math:`\partial F_i / \partial x_j` of a step, array (..., n, n)."""
        n = len(self.state)
        columns = self._columns(x, parameters, index, noise)
        return stack(self.derivative(), columns, (n, n), self.dtype)

    def iterate(
        self,
        x0: Any,
        steps: int,
        parameters: Values | None = None,
        *,
        noise: Any = None,
        workers: int = 1,
    ) -> NDArray[Any]:
        r"""The state after a number of steps from k = 0.

        The batch goes through in blocks that stay in the cache; its numbers do not depend on
        how it is split.

        Args:
            x0: initial states (..., n).
            steps: how many, 0 or more.
            parameters: name or symbol -> number or array that broadcasts against the batch.
            noise: draws (steps, ..., m), for maps with m noise symbols.
            workers: threads; maps with noise run on one.

        Returns:
            Array (..., n). An orbit that leaves float64 ends in inf or nan, silently.

        Raises:
            KernelError: as `step`; a negative number of steps, workers below 1.
        """
        steps = require_count(steps, "steps", 0)
        workers = require_count(workers, "workers", 1)
        if self.noise:
            *_, last = self._orbit(x0, steps, parameters, noise)
            return np.stack(last, axis=-1)
        self._draws(noise, steps)
        columns = state_columns(x0, self.state, self.dtype)
        constants = parameter_columns(parameters, self.parameters, self.dtype)
        shape = broadcast([*columns, *constants])
        state = [np.broadcast_to(column, shape) for column in columns]
        last = iterate_blocks(self.function, state, constants, self._clock, steps, workers)
        return np.stack(last, axis=-1)

    def _clock(self, k: int) -> tuple[Any, ...]:
        return () if self.index is None else (self.dtype.type(k),)

    def trajectory(
        self,
        x0: Any,
        steps: int,
        parameters: Values | None = None,
        *,
        every: int = 1,
        noise: Any = None,
    ) -> NDArray[Any]:
        """The orbit, initial state included.

        Args:
            every: keep each `every`-th state.

        Returns:
            Array (steps // every + 1, ..., n); otherwise as `iterate`.
        """
        steps, every = require_count(steps, "steps", 0), require_count(every, "every", 1)
        orbit = enumerate(self._orbit(x0, steps, parameters, noise))
        return np.stack([np.stack(x, axis=-1) for k, x in orbit if k % every == 0])

    def _orbit(
        self, x0: Any, steps: int, parameters: Values | None, noise: Any
    ) -> Iterator[list[Any]]:
        columns = state_columns(x0, self.state, self.dtype)
        constants = parameter_columns(parameters, self.parameters, self.dtype)
        draws = self._draws(noise, steps)
        drawn = len(self.noise) if steps else 0
        shape = broadcast([*columns, *constants, *(draws[0, ..., i] for i in range(drawn))])
        state = [np.broadcast_to(column, shape) for column in columns]
        yield state
        for k in range(steps):
            clock = self._clock(k)
            with np.errstate(over="ignore", invalid="ignore"):
                noises = (draws[k, ..., i] for i in range(drawn))
                values = self.function(*state, *constants, *clock, *noises)
                state = [np.broadcast_to(np.asarray(v, dtype=self.dtype), shape) for v in values]
            yield state

    def _draws(self, noise: Any, steps: int) -> NDArray[Any]:
        if not self.noise:
            if noise is not None:
                raise KernelError("this map has no noise symbols; leave noise out")
            return np.empty((0, 0))
        if noise is None:
            raise KernelError(f"this map draws {_listed(self.noise)}; give noise (steps, ..., m)")
        if steps == 0:
            return np.empty((0, len(self.noise)))
        draws = real_array(noise, self.dtype, "the noise")
        if draws.ndim < 2 or draws.shape[0] != steps or draws.shape[-1] != len(self.noise):
            raise KernelError(
                f"noise has shape {draws.shape}; give ({steps}, ..., {len(self.noise)})"
            )
        return draws

    def _columns(self, x: Any, parameters: Values | None, index: Any, noise: Any) -> Columns:
        columns = state_columns(x, self.state, self.dtype)
        constants = parameter_columns(parameters, self.parameters, self.dtype)
        clock = () if self.index is None else (real_array(index, self.dtype, "the index"),)
        drawn: Columns = ()
        if self.noise:
            if noise is None:
                raise KernelError(f"this map draws {_listed(self.noise)}; give noise (..., m)")
            drawn = state_columns(noise, self.noise, self.dtype)
        return (*columns, *constants, *clock, *drawn)


def _listed(symbols: Sequence[Symbol]) -> str:
    return ", ".join(symbol.name for symbol in symbols)

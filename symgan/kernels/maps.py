"""Kernels of maps: steps, orbits, reductions, Jacobians."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sympy import Symbol

from symgan.kernels.errors import KernelError
from symgan.kernels.kernel import Columns, Kernel, flat, stack, threads
from symgan.kernels.noise import Drawing, batch_of, noise_of
from symgan.kernels.reductions import Reduced, Reduction
from symgan.kernels.values import (
    Values,
    parameter_columns,
    real_array,
    require_count,
    state_columns,
)

if TYPE_CHECKING:
    from symgan.kernels.engines import Engine
    from symgan.kernels.reduce import Larger


@dataclass(frozen=True)
class MapKernel(Kernel):
    r"""A map :math:`x^+ = F(x, k, \xi)`: one step, many steps, orbits, the Jacobian."""

    state: tuple[Symbol, ...]
    parameters: tuple[Symbol, ...]
    index: Symbol | None
    noise: tuple[Symbol, ...]
    derivative: Callable[[], Engine] = field(repr=False, compare=False)
    larger: Callable[..., Larger] = field(repr=False, compare=False)

    def __call__(
        self, x: Any, parameters: Values | None = None, *, index: Any = 0, noise: Any = None
    ) -> NDArray[Any]:
        """`step`."""
        return self.step(x, parameters, index=index, noise=noise)

    def step(
        self,
        x: Any,
        parameters: Values | None = None,
        *,
        index: Any = 0,
        noise: Any = None,
        workers: int = 0,
    ) -> NDArray[Any]:
        r"""One step, :math:`F(x, k, \xi)`.

        Args:
            x: states (..., n).
            parameters: name or symbol -> number or array that broadcasts against the batch.
            index: the iteration k that this step starts from.
            noise: draws (..., m), for maps with m noise symbols.
            workers: threads; 0 takes every core this process may use.

        Returns:
            Array (..., n).

        Raises:
            KernelError: shapes, parameters or numbers that do not fit.
        """
        columns = self._columns(x, parameters, index, noise)
        return stack(self.engine, columns, (len(self.state),), workers)

    def jacobian(
        self,
        x: Any,
        parameters: Values | None = None,
        *,
        index: Any = 0,
        noise: Any = None,
        workers: int = 0,
    ) -> NDArray[Any]:
        r"""The Jacobian :math:`\partial F_i / \partial x_j` of a step, array (..., n, n)."""
        n = len(self.state)
        columns = self._columns(x, parameters, index, noise)
        return stack(self.derivative(), columns, (n, n), workers)

    def iterate(
        self,
        x0: Any,
        steps: int,
        parameters: Values | None = None,
        *,
        noise: Any = None,
        workers: int = 0,
        first: int = 0,
    ) -> NDArray[Any]:
        r"""The state after a number of steps.

        What a trajectory does depends neither on the rest of the batch nor on how it is split.

        Args:
            x0: initial states (..., n).
            steps: how many, 0 or more.
            parameters: name or symbol -> number or array that broadcasts against the batch.
            noise: draws (steps, ..., m) for maps with m noise symbols, or `Seeded`.
            workers: threads; 0 takes every core this process may use.
            first: the index of the first step.

        Returns:
            Array (..., n). An orbit that overflows ends in inf or nan; `reduce` says which
            does, and when.

        Raises:
            KernelError: as `step`; a negative number of steps or workers.
        """
        steps = require_count(steps, "steps", 0)
        kept = self._orbit(x0, steps, max(steps, 1), parameters, noise, workers, first)
        return kept[-1]

    def trajectory(
        self,
        x0: Any,
        steps: int,
        parameters: Values | None = None,
        *,
        every: int = 1,
        noise: Any = None,
        workers: int = 0,
        first: int = 0,
    ) -> NDArray[Any]:
        """The orbit, initial state included.

        Args:
            every: keep each `every`-th state.

        Returns:
            Array (steps // every + 1, ..., n); otherwise as `iterate`.
        """
        steps, every = require_count(steps, "steps", 0), require_count(every, "every", 1)
        return self._orbit(x0, steps, every, parameters, noise, workers, first)

    def reduce(
        self,
        x0: Any,
        steps: int,
        parameters: Values | None = None,
        *,
        reductions: Sequence[Reduction] = (),
        noise: Any = None,
        workers: int = 0,
    ) -> Reduced:
        """What an orbit comes to, without storing it.

        Args:
            reductions: what to find (`reductions`); those with `stop=True` end a trajectory,
                whose state stays where it then was.

        Returns:
            The final states, one array a reduction, and when each trajectory overflowed;
            otherwise as `iterate`.

        >>> from sympy import Rational, symbols
        >>> from symgan.kernels import compile
        >>> from symgan.kernels.reductions import EntryTime
        >>> from symgan.system import Map
        >>> x = symbols("x", real=True)
        >>> near = EntryTime(0.1, stop=True)
        >>> found = compile(Map((x,), (x / 2,))).reduce([[1.0], [0.0]], 9, reductions=[near])
        >>> found[near].tolist(), found.final.tolist()
        ([4, 0], [[0.0625], [0.0]])
        """
        from symgan.kernels.reduce import reduced

        steps = require_count(steps, "steps", 0)
        return reduced(self, x0, steps, parameters, tuple(reductions), noise, workers)

    def _orbit(
        self,
        x0: Any,
        steps: int,
        every: int,
        parameters: Values | None,
        noise: Any,
        workers: int,
        first: int,
    ) -> NDArray[Any]:
        """The initial state and each `every`-th one after it: array (kept + 1, ..., n)."""
        from symgan.kernels.engines import Course

        first = require_count(first, "first", 0)
        columns = state_columns(x0, self.state, self.dtype)
        constants = parameter_columns(parameters, self.parameters, self.dtype)
        drawn = noise_of(noise, _listed(self.noise), len(self.noise), steps, first, self.dtype)
        batch = batch_of([*columns, *constants], drawn)
        size, kept = int(np.prod(batch)), steps // every
        threads_used = threads(workers, size * max(steps, 1))
        start = [np.broadcast_to(column, batch).reshape(-1) for column in columns]
        found = np.empty((kept + 1, len(columns), size), self.dtype)
        found[0] = start
        if kept:
            self.engine.orbit(
                [*start, *(flat(constant, batch) for constant in constants)],
                Drawing(drawn.fitted(batch), len(self.noise), first),
                Course(first, kept * every, every),
                found[1:],
                threads_used,
            )
        return np.moveaxis(found.reshape((kept + 1, len(columns), *batch)), 1, -1)

    def _columns(self, x: Any, parameters: Values | None, index: Any, noise: Any) -> Columns:
        columns = state_columns(x, self.state, self.dtype)
        constants = parameter_columns(parameters, self.parameters, self.dtype)
        clock = () if self.index is None else (real_array(index, self.dtype, "the index"),)
        drawn: Columns = ()
        if self.noise:
            if noise is None:
                raise KernelError(f"this map draws {_listed(self.noise)}; give noise (..., m)")
            drawn = state_columns(noise, self.noise, self.dtype)
        elif noise is not None:
            raise KernelError("this map has no noise symbols; leave noise out")
        return (*columns, *constants, *clock, *drawn)


def _listed(symbols: Sequence[Symbol]) -> str:
    return ", ".join(symbol.name for symbol in symbols)

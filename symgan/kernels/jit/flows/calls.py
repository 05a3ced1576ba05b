"""Calls of the machine code of a flow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.kernels.jit.calls import Variant, padded

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Following:
    """One variant, and the times it goes through.

    Attributes:
        variant: the machine code.
        times: array (m,).
        place: of the end among the arguments: the address of the times stands there.
        steps: from one time to the next, at most.
    """

    variant: Variant
    times: Array
    place: int
    steps: int

    def found(self, columns: Sequence[Any], states: int, workers: int) -> Array:
        """The columns of the first `states` arguments at the times, array (m, states, count)."""
        ready = [np.ascontiguousarray(c, float).reshape(np.shape(c)) for c in columns]
        count, lanes = ready[0].size, self.variant.lanes
        found = np.empty((len(self.times), states, count))
        whole = count - count % lanes
        if whole:
            self._fill(found, 0, whole, ready, states, workers)
        if whole < count:
            rest = [c if c.ndim == 0 else padded(c[whole:], lanes) for c in ready]
            last = np.empty((len(self.times), states, lanes))
            self._fill(last, 0, lanes, rest, states, 1)
            found[..., whole:] = last[..., : count - whole]
        return found

    def _fill(
        self,
        found: Array,
        first: int,
        size: int,
        columns: Sequence[Array],
        states: int,
        workers: int,
    ) -> None:
        times = np.ascontiguousarray(self.times, float)
        arguments = [column.ctypes.data for column in columns]
        arguments[self.place] = times.ctypes.data
        to = [found[0, i, first:].ctypes.data for i in range(states)]
        apart = found.strides[0] // found.itemsize
        table = [*arguments, 0, *arguments[:states], *to, len(times), self.steps, apart]
        self.variant.run(table, size // self.variant.lanes, workers)

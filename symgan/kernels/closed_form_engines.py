"""How a closed form is summed over many times: by NumPy, or as machine code."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.kernels.clusters import Region, regions
from symgan.kernels.divided import Nodes, newton_sum
from symgan.kernels.engines import Course, Draw, Engine
from symgan.kernels.errors import KernelError
from symgan.kernels.spare import Spare

_FAR = 1e290
"""Beyond this a rate times a time has no defined rounding error."""


class SumEngine(Engine):
    """Sums of divided differences of exponentials.

    Args:
        source: of the nodes and coefficients, as Python.
        dtype: of what a call returns; sums are float64.
    """

    def __init__(self, source: str, dtype: np.dtype[Any]) -> None:
        self._source, self.dtype, self._spare = source, dtype, Spare()

    @property
    def source(self) -> str:
        """The function of the parameters that gives nodes and coefficients."""
        return self._source

    @abstractmethod
    def total(
        self, nodes: Nodes, rows: Sequence[Sequence[Any]], t: NDArray[np.float64], workers: int
    ) -> NDArray[np.float64]:
        """Every component at times (m,): array (components, m)."""

    def values(self, columns: Sequence[NDArray[Any]], size: int, workers: int) -> NDArray[Any]:
        """Refused: nodes come from parameters in multiprecision, not from columns."""
        raise KernelError("a closed form is evaluated at times; call the kernel")

    def orbit(
        self,
        columns: Sequence[NDArray[Any]],
        draw: Draw,
        course: Course,
        found: NDArray[Any],
        workers: int,
    ) -> None:
        """Refused: a closed form has no steps."""
        raise KernelError("a closed form has no steps; call the kernel")


class NumpySums(SumEngine):
    """By the recurrences of `divided`."""

    name = "numpy"

    def total(
        self, nodes: Nodes, rows: Sequence[Sequence[Any]], t: NDArray[np.float64], workers: int
    ) -> NDArray[np.float64]:
        """As `SumEngine.total`, on one thread."""
        coefficients = np.array([[complex(c) for c in line] for line in rows])
        return newton_sum(nodes, coefficients, t).real


class JitSums(SumEngine):
    """By the clusters of `clusters`, one loop a region; NumPy where they are beyond float64."""

    name = "jit"

    def total(
        self, nodes: Nodes, rows: Sequence[Sequence[Any]], t: NDArray[np.float64], workers: int
    ) -> NDArray[np.float64]:
        """As `SumEngine.total`."""
        with np.errstate(over="ignore"):
            far = t * float(np.abs(nodes.high).max()) > _FAR
        if far.any():
            out = np.empty((len(rows), t.size))
            out[:, ~far] = self.total(nodes, rows, t[~far], workers)
            out[:, far] = self._slow.total(nodes, rows, t[far], workers)
            return out
        found = regions(nodes.values, rows, float(t.max(initial=0.0)))
        if not all(_representable(region) for region in found):
            return self._slow.total(nodes, rows, t, workers)
        out = self._spare.array((len(rows), t.size), np.dtype(np.float64))
        for region, part in zip(found, _parts(found, t), strict=True):
            _fill(region, t, out, part, workers)
        return out

    @property
    def _slow(self) -> NumpySums:
        return NumpySums(self.source, self.dtype)


def _representable(region: Region) -> bool:
    return all(np.isfinite(c.coefficients).all() for c in region.clusters)


def _parts(found: list[Region], t: NDArray[np.float64]) -> list[Any]:
    """The times of every region: slices where times ascend, indices elsewhere."""
    edges = [region.begin for region in found[1:]]
    if np.all(t[1:] >= t[:-1]):
        cuts = [0, *np.searchsorted(t, edges, side="left"), t.size]
        return [slice(a, b) for a, b in pairwise(cuts)]
    which = np.searchsorted(edges, t, side="right")
    return [np.flatnonzero(which == number) for number in range(len(found))]


def _fill(
    region: Region, t: NDArray[np.float64], out: NDArray[Any], part: Any, workers: int
) -> None:
    from symgan.kernels.jit.exponential_sums import region_sum

    times = np.ascontiguousarray(t[part])
    if times.size == 0:
        return
    if isinstance(part, slice):
        region_sum(region, times, out[:, part], workers)
        return
    rows = np.empty((len(out), times.size))
    region_sum(region, times, rows, workers)
    out[:, part] = rows

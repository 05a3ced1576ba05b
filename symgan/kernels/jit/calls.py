"""Calls of compiled functions: tables of addresses, threads, the padded end of a batch."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from symgan.kernels.blocks import share
from symgan.kernels.body import INDEX, NOISE, PARAMETER, STATE, Body
from symgan.kernels.engines import Course, Draw
from symgan.kernels.jit.engine import Loaded

SHARES = 8
"""Pieces of work a thread, so that one that is interrupted does not keep the others waiting."""
HELD = 2**22
"""Numbers of noise, or of padded states, that are held at once."""


@dataclass(frozen=True)
class Variant:
    """One compiled function.

    Attributes:
        lanes: trajectories of a group.
        function: the machine code.
    """

    lanes: int
    function: Loaded

    def run(self, table: Sequence[int], groups: int, workers: int) -> None:
        """Work on the groups from 0 on; threads share them out."""
        numbers = (ctypes.c_int64 * len(table))(*table)
        shares = min(groups, workers * SHARES if workers > 1 else 1)
        if shares <= 1:
            self.function.call(numbers, 0, groups)
            return
        marks = [groups * i // shares for i in range(shares + 1)]
        share(lambda ends: self.function.call(numbers, *ends), pairwise(marks), workers)


def evaluate(
    variant: Variant, columns: Sequence[NDArray[Any]], found: NDArray[Any], workers: int
) -> None:
    """Fill an array (outputs, size)."""
    size = found.shape[-1]
    groups, rest = divmod(size, variant.lanes)
    if groups:
        variant.run([*_addresses(columns), *_addresses(found)], groups, workers)
    if rest:
        part = slice(size - rest, size)
        ends = [padded(_part(column, part), variant.lanes) for column in columns]
        last = np.empty((len(found), variant.lanes), found.dtype)
        variant.run([*_addresses(ends), *_addresses(last)], 1, 1)
        found[:, part] = last[:, :rest]


@dataclass(frozen=True)
class Orbit:
    """Steps of a batch, in pieces that bound the memory.

    Attributes:
        body: what a step computes.
        variant: compiled from it.
        columns: of the states and the parameters.
        draw: the noise.
        course: the steps.
        seeded: whether the code draws it, by counter.
    """

    body: Body
    variant: Variant
    columns: Sequence[NDArray[Any]]
    draw: Draw
    course: Course
    seeded: bool = False

    def fill(self, found: NDArray[Any], workers: int) -> None:
        """Fill an array (kept, outputs, size)."""
        size, lanes = found.shape[-1], self.variant.lanes
        whole = size - size % lanes
        if whole:
            self._fill(found, slice(0, whole), whole, workers)
        if whole < size:
            self._fill(found, slice(whole, size), lanes, 1)

    def _fill(self, found: NDArray[Any], part: slice, wide: int, workers: int) -> None:
        """One part of the batch; what is no whole number of groups is padded to `wide`."""
        count, narrow = len(self.body.having(STATE)), part.stop - part.start
        given = [padded(_part(column, part), wide) for column in self.columns]
        here, constants = list(given[:count]), given[count:]
        for piece in self._pieces(wide, padded=narrow < wide):
            out = found[piece.row : piece.row + piece.kept, :, part]
            to = out if narrow == wide else np.empty((piece.kept, count, wide), found.dtype)
            noise = self._noise(piece, part, wide, found.dtype)
            table = self._table(here, constants, noise, to, piece)
            self.variant.run(table, wide // self.variant.lanes, workers)
            if to is not out:
                out[...] = to[..., :narrow]
            here = list(to[-1])

    def _pieces(self, wide: int, *, padded: bool) -> Iterator[_Piece]:
        symbols = 0 if self.seeded else len(self.body.having(NOISE))
        every = self.course.every
        kept = self.course.kept
        steps = max(1, HELD // (symbols * wide)) if symbols else kept * every
        states = len(self.body.having(STATE)) * wide
        most = min(max(1, HELD // states) if padded else kept, max(1, steps // every))
        for row in range(0, kept, most):
            some = min(most, kept - row)
            for k in range(0, every, steps):
                yield _Piece(row * every + k, row, some, min(steps, every - k))

    def _noise(self, piece: _Piece, part: slice, wide: int, dtype: np.dtype[Any]) -> _Noise:
        symbols = len(self.body.having(NOISE))
        if not symbols:
            return _Noise((), 0, ())
        steps = piece.kept * piece.every
        if self.seeded:
            return self._counters(piece.step, steps, part, wide)
        drawn = np.ascontiguousarray(padded(self.draw(piece.step, steps, part), wide), dtype)
        apart = drawn.strides[0] // drawn.itemsize
        return _Noise([drawn[:, i].ctypes.data for i in range(symbols)], apart, drawn)

    def _counters(self, step: int, steps: int, part: slice, wide: int) -> _Noise:
        """Where the code finds the streams, the seed and the number of the first step."""
        draw: Any = self.draw
        streams = np.ascontiguousarray(padded(draw.counters(part, step + steps), wide))
        seed = int(draw.noise.seed)
        settings = np.array([seed & 0xFFFFFFFF, seed >> 32, draw.first + step], np.uint64)
        held = (streams, settings)
        return _Noise([streams.ctypes.data], settings.ctypes.data, held)

    def _table(
        self,
        here: Sequence[NDArray[Any]],
        constants: Sequence[NDArray[Any]],
        noise: _Noise,
        to: NDArray[Any],
        piece: _Piece,
    ) -> list[int]:
        arguments = [0] * len(self.body.roles)
        for position, address in zip(
            self.body.having(PARAMETER), _addresses(constants), strict=True
        ):
            arguments[position] = address
        for position, address in zip(self.body.having(NOISE), noise.addresses, strict=False):
            arguments[position] = address
        for position in self.body.having(INDEX):
            arguments[position] = self.course.first + piece.step
        apart = to.strides[0] // to.itemsize
        ends = [*_addresses(here), *_addresses(to[0])]
        return [*arguments, noise.entry, *ends, piece.kept, piece.every, apart]


class _Noise(NamedTuple):
    """Where a call finds its noise.

    Attributes:
        addresses: of the columns of the symbols, or of the streams.
        entry: the elements from one step's noise to the next, or the address of seed and step.
        held: what must stay in memory.
    """

    addresses: Sequence[int]
    entry: int
    held: Any


@dataclass(frozen=True)
class _Piece:
    """Steps of one call.

    Attributes:
        step: the first one, counted from the start of the orbit.
        row: of the first state that is kept.
        kept: how many states are kept.
        every: steps from one kept state to the next.
    """

    step: int
    row: int
    kept: int
    every: int


def _addresses(columns: Any) -> list[int]:
    return [column.ctypes.data for column in columns]


def _part(column: NDArray[Any], part: slice) -> NDArray[Any]:
    return column if column.ndim == 0 else column[part]


def padded(column: NDArray[Any], wide: int) -> NDArray[Any]:
    """The last axis made as long as whole groups are, by repeating its last entry."""
    if column.ndim == 0 or column.shape[-1] == wide:
        return column
    found = np.empty((*column.shape[:-1], wide), column.dtype)  # np.pad takes ten times as long
    count = column.shape[-1]
    found[..., :count], found[..., count:] = column, column[..., -1:]
    return found

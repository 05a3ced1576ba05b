r"""Sums of exponentials at many times as one loop: closed forms, from `clusters`.

A loop depends on the shape of a region only: how many clusters, which of them decay, turn or do
neither, and how many terms their series have. Rates and coefficients are its arguments.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.kernels.blocks import in_blocks
from symgan.kernels.clusters import Cluster, Region
from symgan.kernels.jit.engine import Loaded, assembled, loaded
from symgan.kernels.jit.functions.exponential import clamped, exp_of_sum
from symgan.kernels.jit.functions.huge import LARGE
from symgan.kernels.jit.functions.parts import product_with_error
from symgan.kernels.jit.functions.trigonometric import rotation
from symgan.kernels.jit.lanes import FLOAT, Lanes, Value
from symgan.kernels.jit.loops import ENTRY
from symgan.kernels.jit.store import key, user_store
from symgan.kernels.jit.target import host

_VECTORS = 2
"""Machine vectors in flight."""
_CLASSES = (1, 2, 3, 4, 8, 16, 24, 32, 48, 64)
"""Series are padded with zeros to one of these lengths, so that loops are used again."""


@dataclass(frozen=True)
class Shape:
    """What the code of a cluster depends on.

    Attributes:
        decays, turns: whether the center has a real, an imaginary part.
        bounded: whether no angle is large.
        terms: of the series.
    """

    decays: bool
    turns: bool
    bounded: bool
    terms: int


Shapes = tuple[Shape, ...]


def shape_of(cluster: Cluster, last: float) -> Shape:
    """The shape of a cluster up to a last time."""
    decays = cluster.high.real != 0 or cluster.low.real != 0
    turns = cluster.high.imag != 0 or cluster.low.imag != 0
    bounded = abs(cluster.high.imag) * last < LARGE[True] / 2
    count = cluster.coefficients.shape[1]
    terms = next((n for n in _CLASSES if n >= count), count)
    return Shape(decays, turns, bounded, terms)


def region_sum(
    region: Region, t: NDArray[np.float64], out: NDArray[np.float64], workers: int
) -> None:
    """Evaluate a region's sum.

    Args:
        region: where its clusters are the right ones.
        t: times (m,), contiguous, all within the region.
        out: array (components, m) to fill; its rows are contiguous.
        workers: threads.
    """
    last, components = float(t.max()), len(out)
    shapes = tuple(shape_of(c, last) for c in region.clusters)
    grows = any(region.growth)
    function, width = _function(shapes, components, grows)
    numbers = _numbers(region, shapes)

    def work(part: slice) -> None:
        times, rows = t[part], out[:, part]
        whole = times.size - times.size % width
        if whole:
            _call(function, numbers, times, rows, whole)
        if whole < times.size:
            padded = np.pad(times[whole:], (0, width - (times.size - whole)), mode="edge")
            found = np.empty((components, width))
            _call(function, numbers, padded, found, width)
            rows[:, whole:] = found[:, : times.size - whole]

    in_blocks(work, t.size, workers, 1 << 16)


def _call(
    function: Loaded, numbers: NDArray[np.float64], t: NDArray[Any], rows: NDArray[Any], count: int
) -> None:
    addresses = [numbers.ctypes.data, t.ctypes.data, *(row.ctypes.data for row in rows)]
    table = (ctypes.c_uint64 * len(addresses))(*addresses)
    function.call(ctypes.addressof(table), 0, count)


def _numbers(region: Region, shapes: Shapes) -> NDArray[np.float64]:
    """The loop's arguments, in the order in which it reads them."""
    found: list[float] = [1 / region.scale, *region.growth]
    for cluster, shape in zip(region.clusters, shapes, strict=True):
        high, low = cluster.high, cluster.low
        found += [high.real, low.real, high.imag, low.imag]
        for row in cluster.coefficients:
            padded: NDArray[np.complex128] = np.zeros(shape.terms, dtype=np.complex128)
            padded[: row.size] = row
            found += [*padded.real[::-1], *padded.imag[::-1]]
    return np.array(found)


@cache
def _function(shapes: Shapes, components: int, grows: bool) -> tuple[Loaded, int]:
    """The machine code of a shape, from the disk or made anew, and its width."""
    target, store = host(), user_store()
    width = _VECTORS * target.bits // 64
    name = key("exponential sums", target, shapes, components, grows)
    data = store.find(name)
    if data is None:
        data = assembled(_Loop(components, width, target.bits).text(shapes, grows), target)
        store.keep(name, data)
    return loaded(data, target), width


class _Loop:
    """Writes the loop of a shape."""

    def __init__(self, components: int, width: int, bits: int) -> None:
        self.lanes, self.components, self.bits = Lanes(np.float64, width), components, bits
        self.time = self.lanes.argument("time")
        self._next = 0

    def text(self, shapes: Shapes, grows: bool) -> str:
        """The function's text."""
        scaled = self.lanes.mul(self.time, self._number())
        growth = self._number(), self._number()
        totals = [self.lanes.const(0)] * self.components
        for shape in shapes:
            parts = self._cluster(shape, scaled)
            totals = [self.lanes.add(a, b) for a, b in zip(totals, parts, strict=True)]
        if grows:
            totals = [self._grown(total, *growth) for total in totals]
        return self._function(totals)

    def _number(self) -> Value:
        """The next argument, in every lane."""
        lanes, width = self.lanes, self.lanes.width
        address, scalar, first, every = (lanes.fresh() for _ in range(4))
        lanes.line(f"{address} = getelementptr double, ptr %numbers, i64 {self._next}")
        lanes.line(f"{scalar} = load double, ptr {address}, align 8")
        vector = lanes.types[FLOAT]
        lanes.line(f"{first} = insertelement {vector} poison, double {scalar}, i64 0")
        lanes.line(
            f"{every} = shufflevector {vector} {first}, {vector} poison, "
            f"<{width} x i32> zeroinitializer"
        )
        self._next += 1
        return Value(every, FLOAT)

    def _times(self, high: Value, low: Value) -> tuple[Value, Value]:
        """A rate times the time, and what rounding it lost."""
        product, lost = product_with_error(self.lanes, high, self.time)
        return product, self.lanes.fma(low, self.time, lost)

    def _cluster(self, shape: Shape, scaled: Value) -> list[Value]:
        lanes = self.lanes
        rate, angle = (self._times(self._number(), self._number()) for _ in range(2))
        turn = rotation(lanes, *angle, bounded=shape.bounded) if shape.turns else None
        size = exp_of_sum(lanes, clamped(lanes, rate[0]), rate[1]) if shape.decays else None
        found: list[Value] = []
        for _ in range(self.components):
            real = self._series(shape.terms, scaled)
            imaginary = self._series(shape.terms, scaled, used=turn is not None)
            if turn is not None:
                real = lanes.fma(real, turn[0], lanes.neg(lanes.mul(imaginary, turn[1])))
            found.append(real if size is None else lanes.mul(real, size))
        return found

    def _series(self, terms: int, scaled: Value, *, used: bool = True) -> Value:
        """A polynomial by Horner's rule, the last coefficient first; unused ones are passed by."""
        if not used:
            self._next += terms
            return self.lanes.const(0)
        value = self._number()
        for _ in range(terms - 1):
            value = self.lanes.fma(value, scaled, self._number())
        return value

    def _grown(self, total: Value, high: Value, low: Value) -> Value:
        """The total times what has been taken out; 0 stays 0."""
        lanes = self.lanes
        rate = self._times(high, low)
        grown = lanes.mul(total, exp_of_sum(lanes, clamped(lanes, rate[0]), rate[1]))
        zero = lanes.const(0)
        return lanes.select(lanes.eq(total, zero), zero, grown)

    def _function(self, totals: Sequence[Value]) -> str:
        lanes, vector = self.lanes, self.lanes.types[FLOAT]
        loads: list[str] = []
        names = ("numbers", "times", *(f"row{i}" for i in range(self.components)))
        for i, name in enumerate(names):
            loads.append(f"  %{name}.at = getelementptr ptr, ptr %table, i64 {i}")
            loads.append(f"  %{name} = load ptr, ptr %{name}.at, align 8")
        stores: list[str] = []
        for i, total in enumerate(totals):
            stores.append(f"  %to{i} = getelementptr double, ptr %row{i}, i64 %k")
            stores.append(f"  store {vector} {total.text}, ptr %to{i}, align 8")
        wide = f'"prefer-vector-width"="{self.bits}" "min-legal-vector-width"="{self.bits}"'
        return "\n".join(
            [
                *lanes.declared.values(),
                f"define void @{ENTRY}(ptr %table, i64 %begin, i64 %end) {wide} {{",
                "entry:",
                *loads,
                "  br label %loop",
                "loop:",
                "  %k = phi i64 [ %begin, %entry ], [ %next, %loop ]",
                "  %time.at = getelementptr double, ptr %times, i64 %k",
                f"  %time = load {vector}, ptr %time.at, align 8",
                *lanes.lines,
                *stores,
                f"  %next = add i64 %k, {lanes.width}",
                "  %more = icmp slt i64 %next, %end",
                "  br i1 %more, label %loop, label %done",
                "done:",
                "  ret void",
                "}",
            ]
        )

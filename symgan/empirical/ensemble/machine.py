"""Passes through small networks as machine code: a member after the other, on every core.

`symgan.kernels.jit.products` has the arithmetic. A member's numbers do not depend on the others, on
threads or on the registers of the machine; they differ from PyTorch's by roundings.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from symgan.empirical.ensemble.layers import Trace, Weights
from symgan.kernels.jit.product_blocks import ACROSS, ALONG, FIELDS
from symgan.kernels.jit.products import small_products
from symgan.kernels.spare import Shelves

WORTH = 3 << 22
"""Multiplications for which another thread is worth waking: it wakes in some ten
microseconds, in which one thread does a tenth of this."""


class MachinePasses:
    """Passes by machine code on the processor.

    Args:
        slope: s of the activation below zero, at least 0; 0 is the ReLU.
        dtype: float32 or float64.
        workers: threads.

    Raises:
        MissingExtra: llvmlite is not installed.
    """

    def __init__(self, slope: float, dtype: torch.dtype, workers: int) -> None:
        self.slope, self.dtype, self.workers = slope, dtype, workers
        self._call = small_products(str(dtype).removeprefix("torch.")).call
        self._bent, self._straight = (torch.tensor([s], dtype=dtype) for s in (slope, 1.0))
        self._zero = torch.zeros(1, dtype=dtype)
        self._rooms = Shelves()
        self._pool = ThreadPoolExecutor(workers - 1) if workers > 1 else None

    def forward(self, weights: Weights, x: Tensor, members: Tensor | None = None) -> Trace:
        """See `Passes.forward`."""
        m, _, batch = x.shape
        widths = [W.shape[1] for W in weights[::2]]
        rows = self._rows(m, widths, batch)
        work = _Work(m, batch, members)
        inputs = [work.kept(x), *rows[:-1]]
        for layer, (h, out) in enumerate(zip(inputs, rows, strict=True)):
            W, b = weights[2 * layer : 2 * layer + 2]
            bent = self._bent if layer < len(rows) - 1 else self._straight
            work.along(W, h, out, bent, bias=b)
        self._run(work)
        return Trace(tuple(inputs), rows[-1], whole=members is None)

    def signals(
        self, weights: Weights, trace: Trace, output: Tensor, members: Tensor | None = None
    ) -> list[Tensor]:
        """See `Passes.signals`."""
        m, _, batch = output.shape
        work = _Work(m, batch, members)
        delta = self._rows(m, [W.shape[2] for W in weights[2::2]], batch)
        found = self._signals(work, weights, trace, output, delta)
        self._run(work)
        return found

    def backward(
        self, weights: Weights, trace: Trace, output: Tensor, members: Tensor | None = None
    ) -> Tensor:
        """See `Passes.backward`."""
        m, _, batch = output.shape
        work = _Work(m, batch, members)
        room, delta = self._scratch([W.shape[2] for W in weights[2::2]], batch)
        found = self._signals(work, weights, trace, output, delta)
        flat = self._gradients(work, trace, found, None)
        self._run(work, room)
        return flat

    def pulled(
        self, weights: Weights, trace: Trace, output: Tensor, members: Tensor | None = None
    ) -> Tensor:
        """See `Passes.pulled`."""
        m, _, batch = output.shape
        work = _Work(m, batch, members)
        room, delta = self._scratch([W.shape[2] for W in weights[2::2]], batch)
        first = self._signals(work, weights, trace, output, delta)[0]
        out = self._room(m, weights[0].shape[2], batch)
        work.along(weights[0].transpose(1, 2), first, out, self._straight, self._zero)
        self._run(work, room)
        return out

    def _signals(
        self,
        work: _Work,
        weights: Weights,
        trace: Trace,
        output: Tensor,
        delta: Sequence[Tensor],
    ) -> list[Tensor]:
        """Add a pass backward, written to ``delta``; the signals of all layers."""
        found = [*delta, work.kept(output)]
        for layer in range(len(delta), 0, -1):
            W, h = weights[2 * layer].transpose(1, 2), trace.inputs[layer]
            mask = (h, trace.whole)
            work.along(W, found[layer], found[layer - 1], self._bent, self._zero, mask=mask)
        return found

    def input_gradient(
        self, weights: Weights, delta: Sequence[Tensor], members: Tensor | None = None
    ) -> Tensor:
        """See `Passes.input_gradient`."""
        m, _, batch = delta[0].shape
        W = weights[0].transpose(1, 2)
        (out,) = self._rows(m, [W.shape[1]], batch)
        work = _Work(m, batch, members)
        work.along(W, delta[0], out, self._straight, self._zero)
        self._run(work)
        return out

    def tangents(
        self, weights: Weights, trace: Trace, u: Tensor, members: Tensor | None = None
    ) -> list[Tensor]:
        """See `Passes.tangents`."""
        m, _, batch = u.shape
        rows = self._rows(m, [W.shape[1] for W in weights[:-2:2]], batch)
        work = _Work(m, batch, members)
        found = [work.kept(u), *rows]
        for layer in range(len(rows)):
            W, h = weights[2 * layer], trace.inputs[layer + 1]
            work.along(
                W, found[layer], found[layer + 1], self._bent, self._zero, mask=(h, trace.whole)
            )
        self._run(work)
        return found

    def gradients(
        self,
        trace: Trace,
        delta: Sequence[Tensor],
        members: Tensor | None = None,
        share: Tensor | None = None,
    ) -> Tensor:
        """See `Passes.gradients`."""
        m, _, batch = delta[0].shape
        work = _Work(m, batch, members)
        flat = self._gradients(work, trace, delta, share)
        self._run(work)
        return flat

    def _gradients(
        self, work: _Work, trace: Trace, delta: Sequence[Tensor], share: Tensor | None
    ) -> Tensor:
        """Add the gradients of all layers; the array that they are written to."""
        sizes = [(d.shape[1], h.shape[1]) for d, h in zip(delta, trace.inputs, strict=True)]
        flat = self._room(work.m, sum(o * (i + 1) for o, i in sizes))
        one = torch.ones(1, work.batch, dtype=self.dtype) if share is None else share
        weight, at = work.kept(one.unsqueeze(1)), 0
        for d, h, (o, i) in zip(delta, trace.inputs, sizes, strict=True):
            work.across(d, h, flat, at, whole=trace.whole)
            work.across(d, weight, flat, at + o * i)
            at += o * (i + 1)
        return flat

    def _rows(self, m: int, widths: Sequence[int], batch: int) -> list[Tensor]:
        """Room for layers of some widths: a member's layers lie side by side."""
        room = self._room(m, sum(widths), batch)
        return list(room.split(list(widths), 1))

    def _room(self, *shape: int) -> Tensor:
        """Entries not set, in memory that an earlier pass has given back."""
        return torch.from_numpy(self._rooms.array(shape, self._zero.numpy().dtype))

    def _scratch(self, widths: Sequence[int], batch: int) -> tuple[Tensor, list[Tensor]]:
        """Room a piece of work for one member's layers, and the layers of the first piece."""
        room = self._room(self.workers, sum(widths), batch)
        return room, list(room[:1].split(list(widths), 1))

    def _run(self, work: _Work, scratch: Tensor | None = None) -> None:
        """Do the work, in pieces that threads share out; each has its own scratch."""
        if self._pool is None or work.size < WORTH:
            self._call(work.table(), 0, work.m)
            return
        pieces = min(work.m, self.workers)
        ends = [work.m * i // pieces for i in range(pieces + 1)]
        tables = [work.table(scratch, i) for i in range(pieces)]
        (mine, *theirs), own_end = tables, ends[1]
        others = [
            self._pool.submit(self._call, table, *part)
            for table, part in zip(theirs, pairwise(ends[1:]), strict=True)
        ]
        self._call(mine, 0, own_end)
        for other in others:
            other.result()


Place = tuple[int, int, int]
"""An address, and how many bytes further the next member's number, or place, leads."""


@dataclass
class _Work:
    """Products to do for some members.

    Attributes:
        m: how many members.
        batch: size of the batch.
        members: their numbers; None: all, in order.
        size: multiplications.
        numbers: what the machine code reads, `products.FIELDS` of each product.
        held: arrays that must stay in memory until it has.
    """

    m: int
    batch: int
    members: Tensor | None
    size: int = 0
    numbers: array[int] = field(default_factory=lambda: array("q"))
    held: list[Any] = field(default_factory=list)

    def along(
        self,
        A: Tensor,
        H: Tensor,
        out: Tensor,
        slope: Tensor,
        bias: Tensor,
        mask: tuple[Tensor, bool] | None = None,
    ) -> None:
        """Add a product with the batch; A and a bias with rows are those of all members.

        A mask comes with whether it is.
        """
        outputs, inputs = A.shape[1:]
        self.size += self.m * outputs * inputs * self.batch
        whole = bias.ndim > 1
        self.numbers.extend((ALONG, outputs, inputs, self.batch))
        self.numbers.extend((*self._whole(A), A.stride(1), A.stride(2)))
        self.numbers.extend(self._whole(bias) if whole else (bias.data_ptr(), 0, 0))
        self.numbers.extend((bias.stride(1) if whole else 0, *self._own(H), *self._own(out), 0))
        self.numbers.extend((0, 0, 0) if mask is None else self._at(*mask))
        self.numbers.append(slope.data_ptr())

    def across(self, D: Tensor, H: Tensor, out: Tensor, first: int, *, whole: bool = False) -> None:
        """Add a product over the batch, written from an entry on; H may be that of all members."""
        outputs, inputs = D.shape[1], H.shape[1]
        self.size += self.m * outputs * inputs * self.batch
        address, member, place = self._own(out)
        self.numbers.extend((ACROSS, outputs, inputs, self.batch, *self._own(D), 0, 0))
        self.numbers.extend((0, 0, 0, 0, *self._at(H, whole)))
        self.numbers.extend((address + first * out.element_size(), member, place, inputs))
        self.numbers.extend((0, 0, 0, 0))

    def _at(self, x: Tensor, whole: bool) -> Place:
        return self._whole(self.kept(x)) if whole else self._own(self.kept(x))

    def _whole(self, x: Tensor) -> Place:
        """Rows of all members."""
        apart = x.stride(0) * x.element_size()
        return (x.data_ptr(), 0, apart) if self.members is None else (x.data_ptr(), apart, 0)

    @staticmethod
    def _own(x: Tensor) -> Place:
        """Rows of those that are meant, in order; one row may serve them all."""
        return x.data_ptr(), 0, x.stride(0) * x.element_size() if len(x) > 1 else 0

    def kept(self, x: Tensor) -> Tensor:
        """An array with a member's rows side by side, as the machine code takes them to be."""
        if x.stride(2) != 1 or x.stride(1) != self.batch:
            x = x.contiguous()
        self.held.append(x)
        return x

    def table(self, scratch: Tensor | None = None, piece: int = 0) -> Any:
        """The table that the machine code reads, for a piece of work with scratch of its own."""
        members = torch.arange(self.m) if self.members is None else self.members.contiguous()
        numbers = array("q", (members.data_ptr(), len(self.numbers) // len(FIELDS)))
        numbers += self.numbers
        if scratch is not None and piece:
            first, apart = scratch.data_ptr(), scratch.stride(0) * scratch.element_size()
            for i, number in enumerate(numbers):
                if first <= number < first + apart:  # an address: sizes are far below
                    numbers[i] = number + piece * apart
        self.held += [members, numbers]
        return ctypes.c_void_p(numbers.buffer_info()[0])

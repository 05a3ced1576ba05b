"""Passes through small networks as machine code: a member after the other, on every core.

`symgan.kernels.jit.products` has the arithmetic. A member's numbers do not depend on the others, on
threads or on the registers of the machine; they differ from PyTorch's by roundings.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from symgan.empirical.ensemble.layers import Trace, Weights
from symgan.empirical.ensemble.machine_work import Work
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
        self.bent, self.straight = (self._bent, self._zero), (self._straight, self._zero)
        self._rooms = Shelves()
        self._pool = ThreadPoolExecutor(workers - 1) if workers > 1 else None

    def forward(self, weights: Weights, x: Tensor, members: Tensor | None = None) -> Trace:
        """See `Passes.forward`."""
        m, _, batch = x.shape
        widths = [W.shape[1] for W in weights[::2]]
        rows = self._rows(m, widths, batch)
        work = Work(m, batch, members)
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
        work = Work(m, batch, members)
        delta = self._rows(m, [W.shape[2] for W in weights[2::2]], batch)
        found = self._signals(work, weights, trace, output, delta)
        self._run(work)
        return found

    def backward(
        self, weights: Weights, trace: Trace, output: Tensor, members: Tensor | None = None
    ) -> Tensor:
        """See `Passes.backward`."""
        m, _, batch = output.shape
        work = Work(m, batch, members)
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
        work = Work(m, batch, members)
        room, delta = self._scratch([W.shape[2] for W in weights[2::2]], batch)
        first = self._signals(work, weights, trace, output, delta)[0]
        out = self._room(m, weights[0].shape[2], batch)
        work.along(weights[0].transpose(1, 2), first, out, self._straight, self._zero)
        self._run(work, room)
        return out

    def _signals(
        self,
        work: Work,
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
        work = Work(m, batch, members)
        work.along(W, delta[0], out, self._straight, self._zero)
        self._run(work)
        return out

    def tangents(
        self, weights: Weights, trace: Trace, u: Tensor, members: Tensor | None = None
    ) -> list[Tensor]:
        """See `Passes.tangents`."""
        m, _, batch = u.shape
        rows = self._rows(m, [W.shape[1] for W in weights[:-2:2]], batch)
        work = Work(m, batch, members)
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
        work = Work(m, batch, members)
        flat = self._gradients(work, trace, delta, share)
        self._run(work)
        return flat

    def _gradients(
        self, work: Work, trace: Trace, delta: Sequence[Tensor], share: Tensor | None
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

    def _run(self, work: Work, scratch: Tensor | None = None) -> None:
        """Do the work, in pieces that threads share out; each has its own scratch."""
        alone = self._pool is None or work.size < WORTH
        tables = [work.table(scratch, i) for i in range(1 if alone else self.workers)]
        self.share(tables, work.m, work.size)

    def share(self, tables: Sequence[Any], m: int, size: int) -> None:
        """Do the work of a list for m members, a table a thread.

        Args:
            tables: as `Work.table` makes them, one a thread at least.
            m: how many places the list of members has.
            size: multiplications; few are not worth another thread.
        """
        pieces = min(m, self.workers, len(tables))
        if self._pool is None or size < WORTH or pieces < 2:
            self._call(tables[0], 0, m)
            return
        ends = [m * i // pieces for i in range(pieces + 1)]
        (mine, *theirs), own_end = tables[:pieces], ends[1]
        others = [
            self._pool.submit(self._call, table, *part)
            for table, part in zip(theirs, pairwise(ends[1:]), strict=True)
        ]
        self._call(mine, 0, own_end)
        for other in others:
            other.result()

"""Lists of what machine code does for each member of an ensemble: one product after the other."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from symgan.kernels.jit.engine import Loaded
from symgan.kernels.jit.product_entry import ACROSS, ADDED, ALONG, CALL, FIELDS, FINITE

Place = tuple[int, int, int]
"""An address, and how many bytes further the next member's number, or place, leads."""


@dataclass
class Work:
    """Products to do for some members.

    Attributes:
        m: how many members.
        batch: size of the batch.
        members: their numbers; None: all, in order.
        size: multiplications.
        guard: the address of a whole number a member, bytes from one to the next, and bits: what
            is added is left out where the number has none of them; 0: always done.
        numbers: what the machine code reads, `products.FIELDS` of each product.
        held: arrays that must stay in memory until it has.
    """

    m: int
    batch: int
    members: Tensor | None
    size: int = 0
    guard: tuple[int, int, int] = (0, 0, 0)
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
        *,
        whole: bool = False,
    ) -> None:
        """Add a product with the batch; A and a bias with rows are those of all members.

        H may be, and a mask comes with whether it is.
        """
        outputs, inputs = A.shape[1:]
        self.size += self.m * outputs * inputs * self.batch
        self.held += [A, bias, out, slope]
        rows = bias.ndim > 1
        self.numbers.extend((ALONG, outputs, inputs, self.batch))
        self.numbers.extend((*self._whole(A), A.stride(1), A.stride(2)))
        self.numbers.extend(self._whole(bias) if rows else (bias.data_ptr(), 0, 0))
        self.numbers.append(bias.stride(1) if rows else 0)
        self.numbers.extend((*self._at(H, whole), *self._own(out), 0))
        self.numbers.extend((0, 0, 0) if mask is None else self._at(*mask))
        self.numbers.extend((slope.data_ptr(), *self.guard))

    def across(
        self,
        D: Tensor,
        H: Tensor,
        out: Tensor,
        first: int,
        *,
        whole: bool = False,
        added: bool = False,
    ) -> None:
        """Add a product over the batch, written from an entry on, or added to what is there; H may
        be that of all members."""
        outputs, inputs = D.shape[1], H.shape[1]
        self.size += self.m * outputs * inputs * self.batch
        self.held += [D, out]
        address, member, place = self._own(out)
        kind = ADDED if added else ACROSS
        self.numbers.extend((kind, outputs, inputs, self.batch, *self._own(D), 0, 0))
        self.numbers.extend((0, 0, 0, 0, *self._at(H, whole)))
        self.numbers.extend((address + first * out.element_size(), member, place, inputs))
        self.numbers.extend((0, 0, 0, 0, *self.guard))

    def finite(self, H: Tensor, flags: Tensor) -> None:
        """Add a look at a row: where it is not finite, a flag is set and the member is left."""
        self.held += [H, flags]
        self.numbers.extend((FINITE, 0, 0, self.batch, *(0,) * 9, *self._own(H), *self._own(flags)))
        self.numbers.extend((*(0,) * 5, *self.guard))

    def call(self, function: Loaded, numbers: Sequence[int], *, begin: int, count: int) -> None:
        """Add a call with a table of its own, for the range of ``count`` from ``begin`` a place."""
        table = array("q", numbers)
        address = ctypes.cast(function.call, ctypes.c_void_p).value
        assert address is not None
        self.held += [function, table]
        self.numbers.extend((CALL, begin, count, 0, address, *(0,) * 8))
        self.numbers.extend((table.buffer_info()[0], *(0,) * 10, *self.guard))

    @contextmanager
    def where(self, numbers: Tensor, bits: int) -> Iterator[None]:
        """What is added is for members whose number has one of these bits."""
        before, apart = self.guard, numbers.stride(0) * numbers.element_size()
        self.held.append(numbers)
        self.guard = numbers.data_ptr(), apart, bits
        yield
        self.guard = before

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

"""Blocks of small products (`products`): so many rows and vectors that sums fill the registers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from symgan.kernels.jit.loop_writer import Writer
from symgan.kernels.jit.product_entry import entry
from symgan.kernels.jit.target import Target


class Blocks(NamedTuple):
    """Rows, and vectors or columns, that are computed at once."""

    rows: int
    wide: int


WIDTH = 512
"""Bits of the vectors that are summed in, on every machine: registers do not change the numbers."""
WIDE_BLOCKS = Blocks(4, 4), Blocks(4, 4)
"""Sixteen sums at once fill the registers of AVX-512, along and across the batch."""
NARROW_BLOCKS = Blocks(4, 1), Blocks(2, 2)
"""Where a vector takes two registers or four of sixteen."""


def text(dtype: str, target: Target) -> str:
    """The functions in LLVM's language."""
    scalar, size = ("float", 32) if dtype == "float32" else ("double", 64)
    write = _Products(scalar, WIDTH // size, target)
    along, across = WIDE_BLOCKS if target.bits == WIDTH else NARROW_BLOCKS
    parts = [
        write.along(Blocks(rows, vectors), masked=masked)
        for rows in (along.rows, 1)
        for vectors in (along.wide, 0)
        for masked in (False, True)
    ]
    parts += [
        write.across(Blocks(rows, columns), added=added)
        for rows in (across.rows, 1)
        for columns in (across.wide, 1)
        for added in (False, True)
    ]
    parts += [write.tiled_along(along, masked=masked) for masked in (False, True)]
    parts += [write.tiled_across(across, added=added) for added in (False, True)]
    parts += [write.finite(), entry(write)]
    return "\n".join([*write.declared, *parts])


ALONG_ARGUMENTS = (
    *("ptr %A", "i64 %A_row", "i64 %A_column", "ptr %bias", "i64 %bias_row", "ptr %H", "ptr %out"),
    *("ptr %mask", "i64 %inputs", "i64 %batch", "ptr %slope", "i64 %rest"),
)
"""Of a block of a product with the batch."""


class _Products(Writer):
    """Writes the functions of one type."""

    def along(self, blocks: Blocks, *, masked: bool) -> str:
        """Some rows of the product, on whole vectors or (no vectors) lanes at the batch's end."""
        rows, vectors = blocks
        tail = vectors == 0
        lanes = self.lanes_below("%rest") if tail else None
        offsets = [str(v * self.lanes) for v in range(max(vectors, 1))]
        A, bias, out, other = [], [], [], []
        for r in range(rows):
            A.append(self.element("%A", self.op(f"mul i64 {r}, %A_row")))
            bias.append(self.every(self.element("%bias", self.op(f"mul i64 {r}, %bias_row"))))
            row = self.op(f"mul i64 {r}, %batch")
            out.append(self.element("%out", row))
            other.append(self.element("%mask", row) if masked else "")
        start = [(self.vector, bias[r]) for r in range(rows) for _ in offsets]
        loop = self.opened("0", "%inputs", 1, start)
        row = self.element("%H", self.op(f"mul i64 {loop.index}, %batch"))
        H = [self.load(self.element(row, o), lanes) for o in offsets]
        column = self.op(f"mul i64 {loop.index}, %A_column")
        W = [self.every(self.element(a, column)) for a in A]
        sums = iter(loop.carried)
        _, found = self.closed([self.fma(w, h, next(sums)) for w in W for h in H])
        values = iter(found)
        slope = self.every("%slope")
        for r in range(rows):
            for o in offsets:
                value = next(values)
                by = self.load(self.element(other[r], o), lanes) if masked else value
                self.store(self.sloped(value, by, slope), self.element(out[r], o), lanes)
        return self.function(f"along.{rows}.{vectors}.{masked:d}", ALONG_ARGUMENTS)

    def sloped(self, value: str, by: str, slope: str) -> str:
        """The value where the other is positive, else the slope times it."""
        up = self.op(f"fcmp ogt {self.vector} {by}, zeroinitializer")
        low = self.op(f"fmul {self.vector} {value}, {slope}")
        return self.op(f"select {self.bits} {up}, {self.vector} {value}, {self.vector} {low}")

    def tiled_along(self, wide: Blocks, *, masked: bool) -> str:
        """The whole product of one member."""
        at = "0"
        for rows in (wide.rows, 1):
            outer = self.opened(at, "%outputs", rows)
            A = self.element("%A", self.op(f"mul i64 {outer.index}, %A_row"))
            bias = self.element("%bias", self.op(f"mul i64 {outer.index}, %bias_row"))
            row = self.op(f"mul i64 {outer.index}, %batch")
            b = "0"
            for vectors in (wide.wide, 0):
                step = vectors * self.lanes or 1
                inner = self.opened(b, "%batch", step) if vectors else None
                here = inner.index if inner else b
                if inner is None:
                    here = self._tail(b)
                rest = self.op(f"sub i64 %batch, {here}")
                H = self.element("%H", here)
                out = self.element("%out", row, here)
                mask = self.element("%mask", row, here) if masked else "%mask"
                self.do(
                    f"call void @along.{rows}.{vectors}.{masked:d}(ptr {A}, i64 %A_row, "
                    f"i64 %A_column, ptr {bias}, i64 %bias_row, ptr {H}, ptr {out}, ptr {mask}, "
                    f"i64 %inputs, i64 %batch, ptr %slope, i64 {rest})"
                )
                b, _ = self.closed()
            at, _ = self.closed()
        arguments = ["ptr %A", "i64 %A_row", "i64 %A_column", "ptr %bias", "i64 %bias_row"]
        arguments += ["ptr %H", "ptr %out", "ptr %mask", "i64 %outputs", "i64 %inputs"]
        return self.function(f"along.{masked:d}", [*arguments, "i64 %batch", "ptr %slope"])

    def _tail(self, begin: str) -> str:
        """The rest of the batch, a vector at a time, the last one in part."""
        past = self.op(f"add i64 %batch, {self.lanes - 1}")
        return self.opened(begin, past, self.lanes).index

    def across(self, blocks: Blocks, *, added: bool) -> str:
        """Some rows and columns of the product that sums over the batch."""
        rows, columns = blocks
        D = [self.element("%D", self.op(f"mul i64 {r}, %batch")) for r in range(rows)]
        H = [self.element("%H", self.op(f"mul i64 {c}, %batch")) for c in range(columns)]
        start = [(self.vector, "zeroinitializer")] * (rows * columns)
        loop = self.opened("0", "%batch", self.lanes, start)
        at, found = self.closed(self._summed(D, H, loop.index, loop.carried, None))
        rest = self.op(f"sub i64 %batch, {at}")
        last = self.op(f"add i64 {at}, 1")
        some = self.op(f"icmp sgt i64 {rest}, 0")
        steps = self.op(f"select i1 {some}, i64 {last}, i64 {at}")
        loop = self.opened(at, steps, 1, [(self.vector, value) for value in found])
        lanes = self.lanes_below(rest)
        _, found = self.closed(self._summed(D, H, loop.index, loop.carried, lanes))
        for r in range(rows):
            for c in range(columns):
                value = found[r * columns + c]
                total = self.total(value)
                place = self.op(f"mul i64 {r}, %out_row")
                at = self.element("%out", place, str(c))
                if added:
                    before = self.op(f"load {self.scalar}, ptr {at}")
                    total = self.op(f"fadd {self.scalar} {before}, {total}")
                self.do(f"store {self.scalar} {total}, ptr {at}")
        arguments = ["ptr %D", "ptr %H", "ptr %out", "i64 %out_row", "i64 %batch"]
        return self.function(f"across.{rows}.{columns}.{added:d}", arguments)

    def _summed(
        self, D: Sequence[str], H: Sequence[str], at: str, sums: Sequence[str], lanes: str | None
    ) -> list[str]:
        left = [self.load(self.element(d, at), lanes) for d in D]
        right = [self.load(self.element(h, at), lanes) for h in H]
        totals = iter(sums)
        return [self.fma(d, h, next(totals)) for d in left for h in right]

    def tiled_across(self, wide: Blocks, *, added: bool) -> str:
        """The whole product of one member."""
        o = "0"
        for rows in (wide.rows, 1):
            outer = self.opened(o, "%outputs", rows)
            D = self.element("%D", self.op(f"mul i64 {outer.index}, %batch"))
            row = self.op(f"mul i64 {outer.index}, %out_row")
            i = "0"
            for columns in (wide.wide, 1):
                inner = self.opened(i, "%inputs", columns)
                H = self.element("%H", self.op(f"mul i64 {inner.index}, %batch"))
                out = self.element("%out", row, inner.index)
                self.do(
                    f"call void @across.{rows}.{columns}.{added:d}(ptr {D}, ptr {H}, ptr {out}, "
                    "i64 %out_row, i64 %batch)"
                )
                i, _ = self.closed()
            o, _ = self.closed()
        arguments = ["ptr %D", "ptr %H", "ptr %out", "i64 %out_row"]
        sizes = ["i64 %outputs", "i64 %inputs", "i64 %batch"]
        return self.function(f"across.{added:d}", [*arguments, *sizes])

    def finite(self) -> str:
        """Whether all numbers of some rows are finite: 0 times each of them adds up to 0."""
        zero = self.splat("0.0")
        loop = self.opened("0", "%count", self.lanes, [(self.vector, "zeroinitializer")])
        value = self.load(self.element("%H", loop.index), None)
        at, (found,) = self.closed([self.fma(value, zero, loop.carried[0])])
        rest = self.op(f"sub i64 %count, {at}")
        value = self.load(self.element("%H", at), self.lanes_below(rest))
        total = self.total(self.fma(value, zero, found))
        self.do(f"%finite = fcmp ord {self.scalar} {total}, {total}")
        return self.function("finite", ["ptr %H", "i64 %count"], result="i1 %finite")

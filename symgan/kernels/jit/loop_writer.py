"""Loops and vectors in LLVM's language, written line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from symgan.kernels.jit.loops import ENTRY
from symgan.kernels.jit.target import Target


@dataclass
class Loop:
    """A loop that is being written: ``for i in begin, begin + step, ... while i + step <= end``.

    Attributes:
        name: of its labels.
        index: the counter.
        carried: values that change from round to round, as they are at its start.
    """

    name: str
    index: str
    carried: list[str] = field(default_factory=list)


class Writer:
    """Writes functions of one type."""

    def __init__(self, scalar: str, lanes: int, target: Target) -> None:
        self.scalar, self.lanes, self.target = scalar, lanes, target
        self.vector = f"<{lanes} x {scalar}>"
        self.bits = f"<{lanes} x i1>"
        self.suffix = f"v{lanes}f{32 if scalar == 'float' else 64}"
        self.lines: list[str] = []
        self._next = 0
        self._open: list[tuple[str, str, str, int, tuple[tuple[str, str], ...]]] = []
        v, b, s = self.vector, self.bits, self.suffix
        self.declared = [
            f"declare {v} @llvm.fma.{s}({v}, {v}, {v})",
            f"declare {v} @llvm.masked.load.{s}.p0(ptr, i32, {b}, {v})",
            f"declare void @llvm.masked.store.{s}.p0({v}, ptr, i32, {b})",
        ]

    def op(self, operation: str) -> str:
        """A line with a result."""
        self._next += 1
        self.lines.append(f"  %v{self._next} = {operation}")
        return f"%v{self._next}"

    def do(self, line: str) -> None:
        """A line without."""
        self.lines.append(f"  {line}")

    def label(self, name: str) -> None:
        """The start of a block."""
        self.lines.append(f"{name}:")

    def function(self, name: str, arguments: Sequence[str], result: str = "void") -> str:
        """What has been written, as a function; its result with the type."""
        bits = self.target.bits
        wide = f'"prefer-vector-width"="{bits}" "min-legal-vector-width"="{bits}"'
        linkage = "" if name == ENTRY else "internal "
        kind = result.split()[0]
        head = f"define {linkage}{kind} @{name}({', '.join(arguments)}) {wide} {{"
        body = [head, "entry:", *self.lines, f"  ret {result}", "}"]
        self.lines = []
        return "\n".join(body)

    def opened(
        self, begin: str, end: str, step: int, carried: Sequence[tuple[str, str]] = ()
    ) -> Loop:
        """Begin a loop; ``carried`` are (type, first value)."""
        self._next += 1
        name = f"l{self._next}"
        self.do(f"br label %{name}.before")
        self.label(f"{name}.before")
        first = self.op(f"add i64 {begin}, {step}")
        any_ = self.op(f"icmp sle i64 {first}, {end}")
        self.do(f"br i1 {any_}, label %{name}, label %{name}.after")
        self.label(name)
        index = f"%{name}.i"
        start, back = f"%{name}.before", f"%{name}.back"
        self.do(f"{index} = phi i64 [ {begin}, {start} ], [ {index}.next, {back} ]")
        values = []
        for j, (kind, value) in enumerate(carried):
            here = f"%{name}.c{j}"
            self.do(f"{here} = phi {kind} [ {value}, {start} ], [ {here}.next, {back} ]")
            values.append(here)
        self._open.append((name, begin, end, step, tuple(carried)))
        return Loop(name, index, values)

    def closed(self, changed: Sequence[str] = ()) -> tuple[str, list[str]]:
        """End the innermost loop; the counter and the carried values after it."""
        name, begin, end, step, carried = self._open.pop()
        self.do(f"br label %{name}.back")
        self.label(f"{name}.back")
        index = f"%{name}.i"
        self.do(f"{index}.next = add i64 {index}, {step}")
        for j, ((kind, _), value) in enumerate(zip(carried, changed, strict=True)):
            self.do(f"%{name}.c{j}.next = bitcast {kind} {value} to {kind}")
        far = self.op(f"add i64 {index}.next, {step}")
        more = self.op(f"icmp sle i64 {far}, {end}")
        self.do(f"br i1 {more}, label %{name}, label %{name}.after")
        self.label(f"{name}.after")
        start, back = f"%{name}.before", f"%{name}.back"
        at = self.op(f"phi i64 [ {begin}, {start} ], [ {index}.next, {back} ]")
        ends = [
            self.op(f"phi {kind} [ {value}, {start} ], [ %{name}.c{j}.next, {back} ]")
            for j, (kind, value) in enumerate(carried)
        ]
        return at, ends

    def element(self, base: str, *offsets: str) -> str:
        """The address of an element, offsets in elements."""
        for offset in offsets:
            base = self.op(f"getelementptr {self.scalar}, ptr {base}, i64 {offset}")
        return base

    def every(self, address: str) -> str:
        """A number in every lane."""
        value = self.op(f"load {self.scalar}, ptr {address}")
        return self.splat(value)

    def splat(self, value: str) -> str:
        """A value in every lane."""
        one = self.op(f"insertelement {self.vector} poison, {self.scalar} {value}, i64 0")
        return self.op(
            f"shufflevector {self.vector} {one}, {self.vector} poison, "
            f"<{self.lanes} x i32> zeroinitializer"
        )

    def fma(self, a: str, b: str, c: str) -> str:
        """a b + c, in one rounding where the machine has it."""
        v = self.vector
        if self.target.fused:
            return self.op(f"call {v} @llvm.fma.{self.suffix}({v} {a}, {v} {b}, {v} {c})")
        return self.op(f"fadd {v} {c}, {self.op(f'fmul {v} {a}, {b}')}")

    def load(self, address: str, mask: str | None) -> str:
        """A vector; lanes outside the mask are 0."""
        v = self.vector
        if mask is None:
            return self.op(f"load {v}, ptr {address}, align 4")
        name = f"@llvm.masked.load.{self.suffix}.p0"
        return self.op(
            f"call {v} {name}(ptr {address}, i32 4, {self.bits} {mask}, {v} zeroinitializer)"
        )

    def store(self, value: str, address: str, mask: str | None) -> None:
        """Write a vector, or the lanes of a mask."""
        v = self.vector
        if mask is None:
            self.do(f"store {v} {value}, ptr {address}, align 4")
            return
        name = f"@llvm.masked.store.{self.suffix}.p0"
        self.do(f"call void {name}({v} {value}, ptr {address}, i32 4, {self.bits} {mask})")

    def total(self, value: str) -> str:
        """The sum of the lanes: halves onto halves."""
        lanes, v = self.lanes, self.vector
        while lanes > 1:
            lanes //= 2
            order = [f"i32 {(i + lanes) % self.lanes}" for i in range(self.lanes)]
            high = self.op(
                f"shufflevector {v} {value}, {v} poison, <{self.lanes} x i32> <{', '.join(order)}>"
            )
            value = self.op(f"fadd {v} {value}, {high}")
        return self.op(f"extractelement {v} {value}, i64 0")

    def lanes_below(self, count: str) -> str:
        """The mask of the first lanes, as many as a count says."""
        wide = f"<{self.lanes} x i64>"
        numbers = ", ".join(f"i64 {i}" for i in range(self.lanes))
        one = self.op(f"insertelement {wide} poison, i64 {count}, i64 0")
        all_ = self.op(
            f"shufflevector {wide} {one}, {wide} poison, <{self.lanes} x i32> zeroinitializer"
        )
        return self.op(f"icmp slt {wide} <{numbers}>, {all_}")

"""The text of vector code: names, types, and every line once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

FLOAT, INTEGER, MASK = "float", "integer", "mask"


class Value(NamedTuple):
    """A vector: its name (or constant) in the text, and what its lanes are.

    Attributes:
        text: the operand as LLVM writes it.
        kind: "float", "integer" (as many bits as a float) or "mask".
    """

    text: str
    kind: str


class Writer:
    """A writer of lines of vector code.

    Args:
        dtype: float64 or float32.
        width: lanes of a vector; text stands for a number that is put in later.
        prefix: what the names of its values begin with.
        scales: whether the machine multiplies by powers of two in one instruction; results are
            the same either way.

    Attributes:
        lines: the text so far.
        declared: intrinsic -> its declaration.
        known: the text of what has been written -> its value.
    """

    lines: list[str]
    declared: dict[str, str]
    known: dict[str, Value]

    def __init__(
        self, dtype: Any, width: int | str, prefix: str = "v", *, scales: bool = False
    ) -> None:
        self.dtype, self.width, self.prefix = np.dtype(dtype), width, prefix
        self.scales = scales
        self.bits_of_float = 8 * self.dtype.itemsize
        self.element = "double" if self.bits_of_float == 64 else "float"
        self.types = {
            FLOAT: f"<{width} x {self.element}>",
            INTEGER: f"<{width} x i{self.bits_of_float}>",
            MASK: f"<{width} x i1>",
        }
        self.lines = []
        self.declared = {}
        self.known = {}
        self._called: dict[str, str] = {}
        self._count = 0

    @property
    def double(self) -> bool:
        """Whether the lanes are float64."""
        return self.bits_of_float == 64

    def argument(self, name: str, kind: str = FLOAT) -> Value:
        """A vector that the surrounding text defines as ``%name``."""
        return Value(f"%{name}", kind)

    def line(self, text: str) -> None:
        """Write a line that is no vector operation."""
        self.lines.append(f"  {text}")

    def spread(self, a: Value) -> Value:
        """A value of one lane, written by another `Lanes`, in every lane of this one."""
        narrow = self.types[a.kind].replace(f"<{self.width} x", "<1 x", 1)
        text = f"shufflevector {narrow} {a.text}, {narrow} poison, <{self.width} x i32> "
        return self.write(text + "zeroinitializer", a.kind)

    def fresh(self) -> str:
        """A new name."""
        self._count += 1
        return f"%{self.prefix}{self._count}"

    def typed(self, a: Value) -> str:
        """An operand with its type."""
        return f"{self.types[a.kind]} {a.text}"

    def write(self, text: str, kind: str) -> Value:
        """The value of a line of text, which is written unless it has been before."""
        found = self.known.get(text)
        if found is None:
            name = self.fresh()
            self.lines.append(f"  {name} = {text}")
            found = self.known[text] = Value(name, kind)
        return found

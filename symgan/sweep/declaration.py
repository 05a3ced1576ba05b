"""What a sweep is: everything that decides its numbers, as plain data with a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Variable:
    """An array of results.

    Attributes:
        name: what it is called.
        dims: its dimensions after ``cell``, name -> length.
        dtype: of its numbers.
        meaning: what it holds, for those who open the store.
    """

    name: str
    dims: Mapping[str, int]
    dtype: str
    meaning: str = ""


@dataclass(frozen=True)
class Declaration:
    """What a store holds, and everything that decides its numbers.

    Attributes:
        settings: name -> text or number; the seeds and the version of symgan among them.
        cells: coordinate of a cell -> array (cells,).
        variables: what is stored a cell.
        chunk: how many cells a chunk has.
        labels: labels of further dimensions, dimension -> names.
        document: the sweep as text that it can be read from again; empty where settings suffice.
    """

    settings: Mapping[str, str | int | float]
    cells: Mapping[str, NDArray[np.float64]]
    variables: Sequence[Variable]
    chunk: int
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    document: str = ""

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(next(iter(self.cells.values())))

    @property
    def chunks(self) -> int:
        """How many chunks they make."""
        return -(-self.size // self.chunk)

    def described(self) -> dict[str, Any]:
        """The declaration as plain data; the cells by a digest of their coordinates."""
        cells = hashlib.sha256()
        for name, values in self.cells.items():
            cells.update(name.encode() + np.asarray(values, dtype="<f8").tobytes())
        return {
            **self.settings,
            "cells": f"{self.size} cells, {cells.hexdigest()[:16]}",
            "cells a chunk": self.chunk,
            "variables": ", ".join(
                f"{v.name} {v.dtype} {'x'.join(map(str, (self.size, *v.dims.values())))}"
                for v in self.variables
            ),
        }

    @property
    def digest(self) -> str:
        """A digest of everything in the declaration."""
        text = json.dumps(self.described(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

"""A sweep for tests: small, quick, and different in every cell."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from symgan.sweep import Declaration, Variable, stream
from symgan.sweep.run import Compute

CELLS = 23
"""No multiple of the chunk, so that the last chunk is short."""


def declared(chunk: int = 3, seed: int = 1, cells: int = CELLS) -> Declaration:
    """Two variables on a line of cells."""
    return Declaration(
        {"experiment": "test", "seed": seed},
        {"x": np.arange(cells, dtype=float)},
        (
            Variable("value", {"draw": 5}, "float64", "uniform numbers"),
            Variable("label", {}, "uint8", "the cell, modulo 256"),
        ),
        chunk,
    )


def computing(declaration: Declaration, seconds: float = 0.0, log: Path | None = None) -> Compute:
    """What fills it; every chunk waits a little and is noted in a file."""
    xs = declaration.cells["x"]
    seed = int(declaration.settings["seed"])

    def results(cells: slice, checkpoint: Callable[[], None]) -> dict[str, NDArray[np.generic]]:
        if log is not None:
            with log.open("a") as file:
                file.write(f"{cells.start}\n")
        checkpoint()
        time.sleep(seconds)
        values = np.array([stream(seed, "test", (x,)).random(5) for x in xs[cells]])
        return {"value": values, "label": xs[cells].astype(np.uint8)}

    return results

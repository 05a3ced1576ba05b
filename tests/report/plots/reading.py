"""Reading figures back: the numbers that lines were drawn from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def points(line: Any) -> Floats:
    """The points of a line, array (k, 2)."""
    return np.asarray(line.get_xydata(), dtype=float)


def heights(line: Any) -> Floats:
    """The vertical coordinates of a line."""
    return points(line)[:, 1]


def labelled(ax: Any, label: str) -> list[Floats]:
    """The points of all lines of one name."""
    return [points(line) for line in ax.lines if line.get_label() == label]

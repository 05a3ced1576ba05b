"""Results of a sweep as grids over the coordinates that vary, for tables and figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from symgan.errors import BadData
from symgan.sweep.layout import ATTRIBUTE, CELL, DONE

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]
Combine = Callable[[NDArray[Any]], Any]


@dataclass(frozen=True)
class Grid:
    """Values on the product of two coordinates.

    Attributes:
        names: of the coordinates.
        x, y: their nodes, ascending.
        values: array (len(x), len(y)).
    """

    names: tuple[str, str]
    x: Floats
    y: Floats
    values: NDArray[Any]


def finished(data: xr.Dataset) -> xr.Dataset:
    """The cells of a store that are done.

    Raises:
        BadData: there are none.
    """
    marks = data[DONE].to_numpy() > 0
    declared = data.attrs[ATTRIBUTE]["declaration"]
    size = int(declared["cells a chunk"])
    done = np.repeat(marks, size)[: data.sizes[CELL]]
    if not done.any():
        raise BadData("nothing is done yet in the store; run the sweep first")
    return data.isel({CELL: np.flatnonzero(done)})


def coordinates(data: xr.Dataset) -> tuple[str, ...]:
    """Names of the coordinates of cells, in the order of the declaration."""
    return tuple(data.attrs[ATTRIBUTE]["coordinates"])


def varied(data: xr.Dataset) -> tuple[str, ...]:
    """The coordinates with more than one value, those with most values first."""
    counts = {name: len(np.unique(data[name].to_numpy())) for name in coordinates(data)}
    return tuple(sorted((n for n in counts if counts[n] > 1), key=lambda n: -counts[n]))


def gridded(
    data: xr.Dataset, names: tuple[str, str], values: NDArray[Any], combine: Combine
) -> Grid:
    """Values on the grid of two coordinates; cells that share a place are combined.

    Args:
        data: of finished cells.
        names: two coordinates.
        values: one a cell.
        combine: values of one place -> the one that stands there.

    Raises:
        BadData: a name that is no coordinate, or places without a cell: they are no grid.
    """
    for name in names:
        if name not in coordinates(data):
            known = ", ".join(coordinates(data))
            raise BadData(f"the sweep has no coordinate {name}; it has {known}")
    x, i = np.unique(data[names[0]].to_numpy(), return_inverse=True)
    y, j = np.unique(data[names[1]].to_numpy(), return_inverse=True)
    place = i * len(y) + j
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    if len(starts) != len(x) * len(y):
        raise BadData(
            f"{names[0]} and {names[1]} make no full grid in this store; finish the sweep, or "
            "draw coordinates that were given as axes"
        )
    parts = np.split(values[order], starts[1:])
    found = np.array([combine(part) for part in parts])
    return Grid(names, x, y, found.reshape(len(x), len(y)))


def only(values: NDArray[Any]) -> Any:
    """The value of a place with one cell, or with cells that agree.

    Raises:
        BadData: they differ.
    """
    if not (values == values[0]).all():
        raise BadData("several cells that differ share a place; fix the other coordinates")
    return values[0]

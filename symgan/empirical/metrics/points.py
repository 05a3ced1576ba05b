"""What metrics take: finite points as arrays or tensors, computed with in float64."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symgan.errors import BadData

Points = Tensor | NDArray[np.generic] | Sequence[object]
"""Points by rows: a tensor, an array, or nested lists."""


def as_points(points: Points, name: str = "x", least: int = 1) -> Tensor:
    """Points as a float64 tensor of shape (..., n, d), on the device they are on.

    Args:
        points: shape (..., n, d).
        name: what an error calls them.
        least: the smallest n allowed.

    Raises:
        BadData: another shape, fewer than `least` points, or a value that is NaN or infinite.

    >>> as_points([[0, 1], [2, 3]]).dtype
    torch.float64
    """
    given = points.detach() if isinstance(points, Tensor) else torch.tensor(np.asarray(points))
    if given.ndim < 2 or given.shape[-2] < least or given.shape[-1] == 0:
        raise BadData(
            f"{name} has the shape {tuple(given.shape)}; it needs (..., n, d) with n >= {least}"
        )
    found = given.to(torch.float64)
    if not bool(found.isfinite().all()):
        raise BadData(f"{name} {_place(found)} is not finite; leave out samples that diverged")
    return found


def as_features(points: Points, name: str = "x", least: int = 1) -> Tensor:
    """One set of points as a float64 tensor of shape (n, d), on the device it is on.

    Raises:
        BadData: as for `as_points`, or there are leading axes.
    """
    found = as_points(points, name, least)
    if found.ndim != 2:
        raise BadData(f"{name} has the shape {tuple(found.shape)}; it needs (n, d)")
    return found


def same_dimension(x: Tensor, y: Tensor) -> None:
    """Refuse samples from spaces of different dimension, or on different devices.

    Raises:
        BadData: the last axes or the devices differ.
    """
    if x.shape[-1] != y.shape[-1]:
        raise BadData(f"x has dimension {x.shape[-1]} and y has {y.shape[-1]}; they must agree")
    if x.device != y.device:
        raise BadData(f"x is on {x.device} and y on {y.device}; move one of them")


def batches(x: Tensor, y: Tensor) -> tuple[torch.Size, list[tuple[Tensor, Tensor]]]:
    """The common leading shape of two samples, and the pairs that it holds, in its order.

    Raises:
        BadData: the leading shapes do not broadcast.
    """
    try:
        shape = torch.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    except RuntimeError as error:
        raise BadData(
            f"x has the batch shape {tuple(x.shape[:-2])} and y has {tuple(y.shape[:-2])}; "
            "they must broadcast"
        ) from error
    x, y = x.expand(*shape, *x.shape[-2:]), y.expand(*shape, *y.shape[-2:])
    return shape, [(x[place], y[place]) for place in product(*map(range, shape))]


def _place(points: Tensor) -> str:
    """Where the first value is that is not finite: the batch entry and the row."""
    *entry, row, _ = (~points.isfinite()).nonzero()[0].tolist()
    return f"row {row}" + (f" of entry {tuple(entry)}" if entry else "")

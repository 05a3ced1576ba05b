"""Figures of point sets in the plane: what is to be learned, and what a generator makes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from symgan.errors import BadData
from symgan.report import style
from symgan.report.figures import canvas, settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PointSet:
    """One panel: a target and, where there is one, a sample to hold against it.

    Attributes:
        title: of the panel; plain text.
        target: shape (n, 2).
        sample: shape (m, 2); None for the target alone.
        note: a few words at the lower edge.
    """

    title: str
    target: ArrayLike
    sample: ArrayLike | None = None
    note: str = ""


def point_sets(
    panels: Sequence[PointSet], *, columns: int = 4, size: float = 2.2, shared: bool = False
) -> Figure:
    """Point sets side by side, one unit as long across as up.

    A panel's window is fixed by its target with a margin of a fifth; points of a sample
    outside it are counted in the panel, so that none is lost silently.

    Args:
        panels: row by row.
        columns: panels a row.
        size: inches a panel.
        shared: one window for all panels, that of the widest target.

    Raises:
        BadData: no panels, or points that are not finite or not of shape (n, 2).
        MissingExtra: matplotlib is not installed.
    """
    if not panels or columns < 1:
        raise BadData(f"{len(panels)} panels in {columns} columns; give at least one of each")
    targets = [_points(panel.title, panel.target) for panel in panels]
    windows = [_window(target) for target in targets]
    if shared:
        windows = [_window(np.concatenate(targets))] * len(panels)
    columns = min(columns, len(panels))
    rows = math.ceil(len(panels) / columns)
    with settings():
        figure, axes = canvas((size * columns, (size + 0.15) * rows), rows, columns)
        for ax, panel, target, window in zip(axes, panels, targets, windows, strict=False):
            _draw(ax, panel, target, window)
        for ax in axes[len(panels) :]:
            ax.set_axis_off()
    return figure


def _points(title: str, values: ArrayLike) -> Points:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] != 2 or not len(array):
        raise BadData(f"panel {title!r}: points of shape {array.shape}; give (n, 2), n > 0")
    if not np.isfinite(array).all():
        raise BadData(
            f"panel {title!r}: {int((~np.isfinite(array)).any(1).sum())} points "
            "are not finite; leave them out and say how many"
        )
    return array


def _window(points: Points) -> Points:
    """A square around the points, shape (2, 2): low and high of each axis."""
    low, high = points.min(0), points.max(0)
    half = 0.6 * max(float((high - low).max()), 1e-9)  # one point alone has a window too
    middle = (low + high) / 2
    return np.stack([middle - half, middle + half], axis=-1)


def _draw(ax: Axes, panel: PointSet, target: Points, window: Points) -> None:
    _scatter(ax, target, style.DATA.color, 0.35)
    note = panel.note
    if panel.sample is not None:
        sample = _points(panel.title, panel.sample)
        _scatter(ax, sample, style.GENERATOR.color, 0.6)
        outside = int(((sample < window[:, 0]) | (sample > window[:, 1])).any(1).sum())
        note = "; ".join(filter(None, [note, f"{outside} outside" if outside else ""]))
    ax.set_title(panel.title)
    ax.set_xlim(*window[0])
    ax.set_ylim(*window[1])
    ax.set_aspect("equal")
    ax.tick_params(labelsize=7)
    ax.locator_params(nbins=5)
    ax.text(0.03, 0.03, note, transform=ax.transAxes, fontsize=7, color="#3d4a5c")


def _scatter(ax: Axes, points: Points, color: str, opacity: float) -> None:
    """Dots that stay apart: the more there are, the smaller (rasterized in vector formats)."""
    area = float(np.clip(3000 / len(points), 0.6, 6.0))
    ax.scatter(*points.T, s=area, c=color, alpha=opacity, linewidths=0, rasterized=True)

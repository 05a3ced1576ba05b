"""Figures of studies: average ranks with intervals, and what was generated during training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from symgan.errors import BadData
from symgan.report.figures import canvas, settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLORS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9")
TARGET, MADE, _FRAME = "#D55E00", "#1f3f66", "#9aa5b1"
_COARSE = 110
"""Points an inch of pictures of thousands of points, which are never vector files."""
_ACROSS = 3
"""Panels of ranks in a row."""
_WIDE, _HIGH = 6, 3
"""Images of a mosaic, across and down."""


@dataclass(frozen=True)
class Dot:
    """An average rank.

    Attributes:
        name: of the treatment.
        rank: its average rank.
        low, high: ends of an interval beside it, which need not hold it.
        printed: the rank that a paper's values give, or None.
    """

    name: str
    rank: float
    low: float
    high: float
    printed: float | None = None


@dataclass(frozen=True)
class Row:
    """What one member generated.

    Attributes:
        name: beside the row.
        points: (snapshots, n, 2); NaN where there is nothing.
        missing: what is said where there is nothing.
    """

    name: str
    points: NDArray[np.floating]
    missing: str = "diverged"


@dataclass(frozen=True)
class Block:
    """Members with one target.

    Attributes:
        title: above the block.
        target: points of the data, (m, 2).
        rows: one a member, all with the same number of snapshots.
    """

    title: str
    target: NDArray[np.floating]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Mosaic:
    """Images that one member generated, or some of the data.

    Attributes:
        images: (n, height, width); not finite where there is nothing.
        missing: what is said where there is nothing.
        note: a few words below the images.
    """

    images: NDArray[np.floating]
    missing: str = "diverged"
    note: str = ""


def rank_dots(panels: Mapping[str, Sequence[Dot]], *, title: str, meaning: str = "") -> Figure:
    """Average ranks as dots with intervals, a panel a data set; the smallest rank is best.

    Args:
        panels: title -> its dots, from top to bottom.
        title: above all.
        meaning: of the bars, for the legend.

    Raises:
        BadData: no panels, or one without dots.
        MissingExtra: matplotlib is not installed.
    """
    if not panels or not all(panels.values()):
        raise BadData("a figure of ranks needs panels with at least one rank each")
    rows = -(-len(panels) // _ACROSS)
    with settings():
        figure, axes = canvas((8.0, 0.6 + 2.0 * rows), rows, min(_ACROSS, len(panels)))
        for ax, (name, dots) in zip(axes, panels.items(), strict=False):
            _draw_dots(ax, dots)
            ax.set_title(name)
        for ax in axes[len(panels) :]:
            ax.set_axis_off()
        figure.suptitle(title, fontsize=10, x=0.01, ha="left")
        handles, names = axes[0].get_legend_handles_labels()
        names = [f"{names[0]} ({meaning})" if meaning else names[0], *names[1:]]
        figure.legend(handles, names, loc="outside lower center", ncols=len(handles))
    return figure


def sample_blocks(blocks: Sequence[Block], columns: Sequence[str], *, title: str) -> Figure:
    """What members generated, a row a member and a column a snapshot, over the data.

    Args:
        blocks: from top to bottom.
        columns: what the snapshots are called.
        title: above all.

    Raises:
        BadData: no blocks, or rows with another number of snapshots than columns.
        MissingExtra: matplotlib is not installed.
    """
    rows = [(block, row) for block in blocks for row in block.rows]
    if not rows or any(row.points.shape[0] != len(columns) for _, row in rows):
        raise BadData(f"a figure of samples needs rows with {len(columns)} snapshots each")
    with settings():
        size = (1.15 * len(columns) + 0.6, 1.15 * len(rows) + 0.75)
        figure, axes = canvas(size, len(rows), len(columns))
        figure.set_dpi(_COARSE)
        figure.set_layout_engine("constrained", w_pad=0.015, h_pad=0.015, wspace=0.0, hspace=0.0)
        for i, (block, row) in enumerate(rows):
            reach = 1.6 * float(np.abs(block.target).max())
            for j, points in enumerate(row.points):
                ax = axes[i * len(columns) + j]
                _draw_points(ax, block.target, points, reach, row.missing)
                if i == 0:
                    ax.set_title(columns[j], fontsize=8, loc="center")
                if j == 0:
                    ax.set_ylabel(f"{block.title}\n{row.name}", fontsize=7.5)
        figure.suptitle(title, fontsize=10, x=0.01, ha="left")
    return figure


def mosaics(
    table: Mapping[str, Mapping[str, Mosaic]], span: tuple[float, float], *, title: str
) -> Figure:
    """Images that members generated, a mosaic a member.

    Args:
        table: row -> column -> what stands there.
        span: the numbers that are white and black; what lies beyond them looks like them.
        title: above all.

    Raises:
        BadData: no rows, or rows with other columns than the first.
        MissingExtra: matplotlib is not installed.
    """
    columns = list(next(iter(table.values()), {}))
    if not columns or any(list(row) != columns for row in table.values()):
        raise BadData("a figure of images needs the same columns in each of its rows")
    with settings():
        size = (1.65 * len(columns) + 0.4, 1.0 * len(table) + 0.75)
        figure, axes = canvas(size, len(table), len(columns))
        figure.set_dpi(_COARSE)
        figure.set_layout_engine("constrained", w_pad=0.02, h_pad=0.02, wspace=0.0, hspace=0.0)
        for i, (name, row) in enumerate(table.items()):
            for j, (column, mosaic) in enumerate(row.items()):
                ax = axes[i * len(columns) + j]
                _draw_images(ax, mosaic, span)
                if i == 0:
                    ax.set_title(column, fontsize=8, loc="center")
                if j == 0:
                    ax.set_ylabel(name, fontsize=7)
        figure.suptitle(title, fontsize=10, x=0.01, ha="left")
    return figure


def _draw_images(ax: Axes, mosaic: Mosaic, span: tuple[float, float]) -> None:
    """The first images side by side, a light line between them."""
    images = mosaic.images
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set(color=_FRAME, visible=True)
    if not np.isfinite(images).all():
        where = {"ha": "center", "va": "center", "transform": ax.transAxes, "fontsize": 7}
        ax.text(0.5, 0.5, mosaic.missing, **where)
        return
    ax.set_xlabel(mosaic.note, fontsize=6.5, labelpad=1.5)
    _, height, width = images.shape
    whole = np.full((_HIGH * (height + 1) - 1, _WIDE * (width + 1) - 1), span[0])
    for k, image in enumerate(images[: _WIDE * _HIGH]):
        down, across = divmod(k, _WIDE)
        top, left = down * (height + 1), across * (width + 1)
        whole[top : top + height, left : left + width] = image
    ax.imshow(whole, cmap="gray_r", vmin=span[0], vmax=span[1], interpolation="nearest")


def _draw_dots(ax: Axes, dots: Sequence[Dot]) -> None:
    for y, dot in enumerate(dots):
        color = COLORS[y % len(COLORS)]
        label = "this study" if y == 0 else None
        ax.plot([dot.low, dot.high], [y, y], color=color, linewidth=2.2, alpha=0.45)
        ax.plot([dot.rank], [y], "o", color=color, markersize=6, label=label, linestyle="")
        if dot.printed is not None:
            label = "printed values" if y == 0 else None
            ax.plot(
                [dot.printed],
                [y],
                "D",
                color="#000000",
                markerfacecolor="none",
                markersize=5,
                label=label,
                linestyle="",
            )
    ax.set_yticks(range(len(dots)), [dot.name for dot in dots])
    ax.set_ylim(len(dots) - 0.5, -0.5)
    ax.set_xlim(0.8, len(dots) + 0.2)
    ax.set_xticks(range(1, len(dots) + 1))
    ax.set_xlabel("average rank (1 is best)")


def _draw_points(
    ax: Axes,
    target: NDArray[np.floating],
    points: NDArray[np.floating],
    reach: float,
    missing: str,
) -> None:
    ax.plot(target[:, 0], target[:, 1], ".", color=TARGET, markersize=1.4)
    there = points[np.isfinite(points).all(axis=1)]
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
    if len(there):
        ax.plot(there[:, 0], there[:, 1], ".", color=MADE, markersize=1.8)
    else:
        ax.text(
            *(0.5, 0.5, missing), transform=ax.transAxes, ha="center", va="center", fontsize=8,
            bbox=paper,
        )  # fmt: skip
    outside = float((np.abs(there) > reach).any(axis=1).mean()) if len(there) else 0.0
    if outside >= 0.005:
        ax.text(
            *(0.97, 0.03, f"{outside:.0%} outside"), transform=ax.transAxes, ha="right",
            va="bottom", fontsize=6, bbox=paper,
        )  # fmt: skip
    ax.set_xlim(-reach, reach)
    ax.set_ylim(-reach, reach)
    ax.set_aspect("equal")
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set(visible=True, color=_FRAME, linewidth=0.6)

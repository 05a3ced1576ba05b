"""What all figures share: markers of equilibria, orbits, streamlines, legends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sympy import CRootOf, Expr, fraction

from symgan.report import style
from symgan.report.figures import math_label
from symgan.report.plots.curves import Curve, Window
from symgan.report.plots.inputs import Name, label
from symgan.report.plots.rest import Rest, Rests

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
FIELD = "#9aa5b1"
"""Streamlines and arrows: behind everything else, and yet to be seen."""
HUGE = 1e30
MARKERS = {"saddle": "X", "center": "o", "focus": "o", "node": "s"}
"""By the last word of a class; anything else is a diamond."""


def window(
    ax: Axes, sides: Window, names: Sequence[Name], labels: Mapping[Name, str] | None
) -> None:
    """Set the limits and the names of both axes."""
    ax.set_xlim(*sides[0])
    ax.set_ylim(*sides[1])
    ax.set_xlabel(label(names[0], labels))
    ax.set_ylabel(label(names[1], labels))


def curves(ax: Axes, found: Sequence[Curve], name: str, **look: Any) -> None:
    """Draw curves as one entry of the legend."""
    for curve in found:
        for piece in curve.pieces:
            ax.plot(*piece.T, label=name, **look)


def equilibria(ax: Axes, found: Rests, sides: Window) -> None:
    """Mark equilibria: the shape says the class, a full marker that it attracts."""
    for points in found.lines:
        ax.plot(*points.T, color="black", linewidth=3.0, alpha=0.55, label="equilibria")
    for rest in found.points:
        if all(low <= at <= high for at, (low, high) in zip(rest.place, sides, strict=True)):
            marked(ax, rest)
    if found.everywhere:
        note(ax, "every point is an equilibrium")
    if not found.solved:
        note(ax, "equilibria: those that are declared")


def note(ax: Axes, text: str) -> None:
    """A remark above the upper right corner."""
    ax.text(
        0.995, 1.01, text, transform=ax.transAxes, ha="right", va="bottom", fontsize=7.5,
        color=style.INK,
    )  # fmt: skip


def marked(ax: Axes, rest: Rest) -> None:
    """Mark one equilibrium."""
    face = {True: "black", False: "white", None: "#b5bcc4"}[rest.stable]
    ax.plot(
        *([rest.place[0]], [rest.place[1]]),
        marker=MARKERS.get(rest.kind.split()[-1], "D"),
        markersize=8.5 if rest.kind == "saddle" else 7.5,
        markerfacecolor=face,
        markeredgecolor="black",
        markeredgewidth=1.3,
        linestyle="none",
        zorder=6,
        clip_on=False,
        label=rest.kind,
    )


def streamlines(ax: Axes, across: Floats, up: Floats, field: Floats, density: float = 1.0) -> None:
    """Streamlines of a field on a grid, array (len(up), len(across), 2).

    Some releases of Matplotlib draw every step of a streamline as a path of its own; they are
    joined, so that vector files stay small.
    """
    from matplotlib.collections import LineCollection

    shown = np.ma.masked_invalid(_tamed(field))
    stream = ax.streamplot(
        *(across, up, shown[..., 0], shown[..., 1]),
        density=density,
        color=FIELD,
        linewidth=0.8,
        arrowsize=0.9,
        arrowstyle="->",
        zorder=1,
    )
    lines = joined([np.asarray(piece) for piece in stream.lines.get_segments()])
    stream.lines.remove()
    ax.add_collection(LineCollection(lines, colors=FIELD, linewidths=0.8, zorder=1))


def _tamed(field: Floats) -> Floats:
    """The same directions with lengths whose squares do not overflow."""
    with np.errstate(all="ignore"):
        length = np.hypot(field[..., 0], field[..., 1])[..., None]
        if not np.any(length > HUGE):
            return field
        return np.where(length > 0, field / length * length**0.1, 0.0)


def joined(segments: Sequence[Floats]) -> list[Floats]:
    """Polylines from pieces (k, 2) of which each may begin where the last one ended.

    >>> [len(line) for line in joined([np.eye(2), np.eye(2)[::-1], np.ones((2, 2))])]
    [3, 2]
    """
    lines: list[list[Floats]] = []
    for piece in segments:
        if lines and np.array_equal(lines[-1][-1][-1], piece[0]):
            lines[-1].append(piece[1:])
        else:
            lines.append([piece])
    return [np.concatenate(parts) for parts in lines]


def arrows(ax: Axes, across: Floats, up: Floats, field: Floats, color: str = FIELD) -> None:
    """Arrows of one length: where a field, array (len(up), len(across), 2), points to.

    All of them are one line, with gaps, so that vector files stay small.
    """
    scale = np.array([across[1] - across[0], up[1] - up[0]])
    with np.errstate(all="ignore"):
        seen = field / scale  # directions as they look in the window
        seen = seen / np.hypot(seen[..., 0], seen[..., 1])[..., None]
    middle = np.stack(np.meshgrid(across, up), axis=-1)[np.isfinite(seen).all(axis=-1)]
    along = seen[np.isfinite(seen).all(axis=-1)]
    beside = along[:, ::-1] * [-1, 1]
    gap = np.full_like(middle, np.nan)
    tip, tail = middle + 0.36 * along * scale, middle - 0.36 * along * scale
    barbs = [tip + (-0.2 * along + side * 0.12 * beside) * scale for side in (-1, 1)]
    strokes = np.stack([tail, tip, gap, barbs[0], tip, barbs[1], gap], axis=1).reshape(-1, 2)
    ax.plot(*strokes.T, color=color, linewidth=0.9, solid_joinstyle="miter", zorder=1)


def log_axis(ax: Axes) -> None:
    """Ticks of a logarithmic vertical axis: powers of ten, or 1, 2, 5 where it is short."""
    from matplotlib.ticker import FormatStrFormatter, LogLocator, NullFormatter

    low, high = ax.get_ylim()
    if np.log10(high / low) < 2:
        ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        ax.yaxis.set_major_formatter(FormatStrFormatter("%g"))
    ax.yaxis.set_minor_formatter(NullFormatter())


def legend(
    figure: Figure, axes: Sequence[Axes], columns: int = 3, first: Sequence[Any] = ()
) -> None:
    """One legend under the panels, every name once; some handles stand first."""
    handles: dict[str, Any] = {handle.get_label(): handle for handle in first}
    for ax in axes:
        for handle, name in zip(*ax.get_legend_handles_labels(), strict=True):
            handles.setdefault(name, handle)
    if handles:
        figure.legend(
            handles.values(),
            handles.keys(),
            loc="outside lower center",
            ncols=min(columns, len(handles)),
        )


def heading(ax: Axes, title: str) -> None:
    """The title of a panel."""
    ax.set_title(title, fontweight="bold")


def axis_lines(ax: Axes) -> None:
    """Thin lines through the origin."""
    ax.axhline(0, color=FIELD, linewidth=0.7, zorder=0.9)
    ax.axvline(0, color=FIELD, linewidth=0.7, zorder=0.9)


def short(value: float, digits: int = 3) -> str:
    """A number to some digits, or to as many more as tell it from 1, the border of stability.

    >>> short(0.7071, 3), short(1.00498, 3), short(-1.0, 3)
    ('0.707', '1.005', '−1')
    """
    while digits < 12 and f"{abs(value):.{digits}g}" == "1" and abs(value) != 1:
        digits += 1
    return f"{value:.{digits}g}".replace("-", "−")


def exact(value: Expr, digits: int = 3) -> str:
    """An exact number with its first digits; the digits alone where it is long.

    >>> import sympy as sp
    >>> exact(sp.sqrt(2) / 2), exact(sp.Integer(2)), exact(sp.Rational(1, 2))
    ('$\\\\sqrt{2} / 2$ ≈ 0.707', '$2$', '$1 / 2$')
    """
    near = short(float(value), digits)
    if len(str(value)) > 24 or value.has(CRootOf):
        return f"≈ {near}"
    above, below = fraction(value)
    written = math_label(above)[:-1] + (f" / {below}$" if below != 1 else "$")
    plain = value.is_Integer or (value.is_Rational and value.q < 100)
    return written if plain else f"{written} ≈ {near}"

"""Figures of sweeps: what each cell did, over one or two of its coordinates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sympy import Symbol

from symgan.errors import BadData
from symgan.report.expressions import expression
from symgan.report.figures import canvas, settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

NEUTRAL = ("#e4e7ea", "#3d4a5c")
"""For what did not arrive anywhere, and for what escaped."""
COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
"""Okabe and Ito's, for everything else."""
OUTCOME_COLORS = {
    "undecided": "#e4e7ea",
    "converges": "#009E73",
    "stays": "#56B4E9",
    "grows": "#D55E00",
}
_GROWN = 400
"""Points a panel up to which they are drawn larger."""


@dataclass(frozen=True)
class Bracket:
    """One exact end and what orbits did around it.

    Attributes:
        title: of its row.
        offsets: steps as multiples of the end, less one.
        outcomes: names of what happened there.
    """

    title: str
    offsets: ArrayLike
    outcomes: Sequence[str]


def category_map(
    x: Floats,
    y: Floats,
    codes: NDArray[Any],
    names: Mapping[int, str],
    *,
    labels: tuple[str, str],
    title: str = "",
    colors: Mapping[str, str] | None = None,
    exact: Floats | None = None,
) -> Figure:
    """A grid of cells, each in the color of its category.

    Args:
        x, y: the nodes of the sides, ascending.
        codes: array (len(x), len(y)).
        names: code -> name, in the order of the legend; those that do not occur are left out.
        labels: of the axes; names of SymPy symbols.
        title: heading.
        colors: name -> color; the first two neutral, then the palette, unless given.
        exact: a function on the grid whose zero line is drawn over it.

    Raises:
        BadData: the shapes do not fit.
        MissingExtra: matplotlib is not installed.
    """
    if np.shape(codes) != (len(x), len(y)):
        raise BadData(f"codes of shape {np.shape(codes)} do not fit a grid of {len(x)} x {len(y)}")
    present = [code for code in names if (codes == code).any()]
    palette = (*NEUTRAL, *(COLORS * (1 + len(names) // len(COLORS))))
    chosen = [
        colors[names[code]] if colors else palette[list(names).index(code)] for code in present
    ]
    places = np.searchsorted(sorted(present), codes)
    order = np.argsort(present)
    with settings():
        from matplotlib.colors import ListedColormap
        from matplotlib.patches import Patch

        figure, (ax,) = canvas((5.6, 4.8), 1, 1)
        ax.pcolormesh(
            *(x, y, places.T),
            cmap=ListedColormap([chosen[i] for i in order]),
            vmin=-0.5,
            vmax=len(present) - 0.5,
            shading="nearest",
            rasterized=True,
        )
        handles: list[Any] = [
            Patch(color=color, label=names[code])
            for code, color in zip(present, chosen, strict=True)
        ]
        if exact is not None:
            handles.append(_contour(ax, x, y, exact))
        _axes(ax, labels, title)
        figure.legend(handles=handles, loc="outside lower center", ncols=min(4, len(handles)))
    return figure


def heat_map(
    x: Floats, y: Floats, values: Floats, *, labels: tuple[str, str], title: str, meaning: str
) -> Figure:
    """A grid of numbers, zero in white; cells without a number stay gray.

    Args:
        x, y: the nodes of the sides, ascending.
        values: array (len(x), len(y)).
        labels: of the axes.
        title: heading.
        meaning: label of the color bar.

    Raises:
        BadData: the shapes do not fit, or nothing is a number.
        MissingExtra: matplotlib is not installed.
    """
    if np.shape(values) != (len(x), len(y)):
        raise BadData(f"values of shape {np.shape(values)} do not fit a grid {len(x)} x {len(y)}")
    known = np.abs(values[np.isfinite(values)])
    if not known.size:
        raise BadData("no cell has a number to draw")
    most = float(np.quantile(known, 0.99)) or 1.0
    with settings():
        figure, (ax,) = canvas((5.8, 4.6), 1, 1)
        ax.set_facecolor("#c9ced4")
        shown = np.ma.masked_invalid(values.T)
        image = ax.pcolormesh(
            *(x, y, shown),
            cmap="RdBu_r",
            vmin=-most,
            vmax=most,
            shading="nearest",
            rasterized=True,
        )
        figure.colorbar(image, ax=ax, label=meaning, extend="both")
        _axes(ax, labels, title)
    return figure


def bifurcation(x: Floats, tails: Floats, *, labels: tuple[str, str], title: str = "") -> Figure:
    """The last states over a parameter, a dot each.

    Args:
        x: the parameter, (cells,).
        tails: states (cells, kept); NaN where an orbit escaped.
        labels: of the axes.
        title: heading.

    Raises:
        BadData: the shapes do not fit.
        MissingExtra: matplotlib is not installed.
    """
    if tails.ndim != 2 or len(tails) != len(x):
        raise BadData(f"states of shape {np.shape(tails)} do not fit {len(x)} cells")
    size = 2.0 if len(np.unique(x)) < _GROWN else 0.4
    with settings():
        figure, (ax,) = canvas((6.8, 4.2), 1, 1)
        ax.scatter(
            np.repeat(x, tails.shape[1]),
            tails.ravel(),
            s=size,
            color=COLORS[0],
            linewidths=0,
            alpha=0.7,
            rasterized=True,
        )
        ax.set_xlim(float(x.min()), float(x.max()))
        _axes(ax, labels, title)
    return figure


def exponent_lines(x: Floats, exponents: Floats, *, label: str, title: str = "") -> Figure:
    """Lyapunov exponents over a parameter, a line each.

    Args:
        x: the parameter, ascending, (cells,).
        exponents: (cells, n).
        label: of the parameter.
        title: heading.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    with settings():
        figure, (ax,) = canvas((6.4, 3.8), 1, 1)
        ax.axhline(0, color="#3d4a5c", linewidth=0.9)
        for i in range(exponents.shape[1]):
            shown = np.where(np.isfinite(exponents[:, i]), exponents[:, i], np.nan)
            dash = ("-", "--", ":", "-.")[i % 4]
            color = COLORS[i % len(COLORS)]
            ax.plot(x, shown, color=color, linestyle=dash, label=f"$\\lambda_{{{i + 1}}}$")
        ax.margins(x=0)
        _axes(ax, (label, ""), title)
        ax.set_ylabel("Lyapunov exponent an iteration")
        figure.legend(loc="outside lower center", ncols=exponents.shape[1])
    return figure


def brackets(rows: Sequence[Bracket], *, linear: float, title: str = "") -> Figure:
    """Exact ends, a row each at zero, with the outcomes at steps around them.

    Args:
        rows: the ends.
        linear: the relative distance below which the axis is linear.
        title: heading.

    Raises:
        BadData: no rows.
        MissingExtra: matplotlib is not installed.
    """
    if not rows:
        raise BadData("no exact ends to draw")
    with settings():
        from matplotlib.lines import Line2D

        figure, (ax,) = canvas((8.2, 1.4 + 0.2 * len(rows)), 1, 1)
        ax.axvline(0, color="#3d4a5c", linewidth=0.9)
        for place, row in enumerate(rows):
            colors = [OUTCOME_COLORS[name] for name in row.outcomes]
            offsets = np.asarray(row.offsets, dtype=float)
            edge = ["#8a94a0" if name == "undecided" else "none" for name in row.outcomes]
            ax.scatter(
                offsets,
                np.full(len(offsets), place),
                c=colors,
                s=15,
                edgecolors=edge,
                linewidths=0.5,
            )
        ax.set_xscale("symlog", linthresh=linear, linscale=0.7)
        powers = [-1, -2, -3]
        ticks = [s * 10.0**p for s in (-1, 1) for p in powers if 10.0**p > linear]
        ax.set_xticks([0, *ticks], ["0", *(f"{tick:g}" for tick in ticks)])
        ax.minorticks_off()
        ax.set_yticks(range(len(rows)), [row.title for row in rows], fontsize=7)
        ax.invert_yaxis()
        ax.margins(y=0.02)
        ax.grid(visible=False, axis="y")
        ax.set_xlabel("step over the exact end, less one")
        ax.set_title(title, fontweight="bold")
        handles = [
            Line2D([], [], color=c, marker="o", linestyle="", label=name)
            for name, c in OUTCOME_COLORS.items()
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=4)
    return figure


def _contour(ax: Axes, x: Floats, y: Floats, exact: Floats) -> Any:
    from matplotlib.lines import Line2D

    ax.contour(x, y, exact.T, levels=[0.0], colors="black", linewidths=1.2)
    return Line2D([], [], color="black", linewidth=1.2, label="exact boundary")


def _axes(ax: Axes, labels: tuple[str, str], title: str) -> None:
    ax.set_xlabel(_symbol(labels[0]))
    ax.set_ylabel(_symbol(labels[1]))
    ax.set_title(title, fontweight="bold")
    ax.grid(visible=False)


def _symbol(name: str) -> str:
    return f"${expression(Symbol(name))}$" if name else ""

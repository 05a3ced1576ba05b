"""Figures of spectra: eigenvalues in the complex plane, and where each rule is stable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from symgan.errors import BadData
from symgan.report.figures import canvas, settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#3d4a5c")
"""Okabe and Ito's; dashes differ as well."""
DASHES = ("solid", "dashed", "dashdot", "dotted")


MANY = 500
"""Points from which on vector files hold them as a picture, a hundred times smaller."""


@dataclass(frozen=True, eq=False)
class Region:
    r"""Where in the plane of eigenvalues a rule with a given step is stable.

    Attributes:
        name: of the rule and its step.
        real, imaginary: the nodes of a grid, ascending.
        radius: the spectral radius on the grid, shape (imaginary, real); stable below one.
    """

    name: str
    real: Floats
    imaginary: Floats
    radius: Floats


@dataclass(frozen=True, eq=False)
class View:
    """One panel: a window of the plane and the regions in it.

    Attributes:
        title: of the panel.
        regions: one a rule, on a grid that fills the window.
    """

    title: str
    regions: Sequence[Region]


def eigenvalue_plane(
    values: Complexes, errors: Floats, views: Sequence[View], *, title: str = ""
) -> Figure:
    """Eigenvalues with the boundary of each rule's stability region.

    Args:
        values: shape (k,).
        errors: the radius of each one's error, shape (k,); those that are not finite are not drawn.
        views: one panel each, with the same rules.
        title: heading.

    Raises:
        BadData: shapes that do not fit, or no panel.
        MissingExtra: matplotlib is not installed.
    """
    if values.shape != errors.shape or values.ndim != 1 or not views:
        raise BadData(
            f"{values.shape} eigenvalues, {errors.shape} errors and {len(views)} panels do not "
            "make a figure; give one error an eigenvalue and one panel at least"
        )
    with settings():
        figure, axes = canvas((4.3 * len(views) + 0.6, 4.6), 1, len(views))
        for ax, view in zip(axes, views, strict=True):
            _panel(ax, values, errors, view)
        axes[0].set_ylabel("imaginary part")
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=2)
        if title:
            figure.suptitle(title, x=0.01, ha="left", fontsize=9.5, fontweight="bold")
    return figure


@dataclass(frozen=True, eq=False)
class Side:
    """One spectrum of a figure that holds several side by side.

    Attributes:
        title: whose.
        values: eigenvalues, shape (k,), one of them not zero.
        exact: whether they are derived, not measured.
    """

    title: str
    values: Complexes
    exact: bool = False


def spectra_beside(sides: Sequence[Side], regions: Sequence[Region], *, title: str = "") -> Figure:
    r"""Spectra of games side by side, each divided by its largest modulus.

    In that scale a step of one over the largest modulus is the same step for all of them, so that
    the same boundaries of stability hold in every panel.

    Args:
        sides: the spectra, a panel each.
        regions: of rules at that step, on grids that fill the window of every panel.
        title: heading.

    Raises:
        BadData: no spectra, one without an eigenvalue other than zero, or no region.
        MissingExtra: matplotlib is not installed.
    """
    if not sides or not regions:
        raise BadData("a figure of spectra needs one spectrum and one region at least")
    for side in sides:
        if not np.abs(side.values).max(initial=0.0) > 0:
            raise BadData(f"{side.title}: no eigenvalue other than 0, so there is no scale to draw")
    with settings():
        figure, axes = canvas((3.3 * len(sides) + 0.4, 3.7), 1, len(sides))
        for ax, side in zip(axes, sides, strict=True):
            _side(ax, side, regions)
        axes[0].set_ylabel("imaginary part / largest modulus")
        handles = {}
        for ax in axes:
            for handle, name in zip(*ax.get_legend_handles_labels(), strict=True):
                handles.setdefault(name, handle)
        figure.legend(handles.values(), handles, loc="outside lower center", ncols=3)
        if title:
            figure.suptitle(title, x=0.01, ha="left", fontsize=9.5, fontweight="bold")
    return figure


def _side(ax: Axes, side: Side, regions: Sequence[Region]) -> None:
    largest = float(np.abs(side.values).max())
    scaled = side.values / largest
    _axes_and_boundaries(ax, regions)
    look = {"markersize": 6.5, "markerfacecolor": "white", "markeredgewidth": 1.4}
    dots = {"markersize": 2.6, "markerfacecolor": "black", "markeredgewidth": 0, "alpha": 0.6}
    ax.plot(
        *(scaled.real, scaled.imag), linestyle="none", markeredgecolor="black", zorder=5,
        marker="D" if side.exact else "o", label="exact" if side.exact else "measured",
        rasterized=scaled.size > MANY,
        **(look if side.exact else dots),
    )  # fmt: skip
    ax.set_aspect("equal")
    ax.set_xlabel("real part / largest modulus")
    ax.set_title(f"{side.title}\n{_counted(side)}", fontsize=8.5)


def _counted(side: Side) -> str:
    """How many eigenvalues there are, and their scale."""
    size = np.abs(side.values).max()
    return f"{side.values.size} eigenvalues, largest modulus {size:.3g}"


def _axes_and_boundaries(ax: Axes, regions: Sequence[Region]) -> None:
    """Axes through zero, and a line a region with its entry of the legend."""
    from matplotlib.lines import Line2D

    real, imaginary = regions[0].real, regions[0].imaginary
    ax.axvline(0, color="#3d4a5c", linewidth=0.7)
    ax.axhline(0, color="#3d4a5c", linewidth=0.7)
    for i, region in enumerate(regions):
        color, dash = COLORS[i % len(COLORS)], DASHES[i % len(DASHES)]
        _boundary(ax, region, color, dash)
        ax.add_line(Line2D([], [], color=color, linestyle=dash, label=region.name))
    ax.set_xlim(real[0], real[-1])
    ax.set_ylim(imaginary[0], imaginary[-1])


def _boundary(ax: Axes, region: Region, color: str, dash: str) -> None:
    """Where the radius is one, if that is in the window."""
    if region.radius.min() < 1 < region.radius.max():
        ax.contour(
            *(region.real, region.imaginary, np.minimum(region.radius, 4.0)),
            levels=[1.0], colors=[color], linestyles=[dash], linewidths=1.3,
        )  # fmt: skip


def _panel(ax: Axes, values: Complexes, errors: Floats, view: View) -> None:
    from matplotlib.patches import Circle

    _axes_and_boundaries(ax, view.regions)
    for value, error in zip(values, errors, strict=True):
        if np.isfinite(error) and error > 0:
            circle = Circle((value.real, value.imag), error, color="#000000", alpha=0.12, lw=0)
            ax.add_patch(circle)
    ax.plot(
        *(values.real, values.imag), "o", color="#000000", markersize=3.2, alpha=0.75,
        markeredgewidth=0, label="eigenvalues",
    )  # fmt: skip
    ax.set_xlabel("real part")
    ax.set_title(view.title)

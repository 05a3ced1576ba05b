r"""Figure 3 redrawn from the stored outcomes, and what the paper does not show beside it.

`figure3` holds the three maps at the paper's threshold; `figure3_open` how much of them hangs on
what is not printed: intervals, repairs, thresholds; `figure3_rules` which update rules help.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from symgan.data.gmm_maps import THRESHOLDS, Outcomes, stored_map, stored_maps
from symgan.report import style
from symgan.report.figures import canvas, picture, settings
from symgan.report.pictures import Picture
from symgan.stats import wilson
from symgan_papers.gmm.map_tables import PAPER, off_diagonal
from symgan_papers.gmm.maps import COMPARED, ETAS, FIGURE, INTERVALS, REPAIRS, RULES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

PANELS = {
    "first-order": "first-order",
    "unrolled": "5-unrolled",
    "optimal": "optimal discriminator",
}
COLORS = "viridis"
"""Even in lightness, and readable without color vision."""
MARKERS = ("o", "s", "^")
SHOWN = (PAPER, 0.05)
"""The printed threshold, which the best merged means (TV = 0.058) meet, and one they do not."""


def pictures() -> tuple[Picture, ...]:
    """All figures of this module.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    return (figure3(), figure3_open(), figure3_rules())


def figure3() -> Picture:
    """The three maps at the paper's threshold, and at half of it."""
    with settings():
        drawn, axes = canvas((9.4, 6.2), 2, 3)
        drawing = [(stored_map(name), threshold) for threshold in SHOWN for name in FIGURE]
        images = [_heatmap(ax, *which) for ax, which in zip(axes, drawing, strict=True)]
        for ax, (m, threshold) in zip(axes, drawing, strict=True):
            share = off_diagonal(m, threshold).mean()
            ax.set_title(f"{PANELS[m.name]}\nTV < {threshold}: {share:.1%} off the diagonal")
        for ax in axes[3:]:
            ax.set_xlabel(r"initial $\mu_1$")
        for ax in axes[::3]:
            ax.set_ylabel(r"initial $\mu_2$")
        bar = drawn.colorbar(images[0], ax=axes, shrink=0.6)
        bar.set_label("share of the runs of a cell")
        return picture("figure-3", _CAPTION, drawn)


def _heatmap(ax: Axes, m: Outcomes, threshold: float) -> AxesImage:
    side = np.unique(m.means[:, 0])
    share = (m.counts(threshold) / m.codes.shape[1]).reshape(len(side), len(side))
    half = (side[1] - side[0]) / 2
    low, high = side[0] - half, side[-1] + half
    image = ax.imshow(
        share.T,  # the first mean runs along the page
        origin="lower",
        extent=(low, high, low, high),
        vmin=0,
        vmax=1,
        cmap=COLORS,
        interpolation="nearest",
    )
    ax.plot([-0.5, 0.5], [0.5, -0.5], "w+", markersize=8, markeredgewidth=1.4)
    ax.grid(visible=False)
    ax.set_xticks([-1, 0, 1])
    ax.set_yticks([-1, 0, 1])
    return image


def figure3_open() -> Picture:
    """Success against the choices that the paper does not print."""
    with settings():
        drawn, axes = canvas((9.4, 6.4), 2, 3)
        for row, threshold in enumerate(SHOWN):
            for ax, dynamics in zip(axes[3 * row :], COMPARED, strict=False):
                _study(ax, dynamics, threshold)
        axes[0].legend(ncols=3, loc="upper left", columnspacing=0.8, handletextpad=0.1)
        _thresholds(axes[2])
        _steps(axes[5])
        return picture("figure-3-open", _OPEN, drawn)


def _study(ax: Axes, dynamics: str, threshold: float) -> None:
    places = zip((-0.22, 0, 0.22), REPAIRS, _COLORS, MARKERS, strict=True)
    for offset, repair, look, mark in places:
        names = [f"study/{dynamics}/{i}/{repair}" for i in INTERVALS]
        _points(ax, names, threshold, Mark(look.color, mark, repair, offset))
    _categories(ax, INTERVALS)
    ax.set_title(f"{PANELS[dynamics]}, TV < {threshold}")


def _thresholds(ax: Axes) -> None:
    for name, look, mark in zip(FIGURE, _COLORS, MARKERS, strict=True):
        m = stored_map(name)
        shares = [off_diagonal(m, t).mean() for t in THRESHOLDS]
        _line(ax, THRESHOLDS, shares, Mark(look.color, mark, PANELS[name]), look.dash)
    ax.set_xscale("log")
    ax.set_xticks(THRESHOLDS, [f"{t:g}" for t in THRESHOLDS])
    ax.minorticks_off()
    ax.set_ylim(-0.03, 1.03)
    ax.set_xlabel("threshold on TV")
    ax.set_title("the maps of the figure")
    ax.legend(loc="center left")


def _steps(ax: Axes) -> None:
    for name, look, mark in zip(FIGURE, _COLORS, MARKERS, strict=True):
        maps = {eta: f"numbers/{name}/eta={eta}" for eta in ETAS} | {"3/10": name}
        known = {float(Fraction(eta)): n for eta, n in maps.items() if n in stored_maps()}
        shares = [off_diagonal(stored_map(known[eta]), SHOWN[1]).mean() for eta in sorted(known)]
        _line(ax, sorted(known), shares, Mark(look.color, mark, PANELS[name]), look.dash)
    ax.set_xscale("log")
    ax.set_xticks([0.01, 0.1, 0.3, 1], ["0.01", "0.1", "0.3", "1"])
    ax.minorticks_off()
    ax.set_ylim(-0.03, 1.03)
    ax.set_xlabel(r"step $\eta$")
    ax.set_title(f"3000 steps, TV < {SHOWN[1]}")


def figure3_rules() -> Picture:
    """Success of other update rules from the same starts."""
    stored = [name for name in RULES if f"rules/{name}" in stored_maps()]
    with settings():
        drawn, (ax,) = canvas((9.4, 3.9), 1, 1)
        names = [f"rules/{name}" for name in stored]
        for threshold, look, mark in zip(SHOWN, _COLORS, MARKERS, strict=False):
            _points(ax, names, threshold, Mark(look.color, mark, f"TV < {threshold}"))
        _categories(ax, stored)
        ax.legend(loc="upper left", ncols=2)
        ax.set_title("share of runs below the threshold at the end, unequal initial means")
        return picture("figure-3-rules", _RULES, drawn)


@dataclass(frozen=True)
class Mark:
    """How a series looks."""

    color: str
    shape: str
    label: str
    offset: float = 0.0


_COLORS = (style.GENERATOR, style.DISCRIMINATOR, style.DATA)


def _points(ax: Axes, names: Sequence[str], threshold: float, mark: Mark) -> None:
    """Shares with their Wilson intervals, one a category; a map that is not stored leaves a gap."""
    found = [(x + mark.offset, name) for x, name in enumerate(names) if name in stored_maps()]
    successes = [off_diagonal(stored_map(name), threshold) for _, name in found]
    intervals = [wilson(int(s.sum()), s.size) for s in successes]
    places = [x for x, _ in found]
    ends = [i.low for i in intervals], [i.high for i in intervals]
    ax.vlines(places, *ends, color=mark.color, linewidth=2)
    _line(ax, places, [s.mean() for s in successes], mark, "none")


def _line(ax: Axes, x: Sequence[float], y: Sequence[float], mark: Mark, dash: str) -> None:
    ax.plot(
        x,
        y,
        color=mark.color,
        marker=mark.shape,
        markersize=4,
        linestyle=dash,
        label=mark.label,
    )


def _categories(ax: Axes, names: Sequence[str]) -> None:
    ax.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor")
    ax.set_ylim(-0.03, 1.15)
    ax.set_xlim(-0.6, len(names) - 0.4)


_CAPTION = (
    "The probability, over random initial discriminators, that the generator reaches the truth "
    "(-0.5, 0.5), for 41 x 41 initial means: first-order dynamics, dynamics unrolled over 5 steps, "
    "and dynamics with the optimal discriminator, which draw nothing. 3000 steps of 0.3, 120 "
    "discriminators a cell. Above, success where the final total variation distance is below 0.1, "
    "as printed: two means merged at 0 have 0.058 and count as a success. Below, where it is "
    "below 0.05, which merged means never are. The crosses are the truth and its mirror image."
)
_OPEN = (
    "How far the maps depend on what the paper does not print: the distribution of the initial "
    "intervals, what is done where their ends cross, the threshold, and the step. Bars are 95 % "
    "Wilson intervals over the runs of an 11 x 11 grid with 40 discriminators a cell."
)
_RULES = (
    "The share of runs that reach the truth under other update rules, from the same initial means "
    "and discriminators as in the maps above, at the printed threshold and at 0.05, which merged "
    "means do not meet."
)

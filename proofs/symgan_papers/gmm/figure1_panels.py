r"""Figure 1 redrawn from the recorded data: means solid, ends of intervals dotted."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from symgan.report import style
from symgan.report.figures import canvas, picture, settings
from symgan.report.pictures import Picture
from symgan_papers.gmm.figure1_data import (
    COLLAPSED,
    COLLAPSING,
    CONVERGED,
    CONVERGING,
    ETA,
    FOLLOWED,
    OPTIMAL,
    TRUTH,
    VANISHING,
)
from symgan_papers.gmm.model_front import Setup, mixture_density, plain_orbit
from symgan_papers.gmm.model_front_optimal import plain_optimal_orbit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
EDGE = 4.0
"""Where infinite ends are drawn: the edge of the panels."""


@dataclass(frozen=True)
class Panel:
    """One panel.

    Attributes:
        title: what it shows.
        means: shape (steps + 1, 2).
        left, right: the intervals' ends, shape (steps + 1, 2); NaN where there is none.
    """

    title: str
    means: Array
    left: Array
    right: Array


def first_order(title: str, data: Setup, steps: int) -> Panel:
    """A panel of first order dynamics."""
    states = np.array(plain_orbit(data, steps))
    return Panel(title, states[:, :2], states[:, 2:4], states[:, 4:])


def optimal(title: str, steps: int) -> Panel:
    """A panel of optimal discriminator dynamics; infinite ends lie at the edge."""
    orbit = plain_optimal_orbit(TRUTH, OPTIMAL, ETA, steps)
    truth = [float(m) for m in TRUTH]
    means = np.array([[float(m) for m in now] for now, _ in orbit])
    left, right = np.full((2, steps + 1, 2), np.nan)
    for t, (_, zeros) in enumerate(orbit):
        cuts = [-EDGE, *(float(z) for z in zeros), EDGE]
        middles = [(a + b) / 2 for a, b in itertools.pairwise(cuts)]
        positive = [
            k
            for k, y in enumerate(middles)
            if mixture_density(y, truth) > mixture_density(y, [float(m) for m in means[t]])
        ]
        for place, k in enumerate(positive):
            left[t, place], right[t, place] = cuts[k], cuts[k + 1]
    return Panel(title, means, left, right)


def panels() -> tuple[Panel, ...]:
    """The four panels."""
    return (
        first_order("(a) first order: to the truth", CONVERGING, CONVERGED),
        first_order("(b) first order: wild, then merged", COLLAPSING, COLLAPSED),
        optimal("(c) optimal discriminator", FOLLOWED),
        first_order("(d) first order: gradients vanish", VANISHING, 250),
    )


def figure() -> Picture:
    """The four panels, two by two."""
    with settings():
        drawn, axes = canvas((9.2, 6.2), 2, 2)
        for ax, panel in zip(axes, panels(), strict=True):
            _draw(ax, panel)
        return picture("figure-1", _CAPTION, drawn)


def _draw(ax: Axes, panel: Panel) -> None:
    for mean in TRUTH:
        ax.axhline(float(mean), color=style.DATA.color, linewidth=0.8, linestyle=style.DATA.dash)
    colors = ("#D55E00", "#CC79A7")
    for i in (0, 1):
        for ends in (panel.left[:, i], panel.right[:, i]):
            ax.plot(ends, color=colors[i], linewidth=0.8, linestyle=":")
        ax.plot(panel.means[:, i], color=("#0072B2", "#56B4E9")[i], linewidth=1.3)
    ax.set_title(panel.title, fontweight="bold")
    ax.set_xlabel("step")
    ax.set_xlim(0, len(panel.means) - 1)
    ax.set_ylim(-EDGE, EDGE)


_CAPTION = (
    "Figure 1 redrawn: true means -1/2 and 1/2 (dash-dotted), step 1/10; the generator's means are "
    "solid, the ends of the discriminator's two intervals dotted, a color an interval. The paper "
    "prints no initial data; these are ours. (a) First order, means -9/10 and 11/10, intervals "
    "[-23/10, -6/10] and [4/10, 19/10]. (b) First order, means -2 and -3/10, intervals [-28/10, "
    "1/10] and [2/10, 29/10]; the intervals pass each other on the way. (c) Optimal discriminators "
    "from means -3/2 and -1/5; ends at the edge are infinite. From about step 60 on the "
    "discriminator flips between two half-lines at every step. (d) First order, means -1/2 and "
    "17/10, intervals [-26/10, -15/10] and [16/10, 29/10], which close where their ends meet."
)

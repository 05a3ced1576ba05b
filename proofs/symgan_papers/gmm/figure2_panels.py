r"""Figure 2 redrawn with the repaired right interval: F, and what the discriminator covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from symgan.report import style
from symgan.report.figures import canvas, picture, settings
from symgan.report.pictures import Picture
from symgan_papers.gmm.figure2_data import MEANS, TRUTH, UNROLL, setup
from symgan_papers.gmm.model_front import Setup, plain_orbit
from symgan_papers.gmm.model_front_optimal import plain_zeros

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
EDGE = 6.0
AXIS = np.linspace(-EDGE, EDGE, 601)
STEPS = 300


@dataclass(frozen=True)
class Panel:
    """One panel.

    Attributes:
        title: what it shows.
        means: the generator's.
        intervals: what the discriminator covers.
    """

    title: str
    means: tuple[float, float]
    intervals: tuple[tuple[float, float], ...]


def difference(x: Array, means: tuple[float, float]) -> Array:
    """True density minus the generator's."""

    def mixture(pair: tuple[float, float]) -> Array:
        parts = [np.exp(-((x - m) ** 2) / 2) for m in pair]
        return (parts[0] + parts[1]) / np.sqrt(8 * np.pi)

    return mixture((float(TRUTH[0]), float(TRUTH[1]))) - mixture(means)


def after(title: str, data: Setup, steps: int) -> Panel:
    """A panel of a moment of an orbit."""
    m1, m2, l1, l2, r1, r2 = (float(v) for v in plain_orbit(data, steps)[-1])
    return Panel(title, (m1, m2), ((l1, r1), (l2, r2)))


def panels() -> tuple[Panel, ...]:
    """The five panels."""
    means = (float(MEANS[0]), float(MEANS[1]))
    first, second, third = plain_zeros([float(m) for m in TRUTH], means)
    return (
        after("(a) initial", setup(), 0),
        Panel("(b) optimal discriminator", means, ((-EDGE, first), (second, third))),
        after("(c) generator fixed", setup(frozen=True), STEPS),
        after("(d) first order", setup(), STEPS),
        after(f"(e) {UNROLL}-unrolled", setup(unroll=UNROLL), STEPS),
    )


def figure() -> Picture:
    """The five panels in a row."""
    with settings():
        drawn, axes = canvas((13.0, 2.9), 1, 5)
        for ax, panel in zip(axes, panels(), strict=True):
            _draw(ax, panel)
        axes[0].set_ylabel("true density - generator's")
        return picture("figure-2", _CAPTION, drawn)


def _draw(ax: Axes, panel: Panel) -> None:
    values = difference(AXIS, panel.means)
    ax.plot(AXIS, values, color=style.GENERATOR.color)
    ax.axhline(0, color="black", linewidth=0.7)
    for low, high in panel.intervals:
        if high > low:
            inside = (low <= AXIS) & (high >= AXIS)
            ax.fill_between(AXIS, values, where=inside, color=style.DISCRIMINATOR.color, alpha=0.35)
        else:
            ax.axvline(low, color=style.DISCRIMINATOR.color, linestyle="--", linewidth=1.1)
    ax.set_title(panel.title, fontweight="bold")
    ax.set_xlim(-EDGE, EDGE)
    ax.set_ylim(-0.25, 0.25)
    ax.set_xlabel("x")


_CAPTION = (
    "Figure 2 redrawn: true means -2 and 2, initial means -1 and 5/2, left interval [-1, 1/5], "
    "step 3/10. The printed right interval [-1, 5/2] covers the left one, and from it both "
    "dynamics come to the truth; here it is [1/2, 5/2]. The curve is the true density minus the "
    "generator's; shaded is what the discriminator covers, dashed lines are intervals of length "
    "zero. Ends that would pass each other are held together. (c) to (e) are after 300 steps: with "
    "the generator fixed the left interval has collapsed, under first order and five-fold unrolled "
    "dynamics both have."
)

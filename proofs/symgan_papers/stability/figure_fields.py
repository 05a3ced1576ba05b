r"""The poster's streamlines, redrawn: the small system learning a uniform distribution.

Panels: the traditional GAN, the WGAN (eta = 0), and the WGAN with the gradient-norm
regularizer (eta = 0.25). Fields are derived from the games; the GAN's field is a mean over
samples, here by Gauss-Legendre quadrature. One orbit a panel is drawn over the
streamlines; the WGAN's is a level line of its first integral.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from symgan.kernels import compile
from symgan.report import style
from symgan.report.figures import canvas, picture, settings
from symgan.report.pictures import Picture
from symgan_papers.stability.model import (
    TRADITIONAL,
    a,
    poster_flow,
    sample_game,
    uniform_wgan,
    w,
    x,
)
from symgan_papers.stability.section5_figures import ENERGY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
Field = Callable[[Array], Array]
"""States (..., 2) in the order (w, a) -> their velocities (..., 2)."""

WIDTH, LOW, HIGH = 1.0, 0.0, 2.0
"""The poster's axes, read off its ticks: w from -1 to 1, a up to 2."""
GRID = 61
"""Points a side of the grid that streamlines are traced on."""
NODES = 24
"""Gauss-Legendre nodes on [0, 1]: float64 accuracy on the panel, as the tests measure."""
START = (0.0, 0.4)
"""Where the orbit of each panel starts."""
STEP = 0.05
"""Of the classical Runge-Kutta method: the orbits are accurate to the line's width."""
WEIGHT = sp.Rational(1, 4)


@dataclass(frozen=True)
class Panel:
    """One panel: what it shows, its field, how long its orbit is followed."""

    title: str
    field: Field
    duration: float
    level: bool = False


def panels() -> tuple[Panel, ...]:
    """The three panels."""
    return (
        Panel("GAN", gan_field(), 60.0),
        Panel(r"WGAN, $\eta = 0$", wgan_field(0), 11.0, level=True),
        Panel(r"WGAN, $\eta = 0.25$", wgan_field(WEIGHT), 60.0),
    )


def wgan_field(weight: sp.Expr | int) -> Field:
    """The field with f(t) = t, regularized."""
    return compile(poster_flow(uniform_wgan(), weight)).field


def gan_field() -> Field:
    """The field of the traditional GAN: the mean of the samples' fields."""
    kernel = compile(poster_flow(sample_game(TRADITIONAL)))
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    samples, shares = (nodes + 1) / 2, weights[:, None] / 2

    def field(states: Array) -> Array:
        velocities = kernel.field(np.asarray(states)[..., None, :], parameters={x: samples})
        return np.sum(shares * velocities, axis=-2)

    return field


def orbit(field: Field, start: tuple[float, float], duration: float) -> Array:
    """States along an orbit, shape (n, 2), by the classical Runge-Kutta method."""
    states = [np.array(start)]
    for _ in range(round(duration / STEP)):
        state = states[-1]
        first = field(state)
        second = field(state + STEP / 2 * first)
        third = field(state + STEP / 2 * second)
        fourth = field(state + STEP * third)
        states.append(state + STEP / 6 * (first + 2 * second + 2 * third + fourth))
    return np.array(states)


def grid() -> tuple[Array, Array, Array]:
    """The coordinates w and a, and the states at the points of the grid, (GRID, GRID, 2)."""
    across, up = np.linspace(-WIDTH, WIDTH, GRID), np.linspace(LOW, HIGH, GRID)
    return across, up, np.stack(np.meshgrid(across, up), axis=-1)


def figure() -> Picture:
    """The three panels."""
    with settings():
        drawn, axes = canvas((10.2, 3.7), 1, 3)
        for ax, panel in zip(axes, panels(), strict=True):
            _draw(ax, panel)
        axes[0].set_ylabel("a (generator)")
        return picture("figure-streamlines", _CAPTION, drawn)


def _draw(ax: Axes, panel: Panel) -> None:
    across, up, states = grid()
    velocity = panel.field(states)
    ax.streamplot(
        across,
        up,
        velocity[..., 0],
        velocity[..., 1],
        color="#9aa5b1",
        linewidth=0.7,
        arrowsize=0.8,
        density=1.15,
    )
    if panel.level:
        _level_lines(ax)
    path = orbit(panel.field, START, panel.duration)
    ax.plot(path[:, 0], path[:, 1], color=style.GENERATOR.color, linewidth=1.5, zorder=3)
    ax.plot(*START, marker="s", markersize=4, color=style.GENERATOR.color, zorder=4)
    ax.plot(0, 1, marker="o", markersize=5.5, color="white", markeredgecolor="black", zorder=5)
    ax.set_title(panel.title, fontweight="bold")
    ax.set_xlabel("w (discriminator)")
    ax.set_xlim(-WIDTH, WIDTH)
    ax.set_ylim(LOW, HIGH)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1])
    ax.set_yticks([0, 0.5, 1, 1.5, 2])
    ax.set_aspect("equal")
    ax.grid(visible=False)


def _level_lines(ax: Axes) -> None:
    """Dashed level lines of the WGAN's first integral, through heights on w = 0."""
    across = np.linspace(-WIDTH, WIDTH, 241)
    up = np.linspace(0.02, HIGH, 241)
    energy = sp.lambdify((w, a), ENERGY, "numpy")
    values = energy(*np.meshgrid(across, up))
    heights = sorted(float(energy(0.0, height)) for height in (0.25, START[1], 0.65, 0.85))
    ax.contour(
        across,
        up,
        values,
        levels=heights,
        colors=style.DISCRIMINATOR.color,
        linewidths=0.9,
        linestyles="dashed",
        zorder=2,
    )


_CAPTION = (
    "The poster's streamlines redrawn: a small system learning the uniform distribution on "
    "[-1, 1], D(x) = w x^2, G(z) = a z. A circle marks the equilibrium (0, 1), a square the start "
    "(0, 0.4) of the orbit in blue. The GAN spirals in, its eigenvalues having the real part "
    "-1/20. The WGAN's orbits are closed: dashed are level lines of its first integral w^2 + "
    "a^2/2 - log a. With the regularizer's weight 0.25 it spirals in, the real part being -1/9."
)

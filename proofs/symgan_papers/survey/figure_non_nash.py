r"""Six flows at an attractor that is no Nash equilibrium (section 5.2.2).

The payoff :math:`V = -\theta^2/2 + 3\theta\psi - \psi^2` has its only stationary point at
(0, 0), where the generator sits at a maximum of V, yet simultaneous descent is drawn to it.
Fields come from the rules; the verdict in each title from the exact spectrum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sympy import Rational

from symgan import rules
from symgan.analysis.spectrum import spectrum
from symgan.game import Game
from symgan.kernels import compile
from symgan.report.figures import canvas, picture, settings
from symgan.report.pictures import Picture
from symgan.report.style import GENERATOR
from symgan.results import Stability
from symgan.system import Flow
from symgan_papers.survey.model_section5_2 import game, psi, theta

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HALF_WIDTH, POINTS = 1.5, 41
"""The square that is drawn, and how finely the field is taken."""

FLOWS: dict[str, tuple[str, dict[str, object]]] = {
    "simultaneous descent": ("simultaneous", {}),
    r"consensus, $\gamma = 1$": ("consensus", {"gamma": 1}),
    r"symplectic adjustment, $\lambda = 1$": ("symplectic-adjustment", {"lam": 1}),
    r"1-unrolled, inner step 1/4": ("unrolled", {"steps": 1, "inner": Rational(1, 4)}),
    r"descent on $|v|^2/2$": ("hamiltonian", {}),
    "local symplectic surgery": ("local-symplectic-surgery", {"xi": 1}),
}
"""Title -> the flow's name in the catalog and its options."""

WORDS = {
    Stability.STABLE: "attracts",
    Stability.UNSTABLE: "repels",
    Stability.CENTER: "center",
    Stability.DEGENERATE: "open",
}


def attractor() -> Game:
    """The game: v' has trace 1 and determinant 7, and V bends down in theta."""
    return game(-(theta**2) / 2 + 3 * theta * psi - psi**2)


def flows() -> dict[str, Flow]:
    """The flows of the six panels."""
    return {
        title: rules.named_flow(name)(attractor(), **options)
        for title, (name, options) in FLOWS.items()
    }


def verdicts() -> dict[str, Stability | None]:
    """What the exact spectrum at (0, 0) decides for each flow."""
    rest = {theta: 0, psi: 0}
    return {title: spectrum(flow, rest).verdict for title, flow in flows().items()}


def figure() -> Picture:
    """Streamlines of the six flows around the stationary point."""
    decided = verdicts()
    with settings():
        drawn, axes = canvas((9.4, 6.6), 2, 3)
        for ax, (title, flow) in zip(axes, flows().items(), strict=True):
            _panel(ax, flow)
            verdict = decided[title]
            ax.set_title(f"{title}\n{WORDS[verdict] if verdict else 'depends'}")
        return picture("figure-non-nash", _CAPTION, drawn)


def _panel(ax: Axes, flow: Flow) -> None:
    side = np.linspace(-HALF_WIDTH, HALF_WIDTH, POINTS)
    x, y = np.meshgrid(side, side)
    values = compile(flow).field(np.stack([x, y], axis=-1))
    ax.streamplot(
        x,
        y,
        values[..., 0],
        values[..., 1],
        color=GENERATOR.color,
        density=0.5,
        linewidth=0.9,
        broken_streamlines=False,
    )
    ax.plot(0, 0, marker="o", color="white", markeredgecolor="black", markersize=6, zorder=4)
    ax.set_aspect("equal")
    ax.set_xlim(-HALF_WIDTH, HALF_WIDTH)
    ax.set_ylim(-HALF_WIDTH, HALF_WIDTH)
    ax.set_xlabel(r"$\theta$")
    ax.set_ylabel(r"$\psi$")


_CAPTION = (
    "Six flows around the only stationary point of V = -theta^2/2 + 3 theta psi - psi^2, which is "
    "no Nash equilibrium: the generator sits at a maximum of V. Whether a flow attracts to it or "
    "repels from it is decided by its exact spectrum there. Local symplectic surgery sees the "
    "symmetric part of v' alone and leaves."
)

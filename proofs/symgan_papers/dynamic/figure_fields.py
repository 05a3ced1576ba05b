r"""Figure 6, redrawn: update fields of the Dirac-GAN and their norms.

Rows: the vanilla (BCE) loss, the Wasserstein loss, and the Wasserstein loss with gradient
penalty. Columns: both players move (:math:`V_3`), the generator alone (:math:`V_1`), the
discriminator alone (:math:`V_2`). Fields are derived from the games; color is the exact
field's norm, arrows have its direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy import Expr

from symgan.game import Game
from symgan.kernels import compile
from symgan.regularizers import wgan_gp
from symgan.report.figures import canvas, picture, settings
from symgan.report.pictures import Picture
from symgan.system import Flow
from symgan_papers.dynamic.model import bce_game, psi, theta, wasserstein_game

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HALF_WIDTH = 2.0
"""Half the side of the square that is drawn."""
PENALTY = 1
"""gamma of the gradient penalty (gamma/2)(|psi| - 1)^2; the paper prints none for this figure."""
COLORS, ARROWS = 240, 12
"""Points a side: of the norm, and of the arrows; even, since the penalty jumps at psi = 0."""
MAP = "cividis"
"""Even in lightness, and the same for the common kinds of color vision."""

PLAYERS = {"V3": "both players", "V1": "generator alone", "V2": "discriminator alone"}


@dataclass(frozen=True)
class Grid:
    """A field on a square grid.

    Attributes:
        theta: coordinates, shape (n, n).
        psi: coordinates, shape (n, n).
        values: the field's two components, shape (n, n, 2).
    """

    theta: NDArray[np.float64]
    psi: NDArray[np.float64]
    values: NDArray[np.float64]

    @property
    def norm(self) -> NDArray[np.float64]:
        """The Euclidean norm at each point, shape (n, n)."""
        return np.hypot(self.values[..., 0], self.values[..., 1])


def games() -> dict[str, Game]:
    """The three games, with the paper's signs."""
    return {
        "vanilla (BCE)": bce_game(),
        "Wasserstein": wasserstein_game(),
        "Wasserstein with gradient penalty": wgan_gp(wasserstein_game(), PENALTY),
    }


def update_fields(game: Game) -> dict[str, tuple[Expr, Expr]]:
    """V_1, V_2 and V_3 of any game, penalties included: each player descends its own loss."""
    down = tuple(-v for v in game.v)
    zero = sp.Integer(0)
    return {"V1": (down[0], zero), "V2": (zero, down[1]), "V3": (down[0], down[1])}


def on_grid(field: tuple[Expr, Expr], points: int, half: float = HALF_WIDTH) -> Grid:
    """A field at the points of a square grid around (0, 0)."""
    side = np.linspace(-half, half, points)
    x, y = np.meshgrid(side, side)
    kernel = compile(Flow((theta, psi), field))
    return Grid(x, y, kernel.field(np.stack([x, y], axis=-1)))


def figure() -> Picture:
    """Figure 6: three games by three choices of who moves."""
    with settings():
        drawn, axes = canvas((9.4, 8.6), 3, 3)
        drawn.set_layout_engine("compressed")  # keeps color bars as high as their square panels
        rows = [axes[3 * i : 3 * i + 3] for i in range(3)]
        for (name, game), row in zip(games().items(), rows, strict=True):
            _row(drawn, row, name, game)
        for ax, (field, who) in zip(axes[:3], PLAYERS.items(), strict=True):
            ax.set_title(rf"${field[0]}_{field[1]}$: {who}", fontweight="bold")
        for ax in axes[6:]:
            ax.set_xlabel(r"$\theta$")
        return picture("figure-6", _CAPTION, drawn)


def _row(drawn: Any, row: list[Axes], name: str, game: Game) -> None:
    """One game: three panels with one scale of colors."""
    by_name = update_fields(game)
    grids = {field: on_grid(by_name[field], COLORS) for field in PLAYERS}
    top = max(float(grid.norm.max()) for grid in grids.values())
    image: Any = None
    for ax, field in zip(row, PLAYERS, strict=True):
        image = _norms(ax, grids[field], top)
        _arrows(ax, on_grid(by_name[field], ARROWS, 0.93 * HALF_WIDTH))
        _mark_origin(ax, rests=game.equilibrium is not None)
        ax.grid(visible=False)
        ax.set_aspect("equal")
        ax.set_xticks([-2, -1, 0, 1, 2])
        ax.set_yticks([-2, -1, 0, 1, 2], labels=None if ax is row[0] else [""] * 5)
    row[0].set_ylabel(f"{name}\n\n" + r"$\psi$")
    bar = drawn.colorbar(image, ax=row, pad=0.015, aspect=26)
    bar.set_label("norm of the field")
    bar.outline.set_linewidth(0.6)


def _mark_origin(ax: Axes, *, rests: bool) -> None:
    """A dot where (0, 0) is a rest point of the game, a cross where it is not."""
    look = {"marker": "o", "markersize": 5.5} if rests else {"marker": "X", "markersize": 7.5}
    ax.plot(0, 0, color="white", markeredgecolor="black", linestyle="none", zorder=4, **look)


def _norms(ax: Axes, grid: Grid, top: float) -> Any:
    half = HALF_WIDTH
    return ax.imshow(
        grid.norm,
        origin="lower",
        extent=(-half, half, -half, half),
        vmin=0,
        vmax=top,
        cmap=MAP,
        interpolation="bilinear",
    )


def _arrows(ax: Axes, grid: Grid) -> None:
    """Directions, all of one length; none where the field vanishes."""
    norm = grid.norm
    moving = norm > 0
    direction = grid.values[moving] / norm[moving][:, None]
    ax.quiver(
        grid.theta[moving],
        grid.psi[moving],
        direction[:, 0],
        direction[:, 1],
        color="white",
        edgecolor="black",
        linewidth=0.35,
        pivot="mid",
        scale=17,
        width=0.0075,
    )


_CAPTION = (
    "Figure 6 redrawn: update fields of the Dirac-GAN around (0, 0). Color: norm; arrows: "
    "direction; a dot marks a rest point at (0, 0), a cross that there is none. Rows: vanilla "
    "(BCE) loss, Wasserstein loss, Wasserstein loss with the gradient penalty "
    f"(gamma/2)(|psi| - 1)^2, gamma = {PENALTY} (the paper prints none). With both players moving "
    "the field turns around (0, 0). The penalty's field jumps at psi = 0, so that (0, 0) is no "
    "rest point of it; it draws psi to 1 and -1, where the generator still moves."
)

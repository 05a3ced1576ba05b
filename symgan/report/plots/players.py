r"""A game's field split by player, and into a potential and a rotational part.

With :math:`\delta = x - x^*` and :math:`J = S + A`, symmetric and antisymmetric,

.. math:: v(x) = \nabla\phi(x) + r(x), \qquad
          \phi(x) = \int_0^1 \delta^\top v(x^* + s\delta)\,ds, \qquad
          r(x) = 2\int_0^1 s\, A(x^* + s\delta)\,\delta\,ds,

so that the first part is a gradient, and the second one is orthogonal to :math:`\delta` and
vanishes where J is symmetric. On quadratic games they are :math:`S\delta` and :math:`A\delta`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Symbol

from symgan.errors import GameError
from symgan.game import Game
from symgan.kernels import compile
from symgan.report.figures import canvas, settings
from symgan.report.plots import look
from symgan.report.plots.curves import Window, field_on
from symgan.report.plots.inputs import (
    Name,
    Range,
    Values,
    dynamics,
    label,
    require_plane,
    sides,
    start,
    with_values,
)
from symgan.report.plots.rest import Rests, rests
from symgan.system import Flow

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
NODES = 24
"""Of Gauss-Legendre quadrature: exact along a ray for polynomials of degree 47."""
ARROWS = 13
SHADES = 41


def player_fields(
    game: Game,
    *,
    x: Range | None = None,
    y: Range | None = None,
    at: Any = None,
    values: Values | None = None,
    titles: tuple[str, str, str, str] | None = None,
    title: str = "",
    labels: Mapping[Name, str] | None = None,
    size: tuple[float, float] = (7.4, 7.4),
) -> Figure:
    r"""What each player does alone, and which part of the field turns.

    Four panels: each player's own descent :math:`-\nabla_{x_i}\ell_i` with the levels of its loss,
    and :math:`-\nabla\phi` and :math:`-r` of the module's formula. Arrows have one length a panel;
    the shading gives their true one.

    Args:
        game: of two players with one symbol each.
        x, y: the ends of the axes; -2 to 2 unless given.
        at: the point :math:`x^*` from which rays start; the declared equilibrium, else the origin.
        values: numbers for parameters, by symbol or name.
        titles: of the four panels.
        title: heading of the figure.
        labels: symbol or name -> LaTeX.
        size: inches.

    Raises:
        GameError: another number of players or symbols, a parameter without a value, an empty
            range, a game that changes in time.
        MissingExtra: matplotlib is not installed.

    Source: Balduzzi et al. 2018, section 2, for S and A; the decomposition along rays is
    Poincare's homotopy.

    >>> from symgan.games.quadratic import quadratic
    >>> len(player_fields(quadratic(1, 2, 1)).axes)
    4
    """
    if not isinstance(game, Game):
        raise GameError(f"fields by player are drawn of a Game, not of a {type(game).__name__}")
    dynamics(game)
    posed = with_values(game, values)
    flow = posed.flow()
    names = require_plane(flow, "the fields of the players")
    if len(posed.players) != 2:
        raise GameError(f"{len(posed.players)} player moves both symbols; two panels need two")
    center = start(_center(posed, at), names, "center of the rays")
    window = sides(names[0], x), sides(names[1], y)
    coarse = _inner(*window[0]), _inner(*window[1])
    fine = np.linspace(*window[0], SHADES), np.linspace(*window[1], SHADES)
    pointing = _fields(posed, names, np.array(center), *coarse)
    shading = _fields(posed, names, np.array(center), *fine)
    found = rests(flow, None, posed.equilibrium, 2 * max(abs(e) for s in window for e in s))
    with settings():
        figure, axes = canvas(size, 2, 2)
        headings = titles or _titles(names, labels)
        for i, (ax, name) in enumerate(zip(axes, headings, strict=True)):
            _shaded(ax, *fine, shading[i])
            look.arrows(ax, *coarse, pointing[i], color="#1f2933")
            ax.set_title(name)
        for ax, loss in zip(axes, posed.losses, strict=False):
            _levels(ax, loss, names, window)
        _finish(figure, axes, found, window, names, labels)
        if title:
            figure.suptitle(title, x=0.01, ha="left", fontsize=9.5, fontweight="bold")
    return figure


def split(game: Game, center: Floats, places: Floats) -> tuple[Floats, Floats]:
    r"""The parts :math:`\nabla\phi` and :math:`r` of :math:`v - v(x^*)` at places (..., n).

    Args:
        game: without parameters, autonomous.
        center: :math:`x^*`, array (n,).
        places: array (..., n).

    >>> from symgan.games.quadratic import quadratic
    >>> gradient, turning = split(quadratic(1, 2, 3), np.zeros(2), np.array([1.0, 1.0]))
    >>> gradient.round(12).tolist(), turning.round(12).tolist()
    ([1.0, 3.0], [-2.0, 2.0])
    """
    jacobian = compile(Flow(game.state, game.v), backend="numpy").jacobian
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    away = places - center
    gradient, turning = np.zeros_like(away), np.zeros_like(away)
    for s, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
        with np.errstate(all="ignore"):  # what overflows is left out of the figure
            J = jacobian(center + s * away, workers=1)
            ahead = np.einsum("...ij,...j->...i", J, away)
            back = np.einsum("...ji,...j->...i", J, away)
            gradient += weight * ((1 - s) * ahead + s * back)
            turning += weight * s * (ahead - back)
    return gradient, turning


def _center(game: Game, at: Any) -> Any:
    if at is not None:
        return at
    declared = game.equilibrium or {}
    if any(value.free_symbols for value in declared.values()):
        raise GameError("the declared equilibrium is a continuum; give one point of it as at=")
    return [declared.get(s, 0) for s in game.state]


def _inner(low: float, high: float) -> Floats:
    margin = (high - low) / (2 * ARROWS)
    return np.linspace(low + margin, high - margin, ARROWS)


def _titles(names: tuple[Symbol, Symbol], labels: Mapping[Name, str] | None) -> tuple[str, ...]:
    one, other = (label(s.name, labels).strip("$") for s in names)
    return (
        rf"${one}$ alone: $-\partial_{{{one}}} \ell_1$",
        rf"${other}$ alone: $-\partial_{{{other}}} \ell_2$",
        r"potential part: $-\nabla \phi$",
        r"rotational part: $-r$",
    )


def _fields(
    game: Game, names: tuple[Symbol, Symbol], center: Floats, across: Floats, up: Floats
) -> tuple[Floats, ...]:
    """The four fields on a grid, each an array (len(up), len(across), 2)."""
    own = -field_on(game.v, *names, across, up)
    one, other = np.zeros_like(own), np.zeros_like(own)
    one[..., 0], other[..., 1] = own[..., 0], own[..., 1]
    gradient, turning = split(game, center, np.stack(np.meshgrid(across, up), axis=-1))
    return one, other, -gradient, -turning


def _shaded(ax: Axes, across: Floats, up: Floats, field: Floats) -> None:
    """The length of a field in grays; of one that vanishes, the word."""
    with np.errstate(all="ignore"):
        length = np.ma.masked_invalid(np.hypot(field[..., 0], field[..., 1]))
    most = float(length.max())
    if most == 0:
        ax.text(0.5, 0.5, "vanishes", transform=ax.transAxes, ha="center", va="center")
        return
    levels = np.linspace(0, most * (1 + 1e-9), 8)
    ax.contourf(*(across, up, length), levels=levels, cmap="Greys", vmin=0, vmax=2.2 * most)


def _levels(ax: Axes, loss: Expr, names: tuple[Symbol, Symbol], window: Window) -> None:
    across, up = (np.linspace(*ends, 121) for ends in window)
    values = field_on([loss], *names, across, up)[..., 0]
    if np.ptp(values[np.isfinite(values)]) > 0:
        ax.contour(
            *(across, up, values), levels=9, colors="#0072B2", linestyles="-", linewidths=0.9
        )


def _finish(
    figure: Figure,
    axes: list[Axes],
    found: Rests,
    window: Window,
    names: tuple[Symbol, Symbol],
    labels: Mapping[Name, str] | None,
) -> None:
    from matplotlib.lines import Line2D

    for ax in axes:
        look.equilibria(ax, found, window)
        look.window(ax, window, [s.name for s in names], labels)
        ax.grid(visible=False)
    axes[0].add_line(Line2D([], [], color="#0072B2", linewidth=0.8, label="levels of the own loss"))
    look.legend(figure, axes)

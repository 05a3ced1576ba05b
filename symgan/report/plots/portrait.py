"""Phase portraits: the field, its exact nullclines, equilibria by class, and orbits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from sympy import Expr, Symbol

from symgan.analysis.points import displacement
from symgan.game import Game
from symgan.report import style
from symgan.report.figures import canvas, settings
from symgan.report.plots import look
from symgan.report.plots.curves import Window, field_on, guards, zero_set
from symgan.report.plots.inputs import (
    Name,
    Range,
    Values,
    label,
    pose,
    require_autonomous,
    require_plane,
    sides,
    start,
)
from symgan.report.plots.orbits import Orbits, followed, orbits
from symgan.report.plots.rest import rests
from symgan.system import Flow, Map

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Drawn = Literal["streamlines", "arrows", "none"]
NULLCLINES = (style.Line("#0072B2", "--"), style.Line("#D55E00", "-."))
"""Dashed, since orbits are not."""
ORBITS = (
    style.Line("#009E73", "-"),
    style.Line("#CC79A7", "--"),
    style.Line("#000000", ":"),
    style.Line("#E69F00", "-."),
)
DOTS = ("o", "^", "s", "x")
"""Of maps, whose orbits are told apart by them."""


def phase_portrait(
    system: Game | Flow | Map,
    *,
    x: Range | None = None,
    y: Range | None = None,
    starts: Sequence[Any] = (),
    follow: Sequence[Any] | Mapping[str, Any] = (),
    steps: int = 200,
    until: float = 20.0,
    values: Values | None = None,
    rest: Sequence[Mapping[Any, Any]] | None = None,
    field: Drawn = "streamlines",
    nullclines: bool = True,
    title: str = "",
    labels: Mapping[Name, str] | None = None,
    size: tuple[float, float] = (5.4, 5.2),
) -> Figure:
    r"""Draw a flow, or the displacement :math:`F(x) - x` of a map, in the plane.

    Nullclines are drawn from their exact formulas where a factor of the field is linear in one of
    the symbols, and as contours of the kernel otherwise. Equilibria are solved exactly; the shape
    of a marker says the class, a full marker that the equilibrium attracts, an open one that it
    does not. Where the linear part decides nothing, `symgan.marginal_verdict` is asked.

    Args:
        system: a game (its simultaneous flow), a flow or a map, with two state symbols.
        x, y: the ends of the axes; -2 to 2 unless given.
        starts: where orbits begin, pairs of numbers or values by symbol.
        follow: flows or maps that are followed from the starts instead of the system, with names
            if given as a mapping; of maps with memory the visible symbols are drawn.
        steps: of orbits of maps.
        until: the time up to which flows are followed.
        values: numbers for parameters, by symbol or name.
        rest: equilibria to mark instead of all.
        field: how the field is drawn.
        nullclines: whether they are drawn.
        title: heading.
        labels: symbol or name -> LaTeX.
        size: inches.

    Raises:
        GameError: another dimension, a parameter without a value, an empty range, a start that is
            no pair; a system that changes in time.
        MissingExtra: matplotlib is not installed.

    >>> from symgan.games.quadratic import quadratic
    >>> figure = phase_portrait(quadratic(1, 2, 0), starts=[(1.5, 0)])
    >>> [text.get_text() for text in figure.legends[0].get_texts()][-1]
    'stable focus'
    """
    flow, declared = pose(system, values)
    names = require_plane(flow, "a phase portrait")
    window = sides(names[0], x), sides(names[1], y)
    found = rests(flow, rest, declared, 2 * max(abs(end) for side in window for end in side))
    tracks = tracks_of(flow, follow, starts, steps, until, values)
    with settings():
        figure, (ax,) = canvas(size, 1, 1)
        field_of = moved(flow)
        draw_field(ax, field_of, names, window, field)
        if nullclines:
            draw_nullclines(ax, field_of, names, window, labels, isinstance(flow, Map))
        for guard in guards(flow.rhs):
            curves = zero_set(guard, *names, window)
            look.curves(ax, curves, "switching surface", color="black", linewidth=2.4, alpha=0.3)
        draw_orbits(ax, tracks)
        look.equilibria(ax, found, window)
        look.window(ax, window, [s.name for s in names], labels)
        ax.grid(visible=False)
        look.heading(ax, title)
        look.legend(figure, [ax])
    return figure


def moved(system: Flow | Map) -> tuple[Expr, Expr]:
    """Where states move to: F of a flow, F(x) - x of a map."""
    x, y = displacement(system)
    return x, y


def tracks_of(
    system: Flow | Map,
    follow: Sequence[Any] | Mapping[str, Any],
    starts: Sequence[Any],
    steps: int,
    until: float,
    values: Values | None,
) -> dict[str, Orbits]:
    """The orbits of what is followed, by name; of the system itself where nothing else is."""
    places = [start(each, system.state) for each in starts]
    systems = followed(follow, values, system.state) if follow else {"": system}
    if not places:
        return {}
    for each in systems.values():
        require_autonomous(each, "a phase portrait")
    return {name: orbits(each, places, steps, until) for name, each in systems.items()}


def draw_field(
    ax: Axes, field: Sequence[Expr], names: Sequence[Symbol], window: Window, drawn: Drawn
) -> None:
    """A field as streamlines or arrows."""
    count = {"streamlines": 61, "arrows": 19, "none": 0}[drawn]
    if not count:
        return
    inset = 0.0 if drawn == "streamlines" else 0.5 / count
    across, up = (
        np.linspace(low + inset * (high - low), high - inset * (high - low), count)
        for low, high in window
    )
    found = field_on(field, names[0], names[1], across, up)
    (look.streamlines if drawn == "streamlines" else look.arrows)(ax, across, up, found)


def draw_nullclines(
    ax: Axes,
    field: Sequence[Expr],
    names: Sequence[Symbol],
    window: Window,
    labels: Mapping[Name, str] | None,
    discrete: bool,
) -> None:
    """Where one component vanishes; a line a component."""
    for symbol, component, line in zip(names, field, NULLCLINES, strict=True):
        text = label(symbol.name, labels).strip("$")
        name = f"$\\Delta {text} = 0$" if discrete else f"$\\dot{{{text}}} = 0$"
        curves = zero_set(component, names[0], names[1], window)
        look.curves(ax, curves, name, color=line.color, linestyle=line.dash, linewidth=1.5)


def draw_orbits(ax: Axes, tracks: Mapping[str, Orbits]) -> None:
    """Orbits: of flows as lines, of maps as dots on a thin line; starts are small rings."""
    for index, (name, found) in enumerate(tracks.items()):
        line = ORBITS[index % len(ORBITS)]
        for number in range(found.states.shape[1]):
            states = np.where(np.isfinite(found.states[:, number]), found.states[:, number], np.nan)
            ax.plot(
                *states.T,
                color=line.color,
                linestyle="-" if found.discrete else line.dash,
                linewidth=0.7 if found.discrete else 1.7,
                marker=DOTS[index % len(DOTS)] if found.discrete else "",
                markersize=2.4 if line is ORBITS[0] else 3.6,
                markeredgewidth=0.5,
                zorder=4,
                label=name or "orbits",
            )
            ax.plot(
                *states[0],
                marker="o",
                markersize=4.5,
                markerfacecolor="white",
                markeredgecolor=line.color,
                zorder=5,
            )

r"""Path angles: how a field turns against the straight line between two points.

.. math:: c(\alpha) = \frac{\langle b - a,\, v(x_\alpha)\rangle}{|b - a|\,|v(x_\alpha)|}, \qquad
          x_\alpha = a + \alpha (b - a).

Where b attracts descent the sign switches from negative to positive at :math:`\alpha = 1`; rotation
shows as a bump. At an equilibrium b the one-sided limits are :math:`\pm\delta^\top J\delta /
(|\delta|\,|J\delta|)` with :math:`\delta = b - a`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Matrix, Symbol

from symgan.analysis.points import displacement
from symgan.errors import GameError
from symgan.game import Game
from symgan.kernels import compile
from symgan.report import style
from symgan.report.figures import canvas, settings
from symgan.report.plots import look
from symgan.report.plots.inputs import (
    Range,
    Values,
    dynamics,
    require_autonomous,
    sides,
    start,
    with_values,
)
from symgan.system import Flow, Map

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
POINTS = 1200
"""An even number: the line has no node at its ends, where an equilibrium may be."""


@dataclass(frozen=True, eq=False)
class Angles:
    """A field along a line.

    Attributes:
        places: the values of alpha, array (k,).
        cosines: of the angle, array (k,); NaN where the field vanishes.
        norms: of the field, array (k,).
    """

    places: Floats
    cosines: Floats
    norms: Floats


def path_angle(
    system: Game | Flow | Map,
    starts: Any,
    end: Any = None,
    *,
    reach: Range = (-0.5, 1.5),
    values: Values | None = None,
    names: Sequence[str] = (),
    title: str = "",
    size: tuple[float, float] = (6.2, 5.0),
) -> Figure:
    r"""Draw path angles, and the norm of the field along the same lines.

    Args:
        system: a game (its field v), a flow (:math:`v = -F`) or a map (:math:`v = x - F`), of any
            dimension.
        starts: the point a, or several of them, as numbers or values by symbol.
        end: the point b; the game's declared equilibrium unless given.
        reach: the ends of alpha.
        values: numbers for parameters, by symbol or name.
        names: of the lines, for the legend.
        title: heading.
        size: inches.

    Raises:
        GameError: two points that are one, no second point, a parameter without a value.
        MissingExtra: matplotlib is not installed.

    Source: Berard et al. 2020, definition 3.

    >>> from symgan.games.quadratic import quadratic
    >>> figure = path_angle(quadratic(1, 2, 1), [(1, 0.5), (1, -0.5)])
    >>> [ax.get_ylabel() for ax in figure.axes]
    ['cosine of the path angle', 'norm of $v$']
    """
    dynamics(system)
    posed = with_values(system, values)
    flow = dynamics(posed)
    require_autonomous(flow, "a path angle")
    goal = start(_end(posed, end), flow.state, "end")
    begins = [start(each, flow.state) for each in _several(starts, flow.state)]
    low, high = sides("alpha", reach)
    found = [angles(flow, begin, goal, (low, high)) for begin in begins]
    with settings():
        figure, (above, below) = canvas(size, 2, 1)
        above.axhline(0, color=style.INK, linewidth=0.8)
        for i, (begin, each) in enumerate(zip(begins, found, strict=True)):
            line = style.series(i)
            looks: Any = {"color": line.color, "linestyle": line.dash}
            name = names[i] if i < len(names) else f"from {_point(begin)}"
            above.plot(each.places, each.cosines, label=name, **looks)
            below.semilogy(each.places, each.norms, **looks)
            limit = limits(flow, begin, goal)
            if limit is not None and low < 1 < high:
                ends: Any = {"linestyle": "none", "markeredgecolor": line.color, "zorder": 5}
                above.plot([1, 1], [-limit, limit], "o", markersize=5, color="white", **ends)
        for ax in (above, below):
            ax.set_xlim(low, high)
            for place in (0, 1):
                ax.axvline(place, color=style.INK, linewidth=0.8, linestyle=":")
        above.set_ylim(-1.08, 1.08)
        above.set_ylabel("cosine of the path angle")
        below.set_ylabel("norm of $v$")
        below.set_xlabel(r"$\alpha$ (0: start, 1: end)")
        look.log_axis(below)
        figure.align_ylabels([above, below])
        look.heading(above, title)
        look.legend(figure, [above])
    return figure


def angles(
    system: Flow | Map, begin: Sequence[float], goal: Sequence[float], reach: tuple[float, float]
) -> Angles:
    """The field of a system along the line from one point to another.

    Args:
        system: without parameters, autonomous.
        begin, goal: the points.
        reach: the ends of alpha.

    Raises:
        GameError: the points are one.
    """
    a, b = np.asarray(begin, dtype=float), np.asarray(goal, dtype=float)
    if (a == b).all():
        raise GameError(f"start and end are the same point {_point(begin)}; a path needs two")
    places = np.linspace(*reach, POINTS)
    moved = compile(tuple(_v(system)), arguments=system.state, backend="numpy")
    states = a + places[:, None] * (b - a)
    with np.errstate(all="ignore"):  # a place without a field is left out of the figure
        field = moved({s: states[:, i] for i, s in enumerate(system.state)}, workers=1)
        norms = np.sqrt((field**2).sum(axis=-1))
        cosines = field @ (b - a) / (norms * np.sqrt(((b - a) ** 2).sum()))
    switch = np.flatnonzero((places[:-1] < 1) & (places[1:] > 1))
    if len(switch) and not np.any(_at(moved, system, b)):
        return _cut(Angles(places, cosines, norms), int(switch[0]) + 1)
    return Angles(places, cosines, norms)


def limits(system: Flow | Map, begin: Sequence[float], goal: Sequence[float]) -> float | None:
    """The limit of the cosine as alpha falls to 1, where the end is an equilibrium with J != 0."""
    b = np.asarray(goal, dtype=float)
    away = b - np.asarray(begin, dtype=float)
    moved = compile(tuple(_v(system)), arguments=system.state, backend="numpy")
    if np.any(_at(moved, system, b)):
        return None
    J = Matrix(_v(system)).jacobian(Matrix(system.state))
    slope = compile(J, arguments=system.state, backend="numpy")
    ahead = _at(slope, system, b) @ away
    size = float(np.sqrt((ahead**2).sum() * (away**2).sum()))
    return float(away @ ahead) / size if size > 0 and np.isfinite(size) else None


def _v(system: Flow | Map) -> list[Expr]:
    """What descent moves against."""
    return [-f for f in displacement(system)]


def _at(kernel: Any, system: Flow | Map, point: Floats) -> Floats:
    return kernel({s: point[i] for i, s in enumerate(system.state)})


def _cut(found: Angles, place: int) -> Angles:
    """With a gap where the field vanishes."""
    return Angles(
        np.insert(found.places, place, 1.0),
        np.insert(found.cosines, place, np.nan),
        np.insert(found.norms, place, np.nan),
    )


def _end(system: Game | Flow | Map, end: Any) -> Any:
    if end is not None:
        return end
    declared: Mapping[Symbol, Expr] | None = getattr(system, "equilibrium", None)
    if declared is None or any(value.free_symbols for value in declared.values()):
        raise GameError("there is no one declared equilibrium for a path to end at; give the end")
    return declared


def _several(starts: Any, state: Sequence[Symbol]) -> list[Any]:
    """One start or a sequence of them, as a sequence."""
    if isinstance(starts, Mapping):
        return [starts]
    given = list(starts)
    nested = given and (isinstance(given[0], Mapping) or np.ndim(given[0]) > 0)
    return given if nested else [given]


def _point(point: Sequence[float]) -> str:
    return f"({', '.join(f'{value:g}' for value in point)})".replace("-", "−")

"""Basin maps: near which equilibrium an orbit ends, from a grid of starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sympy import Expr, Symbol

from symgan.analysis.basin import Basin, certified_basin
from symgan.analysis.equilibria import equilibria
from symgan.analysis.points import require_rest
from symgan.analysis.spectrum import spectrum
from symgan.errors import GameError, Undecided
from symgan.game import Game
from symgan.report import style
from symgan.report.figures import canvas, settings
from symgan.report.plots import look
from symgan.report.plots.curves import Window
from symgan.report.plots.endings import ESCAPED, FIRST, NONE, Codes, swept
from symgan.report.plots.inputs import (
    Name,
    Range,
    Values,
    number,
    pose,
    require_autonomous,
    sides,
)
from symgan.report.plots.orbits import visible
from symgan.report.plots.rest import rests
from symgan.results import Stability
from symgan.system import Flow, Map

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LONGEST = 40
"""Operations beyond which a transcendental right-hand side gets no search for certified sets: its
derivatives alone would take minutes."""
COLORS = {NONE: "#f4f5f7", ESCAPED: "#59636e"}
NAMES = {NONE: "none of these", ESCAPED: "escapes"}
EDGE = "#8a94a0"
BASINS = ("#8fc1e3", "#f0c268", "#7fcfb4", "#e0b3cd", "#e8a07a", "#c9c9c9", "#f3ec9c")
"""Okabe and Ito's hues, lightened: markers and lines stand on them."""


def basin_map(
    system: Game | Flow | Map,
    *,
    x: Range | None = None,
    y: Range | None = None,
    ends: Sequence[Mapping[Any, Any]] | None = None,
    count: int = 121,
    steps: int | None = None,
    radius: float = 1e-2,
    bound: float = 1e6,
    certify: float | None = None,
    values: Values | None = None,
    title: str = "",
    labels: Mapping[Name, str] | None = None,
    size: tuple[float, float] = (5.6, 5.2),
) -> Figure:
    r"""Draw which of some points orbits end at, by a stated criterion.

    An orbit ends at a point where its last 20 steps lie within the radius of it; it has escaped
    where its norm passed the bound. That is a criterion on finitely many steps in double
    precision, no proof: what is proved are the certified sets, where they are asked for.

    Args:
        system: a game (its flow), a flow or a map with two visible symbols.
        x, y: the ends of the axes; -2 to 2 unless given.
        ends: points to end at; the equilibria whose linearization attracts unless given.
        count: starts a side.
        steps: of a map (2000), or units of time of a flow (100).
        radius: of the balls, in the maximum norm, that count as arrival.
        bound: a norm that counts as escape.
        certify: seconds of search for a certified sublevel set {V <= c} around each end;
            None for no search.
        values: numbers for parameters, by symbol or name.
        title: heading.
        labels: symbol or name -> LaTeX.
        size: inches.

    Raises:
        GameError: another dimension, a parameter without a value, an empty range, nothing to end
            at, certified sets of a map with memory.
        MissingExtra: matplotlib is not installed.

    >>> from sympy import symbols
    >>> x, y = symbols("x y", real=True)
    >>> figure = basin_map(Flow((x, y), (x - x**3, -y)), count=9, steps=30)
    >>> [text.get_text() for text in figure.legends[0].get_texts()]
    ['ends at (−1, 0)', 'ends at (1, 0)', 'none of these', 'saddle', 'stable node']
    """
    posed, declared = pose(system, values)
    state = visible(posed)
    if len(state) != 2:
        raise GameError(f"a basin map is drawn in the plane; {len(state)} symbols are visible")
    require_autonomous(posed, "a basin map")
    window = sides(state[0], x), sides(state[1], y)
    goals = _goals(posed, ends, declared)
    codes = swept(posed, window, goals, count, steps, radius, bound)
    certified = [] if certify is None else _certified(posed, goals, certify)
    with settings():
        figure, (ax,) = canvas(size, 1, 1)
        handles = _areas(ax, codes, window, goals)
        for basin, goal in zip(certified, goals, strict=False):
            if basin is not None:
                _ellipse(ax, basin, [float(v) for v in goal.values()])
        if None in certified:
            look.note(ax, f"no certified set within {certify:g} s: {certified.count(None)} of them")
        if len(posed.state) == 2:
            known = rests(posed, None, None, 2 * max(abs(end) for side in window for end in side))
            look.equilibria(ax, known if known.solved else rests(posed, goals, None, 0), window)
        look.window(ax, window, [s.name for s in state], labels)
        ax.grid(visible=False)
        look.heading(ax, title)
        look.legend(figure, [ax], first=handles)
    return figure


def _goals(
    system: Flow | Map,
    ends: Sequence[Mapping[Any, Any]] | None,
    declared: Mapping[Symbol, Expr] | None,
) -> list[dict[Symbol, Expr]]:
    """The points to end at, by visible symbol; all of them are equilibria."""
    state = visible(system)
    if ends is None:
        return [{s: point[s] for s in state} for point in _attractors(system, declared)]
    goals = []
    for end in ends:
        by_name = {str(key): value for key, value in end.items()}
        if set(by_name) != {s.name for s in state}:
            raise GameError(f"an end must give {', '.join(s.name for s in state)}, and no other")
        goal = {s: number(s.name, by_name[s.name]) for s in state}
        require_rest(system, goal if isinstance(system, Flow) else system.lift(goal))
        goals.append(goal)
    return goals


def _attractors(
    system: Flow | Map, declared: Mapping[Symbol, Expr] | None
) -> list[Mapping[Symbol, Expr]]:
    try:
        found = [e.point for e in equilibria(system) if not e.free]
    except Undecided:
        if declared is None or any(value.free_symbols for value in declared.values()):
            raise GameError(
                "the equilibria of this system are not solved for; name the points to end at"
            ) from None
        found = [declared]
    chosen = [point for point in found if _attracts(system, point)]
    if not chosen:
        raise GameError(
            "no isolated equilibrium has a linearization that attracts; name the points"
        )
    return chosen


def _attracts(system: Flow | Map, point: Mapping[Symbol, Expr]) -> bool:
    try:
        return spectrum(system, point).verdict is Stability.STABLE
    except GameError:  # no Jacobian there
        return False


def _certified(
    system: Flow | Map, goals: Sequence[Mapping[Symbol, Expr]], seconds: float
) -> list[Basin | None]:
    """A certified sublevel set around each goal; None where none was found."""
    if len(system.state) != 2:
        raise GameError("a certified set of a map with memory does not lie in the plane")
    long = any(f.count_ops() > LONGEST and not f.is_polynomial(*system.state) for f in system.rhs)
    if long:
        raise GameError("this formula is too long for certified sets; leave certify out")
    found: list[Basin | None] = []
    for goal in goals:
        try:
            found.append(certified_basin(system, goal, budget=seconds))
        except Undecided:
            found.append(None)
    return found


def _areas(
    ax: Axes, codes: Codes, window: Window, goals: Sequence[Mapping[Symbol, Expr]]
) -> list[Any]:
    """Areas in colors and hatches; returns the handles of the legend."""
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    present = [code for code in (*range(FIRST, FIRST + len(goals)), NONE, ESCAPED)
               if (codes == code).any()]  # fmt: skip
    looks = {code: _look(code) for code in present}
    places = np.zeros(codes.shape)
    for place, code in enumerate(present):
        places[codes == code] = place
    halves = [(high - low) / (2 * (len(codes) - 1)) for low, high in window]
    (a, b), (c, d) = window
    ax.imshow(
        places.T,
        origin="lower",
        extent=(a - halves[0], b + halves[0], c - halves[1], d + halves[1]),
        cmap=ListedColormap([looks[code][0] for code in present]),
        vmin=-0.5,
        vmax=len(present) - 0.5,
        interpolation="none",
        aspect="auto",
        zorder=0,
    )
    _hatched(ax, codes, window, looks)
    return [
        Patch(facecolor=color, hatch=hatch, edgecolor=EDGE, linewidth=0, label=_name(code, goals))
        for code, (color, hatch) in looks.items()
    ]


def _look(code: int) -> tuple[str, str]:
    """Color and hatch of a code."""
    if code in COLORS:
        return COLORS[code], ""
    index = code - FIRST
    return BASINS[index % len(BASINS)], style.HATCHES[index % len(style.HATCHES)]


def _hatched(ax: Axes, codes: Codes, window: Window, looks: Mapping[int, tuple[str, str]]) -> None:
    from matplotlib import rc_context

    across, up = (np.linspace(*ends, len(codes)) for ends in window)
    with rc_context({"hatch.linewidth": 0.45, "hatch.color": EDGE}):
        for code, (_, hatch) in looks.items():
            if hatch:
                here = (codes == code).T.astype(float)
                ax.contourf(
                    *(across, up, here), levels=[0.5, 1.5], colors="none", hatches=[hatch],
                    zorder=0.5,
                )  # fmt: skip


def _name(code: int, goals: Sequence[Mapping[Symbol, Expr]]) -> str:
    if code in NAMES:
        return NAMES[code]
    shown = ", ".join(f"{float(v):.4g}" for v in goals[code - FIRST].values())
    return f"ends at ({shown})".replace("-", "−")


def _ellipse(ax: Axes, basin: Basin, center: Sequence[float]) -> None:
    r"""The curve :math:`V = c`, exactly an ellipse: :math:`x^* + \sqrt c\,L^{-\top}u, |u| = 1`."""
    P = np.array(basin.matrix.tolist(), dtype=float)
    angle = np.linspace(0, 2 * np.pi, 241)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    points = np.linalg.solve(np.linalg.cholesky(P).T, circle) * np.sqrt(float(basin.level))
    ax.plot(
        *(points + np.reshape(center, (2, 1))), color="black", linewidth=1.8, zorder=3,
        label="certified",
    )  # fmt: skip

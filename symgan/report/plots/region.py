"""Stability regions in two parameters: the exact boundary over the shaded spectral radius."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.spectrum import spectrum
from symgan.analysis.step_bound import step_bound
from symgan.errors import GameError, Undecided
from symgan.implicit import ImplicitMap
from symgan.report.figures import canvas, settings
from symgan.report.plots import look
from symgan.report.plots.boundary import boundary, truth
from symgan.report.plots.curves import Curve, Window, contour
from symgan.report.plots.inputs import Name, Range, Values, ruled, sides, with_values
from symgan.report.plots.loci import ETA, placed
from symgan.report.plots.roots import abscissa, radius, roots
from symgan.results import Stability
from symgan.system import Flow

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
GRID = 101
LABELS = 45
"""Nodes a side of the grid on which places for the labels are looked for."""
LEAST = 0.006
"""A region smaller than this part of the window gets no label."""


@dataclass(frozen=True, eq=False)
class Region:
    """What is drawn.

    Attributes:
        condition: for stability, exact; None where it was not found in time.
        polynomial, variable: the exact characteristic polynomial and its variable.
        continuous: whether it is that of a flow.
    """

    condition: Boolean | None
    polynomial: Expr
    variable: Symbol
    continuous: bool


def stability_region(
    system: Any,
    rule: Any = None,
    *,
    over: Mapping[Name, Range],
    at: Mapping[Any, Any] | None = None,
    values: Values | None = None,
    budget: float = 10.0,
    title: str = "",
    labels: Mapping[Name, str] | None = None,
    size: tuple[float, float] = (6.2, 4.8),
) -> Figure:
    r"""Draw where in the plane of two parameters an equilibrium is linearly stable.

    The boundary is drawn from the exact condition: of a map from `symgan.step_bound`, of a flow
    from `symgan.spectrum`. Where that is not found within the budget, the contour
    of the spectral radius is drawn instead, and called numeric. The shading is the spectral radius
    (of a flow the largest real part) of the exact characteristic polynomial.

    Args:
        system: a game with a rule, a map or a flow.
        rule: ``(game, eta) -> Map``; to vary an option of a rule give its map.
        over: two parameters, the first one across: symbol or name -> (low, high).
        at: the equilibrium; the game's declared one, or none for an affine system.
        values: numbers for all other parameters.
        budget: seconds for the exact condition.
        title: heading.
        labels: symbol or name -> LaTeX.
        size: inches.

    Raises:
        GameError: not two parameters of the system, an empty range, a parameter without a value.
        MissingExtra: matplotlib is not installed.

    >>> import sympy as sp
    >>> from symgan.games.quadratic import quadratic
    >>> from symgan.rules.simultaneous import simultaneous
    >>> k = sp.Symbol("k", real=True)
    >>> over = {"eta": (0, 2), "k": (-1, 3)}
    >>> figure = stability_region(quadratic(k, 1, k), simultaneous, over=over)
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['stable', 'unstable']
    """
    if not isinstance(over, Mapping) or len(over) != 2:
        raise GameError("a region is drawn over two parameters: over={name: (low, high), ...}")
    at = getattr(system, "equilibrium", None) if at is None else at
    posed = with_values(ruled(system, rule, ETA), values, free=over)
    known = {p.name: p for p in posed.parameters}
    if unknown := [str(name) for name in over if str(name) not in known]:
        raise GameError(
            f"{unknown[0]} is no parameter of the system; its parameters: {', '.join(known)}"
        )
    names = tuple(known[str(name)] for name in over)
    window = tuple(sides(name, ends) for name, ends in over.items())
    found = _region(posed, names, placed(posed, at, values), budget)
    return _drawn(found, (names[0], names[1]), (window[0], window[1]), title, labels, size)


def _region(
    system: Any, names: Sequence[Symbol], at: Mapping[Any, Expr] | None, budget: float
) -> Region:
    step = next((s for s in names if s.name == "eta" and s.is_positive), None)
    if step is not None and not isinstance(system, Flow):
        try:
            bound = step_bound(system, step, at, budget=budget)
            return Region(bound.condition, bound.polynomial, bound.variable, False)
        except Undecided:
            pass  # the contour of the radius is drawn, and called numeric
    if isinstance(system, ImplicitMap):
        if at is None:
            raise GameError("an implicit map is linear at a fixed point only; give at=")
        system, at = system.linearization(at), None
    try:
        found = spectrum(system, at)
    except Undecided:
        J = system.jacobian(at)
        variable = sp.Dummy("z")
        polynomial = J.charpoly(variable).as_expr()
        return Region(None, polynomial, variable, isinstance(system, Flow))
    condition = found.condition(Stability.STABLE)
    return Region(condition, found.polynomial, found.variable, not found.discrete)


def _drawn(
    found: Region,
    names: tuple[Symbol, Symbol],
    window: Window,
    title: str,
    labels: Mapping[Name, str] | None,
    size: tuple[float, float],
) -> Figure:
    across, up = (np.linspace(low, high, GRID) for low, high in window)
    grid = {names[0]: across[None, :], names[1]: up[:, None]}
    shade = _measure(found, grid)
    critical = 0.0 if found.continuous else 1.0
    exact = found.condition is not None
    with settings():
        figure, (ax,) = canvas(size, 1, 1)
        _shaded(figure, ax, across, up, shade, found.continuous)
        if found.condition is not None:
            edges = boundary(found.condition, *names, window)
        else:
            edges = (Curve(tuple(contour(across, up, shade, critical))),)
        name = "exact boundary of stability" if exact else "boundary of stability (numeric)"
        look.curves(ax, edges, name, color="black", linewidth=2.2)
        _labelled(ax, found, names, window)
        look.window(ax, window, [s.name for s in names], labels)
        ax.grid(visible=False)
        look.heading(ax, title)
        look.legend(figure, [ax])
    return figure


def _measure(found: Region, values: Mapping[Symbol, Floats]) -> Floats:
    """The spectral radius, or the largest real part."""
    with np.errstate(all="ignore"):
        eigenvalues = roots(found.polynomial, found.variable, values)
    return (abscissa if found.continuous else radius)(eigenvalues)


def _shaded(
    figure: Figure, ax: Axes, across: Floats, up: Floats, shade: Floats, continuous: bool
) -> None:
    """Violet where eigenvalues are inside, orange where some are beyond, darker the further."""
    from matplotlib import colormaps
    from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm

    most = float(np.nanquantile(np.abs(shade), 0.98)) or 1.0
    low, critical, high = (-most, 0.0, most) if continuous else (0.0, 1.0, 2.0)
    colors = LinearSegmentedColormap.from_list("", colormaps["PuOr_r"](np.linspace(0.14, 0.86, 65)))
    levels = np.linspace(low, high, 21)
    image = ax.contourf(
        *(across, up, np.ma.masked_invalid(shade)),
        levels=levels,
        cmap=colors,
        norm=TwoSlopeNorm(critical, low, high),
        extend="both" if continuous else "max",
    )
    meaning = "largest real part of the eigenvalues" if continuous else "spectral radius"
    bar = figure.colorbar(image, ax=ax, label=meaning, ticks=levels[::5])
    bar.ax.axhline(critical, color="black", linewidth=1.6)


def _labelled(ax: Axes, found: Region, names: Sequence[Symbol], window: Window) -> None:
    """The words stable and unstable, each at the deepest place of every large region."""
    across, up = (np.linspace(low, high, LABELS) for low, high in window)
    grid = {names[0]: across[None, :], names[1]: up[:, None]}
    critical = 0.0 if found.continuous else 1.0
    told = _measure(found, grid)
    inside = told < critical if found.condition is None else truth(found.condition, grid)
    known = np.isfinite(told)
    for word, where in (("stable", inside & known), ("unstable", ~inside & known)):
        for part in _parts(where):
            if part.mean() < LEAST:
                continue
            i, j = _deepest(part)
            ax.text(
                *(across[j], up[i], word),
                ha="center",
                va="center",
                fontweight="bold",
                bbox={"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 1.5},
            )


def _parts(where: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """The connected parts of a set of nodes."""
    left, found = where.copy(), []
    while left.any():
        part = np.zeros_like(where)
        part.flat[int(np.argmax(left))] = True
        while True:
            grown = _grown(part) & where
            if (grown == part).all():
                break
            part = grown
        found.append(part)
        left &= ~part
    return found


def _grown(part: NDArray[np.bool_]) -> NDArray[np.bool_]:
    grown = part.copy()
    grown[1:] |= part[:-1]
    grown[:-1] |= part[1:]
    grown[:, 1:] |= part[:, :-1]
    grown[:, :-1] |= part[:, 1:]
    return grown


def _deepest(part: NDArray[np.bool_]) -> tuple[int, int]:
    """A node that stays longest while the part, with the window's rim, is worn off."""
    last = part
    while True:
        padded = np.pad(last, 1)
        worn = ~_grown(~padded)[1:-1, 1:-1] & last
        if not worn.any():
            break
        last = worn
    nodes = np.argwhere(last)
    middle = nodes[np.abs(nodes - nodes.mean(axis=0)).sum(axis=1).argmin()]
    return int(middle[0]), int(middle[1])

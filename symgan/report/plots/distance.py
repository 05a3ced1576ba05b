"""Distances to an equilibrium on a log axis, of several rules, against their exact rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy import Expr, Symbol

from symgan.analysis.points import require_rest
from symgan.analysis.spectrum import spectrum
from symgan.errors import GameError
from symgan.report import style
from symgan.report.figures import canvas, settings
from symgan.report.plots import look
from symgan.report.plots.inputs import Values, number, require_autonomous, start
from symgan.report.plots.orbits import Orbits, followed, orbits, visible
from symgan.report.plots.roots import abscissa, radius, roots
from symgan.system import Flow, Map

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
FLOOR = 1e-13
"""Relative to the first distance: rounding decides what is below it."""
MOST = 1e30
"""Larger distances are left out."""
RHO, SIGMA = r"$\rho$", r"$\sigma$"
LONG = 14
"""Operations beyond which the closed form of an eigenvalue is shown by its digits alone."""
ABOVE = 3.0
"""Reference lines stand this factor above the curves that they are for."""


def distance_to_equilibrium(
    systems: Mapping[str, Any],
    begin: Any,
    *,
    at: Mapping[Any, Any] | None = None,
    steps: int = 200,
    until: float = 50.0,
    values: Values | None = None,
    reference: bool = True,
    title: str = "",
    size: tuple[float, float] = (6.4, 4.6),
) -> Figure:
    r"""Draw the Euclidean distance from an equilibrium over steps, or over time.

    A thin dashed line has the slope of the exact rate: :math:`\rho^k` with the spectral radius of
    a map, :math:`e^{\sigma t}` with the largest real part of a flow. It is left out
    where there is no Jacobian.

    Args:
        systems: name -> map, or name -> flow (a game stands for its flow); all maps or all flows,
            with the same visible symbols.
        begin: the start, as numbers or values by symbol.
        at: the equilibrium; the origin unless given.
        steps: of maps.
        until: the time up to which flows are followed.
        values: numbers for parameters, by symbol or name, for all systems that have them.
        reference: whether exact rates are drawn.
        title: heading.
        size: inches.

    Raises:
        GameError: no systems, maps beside flows, other symbols, no equilibrium of one of them.
        MissingExtra: matplotlib is not installed.

    >>> from symgan.games.quadratic import bilinear
    >>> from symgan.rules.extragradient import extragradient
    >>> rule = extragradient(bilinear(), sp.Rational(1, 2))
    >>> figure = distance_to_equilibrium({"extragradient": rule}, (1, 0))
    >>> figure.axes[0].lines[0].get_label()
    'extragradient, $\\rho$ = $\\sqrt{13} / 4$ ≈ 0.901'
    """
    if not isinstance(systems, Mapping) or not systems:
        raise GameError('give at least one system by name: {"alternating": map}')
    first = next(iter(systems.values()))
    state = visible(first.flow() if hasattr(first, "players") else first)
    known = followed(systems, values, state)
    if len({isinstance(each, Flow) for each in known.values()}) > 1:
        raise GameError("steps and time do not share an axis; draw maps and flows apart")
    for each in known.values():
        require_autonomous(each, "an exact rate")
    rest = _rest(at, state)
    goal, place = np.array([float(v) for v in rest.values()]), start(begin, state)
    if np.array_equal(goal, place):
        raise GameError("the start is the equilibrium itself; give another start")
    with settings():
        figure, (ax,) = canvas(size, 1, 1)
        seen: list[Floats] = []
        for i, (name, each) in enumerate(known.items()):
            rate = rate_of(each, rest)
            found = orbits(each, [place], steps, until)
            away = distances(found, goal)
            line = style.series(i)
            text = name if rate is None else f"{name}, {_rated(rate, found.discrete)}"
            ax.semilogy(found.clock, away, color=line.color, linestyle=line.dash, label=text)
            seen.append(away)
            if reference and rate is not None:
                _reference(ax, found, away, rate.value, line.color)
            ax.set_xlim(0, found.clock[-1])
            ax.set_xlabel("steps $k$" if found.discrete else "time $t$")
        _limit(ax, np.concatenate(seen))
        ax.set_ylabel("distance to the equilibrium")
        look.heading(ax, title)
        if reference:
            ax.plot(
                [], [], color=style.INK, linewidth=0.9, linestyle=(0, (6, 3)), label="exact rate"
            )
        look.legend(figure, [ax], columns=2)
    return figure


def distances(found: Orbits, goal: Floats) -> Floats:
    """Distances (k,) of the first orbit; NaN where it has left, or arrived exactly."""
    with np.errstate(over="ignore", invalid="ignore"):
        away = np.sqrt(((found.states[:, 0] - goal) ** 2).sum(axis=-1))
    return np.where((away > 0) & (away <= MOST), away, np.nan)


@dataclass(frozen=True)
class Rate:
    """The rate of the linearization at an equilibrium.

    Attributes:
        value: the spectral radius of a map, the largest real part of a flow; a root of the exact
            characteristic polynomial in double precision.
        exact: its closed form, where there is a short one.
    """

    value: float
    exact: Expr | None


def rate_of(system: Flow | Map, rest: Mapping[Symbol, Expr]) -> Rate | None:
    r"""The spectral radius of a map at a fixed point, or the largest real part of a flow.

    Args:
        system: without parameters.
        rest: the equilibrium's visible symbols; memory is lifted.

    Returns:
        None where there is no Jacobian.

    Raises:
        GameError: the point is no equilibrium.

    >>> x = Symbol("x", real=True)
    >>> rate_of(Map((x,), (x / 2,)), {x: sp.Integer(0)})
    Rate(value=0.5, exact=1/2)
    """
    continuous = isinstance(system, Flow)
    whole = dict(rest) if isinstance(system, Flow) else system.lift(rest)
    require_rest(system, whole)
    try:
        found = spectrum(system, whole)
    except GameError:  # on a switching surface
        return None
    values = roots(found.polynomial, found.variable, {Symbol("unused"): np.zeros(())})
    largest = float((abscissa if continuous else radius)(values))
    closed = [value for value, _ in found.eigenvalues]
    if not closed or any(v.has(sp.CRootOf) or v.count_ops() > LONG for v in closed):
        return Rate(largest, None)
    numbers = [complex(value) for value in closed]
    sizes = [z.real if continuous else abs(z) for z in numbers]
    return Rate(largest, _size(closed[int(np.argmax(sizes))], continuous))


def _size(value: Expr, continuous: bool) -> Expr:
    """Real part or modulus."""
    real, imaginary = value.as_real_imag()
    if continuous:
        return sp.simplify(real)
    return sp.sqrt(sp.radsimp(sp.expand(real**2 + imaginary**2)))


def _rest(at: Mapping[Any, Any] | None, state: Sequence[Symbol]) -> dict[Symbol, Expr]:
    if at is None:
        return dict.fromkeys(state, sp.Integer(0))
    by_name = {str(key): value for key, value in at.items()}
    if set(by_name) != {s.name for s in state}:
        raise GameError(f"the equilibrium must give {', '.join(s.name for s in state)}")
    return {s: number(s.name, by_name[s.name]) for s in state}


def _limit(ax: Axes, seen: Floats) -> None:
    """Limits for the curves; reference lines may leave them."""
    low, high = np.nanmin(seen), np.nanmax(seen)
    margin = (high / low) ** 0.05 * 1.3
    ax.set_ylim(low / margin, high * margin)
    look.log_axis(ax)


def _rated(rate: Rate, discrete: bool) -> str:
    """The rate for the legend: exact where that is short."""
    text = f"≈ {look.short(rate.value)}" if rate.exact is None else look.exact(rate.exact)
    equal = "" if text.startswith("≈") else "= "
    return f"{RHO if discrete else SIGMA} {equal}{text}"


def _reference(ax: Axes, found: Orbits, away: Floats, rate: float, color: str) -> None:
    """A line with the slope of the rate, a factor above the curve where it is local.

    That is the tail of an orbit that comes near, and the nearest place of one that leaves.
    """
    slope = np.log(rate) if found.discrete and rate > 0 else rate
    counted = np.flatnonzero(away > FLOOR * away[0])
    if len(counted) < 2 or slope == 0 or (found.discrete and rate <= 0):
        return
    anchor = counted[-1] if slope < 0 else int(np.nanargmin(away))
    logs = np.log(ABOVE * away[anchor]) + slope * (found.clock - found.clock[anchor])
    shown = np.exp(np.clip(logs, -650, 90))  # beyond what is shown
    dash = (0, (6, 3))
    ax.plot(found.clock, shown, color=color, linewidth=0.9, linestyle=dash, zorder=1.5)

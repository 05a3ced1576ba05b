r"""Eigenvalue loci: how the spectrum of a rule moves as its step grows, against the unit circle."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy import Expr, Symbol

from symgan.analysis.step_bound import step_bound
from symgan.errors import GameError
from symgan.report import style
from symgan.report.figures import canvas, settings
from symgan.report.plots import look
from symgan.report.plots.inputs import Name, Values, label, number, ruled, with_values
from symgan.report.plots.roots import Complexes, members, roots, tracked
from symgan.results_discrete import StepBound

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
ETA = Symbol("eta", positive=True)
POINTS = 1600
NEAR = 1e-6
"""Roots at an exact end lie this near to the circle; a double root is found to half its digits."""
STABLE, MARGINAL, UNSTABLE = 0, 1, 2
LOOKS: dict[int, dict[str, Any]] = {
    STABLE: {"linewidth": 2.6, "linestyle": "-"},
    MARGINAL: {"linewidth": 2.6, "linestyle": (0, (1, 0.7))},
    UNSTABLE: {"linewidth": 1.1, "linestyle": "--"},
}


def eigenvalue_loci(
    system: Any,
    rule: Any = None,
    *,
    symbol: Symbol | None = None,
    at: Mapping[Any, Any] | None = None,
    upto: Any = None,
    values: Values | None = None,
    budget: float = 10.0,
    title: str = "",
    labels: Mapping[Name, str] | None = None,
    size: tuple[float, float] = (8.6, 4.4),
) -> Figure:
    r"""Draw the eigenvalues of a linearized map over the step.

    The left panel shows the plane with the unit circle, the right one the moduli. The set of stable
    steps, and the steps at which an eigenvalue meets the circle, are exact (`symgan.step_bound`);
    the curves are roots of the exact characteristic polynomial. Where the linear map is stable
    lines are thick; where it is marginal thick and dotted, elsewhere thin and dashed.

    Args:
        system: a game with a rule, or a map.
        rule: ``(game, eta) -> Map``.
        symbol: the step of a map; its parameter named ``eta`` unless given.
        at: the fixed point; the game's declared equilibrium, or none for an affine map.
        upto: the largest step drawn; a little beyond the last exact end unless given.
        values: numbers for all other parameters, by symbol or name.
        budget: seconds for the exact set.
        title: heading.
        labels: symbol or name -> LaTeX.
        size: inches.

    Raises:
        GameError: no step, a parameter without a value, a range without steps.
        Undecided: the exact set is not found within the budget.
        MissingExtra: matplotlib is not installed.

    >>> from symgan.games.quadratic import bilinear
    >>> from symgan.rules.extragradient import extragradient
    >>> figure = eigenvalue_loci(bilinear(), extragradient)
    >>> [text.get_text() for text in figure.axes[1].texts]
    ['$\\eta = 1$']
    """
    step = _symbol(system, rule, symbol)
    at = getattr(system, "equilibrium", None) if at is None else at
    update = with_values(ruled(system, rule, step), values, free=[step.name])
    found = step_bound(update, step, placed(update, at, values), budget=budget)
    most = _most(found, upto)
    ends = [b.step for b in found.boundary if b.step not in (0, sp.oo) and float(b.step) < most]
    steps = np.union1d(np.linspace(0, most, POINTS + 1)[1:], [float(e) for e in ends])
    eigenvalues = tracked(roots(found.polynomial, found.variable, {step: steps}))
    if not eigenvalues.shape[1]:
        raise GameError("modulo its equilibria the map has no eigenvalues to draw")
    state = _state(found, steps)
    with settings():
        figure, (plane, moduli) = canvas(size, 1, 2)
        _plane(plane, steps, eigenvalues, state)
        _moduli(moduli, steps, eigenvalues, state)
        name = label(step.name, labels)
        for end in ends:
            _crossing(plane, moduli, found, end, name)
        moduli.set_xlabel(name)
        look.heading(plane, title)
        look.legend(figure, [plane, moduli], columns=4)
    return figure


def _symbol(system: Any, rule: Any, symbol: Symbol | None) -> Symbol:
    if symbol is not None:
        return symbol
    if rule is not None or hasattr(system, "players"):
        return ETA
    for parameter in getattr(system, "parameters", ()):
        if parameter.name == "eta":
            return parameter
    raise GameError("the map has no parameter eta; name its step: symbol=")


def placed(
    system: Any, at: Mapping[Any, Any] | None, values: Values | None
) -> dict[Symbol, Expr] | None:
    """A fixed point of a system with the values of parameters put in, and its memory.

    Args:
        system: whose fixed point it is.
        at: state symbol, or its name -> value; memory is lifted where it is not given.
        values: numbers for parameters, by symbol or name.

    Raises:
        GameError: a name that is no state symbol.
    """
    if at is None:
        return None
    by_name = {str(name): number(name, value) for name, value in (values or {}).items()}
    state = {s.name: s for s in system.state}
    found = {}
    for name, value in at.items():
        if str(name) not in state:
            raise GameError(f"{name} is no state symbol; the state is {', '.join(state)}")
        exact = sp.sympify(value)
        known = {s: by_name[s.name] for s in exact.free_symbols if s.name in by_name}
        found[state[str(name)]] = exact.subs(known)
    visible = getattr(system, "visible", system.state)
    return system.lift(found) if set(found) == set(visible) != set(system.state) else found


def _most(found: StepBound, upto: Any) -> float:
    if upto is not None:
        most = float(number("upto", upto))
        if most <= 0:
            raise GameError(f"steps up to {most:g} are none; give a positive end")
        return most
    ends = [float(b.step) for b in found.boundary if b.step not in (0, sp.oo)]
    return 1.3 * max(ends) if ends else 2.0


def _state(found: StepBound, steps: Floats) -> NDArray[np.int64]:
    """Stable, marginal or unstable, at each step, by the exact sets."""
    state = np.full(steps.shape, UNSTABLE)
    state[members(found.marginal, steps)] = MARGINAL
    state[members(found.asymptotic, steps)] = STABLE
    return state


def _runs(state: NDArray[np.int64]) -> list[tuple[int, slice]]:
    """(state, the steps of a run with one more on each side, so that lines join)."""
    cuts = [0, *(np.flatnonzero(np.diff(state)) + 1).tolist(), len(state)]
    return [
        (int(state[a]), slice(a, min(b + 1, len(state)))) for a, b in pairwise(cuts) if b - a > 1
    ]


def _plane(ax: Axes, steps: Floats, eigenvalues: Complexes, state: NDArray[np.int64]) -> None:
    angle = np.linspace(0, 2 * np.pi, 361)
    ax.fill(np.cos(angle), np.sin(angle), color="#eef1f4", zorder=0)
    ax.plot(np.cos(angle), np.sin(angle), color=style.INK, linewidth=1.0, label="unit circle")
    look.axis_lines(ax)
    for j in range(eigenvalues.shape[1]):
        color = style.COLORS[j % len(style.COLORS)]
        for kind, run in _runs(state):
            track = eigenvalues[run, j]
            ax.plot(track.real, track.imag, color=color, zorder=3, **LOOKS[kind])
        _arrow(ax, eigenvalues[:, j], color)
    first = eigenvalues[0]
    ax.plot(
        *(first.real, first.imag), linestyle="none", marker="o", markersize=5,
        markerfacecolor="white", markeredgecolor="black", zorder=5, label="as the step tends to 0",
    )  # fmt: skip
    reach = np.abs(np.concatenate([eigenvalues.real, eigenvalues.imag])).max()
    side = min(max(1.15, 1.08 * float(reach)), 2.6)
    ax.set_xlim(-side, side)
    ax.set_ylim(-side, side)
    ax.set_aspect("equal")
    ax.set_xlabel("real part")
    ax.set_ylabel("imaginary part")


def _arrow(ax: Axes, track: Complexes, color: str) -> None:
    """An arrowhead in the direction of growing steps, in the middle of a track."""
    length = np.concatenate([[0], np.cumsum(np.abs(np.diff(track)))])
    if length[-1] < 0.05:
        return
    k = int(np.searchsorted(length, 0.45 * min(length[-1], 2.5)))
    tail, head = track[max(k - 1, 0)], track[min(k + 1, len(track) - 1)]
    ax.annotate(
        "",
        xy=(head.real, head.imag),
        xytext=(tail.real, tail.imag),
        arrowprops={"arrowstyle": "-|>", "color": color, "mutation_scale": 13, "shrinkA": 0},
        zorder=4,
    )


def _moduli(ax: Axes, steps: Floats, eigenvalues: Complexes, state: NDArray[np.int64]) -> None:
    ax.axhline(1, color=style.INK, linewidth=1.0)
    names = {STABLE: "stable", MARGINAL: "marginal", UNSTABLE: "unstable"}
    for kind, run in _runs(state):
        if kind == STABLE:
            ax.axvspan(steps[run][0], steps[run][-1], color="#eef1f4", zorder=0)
        for j in range(eigenvalues.shape[1]):
            color = style.COLORS[j % len(style.COLORS)]
            ax.plot(steps[run], np.abs(eigenvalues[run, j]), color=color, zorder=3, **LOOKS[kind])
        ax.plot([], [], color="black", label=names[kind], **LOOKS[kind])
    ax.set_xlim(0, steps[-1])
    top = float(np.nanmax(np.abs(eigenvalues)))
    ax.set_ylim(0, min(1.08 * max(top, 1.1), 3.0))
    ax.set_ylabel("modulus of the eigenvalues")


def _crossing(plane: Axes, moduli: Axes, found: StepBound, end: Expr, name: str) -> None:
    """Where eigenvalues meet the circle, with the exact step."""
    here = roots(found.polynomial, found.variable, {found.symbol: np.array([float(end)])})[0]
    meeting = here[np.abs(np.abs(here) - 1) < NEAR]
    look_like = {
        "marker": "D", "markersize": 6, "markerfacecolor": "#F0E442", "markeredgecolor": "black",
        "linestyle": "none", "zorder": 6,
    }  # fmt: skip
    plane.plot(meeting.real, meeting.imag, label="meets the circle (exact step)", **look_like)
    moduli.plot(float(end), 1.0, **look_like)
    moduli.axvline(float(end), color=style.INK, linewidth=0.8, linestyle=":")
    moduli.annotate(
        f"{name[:-1]} = {look.exact(end)[1:]}",
        xy=(float(end), 1.0),
        xycoords=moduli.get_xaxis_transform(),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
    )

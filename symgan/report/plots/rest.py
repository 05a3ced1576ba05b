r"""Equilibria in a window, each with its class, decided exactly.

In the plane the class of an equilibrium is a matter of signs: of the determinant, the trace and
the discriminant of the Jacobian of a flow, and for maps of :math:`p(1)`, :math:`p(-1)`,
:math:`p(0) - 1` and the discriminant, with p the characteristic polynomial.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy import Expr, Matrix, Symbol

from symgan.analysis.equilibria import equilibria
from symgan.analysis.marginal import Fate, marginal_verdict
from symgan.analysis.points import jacobian_at, require_rest
from symgan.analysis.signs import sign
from symgan.errors import GameError, Undecided
from symgan.kernels import compile
from symgan.report.plots.inputs import number
from symgan.system import Flow, Map

SECONDS = 5.0
"""For what the linear part leaves open; then it is called a linear center."""
SWITCHING = "equilibrium on a switching surface"


@dataclass(frozen=True)
class Rest:
    """An equilibrium.

    Attributes:
        point: its coordinates, exact.
        kind: its class in words, such as ``stable focus``.
    """

    point: tuple[Expr, ...]
    kind: str

    @property
    def place(self) -> tuple[float, float]:
        """The coordinates in double precision."""
        x, y = (float(value) for value in self.point)
        return x, y

    @property
    def stable(self) -> bool | None:
        """Whether it attracts; None where it neither attracts nor repels, or is undecided."""
        if self.kind.startswith("stable"):
            return True
        return False if self.kind.startswith(("unstable", "saddle")) else None


@dataclass(frozen=True, eq=False)
class Rests:
    """Equilibria of a system.

    Attributes:
        points: the isolated ones.
        lines: continua, polylines (k, 2).
        solved: whether all equilibria were found exactly; otherwise those are shown that are known.
        everywhere: whether every point is one.
    """

    points: tuple[Rest, ...]
    lines: tuple[NDArray[np.float64], ...] = ()
    solved: bool = True
    everywhere: bool = False


def rests(
    system: Flow | Map,
    given: Sequence[Mapping[Any, Any]] | None,
    declared: Mapping[Symbol, Expr] | None,
    reach: float,
) -> Rests:
    """The equilibria of a system in the plane.

    Args:
        system: without parameters.
        given: points to show instead of all.
        declared: a point to show where the equations are not solved.
        reach: a continuum is drawn for values of its free symbol up to this size.

    Raises:
        GameError: a given point is no equilibrium.
    """
    if given is not None:
        return Rests(tuple(_classified(system, _exact(system, point)) for point in given))
    try:
        found = equilibria(system)
    except Undecided:
        known = [] if declared is None or _free(declared) else [dict(declared)]
        return Rests(tuple(_classified(system, point) for point in known), solved=False)
    points = tuple(_classified(system, dict(e.point)) for e in found if not e.free)
    lines = tuple(_line(system, e.point, e.free[0], reach) for e in found if len(e.free) == 1)
    return Rests(points, lines, everywhere=any(len(e.free) == 2 for e in found))


def kind_of(system: Flow | Map, J: Matrix) -> str:
    """The class of an equilibrium in the plane by its Jacobian.

    >>> x, y = sp.symbols("x y", real=True)
    >>> kind_of(Flow((x, y), (y, x)), Matrix([[0, 1], [1, 0]]))
    'saddle'
    """
    t, d = J.trace(), J.det()
    turning = "focus" if _sign(t**2 - 4 * d) < 0 else "node"
    return _flow_kind(t, d, turning) if isinstance(system, Flow) else _map_kind(t, d, turning)


def _flow_kind(t: Expr, d: Expr, turning: str) -> str:
    if _sign(d) <= 0:
        return "saddle" if _sign(d) < 0 else "degenerate"
    if _sign(t) == 0:
        return "linear center"
    return f"{'unstable' if _sign(t) > 0 else 'stable'} {turning}"


def _map_kind(t: Expr, d: Expr, turning: str) -> str:
    r"""From :math:`p(z) = z^2 - tz + d`: its signs at 1 and -1 count real roots between."""
    ahead, behind = _sign(1 - t + d), _sign(1 + t + d)
    if 0 in (ahead, behind):
        return "degenerate"
    if ahead != behind:
        return "saddle"
    if ahead < 0:  # a root beyond 1 and one beyond -1
        return "unstable node"
    if _sign(d - 1) == 0:
        return "linear center"
    return f"{'unstable' if _sign(d - 1) > 0 else 'stable'} {turning}"


def _classified(system: Flow | Map, point: dict[Symbol, Expr]) -> Rest:
    values = tuple(point[s] for s in system.state)
    try:
        J = jacobian_at(system, point)
    except GameError:
        return Rest(values, SWITCHING)
    try:
        kind = kind_of(system, J)
        return Rest(values, _settled(system, point) if kind == "linear center" else kind)
    except Undecided:
        return Rest(values, "equilibrium, class undecided")


def _settled(system: Flow | Map, point: dict[Symbol, Expr]) -> str:
    """What the nonlinear part makes of a linear center."""
    try:
        fate = marginal_verdict(system, point, budget=SECONDS).fate
    except (Undecided, GameError):
        return "linear center"
    if fate is Fate.ATTRACTING:
        return "stable weak focus"
    return "unstable weak focus" if fate is Fate.UNSTABLE else "center"


def _sign(value: Expr) -> int:
    found = sign(value)
    if found is None:
        raise Undecided(f"the sign of {value} is not decided")
    return found


def _exact(system: Flow | Map, point: Mapping[Any, Any]) -> dict[Symbol, Expr]:
    by_name = {str(name): value for name, value in point.items()}
    if set(by_name) != {s.name for s in system.state}:
        names = ", ".join(s.name for s in system.state)
        raise GameError(f"the equilibrium {dict(point)} must give values for {names}")
    exact = {s: number(s.name, by_name[s.name]) for s in system.state}
    require_rest(system, exact)
    return exact


def _free(point: Mapping[Symbol, Expr]) -> bool:
    return any(sp.sympify(value).free_symbols for value in point.values())


def _line(
    system: Flow | Map, point: Mapping[Symbol, Expr], free: Symbol, reach: float
) -> NDArray[np.float64]:
    values = np.linspace(-reach, reach, 401)
    kernel = compile(tuple(point[s] for s in system.state), arguments=(free,), backend="numpy")
    return kernel({free: values})

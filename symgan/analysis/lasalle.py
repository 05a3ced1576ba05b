r"""LaSalle's invariance principle as a checked object.

For :math:`\dot x = f(x)` and V with :math:`\dot V = \nabla V\cdot f \le 0` on a compact positively
invariant set, every orbit in it tends to the largest invariant set inside :math:`\{\dot V = 0\}`.
Every premise is certified or the answer is refused: V is positive definite, :math:`\dot V \le 0`,
and the invariant set is computed (`symgan.analysis.invariant_set`).

Source: Khalil, Nonlinear Systems, theorem 4.4 and corollaries 4.1 and 4.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sympy as sp
from sympy import And, Expr, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.invariant_set import InvariantSet, invariant_set, lie_derivative
from symgan.analysis.points import Point, point_values, require_rest, vanishes_exactly
from symgan.analysis.semidefinite import Definite, definite, nonpositive
from symgan.analysis.signs import sign
from symgan.analysis.wholes import require_whole
from symgan.errors import GameError, Undecided
from symgan.results import Equilibrium
from symgan.system import Flow


class Verdict(StrEnum):
    """What LaSalle's principle gives for the equilibrium."""

    ASYMPTOTIC = "asymptotically stable"
    EQUILIBRIA = "stable, and bounded orbits tend to a set of equilibria"
    INVARIANT = "stable, and bounded orbits tend to an invariant set"


class Scope(StrEnum):
    """Where the orbits start of which the verdict speaks."""

    GLOBAL = "all states"
    SUBLEVEL = "the sublevel set"
    LOCAL = "states near the equilibrium"


@dataclass(frozen=True)
class LaSalle:
    r"""A stability proof by LaSalle's principle; every field was certified.

    Attributes:
        function: V.
        point: the equilibrium, where V vanishes.
        derivative: :math:`\dot V`, expanded.
        region: where :math:`\dot V \le 0` was certified; true for all states.
        positive: how V was shown positive definite, and whether it is radially unbounded.
        sign: how :math:`\dot V \le 0` was shown; plain data.
        invariant: the largest invariant set in :math:`\{\dot V = 0\}`.
        verdict: what follows.
        scope: for which starts.
        level: c, where the scope is :math:`\{V < c\}`.
    """

    function: Expr
    point: Mapping[Symbol, Expr]
    derivative: Expr
    region: Boolean
    positive: Definite
    sign: Mapping[str, Any]
    invariant: InvariantSet
    verdict: Verdict
    scope: Scope
    level: Expr | None


def lasalle(
    flow: Flow,
    V: Expr,
    *,
    at: Point | None = None,
    level: Any = None,
    region: Boolean = sp.true,
    nonzero: Iterable[int | Expr] = (),
) -> LaSalle:
    r"""Apply LaSalle's principle, certifying each premise.

    Args:
        flow: autonomous. A state symbol declared positive means the open half-line; V must then
            grow without bound towards 0 as well, so that orbits stay inside.
        V: a function of the state, zero at the equilibrium.
        at: the equilibrium; the origin unless given.
        level: c, to speak of :math:`\{V < c\}` only; :math:`\dot V \le 0` is then certified
            under :math:`V < c`.
        region: strict inequalities that hold at the equilibrium, under which
            :math:`\dot V \le 0` is certified; the verdict is then local.
        nonzero: values assumed not to vanish, as in `equilibria`.

    Raises:
        GameError: the point is no equilibrium, V does not vanish there, the flow moves with time,
            the region is not an open neighborhood, or both a level and a region are given.
        Undecided: a premise could not be certified; the sentence names it.

    >>> x, y = sp.symbols("x y", real=True)
    >>> found = lasalle(Flow((x, y), (y, -x - y)), x**2 + y**2)
    >>> found.verdict.value, found.scope.value, found.invariant.rounds
    ('asymptotically stable', 'all states', ((y,), (x + y,)))
    """
    require_whole(flow, "lasalle")
    V = sp.sympify(V)
    point = _checked_point(flow, V, at)
    given, scope = _domain(flow, V, point, level, region)
    local = scope is Scope.LOCAL
    positive = definite(V, flow.state, point, given if local else sp.true, proper=not local)
    if not local and not positive.unbounded:
        raise Undecided(
            f"V = {V} was not shown to grow without bound, so its sublevel sets may not be "
            "compact; give region= for a local statement"
        )
    derivative = lie_derivative(V, flow)
    signed = nonpositive(derivative, flow.state, given)
    invariant = invariant_set(flow, derivative, nonzero=nonzero)
    return LaSalle(
        function=V,
        point=point,
        derivative=derivative,
        region=given,
        positive=positive,
        sign=signed,
        invariant=invariant,
        verdict=_verdict(invariant, point, _Reach(V, scope, level)),
        scope=scope,
        level=None if level is None else sp.sympify(level),
    )


def _checked_point(flow: Flow, V: Expr, at: Point | None) -> dict[Symbol, Expr]:
    if not flow.autonomous:
        raise GameError("LaSalle's principle needs a flow that does not depend on time; fix it")
    _require_smooth(flow, V)
    unknown = V.free_symbols - {*flow.state, *flow.parameters}
    if unknown:
        raise GameError(
            f"V holds the undeclared symbol {min(unknown, key=str)}; use the flow's own symbols"
        )
    for s in flow.state:
        if not s.is_positive and any((s.is_nonnegative, s.is_nonpositive, s.is_nonzero)):
            raise GameError(f"the state symbol {s} must be real or positive; declare it so")
    origin = dict.fromkeys(flow.state, sp.Integer(0))
    point = point_values(flow, at if at is not None else origin)
    require_rest(flow, point)
    if vanishes_exactly(V.subs(point, simultaneous=True)) is not True:
        raise GameError(f"V = {V} does not vanish at the equilibrium; subtract its value there")
    return point


def _domain(
    flow: Flow, V: Expr, point: Mapping[Symbol, Expr], level: Any, region: Boolean
) -> tuple[Boolean, Scope]:
    """Where the derivative must not be positive, and what the verdict then speaks of."""
    if level is not None and region is not sp.true:
        raise GameError("give a level or a region, not both: a sublevel set is its own region")
    if level is not None:
        exact = sp.sympify(level)
        if exact.has(sp.Float):
            raise GameError(f"the level {level} is a float; give a rational c > 0")
        if exact.is_positive is not True:
            raise GameError(f"the level {level} is not positive; give c > 0")
        return sp.Lt(V, level), Scope.SUBLEVEL
    if region is sp.true:
        return sp.true, Scope.GLOBAL
    for part in And.make_args(region):
        strict = isinstance(part, sp.StrictLessThan | sp.StrictGreaterThan)
        if not strict or part.subs(dict(point), simultaneous=True) != sp.true:
            raise GameError(
                f"{part} is no strict inequality that holds at the equilibrium, so the region "
                "need not be a neighborhood of it"
            )
    return region, Scope.LOCAL


@dataclass(frozen=True)
class _Reach:
    """Which states the verdict speaks of."""

    function: Expr
    scope: Scope
    level: Any

    def excludes(self, component: Equilibrium, point: Mapping[Symbol, Expr]) -> bool:
        """Whether a component certainly lies beyond, so that it does not count.

        Near the equilibrium only components through it count; inside a sublevel set only those
        on which V is below the level.
        """
        if component.free or self.scope is Scope.GLOBAL:
            return False
        place = dict(component.point)
        if self.scope is Scope.SUBLEVEL:
            above = self.function.subs(place, simultaneous=True) - self.level
            return sign(above) in (0, 1)
        return any(sign(place[s] - value) in (-1, 1) for s, value in point.items())


def _verdict(found: InvariantSet, point: Mapping[Symbol, Expr], reach: _Reach) -> Verdict:
    """Asymptotic stability where the invariant set is the equilibrium alone.

    The equilibrium itself is in the set, as it rests and V' vanishes there: one component
    without free symbols is the equilibrium.
    """
    left = [c for c in found.components if not reach.excludes(c, point)]
    if len(left) == 1 and not left[0].free:
        return Verdict.ASYMPTOTIC
    return Verdict.EQUILIBRIA if found.resting else Verdict.INVARIANT


def _require_smooth(flow: Flow, V: Expr) -> None:
    kinks = (sp.Abs, sp.sign, sp.Piecewise, sp.Min, sp.Max, sp.Heaviside)
    rough = next((e for e in (V, *flow.rhs) if e.has(*kinks)), None)
    if rough is not None:
        raise GameError(
            f"{rough} is not smooth, and the gradient of V must exist everywhere; take a smooth "
            "function and field"
        )

r"""Limit cycles of planar flows.

A ring between two closed curves that the flow enters through both, or leaves through both, and
that holds no equilibrium contains a closed orbit (Poincare-Bendixson). Curves are level sets of a
quadratic function; signs on them and in the ring are proved by interval arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Rational, Symbol

from symgan.analysis.budget import Budget
from symgan.analysis.points import Point, point_values
from symgan.analysis.wholes import require_whole
from symgan.certify.boxes import prove_on_box
from symgan.errors import GameError, Undecided
from symgan.system import Flow

SECONDS, TRY_MS = 30.0, 10_000
TURN = (sp.Integer(0), Rational(44, 7))
"""Angles of slightly more than a turn."""


@dataclass(frozen=True)
class LimitCycle:
    """A ring that holds a closed orbit of a planar flow.

    Attributes:
        function: the quadratic function whose level sets bound the ring.
        inner, outer: its levels there.
        attracting: whether the flow enters the ring through both curves; else it leaves.
        unique: whether the divergence has one sign in the ring, so that there is one cycle only,
            which attracts (or repels) exponentially.
        certificates: the signs on both curves, that there is no equilibrium between, and the
            sign of the divergence where ``unique``.
    """

    function: Expr
    inner: Rational
    outer: Rational
    attracting: bool
    unique: bool
    certificates: tuple[Mapping[str, Any], ...]


def trapping_annulus(
    flow: Flow,
    at: Point,
    inner: Any,
    outer: Any,
    *,
    matrix: Matrix | None = None,
    budget: float = SECONDS,
) -> LimitCycle | None:
    r"""Prove that the ring :math:`a \le \delta^\top P\delta \le b` holds a limit cycle.

    Args:
        flow: planar, autonomous, without parameters, smooth on the ring.
        at: the center of the ring, rational; :math:`\delta` are the deviations from it.
        inner, outer: a and b, rational.
        matrix: P, rational, symmetric and positive definite; the identity unless given.
        budget: seconds.

    Returns:
        The ring with its certificates; None where one of them was not found, which disproves
        nothing.

    Raises:
        GameError: no planar flow of numbers, or levels that bound no ring.
        MissingExtra: python-flint is not installed.

    >>> x, y = sp.symbols("x y", real=True)
    >>> r2 = x**2 + y**2
    >>> flow = Flow((x, y), (-y + x*(1 - r2), x + y*(1 - r2)))
    >>> ring = trapping_annulus(flow, {x: 0, y: 0}, Rational(3, 4), 2)
    >>> ring.attracting, ring.unique
    (True, True)
    """
    require_whole(flow, "trapping_annulus")
    _require_planar(flow)
    a, b = sp.Rational(inner), sp.Rational(outer)
    P = sp.eye(2) if matrix is None else Matrix(matrix)
    if not 0 < a < b or P.shape != (2, 2) or P != P.T or not (P[0, 0] > 0 and P.det() > 0):
        raise GameError("a ring needs levels 0 < inner < outer of a positive definite matrix")
    ring = _Ring(flow, point_values(flow, at), P, (a, b), Budget(budget))
    for attracting in (True, False):
        found = ring.signs(attracting)
        if found is None:
            continue
        rest = ring.no_equilibrium()
        if rest is None:
            return None
        divergence = ring.divergence(attracting)
        data = (*found, rest, *((divergence,) if divergence else ()))
        return LimitCycle(ring.V, a, b, attracting, divergence is not None, data)
    return None


def find_trapping_annulus(
    flow: Flow,
    at: Point,
    *,
    matrices: Sequence[Matrix] | None = None,
    levels: Sequence[Any] | None = None,
    budget: float = SECONDS,
) -> LimitCycle:
    """Search rings around an equilibrium for one that holds a limit cycle.

    Args:
        flow, at: as in `trapping_annulus`.
        matrices: the P tried; the identity unless given.
        levels: rationals from which inner and outer are taken; powers of two unless given.
        budget: seconds.

    Raises:
        GameError: no planar flow of numbers.
        Undecided: no ring was found.
    """
    require_whole(flow, "find_trapping_annulus")
    _require_planar(flow)
    time = Budget(budget)
    values = point_values(flow, at)
    ladder = sorted(map(sp.Rational, levels or [Rational(2) ** k for k in range(-4, 5)]))
    for P in [sp.eye(2)] if matrices is None else matrices:
        signs: dict[Any, int] = {}
        for c in ladder:
            time.check("the search for a ring")
            ring = _Ring(flow, values, Matrix(P), (c, c), time)
            signs[c] = next((s for s in (1, -1) if ring.sign_on(c, s) is not None), 0)
        known = [c for c in ladder if signs[c]]
        for a, b in pairwise(known):
            if signs[b] == -signs[a]:
                found = trapping_annulus(flow, at, a, b, matrix=P, budget=time.left)
                if found is not None:
                    return found
    raise Undecided("no ring with a limit cycle was found; give matrices or levels to look at")


def _require_planar(flow: Flow) -> None:
    if not isinstance(flow, Flow) or len(flow.state) != 2 or not flow.autonomous:
        raise GameError("a trapping ring needs a planar autonomous flow")
    if any(f.has(sp.sign, sp.Heaviside, sp.Piecewise) for f in flow.rhs):
        raise GameError("the flow switches, where a ring traps nothing; take switched_cycle")
    used = set().union(*(f.free_symbols for f in flow.rhs)) - set(flow.state)
    if used:
        raise GameError(f"a trapping ring needs numbers; give values to {sorted(map(str, used))}")


class _Ring:
    """The statements about one ring."""

    def __init__(
        self,
        flow: Flow,
        center: Mapping[Symbol, Expr],
        P: Matrix,
        levels: tuple[Rational, Rational],
        time: Budget,
    ) -> None:
        self.flow, self.center, self.P, self.levels, self.time = flow, center, P, levels, time
        delta = Matrix([s - center[s] for s in flow.state])
        self.V = sp.expand((delta.T * P * delta)[0])
        self.slope = sp.expand(2 * (delta.T * P * Matrix(flow.rhs))[0])
        self.radius, self.angle = sp.Symbol("rho", real=True), sp.Symbol("phi", real=True)
        self.polar = self._polar()

    def _polar(self) -> dict[Symbol, Expr]:
        r"""Coordinates with :math:`V = \rho^2`, by completing the square."""
        (p, q), (_, r) = self.P.tolist()
        x, y = self.flow.state
        down = self.radius * sp.sin(self.angle) / sp.sqrt(r - q**2 / p)
        across = self.radius * sp.cos(self.angle) / sp.sqrt(p) - q / p * down
        return {x: self.center[x] + across, y: self.center[y] + down}

    def signs(self, attracting: bool) -> list[Mapping[str, Any]] | None:
        """V grows on the inner curve and falls on the outer one, or the reverse."""
        side = 1 if attracting else -1
        found = [self.sign_on(c, s) for c, s in zip(self.levels, (side, -side), strict=True)]
        return None if None in found else [data for data in found if data is not None]

    def sign_on(self, level: Rational, side: int) -> Mapping[str, Any] | None:
        r"""That :math:`\pm\dot V > 0` on a level set."""
        curve = {s: e.subs(self.radius, sp.sqrt(level)) for s, e in self.polar.items()}
        f = sp.expand(side * self.slope.subs(curve, simultaneous=True))
        return self._proved(f, {self.angle: TURN})

    def no_equilibrium(self) -> Mapping[str, Any] | None:
        """That the field vanishes nowhere in the ring: it turns one way, or has a speed."""
        across, down = (s - self.center[s] for s in self.flow.state)
        turning = sp.expand(across * self.flow.rhs[1] - down * self.flow.rhs[0])
        speed = sp.Add(*(f**2 for f in self.flow.rhs))
        tries = (self._inside(f) for f in (turning, -turning, speed))
        return next((found for found in tries if found is not None), None)

    def divergence(self, attracting: bool) -> Mapping[str, Any] | None:
        """That the divergence has the sign of a unique cycle throughout the ring."""
        total = sp.expand(self.flow.jacobian().trace())
        return self._inside(-total if attracting else total)

    def _inside(self, f: Expr) -> Mapping[str, Any] | None:
        """That f is positive in the ring, on slightly more than it."""
        low, high = (sp.sqrt(c) * 1000 for c in self.levels)
        radii = (sp.floor(low) / 1000, sp.ceiling(high) / 1000)
        moved = f.subs(self.polar, simultaneous=True)
        return self._proved(moved, {self.radius: radii, self.angle: TURN})

    def _proved(self, f: Expr, box: Mapping[Symbol, Any]) -> Mapping[str, Any] | None:
        allowed = min(TRY_MS, int(1000 * self.time.left))
        return prove_on_box(f, box, budget_ms=allowed) if allowed else None

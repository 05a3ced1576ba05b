"""Periodic orbits of maps, from the fixed points of an iterate.

The map permutes these points, so the image of each is found among them by excluding all others:
points given as roots of high degree are told apart by enclosures and never compared for equality.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy as sp
from sympy import Expr, Symbol

from symgan.analysis.equilibria import equilibria
from symgan.analysis.points import vanishes_exactly
from symgan.analysis.wholes import require_whole
from symgan.errors import GameError, Undecided
from symgan.results import Equilibrium
from symgan.system import Map

MOST_POINTS = 32
"""Fixed points of an iterate, counted by its degree, up to which they are solved for."""


@dataclass(frozen=True)
class PeriodicOrbit:
    """A periodic orbit of a map.

    Attributes:
        points: its states in order, one a step.
        multipliers: the characteristic polynomial of the Jacobian around the orbit.
        variable: the variable of that polynomial.
    """

    points: tuple[Mapping[Symbol, Expr], ...]
    multipliers: Expr
    variable: Symbol


def periodic_orbits(system: Map, period: int) -> tuple[PeriodicOrbit, ...]:
    """All isolated orbits of exactly this period, from the fixed points of the iterate.

    Args:
        system: an autonomous map without parameters in its orbits' conditions.
        period: 1 or more.

    Raises:
        GameError: no map, or no period.
        Undecided: the equations could not be solved completely, or a continuum.

    >>> x = Symbol("x", real=True)
    >>> [orbit.points for orbit in periodic_orbits(Map((x,), (1 - x**2,)), 2)]
    [({x: 0}, {x: 1})]
    """
    require_whole(system, "periodic_orbits")
    if not isinstance(system, Map) or not isinstance(period, int) or period < 1:
        raise GameError("periodic orbits need a map and a period of 1 or more")
    _require_small(system, period)
    iterate = system
    for _ in range(period - 1):
        iterate = iterate.then(system)
    iterate = Map(iterate.state, tuple(map(sp.expand, iterate.rhs)), parameters=iterate.parameters)
    rests = equilibria(iterate)
    for rest in rests:
        _require_isolated(rest)
    points = [rest.point for rest in rests]
    following = [_successor(system, point, points) for point in points]
    found: list[PeriodicOrbit] = []
    for start in range(len(points)):
        orbit = [start]
        while following[orbit[-1]] != start:
            orbit.append(following[orbit[-1]])
        if len(orbit) == period and start == min(orbit):
            found.append(_with_multipliers(system, [points[i] for i in orbit]))
    return tuple(found)


def _require_isolated(rest: Equilibrium) -> None:
    if rest.free or rest.condition is not sp.true:
        raise Undecided(
            f"the orbits through {dict(rest.point)} are a continuum, or depend on parameters "
            f"({rest.condition}); fix them"
        )


def _require_small(system: Map, period: int) -> None:
    """Refuse iterates with so many fixed points that solving for them would take minutes."""
    if not all(f.is_polynomial(*system.state) for f in system.rhs):
        return
    degree = max(sp.Poly(f, *system.state).total_degree() for f in system.rhs)
    if (degree**period) ** len(system.state) > MOST_POINTS:
        raise Undecided(
            f"the map of degree {degree} may have {degree ** (period * len(system.state))} points "
            f"of period {period}, more than {MOST_POINTS}; ask for a shorter period"
        )


def _successor(
    system: Map, point: Mapping[Symbol, Expr], points: Sequence[Mapping[Symbol, Expr]]
) -> int:
    """The place of the image of a point: it is among the points, so all others may be excluded.

    Raises:
        Undecided: more than one is left.
    """
    image = {
        s: f.subs(dict(point), simultaneous=True)
        for s, f in zip(system.state, system.rhs, strict=True)
    }
    left = [i for i, other in enumerate(points) if not _apart(image, other)]
    if len(left) != 1:
        raise Undecided(f"which of {len(left)} states the map takes {dict(point)} to is open")
    return left[0]


def _apart(one: Mapping[Symbol, Expr], other: Mapping[Symbol, Expr]) -> bool:
    return any(vanishes_exactly(one[s] - other[s]) is False for s in one)


def _with_multipliers(system: Map, points: Sequence[Mapping[Symbol, Expr]]) -> PeriodicOrbit:
    product = sp.eye(len(system.state))
    for point in points:
        product = system.jacobian(point) * product
    z = sp.Symbol("z")
    polynomial = product.applyfunc(sp.expand).charpoly(z).as_expr()
    return PeriodicOrbit(tuple(points), sp.collect(sp.expand(polynomial), z), z)

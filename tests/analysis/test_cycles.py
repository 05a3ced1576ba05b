"""Limit cycles in rings, and periodic orbits: against exact ones and orbits."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Matrix, Rational

from symgan.analysis.cycles import (
    LimitCycle,
    find_trapping_annulus,
    trapping_annulus,
)
from symgan.analysis.map_orbits import periodic_orbits
from symgan.certify.recheck import recheck
from symgan.errors import GameError, Undecided
from symgan.system import Flow, Map

x, y = sp.symbols("x y", real=True)
ORIGIN = {x: 0, y: 0}


def round_cycle(sign: int) -> Flow:
    """The circle r = 1, attracting or repelling."""
    pull = sign * (1 - x**2 - y**2)
    return Flow((x, y), (-y + x * pull, x + y * pull))


@pytest.mark.parametrize("sign", [1, -1])
def test_a_circle_is_found_and_is_the_only_one(sign: int) -> None:
    ring = trapping_annulus(round_cycle(sign), ORIGIN, Rational(7, 8), Rational(9, 8))
    assert ring is not None
    assert ring.attracting == (sign == 1)
    assert ring.unique
    inner, *_ = ring.certificates
    assert recheck(inner) is True
    flipped = {**inner, "positive": f"-({inner['positive']})"}
    assert recheck(flipped) is False


@pytest.mark.parametrize(
    ("inner", "outer"), [(Rational(5, 4), 2), (Rational(1, 8), Rational(3, 4))]
)
def test_a_ring_without_the_circle_is_refused(inner: Any, outer: Any) -> None:
    assert trapping_annulus(round_cycle(1), ORIGIN, inner, outer) is None


def test_an_ellipse_in_its_own_coordinates() -> None:
    """V = 2x^2 + 2xy + y^2 pulled to V = 1 by a turn that keeps V."""
    P = Matrix([[2, 1], [1, 1]])
    V = (Matrix([[x, y]]) * P * Matrix([x, y]))[0]
    turn = Matrix([-sp.diff(V, y), sp.diff(V, x)]) / 2
    rhs = turn + (1 - V) * Matrix([x, y]) / 4
    levels = (Rational(3, 4), Rational(5, 4))
    ring = trapping_annulus(Flow((x, y), tuple(rhs)), ORIGIN, *levels, matrix=P)
    assert isinstance(ring, LimitCycle)
    assert sp.expand(ring.function - V) == 0
    assert trapping_annulus(Flow((x, y), tuple(rhs)), ORIGIN, *levels) is None


def test_equilibria_on_the_circle_are_no_cycle() -> None:
    """The same radii, but two equilibria on the circle: no closed orbit."""
    pull = 1 - x**2 - y**2
    flow = Flow((x, y), (-y * y + x * pull, x * y + y * pull))
    assert trapping_annulus(flow, ORIGIN, Rational(1, 2), 2, budget=2) is None


def test_a_search_finds_a_ring() -> None:
    pull = 1 - x**2 - y**2 / 2
    flow = Flow((x, y), (-y + x * pull, x + y * pull))
    ring = find_trapping_annulus(flow, ORIGIN, levels=[Rational(1, 2), 4])
    assert (ring.inner, ring.outer, ring.attracting) == (Rational(1, 2), 4, True)
    with pytest.raises(Undecided, match="no ring"):
        find_trapping_annulus(Flow((x, y), (-y - x, x - y)), ORIGIN, levels=[Rational(1, 2), 2])


def test_periodic_orbits_of_the_logistic_map() -> None:
    """At r = 7/2 the orbit of period two is 3/7, 6/7 with the multiplier 4 + 2r - r^2 = -5/4."""
    system = Map((x,), (Rational(7, 2) * x * (1 - x),))
    (orbit,) = periodic_orbits(system, 2)
    assert {p[x] for p in orbit.points} == {Rational(3, 7), Rational(6, 7)}
    assert orbit.multipliers == orbit.variable + Rational(5, 4)
    fixed = {o.points[0][x]: o.multipliers for o in periodic_orbits(system, 1)}
    assert set(fixed) == {0, Rational(5, 7)}
    assert periodic_orbits(Map((x,), (3 * x * (1 - x),)), 2) == ()


def test_periodic_orbits_in_the_plane_close() -> None:
    henon = Map((x, y), (1 - x**2 + y, Rational(3, 10) * x))
    orbits = periodic_orbits(henon, 2)
    assert len(orbits) == 1
    first, second = orbits[0].points
    image = {s: f.subs(first, simultaneous=True) for s, f in zip((x, y), henon.rhs, strict=True)}
    assert all(sp.simplify(image[s] - second[s]) == 0 for s in (x, y))
    assert sp.simplify(orbits[0].multipliers.subs(orbits[0].variable, 0)) == Rational(9, 100)


def test_refusals() -> None:
    a = sp.Symbol("a", real=True)
    with pytest.raises(GameError, match="planar"):
        trapping_annulus(Flow((x,), (-x,)), {x: 0}, 1, 2)
    with pytest.raises(GameError, match="give values"):
        trapping_annulus(Flow((x, y), (-a * y, x), parameters=(a,)), ORIGIN, 1, 2)
    with pytest.raises(GameError, match="switches"):
        trapping_annulus(Flow((x, y), (-y, x - sp.sign(y))), ORIGIN, 1, 2)
    with pytest.raises(GameError, match="0 < inner < outer"):
        trapping_annulus(round_cycle(1), ORIGIN, 2, 1)
    with pytest.raises(GameError, match="period of 1"):
        periodic_orbits(Map((x,), (x / 2,)), 0)
    with pytest.raises(Undecided, match="continuum"):
        periodic_orbits(Map((x,), (-x,)), 2)


def test_orbits_through_roots_of_high_degree_are_counted_once() -> None:
    """At 1.8 the period-3 window (from 7/4) has opened: two orbits of period 3, one of 4."""
    quadratic = Map((x,), (1 - Rational(9, 5) * x**2,))
    assert [len(periodic_orbits(quadratic, period)) for period in (1, 2, 3, 4)] == [2, 1, 2, 1]
    for orbit in periodic_orbits(quadratic, 3):
        places = [float(point[x]) for point in orbit.points]
        images = [1 - 1.8 * u**2 for u in places]
        assert images == pytest.approx([*places[1:], places[0]], abs=1e-12)


@pytest.mark.parametrize("period", [1.5, "a"])
def test_a_period_is_a_whole_number(period: Any) -> None:
    with pytest.raises(GameError, match="period of 1 or more"):
        periodic_orbits(Map((x,), (x / 2,)), period)


def test_iterates_of_high_degree_are_refused_at_once() -> None:
    with pytest.raises(Undecided, match="shorter period"):
        periodic_orbits(Map((x, y), (1 - x**2 + y, x / 2)), 4)


def test_a_ring_needs_a_matrix_of_two_rows() -> None:
    with pytest.raises(GameError, match="positive definite"):
        trapping_annulus(Flow((x, y), (-y, x)), {x: 0, y: 0}, 1, 2, matrix=sp.eye(3))

"""The exact boundary that a region's figure shows, held against eigenvalues."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from sympy import Symbol, symbols

from symgan.cli.sweep_boundary import NoBoundary, boundary, margin
from symgan.games.dirac import dirac
from symgan.losses import jensen_shannon
from symgan.rules import named
from symgan.sweep import Axis, Growth, Model, Points, Sweep
from symgan.sweep.views import Grid
from symgan.system import Flow, Map

ETA = Symbol("eta", positive=True)
BETA = Symbol("beta", real=True)
X, Y, A = symbols("x y a", real=True)
SIDES = np.linspace(0.05, 5, 12), np.linspace(-0.9, 0.9, 11)
GRID = Grid(("eta", "beta"), *SIDES, np.zeros((12, 11)))


def sweep(system: Any, **points: float) -> Sweep:
    names = [s.name for s in (*getattr(system, "visible", system.state), *system.parameters)]
    free = [name for name in names if name not in points and name in ("eta", "beta")]
    design: Any = Points({name: [points.get(name, 0.5)] for name in names if name not in free})
    for name in free:
        design = design * Axis(name, "1/20", 5, 2)
    return Sweep((Model("m", system),), design, Growth(4))


def heavy_ball(**options: Any) -> Map:
    return named("heavy-ball")(dirac(jensen_shannon), ETA, beta=BETA, **options)


@pytest.mark.parametrize("reverse", [False, True])
def test_the_boundary_parts_stable_from_unstable_parameters(reverse: bool) -> None:
    system = heavy_ball(alternating=True)
    values = sp.lambdify((ETA, BETA), system.jacobian(dict.fromkeys(system.state, 0)))
    radius = np.array(
        [[np.abs(np.linalg.eigvals(values(e, b))).max() for b in SIDES[1]] for e in SIDES[0]]
    )
    grid = Grid(("beta", "eta"), SIDES[1], SIDES[0], GRID.values.T) if reverse else GRID
    found = boundary(sweep(system), grid)
    found = found.T if reverse else found
    told = np.abs(radius - 1) > 1e-9
    assert told.mean() > 0.8
    assert ((found > 0) == (radius < 1))[told].all()
    assert not ((found[:, ::-1] > 0) == (radius < 1))[told].all()
    wrong = np.abs(SIDES[0] - 4)[:, None] * np.ones(11)
    assert not ((wrong > 1) == (radius < 1))[told].all()


def test_the_boundary_of_a_flow_is_that_of_its_real_parts() -> None:
    a, b = Symbol("eta", real=True), BETA
    flow = Flow((X, Y), (a * X - Y - X**3, X + b * Y), parameters=(a, b))
    grid = Grid(("eta", "beta"), np.linspace(-2, 2, 9), np.linspace(-2, 2, 8), np.zeros((9, 8)))
    found = boundary(sweep(flow), grid)
    slope = sp.lambdify((a, b), flow.jacobian({X: 0, Y: 0}))
    largest = [[np.linalg.eigvals(slope(e, f)).real.max() for f in grid.y] for e in grid.x]
    told = np.abs(largest) > 1e-9
    assert ((found > 0) == (np.array(largest) < 0))[told].all()
    assert 0 < (found > 0).mean() < 1


def switched() -> Map:
    return Map((X, Y), (X - ETA * sp.Abs(Y), Y + BETA * X), parameters=(ETA, BETA))


@pytest.mark.parametrize(
    ("system", "grid", "reason"),
    [
        (switched, GRID, "not differentiable"),
        (lambda: heavy_ball(alternating=False), GRID, "linearly stable nowhere"),
        (
            lambda: Map((X,), (X - ETA * X - A * X**3,), (ETA, A)),
            Grid(("eta", "x"), *SIDES, GRID.values),
            "not both parameters",
        ),
        (lambda: Map((X,), (X * A + BETA,), (A, BETA)), GRID, "no map with the step eta"),
    ],
)
def test_where_there_is_none_the_reason_is_said(system: Any, grid: Grid, reason: str) -> None:
    with pytest.raises(NoBoundary, match=reason):
        boundary(sweep(system()), grid)


def test_margins_fold_conditions() -> None:
    at = {X: np.array([-1.0, 0.0, 2.0]), Y: np.array([1.0, 1.0, 1.0])}
    assert margin((X > 0) & (Y < 2), at).tolist() == [-1, 0, 1]
    assert margin(sp.Or(X > 0, sp.Eq(X, -1)), at).tolist() == [-1, 0, 2]
    assert margin(sp.Not((X > 0) & (Y < 2), evaluate=False), at).tolist() == [1, 0, -1]
    assert (margin(sp.true, at) == np.inf).all()
    with pytest.raises(NoBoundary, match="no comparison"):
        margin(Symbol("p"), at)

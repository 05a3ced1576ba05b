"""Path angles, the split of fields, and basins, held against their definitions."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sympy import Matrix, Rational, Symbol, symbols

from symgan.analysis.basin import Basin
from symgan.errors import GameError
from symgan.game import Game, zero_sum
from symgan.games.dirac import dirac
from symgan.games.matrix import rock_paper_scissors
from symgan.games.quadratic import bilinear, quadratic
from symgan.losses import jensen_shannon
from symgan.report.plots import basin_map, path_angle, player_fields
from symgan.report.plots.angle import angles, limits
from symgan.report.plots.basins import _ellipse
from symgan.report.plots.endings import ESCAPED, FIRST, NONE, swept
from symgan.report.plots.players import split
from symgan.rules import named
from symgan.sweep import Axis, Basins, Model, Sweep
from symgan.system import Flow, Map
from tests.report.plots.reading import heights, points

X, Y, Z = symbols("x y z", real=True)
NUMBERS = st.sampled_from([-2.0, -0.75, 0.0, 0.5, 1.25])
GAME = Game("three", ((X, Y), (Z,)), (X**2 / 2 + Y * Z, Z**2 / 2 - Y * Z + sp.sin(X) * Z))


def cosine(game: Game, a: Any, b: Any, alpha: float) -> Any:
    """The definition, in 50 digits."""
    with mpmath.workdps(50):
        place = [
            mpmath.mpf(s) + alpha * (mpmath.mpf(e) - mpmath.mpf(s))
            for s, e in zip(a, b, strict=True)
        ]
        v = sp.lambdify(game.state, game.v, "mpmath")(*place)
        way = [mpmath.mpf(e) - mpmath.mpf(s) for s, e in zip(a, b, strict=True)]
        size = mpmath.sqrt(sum(w * w for w in way)) * mpmath.sqrt(sum(f * f for f in v))
        return sum(w * f for w, f in zip(way, v, strict=True)) / size


@given(st.tuples(NUMBERS, NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS, NUMBERS))
@example((1.25, 0.5, -0.75), (0.0, 0.0, 0.0))
@settings(max_examples=8, deadline=None)
def test_path_angles_are_those_of_the_definition(a: Any, b: Any) -> None:
    if a == b:
        with pytest.raises(GameError, match="same point"):
            angles(GAME.flow(), a, b, (-0.5, 1.5))
        return
    found = angles(GAME.flow(), a, b, (-0.5, 1.5))
    for k in (0, 333, 777, 1150):
        if found.norms[k] > 1e-6:
            exact = cosine(GAME, a, b, float(found.places[k]))
            # Terms of up to 20 that cancel to 1e-6 at worst, in double precision.
            assert found.cosines[k] == pytest.approx(float(exact), abs=1e-8)
            assert found.cosines[k] != pytest.approx(float(exact) + 1e-6, abs=1e-8)


def test_the_sign_switches_at_an_attractor_with_the_exact_limits() -> None:
    game = quadratic(1, 2, Rational(1, 2))
    begin, end = (1.0, 0.5), (0.0, 0.0)
    found = angles(game.flow(), begin, end, (-0.5, 1.5))
    J, way = game.J, Matrix([-1, -Rational(1, 2)])
    exact = (way.T * J * way)[0] / sp.sqrt((way.T * way)[0] * ((J * way).T * J * way)[0])
    limit = limits(game.flow(), begin, end)
    assert limit == pytest.approx(float(exact), rel=1e-15)
    before, after = found.cosines[found.places < 1], found.cosines[found.places > 1]
    np.testing.assert_allclose(before, -float(exact), rtol=1e-12)  # linear: constant
    np.testing.assert_allclose(after, float(exact), rtol=1e-12)
    (gap,) = np.flatnonzero(np.isnan(found.cosines))
    assert found.places[gap] == 1
    assert limits(game.flow(), begin, (0.5, 0.0)) is None  # no equilibrium


def test_a_path_beside_a_center_has_a_bump() -> None:
    figure = path_angle(dirac(jensen_shannon), [(1, 1), (1, -1)], (0.1, 0))
    up, down = (heights(line) for line in figure.axes[0].lines if "from" in str(line.get_label()))
    assert up.max() > 0.99
    assert down.min() < -0.99
    assert abs(up[0]) < 0.1
    assert abs(down[0]) < 0.1


def test_the_split_adds_up_to_a_gradient_and_a_part_that_turns() -> None:
    x, y = X, Y
    game = zero_sum(x**4 / 4 + x * y + x * y**3 - y**2, minimize=x, maximize=y)
    places = np.array([[0.5, -1.0], [1.5, 0.25], [-1.0, 1.0], [0.0, 2.0]])
    gradient, turning = split(game, np.zeros(2), places)
    v = np.array([sp.lambdify((x, y), game.v)(*place) for place in places])
    # Polynomials: quadrature is exact, a few dozen roundings of numbers up to 30 are left.
    np.testing.assert_allclose(gradient + turning, v, atol=1e-12)
    np.testing.assert_allclose((turning * places).sum(axis=1), 0, atol=1e-12)
    s = Symbol("s")
    along = Matrix(game.v).subs({x: s * x, y: s * y}, simultaneous=True)
    phi = sp.integrate(sp.expand((Matrix([x, y]).T * along)[0]), (s, 0, 1))
    exact = sp.lambdify((x, y), [sp.diff(phi, x), sp.diff(phi, y)])
    np.testing.assert_allclose(gradient, [exact(*p) for p in places], atol=1e-12)
    assert np.abs(gradient - v).max() > 0.1  # without the part that turns it is another field


def test_quadratic_games_split_into_the_parts_of_their_jacobian() -> None:
    game = quadratic(1, 2, 3)
    place = np.array([0.3, -0.7])
    J = np.array(game.J.tolist(), dtype=float)
    gradient, turning = split(game, np.zeros(2), place)
    np.testing.assert_allclose(gradient, (J + J.T) / 2 @ place, atol=1e-14)
    np.testing.assert_allclose(turning, (J - J.T) / 2 @ place, atol=1e-14)


def test_each_player_moves_its_own_symbol_alone() -> None:
    figure = player_fields(quadratic(1, 2, 1))
    for ax, still in zip(figure.axes[:2], (1, 0), strict=True):
        strokes = points(next(line for line in ax.lines if line.get_zorder() == 1))
        tails, tips = strokes[0::7], strokes[1::7]
        assert np.abs((tips - tails)[:, still]).max() < 1e-12
        assert np.abs((tips - tails)[:, 1 - still]).min() > 0.1
    first = figure.axes[0]
    tip = strokes_at(first, (-1.0, 0.0))
    assert tip > 0  # descent of theta^2/2 - 2 theta psi from theta = -1 moves right


def strokes_at(ax: Any, place: tuple[float, float]) -> float:
    """How far the arrow nearest to a place goes to the right."""
    line = next(line for line in ax.lines if line.get_zorder() == 1)
    strokes = points(line)
    tails, tips = strokes[0::7], strokes[1::7]
    nearest = np.hypot(*((tails + tips) / 2 - place).T).argmin()
    return float((tips - tails)[nearest, 0])


FAR = named("extragradient")(dirac(jensen_shannon), sp.Integer(1))
WELL = Flow((X, Y), (X - X**3, -Y))
ENDS = [{X: sp.Integer(-1), Y: sp.Integer(0)}, {X: sp.Integer(1), Y: sp.Integer(0)}]
SQUARE = ((-2.0, 2.0), (-2.0, 2.0))


def test_basins_of_a_flow_have_the_exact_border() -> None:
    codes = swept(WELL, SQUARE, ENDS, 8, 30, 1e-2, 1e6)
    across = np.linspace(-2, 2, 8)
    assert (codes == np.where(across < 0, FIRST, FIRST + 1)[:, None]).all()
    middle = swept(WELL, SQUARE, ENDS, 9, 30, 1e-2, 1e6)
    assert (middle[4] == NONE).all()  # x = 0 goes to the saddle


def test_basins_of_a_map_are_those_of_direct_iteration_and_of_sweeps() -> None:
    update = Map((X, Y), (X**2 - Rational(1, 2), Y / 2 + X / 4))
    low = (1 - sp.sqrt(3)) / 2
    goal = {X: low, Y: low / 2}
    window, count, steps = ((-2.0, 2.0), (-1.0, 1.0)), 21, 60
    codes = swept(update, window, [goal], count, steps, 1e-2, 1e6)
    place = [float(value) for value in goal.values()]
    for i, x0 in enumerate(np.linspace(-2, 2, count)):
        for j, y0 in enumerate(np.linspace(-1, 1, count)):
            x, y, tail = float(x0), float(y0), []
            for _ in range(steps):
                x, y = (x * x - 0.5, y / 2 + x / 4) if abs(x) < 1e6 else (np.inf, y)
                tail.append((x, y))
            near = all(
                abs(a - place[0]) <= 0.01 and abs(b - place[1]) <= 0.01 for a, b in tail[-20:]
            )
            expected = ESCAPED if np.isinf(x) or abs(x) > 1e6 else (FIRST if near else NONE)
            assert codes[i, j] == expected
    assert {ESCAPED, FIRST} <= set(codes.ravel().tolist())
    design = Axis("x", *window[0], count) * Axis("y", *window[1], count)
    sweep = Sweep((Model("m", update),), design, Basins(steps, (tuple(place),), 1e-2, 20, 1e6))
    found = sweep.compute()(slice(0, count**2), lambda: None)["basin"]
    np.testing.assert_array_equal(found.reshape(count, count), codes)


def test_a_basin_map_shows_the_codes_where_they_belong() -> None:
    figure = basin_map(WELL, count=8, steps=30)
    (image,) = figure.axes[0].images
    shown = np.asarray(image.get_array())
    assert shown.shape == (8, 8)
    assert (shown[:, :4] == shown[0, 0]).all()  # rows go up, columns to the right
    assert (shown[:, 4:] == shown[0, 7]).all()
    assert shown[0, 0] != shown[0, 7]


def test_the_certified_curve_is_the_level_of_the_function() -> None:
    P = Matrix([[2, Rational(1, 2)], [Rational(1, 2), 1]])
    away = Matrix([X - 1, Y + 1])
    basin = Basin((away.T * P * away)[0], Rational(3, 4), P, None, ())
    figure = basin_map(WELL, count=3, steps=20)
    _ellipse(figure.axes[0], basin, (1.0, -1.0))
    (line,) = [line for line in figure.axes[0].lines if line.get_label() == "certified"]
    value = sp.lambdify((X, Y), basin.function)(*points(line).T)
    np.testing.assert_allclose(value, 0.75, rtol=1e-14)


@pytest.mark.parametrize(
    ("draw", "why"),
    [
        (lambda: path_angle(bilinear(), (1, 0), (1, 0)), "same point"),
        (lambda: path_angle(Flow((X, Y), (Y, -X)), (1, 0)), "give the end"),
        (lambda: path_angle(bilinear(), (1, 0), reach=(1, 1)), "empty"),
        (lambda: player_fields(Flow((X, Y), (Y, -X))), "not of a Flow"),  # type: ignore[arg-type]
        (lambda: player_fields(rock_paper_scissors()), "4 symbols"),
        (lambda: basin_map(rock_paper_scissors()), "4 symbols are visible"),
        (lambda: basin_map(bilinear()), "no isolated equilibrium"),
        (lambda: basin_map(WELL, ends=[{"x": 2, "y": 0}]), "is not an equilibrium"),
        (lambda: basin_map(WELL, count=1), "at least 2"),
        (lambda: basin_map(FAR), "not solved for; name the points"),
        (lambda: basin_map(FAR, ends=[{"theta": 0, "psi": 0}], count=2, certify=1), "too long"),
        (lambda: basin_map(WELL, steps=5), "too few"),
        (
            lambda: basin_map(
                named("heavy-ball")(quadratic(), Rational(1, 4), beta=Rational(1, 4)),
                certify=1.0,
                count=2,
            ),
            "memory",
        ),
    ],
)
def test_what_has_no_figure_is_refused(draw: Any, why: str) -> None:
    with pytest.raises(GameError, match=why):
        draw()

"""Phase portraits: what is marked lies where it is said to, and is what it is called."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sympy import Matrix, Rational, Symbol, symbols

from symgan.errors import GameError
from symgan.game import zero_sum
from symgan.games.dirac import dirac
from symgan.games.matrix import rock_paper_scissors
from symgan.games.quadratic import bilinear, quadratic
from symgan.losses import jensen_shannon
from symgan.report.plots import phase_portrait
from symgan.report.plots.curves import guards, zero_set
from symgan.report.plots.rest import kind_of, rests
from symgan.rules import named
from symgan.system import Flow, Map
from tests.report.plots.reading import labelled

X, Y = symbols("x y", real=True)
ETA = Symbol("eta", positive=True)
WINDOW = ((-2.0, 2.0), (-2.0, 2.0))
PAYOFF = X**4 / 4 - X**2 / 2 + X * Y - Rational(2, 3) * Y**2
ENTRIES = st.sampled_from([Rational(n, 2) for n in range(-4, 5)])


def drawn(figure: Any, label: str) -> list[np.ndarray]:
    """The points of all lines of one name, arrays (k, 2)."""
    return labelled(figure.axes[0], label)


@given(st.tuples(ENTRIES, ENTRIES, ENTRIES, ENTRIES), st.booleans())
@example((Rational(0), Rational(1), Rational(-1), Rational(0)), False)  # a center
@example((Rational(0), Rational(1), Rational(-1), Rational(0)), True)  # a rotation
@example((Rational(1), Rational(1), Rational(0), Rational(1, 2)), True)  # an eigenvalue 1
@example((Rational(-2), Rational(0), Rational(0), Rational(2)), True)  # beyond 1 and beyond -1
@example((Rational(1), Rational(1), Rational(-1), Rational(-1)), False)  # nilpotent
@settings(max_examples=30, deadline=None)
def test_classes_are_those_of_the_exact_eigenvalues(entries: Any, discrete: bool) -> None:
    J = Matrix(2, 2, entries)
    system = Map((X, Y), (X, Y)) if discrete else Flow((X, Y), (X, Y))
    values = [v for v, count in J.eigenvals().items() for _ in range(count)]
    # Distances from the boundary, exact: sympy decides the signs of real radicals.
    away = [sp.Abs(v) - 1 if discrete else sp.re(v) for v in values]
    signs = sorted(int(sp.sign(sp.nsimplify(sp.simplify(a)))) for a in away)
    spiral = any(v.is_real is False for v in values)
    if 0 in signs:
        expected = {"linear center"} if spiral else {"degenerate"}
    elif signs[0] != signs[1]:
        expected = {"saddle"}
    else:
        turning = "focus" if spiral else "node"
        expected = {f"{'unstable' if signs[0] > 0 else 'stable'} {turning}"}
    assert kind_of(system, J) in expected


def test_nullclines_cross_at_the_marked_equilibria() -> None:
    flow = zero_sum(PAYOFF, minimize=X, maximize=Y).flow()
    found = rests(flow, None, None, 4.0)
    assert found.solved
    kinds = {point.point: point.kind for point in found.points}
    half, rest = Rational(1, 2), Rational(3, 8)
    assert kinds == {
        (-half, -rest): "stable focus",
        (0, 0): "saddle",
        (half, rest): "stable focus",
    }
    for component in flow.rhs:
        (curve,) = zero_set(component, X, Y, WINDOW)
        assert curve.formula is not None
        for x, y in kinds:
            assert curve.formula.subs({X: x, Y: y}) == sp.true
            assert curve.formula.subs({X: x + Rational(1, 9), Y: y}) == sp.false


def test_drawn_nullclines_are_zeros_of_their_own_component() -> None:
    flow = zero_sum(PAYOFF, minimize=X, maximize=Y).flow()
    figure = phase_portrait(flow, field="none")
    fields = sp.lambdify((X, Y), flow.rhs)
    for i, name in enumerate((r"$\dot{x} = 0$", r"$\dot{y} = 0$")):
        points = np.concatenate(drawn(figure, name))
        values = np.array([fields(*point) for point in points])
        # A cubic of numbers up to 2 in double precision: a few units in the last place of 10.
        assert np.abs(values[:, i]).max() < 1e-14
        assert np.abs(values[:, 1 - i]).max() > 0.1


def test_curves_that_no_symbol_solves_are_contours() -> None:
    (circle,) = zero_set(X**2 + Y**2 - 1, X, Y, WINDOW)
    assert circle.formula is None
    points = np.concatenate(circle.pieces)
    # Linear interpolation on cells of 0.01: off by h^2/8 times the curvature, below 2e-5.
    assert np.abs(np.hypot(*points.T) - 1).max() < 2e-5
    assert zero_set(sp.exp(X) * (1 + Y**2), X, Y, WINDOW) == ()


def test_poles_of_a_graph_are_gaps() -> None:
    (curve,) = zero_set(X * Y - 1, X, Y, WINDOW)
    assert len(curve.pieces) == 2
    assert all(np.ptp(np.sign(piece[:, 0])) == 0 for piece in curve.pieces)


def test_switching_surfaces_are_where_a_branch_changes() -> None:
    assert guards(named("dirac-oracle")(bilinear(), ETA).rhs) != ()
    assert guards(bilinear().flow().rhs) == ()
    assert guards([abs(X - Y)]) == (X - Y,)


def test_orbits_of_a_map_are_its_iterates() -> None:
    update = named("extragradient")(bilinear(), Rational(1, 4))
    figure = phase_portrait(update, starts=[(1, 0)], steps=30, field="none", nullclines=False)
    (points,) = drawn(figure, "orbits")
    step = sp.lambdify(update.state, update.rhs)
    state, exact = [Fraction(1), Fraction(0)], []
    for _ in range(31):
        exact.append([float(value) for value in state])
        state = [Fraction(value) for value in step(*state)]
    # 30 steps of a contraction, a few roundings each.
    np.testing.assert_allclose(points, exact, atol=1e-14)


def test_orbits_of_a_flow_are_its_solutions() -> None:
    figure = phase_portrait(bilinear(), starts=[(1, 0)], until=3, field="none", nullclines=False)
    (points,) = drawn(figure, "orbits")
    t = np.linspace(0, 3, len(points))
    # The integrator's local tolerance is 1e-10; the circle neither grows nor damps errors.
    np.testing.assert_allclose(points, np.column_stack([np.cos(t), -np.sin(t)]), atol=1e-8)


def test_linear_centers_are_settled_by_the_nonlinear_part() -> None:
    weak = Flow((X, Y), (-Y - X**3, X))
    assert [point.kind for point in rests(weak, None, None, 1.0).points] == ["stable weak focus"]
    against = Flow((X, Y), (-Y + X**3, X))
    assert [p.kind for p in rests(against, None, None, 1.0).points] == ["unstable weak focus"]
    assert [p.kind for p in rests(bilinear().flow(), None, None, 1.0).points] == ["center"]


def test_continua_are_lines_and_may_be_everything() -> None:
    found = rests(Flow((X, Y), (X + Y, 0)), None, None, 2.0)
    (line,) = found.lines
    np.testing.assert_allclose(line.sum(axis=1), 0, atol=1e-15)
    assert (found.points, found.everywhere) == ((), False)
    assert rests(Flow((X, Y), (0, 0)), None, None, 2.0).everywhere
    unsolved = rests(Flow((X, Y), (sp.cos(X) - Y, X - sp.exp(Y))), None, None, 2.0)
    assert (unsolved.points, unsolved.solved) == ((), False)


def test_a_followed_rule_shows_what_is_visible_of_it() -> None:
    ball = named("heavy-ball")(bilinear(), Rational(1, 2), beta=Rational(-1, 2))
    figure = phase_portrait(bilinear(), follow={"ball": ball}, starts=[(1, 0)], steps=3)
    (points,) = drawn(figure, "ball")
    assert points[0].tolist() == [1.0, 0.0]
    assert points.shape == (4, 2)


K = Symbol("k", real=True)


@pytest.mark.parametrize(
    ("system", "options", "why"),
    [
        (rock_paper_scissors(), {}, "this state has 4 symbols"),
        (quadratic(K, 1, 1), {}, "no value for k"),
        (quadratic(K, 1, 1), {"values": {"l": 1}}, "l is no parameter"),
        (quadratic(K, 1, 1), {"values": {"k": "half"}}, "unknown name 'half'"),
        (quadratic(K, 1, 1), {"values": {"k": sp.oo}}, "no finite real number"),
        (bilinear(), {"x": (1, 1)}, "empty"),
        (bilinear(), {"x": (1, float("nan"))}, "is no number"),
        (bilinear(), {"y": 3}, "no pair"),
        (bilinear(), {"starts": [(1, 2, 3)]}, "gives no 2 numbers"),
        (bilinear(), {"starts": [{"theta": 1}]}, "gives no 2 numbers"),
        (bilinear(), {"starts": [(1, 0)], "until": 0}, "not positive"),
        (bilinear(), {"rest": [{"theta": 1, "psi": 0}]}, "is not an equilibrium"),
        (dirac(), {}, "is free"),
        (Flow((X, Y), (Y, -X * sp.Symbol("t")), time=sp.Symbol("t")), {}, "depends on t"),
        (named("proximal-point")(dirac(jensen_shannon), ETA), {}, "implicit map"),
        ("dirac", {}, "a str is no Game"),
    ],
)
def test_what_cannot_be_drawn_is_refused(system: Any, options: Any, why: str) -> None:
    with pytest.raises((GameError, ValueError), match=why):
        phase_portrait(system, **options)

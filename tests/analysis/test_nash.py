"""Classification of stationary points against definitions carried out by other means."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Matrix, Rational

from symgan.analysis.definite import positive_definite, positive_semidefinite
from symgan.analysis.nash import Classification, classify
from symgan.analysis.own_minimum import own_minimum
from symgan.analysis.stackelberg import stackelberg
from symgan.errors import GameError
from symgan.game import Game, zero_sum
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear, quadratic

x, y, z, a, b, c = sp.symbols("x y z a b c", real=True)
theta, psi = sp.symbols("theta psi", real=True)
p, k, q = sp.symbols("p k q", real=True)
HALF = Rational(1, 2)
small = st.integers(-3, 3).map(lambda n: Rational(n, 2))
ORIGIN = {x: Integer(0), y: Integer(0)}


@st.composite
def symmetric(draw: st.DrawFn, n: int) -> Matrix:
    entries = {(i, j): draw(small) for i in range(n) for j in range(i, n)}
    return Matrix(n, n, lambda i, j: entries[min(i, j), max(i, j)])


@cache
def general_quadratic() -> Classification:
    return classify(quadratic(p, k, q))


@given(st.integers(1, 3).flatmap(symmetric))
@settings(max_examples=60, deadline=None)
def test_definiteness_agrees_with_eigenvalues(H: Matrix) -> None:
    # roots of a cubic with coefficients of size 50 in quarters: nonzero ones exceed 1e-4
    values = np.linalg.eigvalsh(np.array(H, dtype=float))
    assert positive_definite(H) == bool(values.min() > 1e-6)
    assert positive_semidefinite(H) == bool(values.min() > -1e-6)


@pytest.mark.parametrize("find", [positive_definite, positive_semidefinite])
def test_definiteness_refuses_what_is_not_symmetric(find) -> None:
    with pytest.raises(GameError, match="symmetric"):
        find(Matrix([[1, 2], [3, 1]]))


def test_leading_minors_alone_would_call_this_semidefinite() -> None:
    H = sp.diag(0, -1)
    assert [H[:k, :k].det() for k in (1, 2)] == [0, 0]
    assert positive_semidefinite(H) is sp.false


@given(small, small, small)
@settings(max_examples=60, deadline=None)
def test_conditions_of_the_quadratic_game_hold_exactly_where_numbers_say(r, s, t) -> None:
    found = general_quadratic()
    at = {p: r, k: s, q: t}
    values = np.linalg.eigvals(-np.array([[r, -s], [s, t]], dtype=float)).real
    assert bool(found.differential_nash.subs(at)) == (r > 0 and t > 0)
    assert bool(found.nash.subs(at)) == (r >= 0 and t >= 0)
    assert bool(found.not_nash.subs(at)) == (r < 0 or t < 0)
    # eigenvalues are quadratic in quarters, so their real parts are 0 or beyond 1e-3
    assert bool(found.attracting.subs(at)) == bool(values.max() < -1e-6)
    assert found.unstable is not None
    assert found.saddle is not None
    assert bool(found.unstable.subs(at)) == bool(values.max() > 1e-6)
    assert bool(found.saddle.subs(at)) == bool(values.max() > 1e-6 and values.min() < -1e-6)


@given(st.tuples(small, small, small, small).filter(any))
@settings(max_examples=60, deadline=None)
def test_one_parameter_is_decided_as_by_looking_closely(coefficients) -> None:
    loss = sp.Add(*(c * x**k for k, c in enumerate(coefficients, 2)))
    found = own_minimum(loss, (x,), Matrix([[2 * coefficients[0]]]), {x: Integer(0)})
    # at 1e-3 the lowest term exceeds the sum of the others: 1/2 > 3 * 1.5e-3
    sides = [loss.subs(x, side * Rational(1, 1000)) for side in (1, -1)]
    assert found.strict == (min(sides) > 0)
    assert found.fails == (min(sides) < 0)
    assert found.weak is sp.false
    assert found.open is sp.false


def test_higher_orders_with_a_parameter() -> None:
    found = own_minimum(a * x**2 + b * x**3 + x**4, (x,), Matrix([[2 * a]]), {x: Integer(0)})
    assert found.strict == ((a > 0) | (sp.Eq(a, 0) & sp.Eq(b, 0)))
    assert found.fails == ((a < 0) | (sp.Eq(a, 0) & sp.Ne(b, 0)))


def test_a_degenerate_hessian_in_two_parameters() -> None:
    H = sp.diag(2, 0)
    at = dict(ORIGIN)
    assert own_minimum(x**2 + y**4, (x, y), H, at).strict is sp.true
    assert own_minimum(x**2 + y**3, (x, y), H, at).fails is sp.true
    peano = (x - y**2) * (x - 3 * y**2)  # a minimum on every line through 0
    assert own_minimum(peano, (x, y), H, at).fails is sp.true
    flat = own_minimum(x**2, (x, y), H, at)
    assert (flat.weak, flat.strict, flat.open) == (True, False, False)
    both = own_minimum(x**4 + y**4, (x, y), sp.zeros(2, 2), at)
    assert both.open is sp.true  # a kernel of two dimensions
    assert own_minimum(x**2 + a * y**4, (x, y), H, at).open is sp.true  # a parameter


@given(st.tuples(small, small, small), small, small)
@settings(max_examples=12, deadline=None)
def test_the_splitting_lemma_sees_along_the_valley(valley, fourth, sixth) -> None:
    r"""(y - w(x))^2 + c x^4 + d x^6 in turned coordinates: the valley floor decides."""
    floor = fourth * x**4 + sixth * x**6
    w = sum((c * x**k for k, c in enumerate(valley, 2)), Integer(0))
    turned = {x: x + y, y: y - x}
    F = ((y - w) ** 2 + floor).subs(turned, simultaneous=True)
    H = sp.hessian(F, (x, y)).subs(ORIGIN)
    found = own_minimum(F, (x, y), H, dict(ORIGIN))
    lowest = next((c for c in (fourth, sixth) if c != 0), Integer(0))
    assert found.strict == (lowest > 0)
    assert found.fails == (lowest < 0)
    assert found.open == (lowest == 0 and any(valley))
    assert found.weak == (lowest == 0 and not any(valley))


def test_a_loss_that_does_not_move_is_a_weak_minimum() -> None:
    for game in (bilinear(), dirac()):
        found = classify(game)
        assert (found.nash, found.strict_nash, found.second_order) == (True, False, True)
        assert found.words()[0] == "local Nash"


@given(small, small, small, small, small)
@settings(max_examples=40, deadline=None)
def test_stackelberg_is_a_minimum_of_the_reduced_loss(f, g, h, lean, pull) -> None:
    r"""The response of :math:`y^2/2 + (h x + g x^2) y` is :math:`y = -h x - g x^2`, in one line."""
    own = f * x**2 / 2 + lean * x * y + pull * y
    game = Game("g", ((x,), (y,)), (own, y**2 / 2 + (h * x + g * x**2) * y), equilibrium=ORIGIN)
    reduced = sp.expand(own.subs(y, -h * x - g * x**2))
    expected = reduced.coeff(x, 1) == 0 and reduced.coeff(x, 2) > 0
    assert stackelberg(game, ORIGIN) == expected


def test_stackelberg_of_a_zero_sum_game_is_the_schur_complement() -> None:
    found = stackelberg(quadratic(p, k, q), {theta: Integer(0), psi: Integer(0)})
    for r, s, t in ((-HALF, 2, 1), (-HALF, 2, 8), (-HALF, 2, 9), (1, 0, -1), (-4, 2, 1)):
        expected = t > 0 and r + Rational(s**2) / t > 0
        assert bool(found.subs({p: r, k: s, q: t})) == expected


def test_non_nash_attractor_is_a_nash_equilibrium_of_no_player_but_one_order_of_play() -> None:
    found = classify(quadratic(-HALF, 2, 1))
    assert found.jacobian == Matrix([[-HALF, -2], [2, 1]])
    assert found.non_nash_attractor is sp.true
    assert found.stackelberg == (True, False)
    neighbor = classify(quadratic(-HALF, HALF, 1))  # det J = -1/4
    assert neighbor.non_nash_attractor is sp.false
    assert neighbor.saddle is sp.true


def test_a_strict_nash_equilibrium_of_three_players_that_the_flow_leaves() -> None:
    losses = (x**2 / 2 + a * x * y, y**2 / 2 + a * y * z, z**2 / 2 + a * z * x)
    game = Game("ring", ((x,), (y,), (z,)), losses, (a,), equilibrium={x: 0, y: 0, z: 0})
    found = classify(game)
    assert found.differential_nash is sp.true
    assert found.stackelberg == ()
    # eigenvalues of v' are 1 + a w with w^3 = 1: real parts 1 + a and 1 - a/2
    assert found.repelled_nash is not None
    for value in (-2, -1, 0, 1, 2, 3):
        assert bool(found.attracting.subs(a, value)) == (-1 < value < 2)
        assert bool(found.repelled_nash.subs(a, value)) == (value < -1 or value > 2)


def test_the_point_may_be_given() -> None:
    game = zero_sum(x**3 / 3 - x + x * y - y**2, minimize=x, maximize=y)
    points = {v: {x: v, y: v / 2} for v in sp.solve(x**2 - 1 + x / 2, x)}
    found = {v: classify(game, at) for v, at in points.items()}
    for v, kind in found.items():
        assert kind.differential_nash == (v > 0)
        assert kind.not_nash == (v < 0)


def test_refusals() -> None:
    with pytest.raises(GameError, match="not an equilibrium"):
        classify(quadratic(1, 1, 1), {theta: 1, psi: 0})
    with pytest.raises(GameError, match="time or drift"):
        classify(Game("moved", ((x,), (y,)), (x**2, y**2), drift=(Integer(1), Integer(0))))
    with pytest.raises(GameError, match="declares no equilibrium"):
        classify(zero_sum(x * y, minimize=x, maximize=y, name="bare"))
    three = Game("t", ((x,), (y,), (z,)), (x**2, y**2, z**2))
    with pytest.raises(GameError, match="two players"):
        stackelberg(three, {x: Integer(0), y: Integer(0), z: Integer(0)})


def test_words_of_numbers_name_the_strongest() -> None:
    assert classify(quadratic(1, 1, 1)).words()[:1] == ("differential Nash",)
    quartic = zero_sum(x**4 - y**4 + x * y, minimize=x, maximize=y, equilibrium=ORIGIN)
    assert classify(quartic).words()[0] == "strict local Nash"
    cubic = zero_sum(x**3 - y**4 + x * y, minimize=x, maximize=y, equilibrium=ORIGIN)
    assert classify(cubic).words()[0] == "not Nash"


def test_parameters_may_be_called_like_a_state_symbol() -> None:
    """The real parameter x is not the positive state symbol x, nor a deviation of it."""
    moved, twin, y = sp.Symbol("x", positive=True), sp.Symbol("x", real=True), sp.Symbol("y")
    game = Game(
        "twins",
        ((moved,), (y,)),
        (twin * (moved - 1) ** 4, y**2),
        parameters=(twin,),
    )
    first = classify(game, {moved: 1, y: 0}).own[0]
    assert first.strict == (twin > 0)
    assert first.fails == (twin < 0)


def test_no_point_is_at_infinity() -> None:
    x, y = sp.symbols("x y", real=True)
    game = Game("falling", ((x,), (y,)), (sp.exp(-x), y**2))
    with pytest.raises(GameError, match="finite"):
        classify(game, {x: sp.oo, y: 0})

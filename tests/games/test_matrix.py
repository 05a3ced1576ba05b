"""Matrix games on the simplex, and games of many players."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Matrix, Rational, S

from symgan.analysis.conserved import conserved
from symgan.analysis.spectrum import spectrum
from symgan.analysis.step_bound import step_bound
from symgan.errors import GameError
from symgan.games.matrix import (
    ROCK_PAPER_SCISSORS,
    interior_integral,
    projected,
    replicator,
    replicator_alone,
    rock_paper_scissors,
    softmax_play,
)
from symgan.games.multiplayer import (
    conflicting_potentials,
    four_player,
    polymatrix,
    three_player_ring,
)
from symgan.results import Stability
from symgan.rules.simultaneous import simultaneous

eta, epsilon = sp.symbols("eta epsilon", positive=True)
entries = st.integers(-3, 3)
squares = st.lists(st.lists(entries, min_size=3, max_size=3), min_size=3, max_size=3)


def test_rock_paper_scissors_turns_in_circles() -> None:
    game = rock_paper_scissors()
    found = spectrum(game.flow(), at=game.equilibrium)
    assert found.verdict is Stability.CENTER
    assert {e for e, _ in found.eigenvalues} == {sp.sqrt(3) * sp.I, -sp.sqrt(3) * sp.I}
    radius = sp.Add(*(s**2 for s in game.state))
    assert conserved(game.flow(), radius) is not None
    assert conserved(game.flow(), radius + game.state[0] ** 2) is None
    bound = step_bound(simultaneous(game, eta), symbol=eta, at=game.equilibrium)
    assert bound.asymptotic == S.EmptySet


@settings(max_examples=15)
@given(squares, st.tuples(entries, entries), st.tuples(entries, entries))
def test_coordinates_are_orthonormal_and_keep_the_gradient(A: Any, x: Any, y: Any) -> None:
    """The field is the projection of the gradient onto vectors of sum zero."""
    game = projected(A)
    at = dict(zip(game.state, map(Integer, (*x, *y)), strict=True))
    u1 = Matrix([1, -1, 0]) / sp.sqrt(2)
    u2 = Matrix([1, 1, -2]) / sp.sqrt(6)
    center = Matrix([1, 1, 1]) / 3
    p, q = (center + v[0] * u1 + v[1] * u2 for v in (x, y))
    gradient = Matrix(A) * q
    by_hand = [(u.T * gradient)[0] for u in (u1, u2)]
    gaps = [sp.expand(v.subs(at) - g) for v, g in zip(game.v, by_hand, strict=False)]
    assert gaps == [0, 0]
    assert sp.expand(game.losses[0].subs(at) - (p.T * Matrix(A) * q)[0]) == 0
    assert game.losses[1] == -game.losses[0]


def test_softmax_play_of_rock_paper_scissors() -> None:
    """Eigenvalues +-i/9 at uniform play: dp/dx = (I - 11'/3)/3 shrinks the turning A twice."""
    game = softmax_play(ROCK_PAPER_SCISSORS)
    assert game.equilibrium is not None
    assert not game.equilibrium.keys() - set(game.state)
    J = game.J.subs(game.equilibrium)
    s = sp.Symbol("s")
    assert sp.factor(J.charpoly(s).as_expr() - (s**2 + Rational(1, 81)) ** 2) == 0
    assert softmax_play([[1, 2], [3, 5]]).equilibrium is None


def on_simplex(flow: Any, n: int) -> dict[Any, Any]:
    groups = [flow.state[i : i + n] for i in range(0, len(flow.state), n)]
    return {group[-1]: 1 - sp.Add(*group[:-1]) for group in groups}


@pytest.mark.parametrize(
    "flow", [replicator(ROCK_PAPER_SCISSORS), replicator_alone(ROCK_PAPER_SCISSORS)]
)
def test_replicator_flow_conserves_the_product(flow: Any) -> None:
    def change(V: Any) -> Any:
        rate = sp.Add(*(sp.diff(V, s) * f for s, f in zip(flow.state, flow.rhs, strict=True)))
        return sp.expand(rate.subs(on_simplex(flow, 3)))

    assert change(interior_integral(flow.state)) == 0
    assert change(interior_integral(flow.state) * flow.state[0]) != 0
    for group in (flow.state[:3], flow.state[-3:]):
        assert change(sp.Add(*group)) == 0  # the simplex is kept
    rest = dict.fromkeys(flow.state, Rational(1, 3))
    assert [sp.expand(f.subs(rest)) for f in flow.rhs] == [0] * len(flow.state)


def test_a_biased_game_does_not_conserve_the_product() -> None:
    flow = replicator_alone([[0, 2, -1], [-1, 0, 2], [2, -1, 0]])
    V = interior_integral(flow.state)
    rate = sp.Add(*(sp.diff(V, s) * f for s, f in zip(flow.state, flow.rhs, strict=True)))
    assert sp.expand(rate.subs(on_simplex(flow, 3))) != 0


@settings(max_examples=20)
@given(squares)
def test_polymatrix_has_the_field_it_is_given(M: Any) -> None:
    game = polymatrix(M)
    assert Matrix(M) == game.J
    assert (
        Matrix([[2, 1, 0], [1, 3, 5], [0, 7, 1]])
        == polymatrix([[2, 1, 0], [1, 3, 5], [0, 7, 1]], (2, 1)).J
    )


@pytest.mark.parametrize(
    ("build", "bare"),
    [(four_player, Stability.CENTER), (three_player_ring, Stability.DEGENERATE)],
)
def test_weak_attraction_bounds_the_step(build: Any, bare: Stability) -> None:
    """J = epsilon I + S with S antisymmetric: eta < 2 epsilon / (epsilon^2 + |S|^2)."""
    game = build()
    weak = Rational(1, 100)
    S_ = game.J - weak * sp.eye(len(game.state))
    assert S_ == -S_.T
    largest = max(sp.N(e, 30) for e in (S_.T * S_).eigenvals())
    assert spectrum(game.flow(), at=game.equilibrium).verdict is Stability.STABLE
    bound = step_bound(simultaneous(game, eta), symbol=eta, at=game.equilibrium).asymptotic
    edge = 2 * weak / (weak**2 + largest)
    assert bound.contains(edge * Rational(99, 100)) == sp.true
    assert bound.contains(edge * Rational(101, 100)) == sp.false
    assert spectrum(build(0).flow(), at=game.equilibrium).verdict is bare


def test_a_strict_nash_point_that_repels() -> None:
    game = conflicting_potentials()
    own = [sp.diff(loss, s, 2) for loss, (s,) in zip(game.losses, game.players, strict=True)]
    assert own == [2, 2]
    assert spectrum(game.flow(), at=game.equilibrium).verdict is Stability.UNSTABLE


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: projected([[1, 2]]), "no choice"),
        (lambda: projected([[1, 2], [3, 4]], [[1, 2, 3], [4, 5, 6]]), "one shape"),
        (lambda: replicator_alone([[1, 2, 3], [4, 5, 6]]), "square"),
        (lambda: polymatrix([[1, 2]]), "square matrix"),
        (lambda: polymatrix([[1, 2], [3, 4]], (2,)), "not symmetric"),
        (lambda: polymatrix([[1, 2], [3, 4]], (1, 2)), "their sum"),
    ],
)
def test_refusals(make: Any, said: str) -> None:
    with pytest.raises(GameError, match=said):
        make()

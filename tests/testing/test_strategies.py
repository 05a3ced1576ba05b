"""The strategies of `symgan.testing`: what they promise holds, and the edges come up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from sympy import Rational, Symbol

from symgan.errors import GameError
from symgan.game import Game
from symgan.testing import (
    bilinear_games,
    dirac_games,
    games,
    oracles,
    polynomial_games,
    quadratic_games,
    rationals,
    states,
    steps,
    values,
)

a, b = sp.symbols("a b", positive=True)
x, y = sp.symbols("x y", real=True)
eta = Symbol("eta", positive=True)

BOUNDS = st.tuples(st.fractions(-50, 50), st.fractions(-50, 50)).map(sorted)


def comes_up(drawn: st.SearchStrategy[Any], wanted: Callable[[Any], bool]) -> bool:
    """Whether it is among a thousand draws, without shrinking, which is slow for tiny numbers."""
    plain = settings(max_examples=1000, phases=[Phase.generate], derandomize=True)
    try:
        find(drawn, wanted, settings=plain)
    except NoSuchExample:
        return False
    return True


@given(st.data(), BOUNDS)
def test_rationals_stay_within_their_bounds(data: st.DataObject, bounds: list[object]) -> None:
    low, high = map(sp.Rational, bounds)
    drawn = data.draw(rationals(low, high))
    assert drawn.is_Rational
    assert low <= drawn <= high


@pytest.mark.parametrize("end", [0, 1])
def test_rational_ends_are_drawn(end: int) -> None:
    assert find(rationals(0, 1), lambda v: v == end) == end


def test_irrational_ends_are_approached_from_inside() -> None:
    assert comes_up(rationals(0, sp.sqrt(2)), lambda v: v > Rational(14142, 10000))
    assert not comes_up(rationals(0, sp.sqrt(2)), lambda v: v > sp.sqrt(2))


def test_failures_shrink_to_simple_numbers() -> None:
    assert find(rationals(), lambda v: v > 3) == 4
    assert find(rationals(0, 1), lambda v: 0 < v < 1) == Rational(1, 2)
    assert find(values((eta,), eta < 2), lambda v: v[eta] > Rational(3, 2))[eta].q < 10
    assert find(states((x, y)), lambda v: v[x] * v[y] < 0) == {x: 1, y: -1}


@pytest.mark.parametrize(
    "condition",
    [
        a * b < 4,
        (a > 1) & (a < 2) & (b < a),
        sp.Ne(a, 1) & (b > 3),
        (a**2 > 2) & (a < 2),
        sp.Eq(a, 3) & (b <= a),
        (a < 1) | (a > 5),
    ],
    ids=str,
)
@given(data=st.data())
def test_values_meet_assumptions_and_condition(condition: sp.Basic, data: st.DataObject) -> None:
    drawn = data.draw(values((a, b), condition))
    assert set(drawn) == {a, b}
    assert all(v.is_Rational and v > 0 for v in drawn.values())
    assert condition.subs(drawn) == sp.true


def test_values_come_close_to_open_ends() -> None:
    assert comes_up(values((a,), a < 2), lambda v: v[a] > 2 - Rational(1, 10**4))
    assert comes_up(values((a,), a < 2), lambda v: v[a] < Rational(1, 10**4))


def test_ties_come_up() -> None:
    assert find(states((x, y)), lambda v: v[x] == 0 and v[y] != 0)
    assert find(states((x, y)), lambda v: v[x] == -v[y] != 0 and abs(v[x]) != 1)


@given(steps(Rational(3, 2), also=(Rational(7, 5),)))
def test_steps_are_positive_and_bounded(step: sp.Rational) -> None:
    assert 0 < step <= Rational(3, 2)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: rationals(1, 0), "is empty; give the lower bound first"),
        (lambda: rationals(0.5, 1), "no exact real number"),
        (lambda: steps(0), "give a positive bound"),
        (lambda: steps(sp.I), "no exact real number"),
    ],
)
def test_bad_bounds_are_refused(build: object, sentence: str) -> None:
    with pytest.raises(GameError, match=sentence):
        build()  # type: ignore[operator]


@given(games())
def test_games_rest_at_their_equilibrium(game: Game) -> None:
    point = dict(game.equilibrium or {})
    assert set(point) == set(game.state)
    assert all(sp.expand(v.subs(point)) == 0 for v in game.v)


def test_every_kind_of_game_comes_up() -> None:
    kinds = {"bilinear", "quadratic", "dirac", "polynomial"}
    assert {find(games(), lambda g, k=kind: g.name == k).name for kind in kinds} == kinds


def test_games_cover_ranks_and_definiteness() -> None:
    def rank_one(game: Game) -> bool:
        mixed = game.J[: len(game.players[0]), len(game.players[0]) :]
        return mixed.rank() < min(mixed.shape)

    assert find(bilinear_games(), rank_one)
    assert find(quadratic_games(), lambda g: g.J[0, 0] < 0)
    assert find(dirac_games(), lambda g: g.losses[0].has(sp.log))
    assert find(polynomial_games(), lambda g: any(f.has(g.state[0] ** 2) for f in g.v))


@given(st.data())
def test_oracles_are_switched_orders(data: st.DataObject) -> None:
    """At every state each player takes its gradient step or stands still."""
    game = data.draw(bilinear_games(largest=2))
    system = data.draw(oracles(game))(game, eta)
    point = data.draw(states(game.state, size=5)) | {eta: sp.Rational(1, 3)}
    if system.index is not None:
        point[system.index] = sp.Integer(data.draw(st.integers(0, 9)))
    after = [f.subs(point) for f in system.rhs]
    for player in game.players:
        places = [game.state.index(s) for s in player]
        still = [point[game.state[i]] for i in places]
        moved = [point[game.state[i]] - point[eta] * game.v[i].subs(point) for i in places]
        assert [after[i] for i in places] in (still, moved)

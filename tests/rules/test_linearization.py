"""At an equilibrium, the linearization of a rule or flow is that of the linearized game."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational

from symgan import rules
from symgan.game import Game
from symgan.system import Map
from symgan.testing import polynomial_games

RULES = sorted(set(rules.catalog()) - {"dirac-oracle", "lookahead"})
FLOWS = sorted(rules.flows())
STEP = Rational(1, 7)
SURGERY = "local-symplectic-surgery"


def at_rest(system: Any, game: Game) -> Any:
    """The Jacobian at the equilibrium; memory at its start, companions of the state at 0."""
    rest = dict(game.equilibrium or {})
    point = system.lift(rest) if isinstance(system, Map) else rest
    return system.jacobian(dict.fromkeys(system.state, sp.Integer(0)) | point)


def gap(build: Any, game: Game) -> Any:
    """What the linearization lacks to be the rule on the linearized game."""
    found = at_rest(build(game), game) - at_rest(build(game.linearized()), game)
    return found.applyfunc(sp.cancel)


def with_opponents(game: Game, weight: Any) -> Game:
    """Each loss grows with the next player's parameters: v stays, gradients at rest do not."""
    turned = (*game.players[1:], game.players[0])
    losses = tuple(
        loss + weight * sum(other) for loss, other in zip(game.losses, turned, strict=True)
    )
    return replace(game, losses=losses)


def curved(game: Game) -> Game:
    """With curvatures of 400 more, J is diagonally dominant, hence invertible as surgery needs:
    four drawn terms with coefficients up to 9 have second derivatives of 72 at most."""
    own = (sum(s**2 for s in player) for player in game.players)
    losses = tuple(loss + 200 * size for loss, size in zip(game.losses, own, strict=True))
    return replace(game, losses=losses)


two_or_three = st.integers(2, 3).flatmap(lambda n: polynomial_games(players=n))


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=4)
@given(game=two_or_three)
def test_rules(name: str, game: Game) -> None:
    """Also in general-sum games; but a derivative through the opponents' answer needs that the
    first loss has no gradient there, as drawn."""
    rule = rules.named(name)
    other = game if name == "unrolled" else with_opponents(game, 2)
    other = curved(other) if name == SURGERY else other
    assert gap(lambda g: rule(g, STEP), other).is_zero_matrix


@pytest.mark.parametrize("name", FLOWS)
@settings(max_examples=4)
@given(game=two_or_three)
def test_flows(name: str, game: Game) -> None:
    other = game if name == "unrolled" else with_opponents(game, 2)
    other = curved(other) if name == SURGERY else other
    assert gap(rules.named_flow(name), other).is_zero_matrix


@settings(max_examples=15)
@given(game=two_or_three, steps=st.integers(1, 2))
def test_common_practice_needs_no_gradient_to_vanish(game: Game, steps: int) -> None:
    """Unrolled steps without the derivative through the unroll rest wherever v does."""
    other = with_opponents(game, 2)
    found = gap(lambda g: rules.named("unrolled")(g, STEP, steps=steps, through=False), other)
    assert found.is_zero_matrix


def test_unrolling_through_moves_general_sum_equilibria() -> None:
    """With l_0 = x^2/2 + 3y and l_1 = y^2/2 + xy, x+ = x - eta (x - 3s) at (x, y) = 0."""
    x, y = sp.symbols("x y", real=True)
    rest: dict[Any, Any] = {x: sp.Integer(0), y: sp.Integer(0)}
    game = Game("general", ((x,), (y,)), (x**2 / 2 + 3 * y, y**2 / 2 + x * y), equilibrium=rest)
    unrolled = rules.named("unrolled")
    assert [f.subs(rest) for f in unrolled(game, STEP).rhs] == [3 * STEP**2, 0]
    assert [f.subs(rest) for f in unrolled(game, STEP, through=False).rhs] == [0, 0]


@pytest.mark.parametrize("name", ["consensus", "competitive", "symplectic-adjustment", SURGERY])
def test_another_game_is_told_apart(name: str) -> None:
    """The false neighbor: a curvature that differs shows in every rule."""
    x, y = sp.symbols("x y", real=True)
    rest: dict[Any, Any] = {x: sp.Integer(0), y: sp.Integer(0)}
    game = Game("one", ((x,), (y,)), (x**2 + x * y + x**3, y**2 - x * y), equilibrium=rest)
    other = replace(game, losses=(game.losses[0] + x**2 / 100, game.losses[1]))
    rule = rules.named(name)
    found = at_rest(rule(game, STEP), game) - at_rest(rule(other.linearized(), STEP), game)
    assert not found.applyfunc(sp.cancel).is_zero_matrix

"""The laws of rules on games that nobody wrote: drawn by `symgan.testing`."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings

from symgan import rules
from symgan.catalog import mark_of
from symgan.game import Game
from symgan.implicit import ImplicitMap
from symgan.system import Map
from symgan.testing import games, polynomial_games
from tests.contracts import laws
from tests.contracts.cases import RESTRICTED, eta, refused

RULES = sorted(set(rules.catalog()) - {"lookahead"})
"""Lookahead over cubic games grows beyond use; tests/rules has it on small ones."""


def applied(name: str, game: Game) -> Map | ImplicitMap | None:
    """The rule on the game; None where the game is of a kind that the rule refuses."""
    rule = rules.named(name)
    return None if name in RESTRICTED and refused(rule, game) else rule(game, eta)


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=8)
@given(game=games())
def test_rules_rest_and_start_as_they_say(name: str, game: Game) -> None:
    system = applied(name, game)
    assume(system is not None)
    assert system is not None
    rest = dict(game.equilibrium or {})
    point = system.lift(rest) if isinstance(system, Map) else rest
    assert laws.fixed_point_violations(system, point) == []
    assert laws.start_violations(system, eta) == []
    declared = mark_of(rules.named(name)).first_order(game)
    assert laws.first_order_violations(system, eta, declared) == []


@given(game=polynomial_games(players=3))
def test_a_wrong_first_order_field_is_noticed(game: Game) -> None:
    system = rules.named("simultaneous")(game, eta)
    wrong = tuple(f + game.state[0] for f in mark_of(rules.named("simultaneous")).first_order(game))
    assert laws.first_order_violations(system, eta, wrong) != []

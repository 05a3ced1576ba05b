"""The laws of rules on games that nobody wrote: drawn by `symgan.testing`."""

from __future__ import annotations

from typing import Any

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


SURGERY = ("local-symplectic-surgery", "local-symplectic-surgery-two-timescale")
GIVEN: dict[str, dict[str, Any]] = {name: {"lam": 2} for name in SURGERY}
"""Options for drawn games: the default, 0 at rest, is refused where J is singular, and
exp(-|v|^2) of a drawn v takes long to expand; games of the catalog meet it."""


def options_for(name: str, game: Game) -> dict[str, Any] | None:
    """Options with which the rule takes the game; None where there are none."""
    options = GIVEN.get(name, {})
    if name in RESTRICTED and not options and refused(rules.named(name), game):
        return None
    return options


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=8)
@given(game=games())
def test_rules_rest_and_start_as_they_say(name: str, game: Game) -> None:
    options = options_for(name, game)
    assume(options is not None)
    assert options is not None
    system: Map | ImplicitMap = rules.named(name)(game, eta, **options)
    rest = dict(game.equilibrium or {})
    point = system.lift(rest) if isinstance(system, Map) else rest
    assert laws.fixed_point_violations(system, point) == []
    assert laws.start_violations(system, eta) == []
    declared = mark_of(rules.named(name)).first_order(game, **options)
    assert laws.first_order_violations(system, eta, declared) == []


@given(game=polynomial_games(players=3))
def test_a_wrong_first_order_field_is_noticed(game: Game) -> None:
    system = rules.named("simultaneous")(game, eta)
    wrong = tuple(f + game.state[0] for f in mark_of(rules.named("simultaneous")).first_order(game))
    assert laws.first_order_violations(system, eta, wrong) != []

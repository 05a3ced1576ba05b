"""Every game x every rule keeps the laws."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational

from symgan import rules
from symgan.catalog import mark_of
from symgan.game import Game
from tests.contracts import laws
from tests.contracts.cases import (
    BULKY,
    OPAQUE,
    OWN_LOSSES,
    RESTRICTED,
    built,
    eta,
    game_cases,
    refused,
    rule_cases,
)

FREE = game_cases(concrete=False)
CONCRETE = game_cases(concrete=True)
ALL = {**FREE, **CONCRETE}

POINT = tuple(Rational(n, 60) for n in (37, -51, 43, 29, -53, 11, 17))
"""A fixed rational point for the full product; Hypothesis moves it on the smaller one."""

games = pytest.mark.parametrize("game", ALL.values(), ids=ALL)
concrete_games = pytest.mark.parametrize("game", CONCRETE.values(), ids=CONCRETE)
rationals = st.fractions(-1, 1, max_denominator=60).map(lambda q: Rational(*q.as_integer_ratio()))
points = st.tuples(*[rationals.filter(bool)] * 7)


def covering(game: Game) -> dict[str, Any]:
    """Every fourth or sixth rule with its defaults, and one set of options, in turn over the games.

    Every rule and all options meet some game; the full product runs on the free loss, of
    which every loss is an instance, for laws that are decided by expansion.
    """
    cases = rule_cases(game)
    turn = sorted(CONCRETE).index(next(name for name in CONCRETE if CONCRETE[name] == game))
    plain = [label for label, (_, options) in cases.items() if not options]
    special = [label for label, (_, options) in cases.items() if options]
    stride = 4 if len(game.state) == 2 else 6  # derivatives of larger games take longer
    chosen = [*plain[turn % stride :: stride], special[turn % len(special)]]
    return {label: cases[label] for label in chosen}


def every_case(game: Game) -> dict[str, Any]:
    """All cases on free games of two symbols, defaults on larger ones, every fourth elsewhere.

    Every sixth on games of more than four symbols, too: derivatives nest there for long.
    """
    if game in FREE.values() and len(game.state) <= 4:
        cases = rule_cases(game)
        small = len(game.state) == 2
        return {label: case for label, case in cases.items() if small or not case[1]}
    return {label: case for label, case in covering(game).items() if not case[1]}


@games
def test_declared_equilibrium_zeroes_v(game: Game) -> None:
    if game.equilibrium is not None:
        assert laws.equilibrium_violations(game) == []


@games
def test_rules_fix_the_declared_equilibrium(game: Game) -> None:
    if game.equilibrium is None:
        return
    for label, case in every_case(game).items():
        found = laws.fixed_point_violations(built(game, label, case), game.equilibrium)
        assert found == [], label


@games
def test_first_order_field_is_as_declared(game: Game) -> None:
    for label, (rule, options) in every_case(game).items():
        declared = mark_of(rule).first_order(game, **options)
        system = built(game, label, (rule, options))
        found = laws.first_order_violations(system, eta, declared)
        assert found == [], label


@games
def test_a_step_of_size_zero_rests_at_the_start(game: Game) -> None:
    for label, case in every_case(game).items():
        assert laws.start_violations(built(game, label, case), eta) == [], label


@pytest.mark.parametrize("game", OPAQUE.values(), ids=OPAQUE)
def test_updates_count_fresh_gradients(game: Game) -> None:
    for label, (rule, options) in rule_cases(game).items():
        system = rule(game, eta, **options)
        values = laws.point_of(system, POINT)
        assert laws.update_violations(system, OWN_LOSSES, values) == [], label


@concrete_games
def test_exact_jacobian_is_the_difference_quotient(game: Game) -> None:
    flow = game.flow()
    assert laws.jacobian_violations(flow, laws.point_of(flow, POINT)) == []
    for label, case in covering(game).items():
        system = built(game, label, case)
        found = laws.jacobian_violations(system, laws.point_of(system, POINT))
        assert found == [], label


@concrete_games
def test_stages_compose_to_the_map(game: Game) -> None:
    for label, case in covering(game).items():
        system = built(game, label, case)
        assert laws.stage_violations(system, laws.point_of(system, POINT)) == [], label


SMOOTH = {name: game for name, game in CONCRETE.items() if "hinge" not in name}


@settings(max_examples=15)
@given(st.sampled_from(sorted(SMOOTH)), st.data(), points)
def test_jacobians_at_any_point(name: str, data: st.DataObject, point: tuple[Rational]) -> None:
    """Piecewise losses are left to the fixed point: a quotient across a corner is no derivative."""
    game = SMOOTH[name]
    cases = rule_cases(game)
    rule, options = cases[data.draw(st.sampled_from(sorted(cases)))]
    system = rule(game, eta, **options)
    assert laws.jacobian_violations(system, laws.point_of(system, point)) == []


def test_the_covering_covers() -> None:
    met = {label for game in CONCRETE.values() for label in covering(game)}
    assert set(rules.catalog()) <= met
    options = set(rule_cases(CONCRETE["bilinear"])) - set(rules.catalog())
    assert len(options - met) <= len(options) // 2, options - met


def test_discovery_feeds_the_contracts() -> None:
    """The product is not empty and holds what the package ships."""
    assert {"dirac-free", "tiny-gan-free", "bilinear", "quadratic"} <= set(FREE)
    assert {"simultaneous", "alternating", "lookahead"} <= set(rule_cases(FREE["bilinear"]))
    assert any(game.equilibrium for game in FREE.values())


@pytest.mark.parametrize("name", sorted(RESTRICTED & set(rules.catalog())))
def test_restricted_rules_take_some_games_and_refuse_others(name: str) -> None:
    rule = rules.named(name)
    every = {**ALL, **OPAQUE}
    small = {k: game for k, game in every.items() if name not in BULKY or len(game.state) <= 3}
    answers = {label: refused(rule, game) for label, game in small.items()}
    assert set(answers.values()) == {False, True}, answers

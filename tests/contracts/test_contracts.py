"""Every game x every rule keeps the laws."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational

from symgan.catalog import mark_of
from symgan.game import Game
from tests.contracts import laws
from tests.contracts.cases import eta, game_cases, rule_cases

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
    """Every rule with its defaults, and one set of options: all options meet some game."""
    cases = rule_cases(game)
    plain = {label: case for label, case in cases.items() if not case[1]}
    special = [label for label, case in cases.items() if case[1]]
    turn = [label for label, other in CONCRETE.items() if other == game]
    chosen = special[sorted(CONCRETE).index(turn[0]) % len(special)]
    return {**plain, chosen: cases[chosen]}


@games
def test_declared_equilibrium_zeroes_v(game: Game) -> None:
    if game.equilibrium is not None:
        assert laws.equilibrium_violations(game) == []


@games
def test_rules_fix_the_declared_equilibrium(game: Game) -> None:
    if game.equilibrium is None:
        return
    cases = rule_cases(game) if game in FREE.values() else covering(game)
    for label, (rule, options) in cases.items():
        found = laws.fixed_point_violations(rule(game, eta, **options), game.equilibrium)
        assert found == [], label


@games
def test_first_order_field_is_as_declared(game: Game) -> None:
    for label, (rule, options) in rule_cases(game).items():
        if options and game in CONCRETE.values():
            continue  # the free loss covers them: every loss is an instance of it
        declared = mark_of(rule).first_order(game, **options)
        found = laws.first_order_violations(rule(game, eta, **options), eta, declared)
        assert found == [], label


@concrete_games
def test_exact_jacobian_is_the_difference_quotient(game: Game) -> None:
    flow = game.flow()
    assert laws.jacobian_violations(flow, laws.point_of(flow, POINT)) == []
    for label, (rule, options) in covering(game).items():
        system = rule(game, eta, **options)
        found = laws.jacobian_violations(system, laws.point_of(system, POINT))
        assert found == [], label


@concrete_games
def test_stages_compose_to_the_map(game: Game) -> None:
    for label, (rule, options) in covering(game).items():
        system = rule(game, eta, **options)
        assert laws.stage_violations(system, laws.point_of(system, POINT)) == [], label


SMOOTH = {name: game for name, game in CONCRETE.items() if "hinge" not in name}


@given(st.sampled_from(sorted(SMOOTH)), st.data(), points)
def test_jacobians_at_any_point(name: str, data: st.DataObject, point: tuple[Rational]) -> None:
    """Piecewise losses are left to the fixed point: a quotient across a corner is no derivative."""
    game = SMOOTH[name]
    cases = rule_cases(game)
    rule, options = cases[data.draw(st.sampled_from(sorted(cases)))]
    system = rule(game, eta, **options)
    assert laws.jacobian_violations(system, laws.point_of(system, point)) == []


def test_discovery_feeds_the_contracts() -> None:
    """The product is not empty and holds what the package ships."""
    assert {"dirac-free", "tiny-gan-free", "bilinear", "quadratic"} <= set(FREE)
    assert {"simultaneous", "alternating"} <= set(rule_cases(FREE["bilinear"]))
    assert any(game.equilibrium for game in FREE.values())

"""Every game x every flow: rest points, and agreement with the rule of the same name."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

from symgan import rules
from symgan.catalog import mark_of
from symgan.game import Game
from symgan.system import Flow
from tests.contracts import laws
from tests.contracts.cases import OF_ITS_OWN_ORDER, OPAQUE, flow_cases, game_cases

GAMES = {**game_cases(concrete=False), **OPAQUE}
RESTING = {name: game for name, game in GAMES.items() if game.equilibrium is not None}


def motion(flow: Flow, game: Game) -> list[Any]:
    """Entries that move at the declared equilibrium; companions of the state stand at 0."""
    point: dict[Any, Any] = dict.fromkeys(flow.state, sp.Integer(0)) | dict(game.equilibrium or {})
    moved = (f.xreplace(point) for f in flow.rhs)
    return [f for f in moved if not laws.is_zero(f)]


def disagreement(flow: Flow, game: Game, declared: tuple[Any, ...]) -> list[Any]:
    """Where the flow at its start, companions at 0, differs from a first-order field."""
    companions = dict.fromkeys(flow.state[len(game.state) :], sp.Integer(0))
    start = companions if flow.time is None else {**companions, flow.time: sp.Integer(0)}
    found = [f.xreplace(start) for f in flow.rhs[: len(game.state)]]
    pairs = zip(found, declared, strict=True)
    return [f - g for f, g in pairs if not laws.is_zero(f - g)]


@pytest.mark.parametrize("game", RESTING.values(), ids=RESTING)
def test_equilibria_are_rest_points(game: Game) -> None:
    cases = flow_cases(game)
    assert {"simultaneous", "consensus", "heavy-ball"} <= set(cases)
    for label, (_, flow, _) in cases.items():
        assert motion(flow, game) == [], label


@pytest.mark.parametrize("game", GAMES.values(), ids=GAMES)
def test_the_flow_is_the_first_order_of_its_rule(game: Game) -> None:
    compared = set()
    for label, (name, flow, options) in flow_cases(game).items():
        if name in OF_ITS_OWN_ORDER or (name == "unrolled" and not options):
            continue  # the rule's inner step shrinks with eta, the flow's does not
        declared = mark_of(rules.named(name)).first_order(game, **options)
        assert disagreement(flow, game, declared) == [], label
        compared.add(name)
    assert {"simultaneous", "two-timescale", "consensus", "unrolled", "hamiltonian"} <= compared


def test_a_flow_of_the_wrong_sign_is_noticed() -> None:
    game = GAMES["bilinear"]
    flow = rules.named_flow("consensus")(game)
    wrong = Flow(flow.state, tuple(-f for f in flow.rhs), parameters=flow.parameters)
    declared = mark_of(rules.named("consensus")).first_order(game)
    assert disagreement(flow, game, declared) == []
    assert disagreement(wrong, game, declared)
    assert disagreement(rules.named_flow("simultaneous")(game), game, declared)


def test_a_flow_that_moves_the_equilibrium_is_noticed() -> None:
    game = GAMES["bilinear"]
    flow = rules.named_flow("heavy-ball")(game)
    pushed = Flow(flow.state, (*flow.rhs[:-1], flow.rhs[-1] + 1), parameters=flow.parameters)
    assert motion(flow, game) == []
    assert motion(pushed, game) == [1]

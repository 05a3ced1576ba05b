"""Switched orders: what the choices say is what the map does."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Symbol

from symgan.catalog import mark_of
from symgan.errors import GameError
from symgan.games.annealed import annealed
from symgan.games.quadratic import bilinear, quadratic
from symgan.rules.alternating import alternating
from symgan.rules.coverage import open_states
from symgan.rules.oracle import oracle
from symgan.rules.simultaneous import simultaneous
from symgan.rules.steps import INDEX
from tests.contracts import laws
from tests.rules_switched.states import eta

x, y = bilinear().state
EVEN = sp.Eq(sp.Mod(INDEX, 2), 0)


@pytest.mark.parametrize("game", [bilinear(), quadratic(2, 3, 5), annealed()], ids=lambda g: g.name)
def test_everybody_at_once_is_simultaneous(game: Any) -> None:
    everybody = oracle([(tuple(range(len(game.players))), True)])(game, eta)
    assert everybody.rhs == simultaneous(game, eta).rhs
    assert everybody.updates == len(game.players)
    assert everybody.index == simultaneous(game, eta).index


def test_turns_by_the_index_are_alternating() -> None:
    game = quadratic(2, 3, 5)
    turns = oracle([((0,), EVEN), ((1,), True)])(game, (eta, 2 * eta))
    halves = [
        dict(zip(game.state, (f.subs(INDEX, k) for f in turns.rhs), strict=True)) for k in (0, 1)
    ]
    composed = [halves[1][s].subs(halves[0], simultaneous=True) for s in game.state]
    expected = alternating(game, (eta, 2 * eta)).rhs
    assert [sp.expand(a - b) for a, b in zip(composed, expected, strict=True)] == [0, 0]
    other = alternating(game, (eta, 2 * eta), order=(1, 0)).rhs
    assert [sp.expand(a - b) for a, b in zip(composed, other, strict=True)] != [0, 0]


def test_the_first_condition_that_holds_decides() -> None:
    overlapping = [((0,), x > 0), ((1,), x > -1), ((), True)]
    rhs = oracle(overlapping)(bilinear(), eta).rhs
    for value, moved in ((1, 0), (0, 1), (-1, None)):
        new = [f.subs({x: value, y: 3}) - s for f, s in zip(rhs, (value, 3), strict=True)]
        assert [n != 0 for n in new] == [moved == 0, moved == 1 and value != 0]
    rhs = oracle(list(reversed(overlapping)))(bilinear(), eta).rhs
    assert rhs == (x, y)


def test_first_order_field_and_updates() -> None:
    mixed = oracle([((0, 1), x > y), ((1,), x < y), ((), True)])
    game = quadratic(2, 3, 5)
    assert (
        laws.first_order_violations(mixed(game, eta), eta, mark_of(mixed).first_order(game)) == []
    )
    wrong = mark_of(oracle([((0, 1), x < y), ((1,), x > y), ((), True)])).first_order(game)
    assert laws.first_order_violations(mixed(game, eta), eta, wrong)
    assert mixed(game, eta).updates == 0
    assert oracle([((0,), x > y), ((1,), True)])(game, eta).updates == 1


def test_symbols_of_a_condition_become_parameters() -> None:
    c = Symbol("c", real=True)
    assert oracle([((0,), x < c), ((1,), True)])(bilinear(), eta).parameters == (eta, c)


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ([((0,), x * y < 0), ((1,), x * y > 0)], r"leave open psi\*theta = 0"),
        ([((0,), x < 0), ((1,), y < 0)], "leave open"),
        ([], "leave open every state"),
        ([((0,), x * y), ((1,), True)], "not a comparison"),
        ([((0,), Symbol("p")), ((1,), True)], "not a comparison"),
        ([((2,), True)], "players 0..1"),
        ([((-1,), True)], "players 0..1"),
        ([((0, 0), True)], "at most once"),
        ([((0,), Symbol("theta") < 0), ((1,), True)], "assumptions"),
        ([((0,), Symbol("k") < 3), ((1,), True)], "assumptions"),
    ],
)
def test_refusals(choices: Any, sentence: str) -> None:
    with pytest.raises(GameError, match=sentence):
        oracle(choices)(bilinear(), eta)


GUARDS = (x * y, -2 * x * y, x - y, y - x, x, y - 1)
RELATIONS = (sp.Lt, sp.Le, sp.Gt, sp.Ge, sp.Eq, sp.Ne)
relations = st.builds(lambda r, g: r(g, 0), st.sampled_from(RELATIONS), st.sampled_from(GUARDS))
conditions = st.one_of(
    relations,
    st.builds(sp.And, relations, relations),
    st.builds(lambda a, b: sp.Or(a, sp.Not(b)), relations, relations),
)
values = st.sampled_from([sp.Rational(n, 2) for n in (-4, -3, -2, -1, 0, 1, 2, 3, 4)])


@given(st.lists(conditions, min_size=1, max_size=4), values, values)
@settings(deadline=None, max_examples=60)
def test_what_is_said_to_be_covered_is_covered(found: list[Any], a: Any, b: Any) -> None:
    """Half-integer values meet every border of the guards."""
    if not open_states(found):
        assert any(where.subs({x: a, y: b}) == sp.true for where in found)


@given(st.sampled_from(GUARDS), st.sampled_from(["<", "=", ">"]))
@settings(deadline=None)
def test_what_is_left_open_is_named(guard: Any, missing: str) -> None:
    three = {"<": guard < 0, "=": sp.Eq(guard, 0), ">": guard > 0}
    assert open_states(list(three.values())) == ""
    del three[missing]
    text = open_states(list(three.values()))
    assert text
    left, sign, _ = text.rsplit(" ", 2)
    expression = sp.sympify(left, {"psi": y, "theta": x})
    ratio = sp.cancel(expression / guard)
    flip = {"<": ">", ">": "<", "=": "="}
    assert ratio.is_number
    assert sign == (missing if ratio > 0 else flip[missing])


def test_assumptions_close_what_no_state_can_open() -> None:
    p = Symbol("p", positive=True)
    assert open_states([sp.Gt(p + 1, 0)]) == ""

"""Which equilibrium a cell is decided at, and for which parameters that exists."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import Expr

from symgan.atlas.axes import Specimen, ways
from symgan.atlas.build import cell, solve, task
from symgan.atlas.cell import Cell, Verdict
from symgan.atlas.setting import Setting, _almost_everywhere, _at_rest, _equilibrium
from symgan.errors import Undecided
from symgan.game import Game

x, y, a, b = sp.symbols("x y a b", real=True)


def game_of(loss: Expr) -> Game:
    """A player with this loss in x beside one that pulls y to 0; no equilibrium is declared."""
    return Game(name="pulled", players=((x,), (y,)), losses=(loss, y**2 / 2), parameters=(a, b))


def cell_of(game: Game, rule: str) -> Cell:
    setting = _at_rest(Setting(Specimen("pulled", ""), "none", game), game, game)
    way = next(w for w in ways() if w.title == rule and w.continuous)
    asked = task(setting, way)
    return cell(setting, way, asked, solve(asked))


def test_what_exists_for_all_parameters_comes_first() -> None:
    at, reason, where = _equilibrium(*[game_of(a * x**3 / 3 - x**2 / 2)] * 2)  # 0 and 1/a
    assert at == {x: 0, y: 0}
    assert where is sp.true
    assert "1 more not shown" in reason
    assert "!=" not in reason


def test_a_place_that_does_not_exist_at_zeros_is_taken_and_says_so() -> None:
    at, reason, where = _equilibrium(*[game_of(a * b * x**2 / 2 - x)] * 2)
    assert at == {x: 1 / (a * b), y: 0}
    assert where == sp.And(sp.Ne(a, 0), sp.Ne(b, 0))
    assert "where a != 0 and b != 0" in reason


def test_its_cells_hold_there_alone() -> None:
    found = cell_of(game_of(a**2 * x**2 / 2 - x), "simultaneous")
    assert found.verdict is Verdict.GLOBAL
    assert not found.undecided
    assert [case.condition for case in found.cases] == [sp.Ne(a, 0)]
    assert "where a != 0" in found.reason
    split = cell_of(game_of(a * x**2 / 2 - x), "simultaneous")
    assert split.verdict is Verdict.DEPENDS
    for case in split.cases:
        assert case.condition.subs(a, 0) is sp.false
        assert case.condition.subs(a, 1 if case.verdict is Verdict.GLOBAL else -1) is sp.true


@pytest.mark.parametrize("loss", [x**3 / 3 - a * x, x**3 / 3 - x * (a - b)])
def test_a_place_that_exists_for_a_sign_alone_leaves_it_open(loss: Expr) -> None:
    game = game_of(loss)
    with pytest.raises(Undecided, match="exists only where"):
        _equilibrium(game, game)


@pytest.mark.parametrize(
    ("condition", "taken"),
    [
        (sp.true, True),
        (sp.false, False),
        (sp.Ne(a, b), True),
        (sp.Ne(a, 0) & sp.Ne(b, 0), True),
        (sp.Ne(a, 0) | sp.Ne(b, 0), False),  # almost everywhere, but of no simple form
        (sp.Ne(a, 0) & (b > 0), False),
        (sp.Eq(a, b), False),
        (sp.Ne((a + b) ** 2, a**2 + 2 * a * b + b**2), False),  # holds nowhere
    ],
)
def test_what_excludes_zeros_alone(condition: sp.Basic, taken: bool) -> None:
    assert _almost_everywhere(condition) is taken

"""Discovery: one file, no list to keep by hand."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sympy import Symbol

from symgan import games, rules
from symgan.catalog import GameMark, RuleMark, lookup, mark_of, marked
from symgan.errors import UnknownName
from symgan.game import Game
from symgan.games.quadratic import bilinear

SOURCE = '''
from symgan.catalog import game
from symgan.games.quadratic import bilinear

@game("mine")
def mine():
    """A game of mine.

    More.
    """
    return bilinear()

def unmarked():
    return bilinear()
'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    folder = tmp_path / "someones_games"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "family.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("someones_games", "someones_games.family"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return __import__("someones_games")


def test_a_new_file_is_found(package: ModuleType) -> None:
    """Only what carries a mark and is defined there; imported games are not listed twice."""
    found = marked(package, GameMark)
    assert list(found) == ["mine"]
    assert mark_of(found["mine"]) == GameMark("mine", "A game of mine")
    assert marked(package, RuleMark) == {}
    with pytest.raises(UnknownName, match=r"unknown game 'yours'; choose one of: mine"):
        lookup(package, GameMark, "game", "yours")


@pytest.mark.parametrize("name", games.catalog())
def test_games_are_built_without_arguments(name: str) -> None:
    build = games.named(name)
    game = build()
    assert isinstance(game, Game)
    assert game.name == name == mark_of(build).name
    assert game.source


@pytest.mark.parametrize("name", rules.catalog())
def test_rules_are_marked(name: str) -> None:
    rule: Any = rules.named(name)
    update = rule(bilinear(), Symbol("eta", positive=True))
    assert update.visible == bilinear().state
    assert mark_of(rule).summary


def test_unknown_names() -> None:
    with pytest.raises(UnknownName, match="unknown rule 'adam'; choose one of: alternating"):
        rules.named("adam")
    with pytest.raises(UnknownName, match="unknown game 'chess'"):
        games.named("chess")

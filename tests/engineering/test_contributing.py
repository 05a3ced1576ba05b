"""What CONTRIBUTING.md tells to add is found, and keeps the contracts: its own steps, taken."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import symgan.games
import symgan.rules
from symgan.catalog import mark_of
from symgan.games.quadratic import bilinear
from tests.contracts import laws
from tests.contracts.cases import OPAQUE, OWN_LOSSES, eta
from tests.contracts.test_contracts import POINT
from tests.engineering.pages import commands, files, problem, run
from tests.engineering.sources import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FILES = files(TEXT)


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The page's files, where symgan's own games and rules are looked for, for one test."""
    for name, body in FILES.items():
        (tmp_path / name).write_text(body, encoding="utf-8")
    for package, module in ((symgan.games, "duel"), (symgan.rules, "midpoint")):
        folder = tmp_path / package.__name__
        folder.mkdir()
        (tmp_path / f"{module}.py").rename(folder / f"{module}.py")
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    importlib.invalidate_caches()
    yield tmp_path
    for name, package in (
        ("symgan.games.duel", symgan.games),
        ("symgan.rules.midpoint", symgan.rules),
    ):
        sys.modules.pop(name, None)
        vars(package).pop(name.rpartition(".")[2], None)


def test_each_takes_about_ten_lines() -> None:
    def code(text: str) -> list[str]:
        lines = [line for line in text.splitlines() if line.strip()]
        return [line for line in lines if not line.startswith(('"""', "import ", "from "))]

    assert {name: len(code(text)) for name, text in FILES.items()} == {
        "duel.py": 7, "midpoint.py": 6, "duel_claims.py": 6
    }  # fmt: skip


def test_the_game_is_found_and_keeps_the_contracts(added: Path) -> None:
    game = symgan.games.named("duel")()
    assert game.equilibrium is not None
    assert laws.equilibrium_violations(game) == []
    for name in ("simultaneous", "alternating", "extragradient", "heavy-ball"):
        system = symgan.rules.named(name)(game, eta)
        assert laws.fixed_point_violations(system, game.equilibrium) == [], name
        assert laws.jacobian_violations(system, laws.point_of(system, POINT)) == [], name
    assert "duel" in run(["list"], added).output


def test_the_rule_is_found_and_keeps_the_contracts(added: Path) -> None:
    rule = symgan.rules.named("midpoint")
    for game in (bilinear(), symgan.games.named("duel")(), *OPAQUE.values()):
        system = rule(game, eta)
        declared = mark_of(rule).first_order(game)
        assert laws.first_order_violations(system, eta, declared) == []
        assert laws.start_violations(system, eta) == []
    for game in (bilinear(), symgan.games.named("duel")()):
        system = rule(game, eta)
        assert laws.jacobian_violations(system, laws.point_of(system, POINT)) == []
    for game in OPAQUE.values():
        system = rule(game, eta)
        values = laws.point_of(system, POINT)
        assert laws.update_violations(system, OWN_LOSSES, values) == []


def test_a_rule_that_declares_another_field_breaks_the_contract(added: Path) -> None:
    game = bilinear()
    doubled = tuple(2 * f for f in mark_of(symgan.rules.named("midpoint")).first_order(game))
    system = symgan.rules.named("midpoint")(game, eta)
    assert laws.first_order_violations(system, eta, doubled) != []


def test_the_claim_is_proved_and_its_mutants_are_rejected(added: Path) -> None:
    ran = run(["verify", "duel_claims.py", "--mutate", "--no-cache"], added)
    assert (ran.status, ran.error) == (0, "")
    assert "1 PROVED" in ran.output
    wrong = FILES["duel_claims.py"].replace("-3", "3")  # in the print and in the statement
    (added / "wrong_claims.py").write_text(wrong, encoding="utf-8")
    assert run(["verify", "wrong_claims.py", "--no-cache"], added).status == 1


@pytest.mark.parametrize("command", commands(TEXT))
def test_commands_hold(command: str, added: Path) -> None:
    assert problem(command, added) == ""

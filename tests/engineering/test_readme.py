"""What the README tells people to type exists, parses, and runs."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from tests.engineering.pages import commands, problem
from tests.engineering.sources import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_commands_are_found() -> None:
    assert {line.split()[0] for line in commands(README)} == {"make", "pip", "symgan"}


@pytest.mark.parametrize("command", commands(README))
def test_commands_hold(command: str, tmp_path: Path) -> None:
    assert problem(command, tmp_path) == ""


@pytest.mark.parametrize(
    "command",
    [
        "make no-such-target",
        "pip install -e '.[no-such-extra]'",
        "symgan verify annealed --no-such-option",
        "symgan figures no-such-paper --out figures",
        "symgan sweep no-such-sweep --store maps",
        "symgan sweep gmm --no-such-option",
        "symgan analyze no-such-game",
        "symgan no-such-command",
        "rm -rf /nothing",
    ],
)
def test_wrong_commands_are_seen(command: str, tmp_path: Path) -> None:
    assert problem(command, tmp_path) != ""


def test_python_blocks() -> None:
    result = doctest.testfile(
        str(ROOT / "README.md"), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert result.attempted >= 5
    assert result.failed == 0


STATUSES = ("PROVED", "CONDITIONAL", "REFUTED", "CHECKED", "ILL_POSED", "INFORMAL")


def counts(ledger: str) -> dict[str, list[int]]:
    """Paper -> number of claims, then of each verdict, from the summaries in LEDGER.md."""
    found = {}
    for paper, line in re.findall(r"^## (\w+)\n\n(\d+ claims.*)\.$", ledger, re.M):
        numbers = {name: int(number) for number, name in re.findall(r"(\d+) (\w+)", line)}
        found[paper] = [numbers["claims"], *(numbers.get(status, 0) for status in STATUSES)]
    return found


def test_counts_are_those_of_the_ledger() -> None:
    ledger = (ROOT / "proofs" / "LEDGER.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| (\d+(?: \| \d+){6}) \|$", README, re.M)
    shown = {paper: [int(n) for n in numbers.split(" | ")] for paper, numbers in rows}
    assert shown == counts(ledger)
    assert all(numbers[0] == sum(numbers[1:]) for numbers in shown.values())


def test_exit_codes_are_those_of_the_help() -> None:
    from symgan.cli.app import EXIT_CODES

    table = dict(re.findall(r"^\| (\d+) \| (.*) \|$", README, re.M))
    assert table == dict(re.findall(r"^  (\d+) +(.*)$", EXIT_CODES, re.M))

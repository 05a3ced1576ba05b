"""What the README tells people to type exists, parses, and runs."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.engineering.sources import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
RUN_ELSEWHERE = {"verify", "certify", "figures", "kernels", "sweep", "study", "diagnose"}
"""Parsed here, run by other tests: a full run takes many seconds. What is named is looked up."""


def commands(text: str) -> list[str]:
    """The lines of all bash blocks, without comments."""
    blocks = re.findall(r"^```bash\n(.*?)^```", text, re.M | re.S)
    joined = (block.replace("\\\n", " ") for block in blocks)
    lines = (line.split("  #")[0].strip() for block in joined for line in block.splitlines())
    return [line for line in lines if line]


def problem(command: str, folder: Path) -> str:
    """Why a command of the README does not hold; empty if it does."""
    words = shlex.split(command)
    if words[0] == "make":
        return _make(words[1:])
    if words[:2] == ["pip", "install"]:
        named = re.findall(r"\[(.*)\]", command)
        wanted = [extra for group in named for extra in group.split(",")]
        return "" if set(wanted) <= set(EXTRAS) else f"no such extra: {wanted}"
    if words[0] == "symgan":
        only_parse = words[1] in RUN_ELSEWHERE
        return _parse(words[1:]) or _named(words) if only_parse else _symgan(words[1:], folder)
    return f"unknown command {words[0]}"


def _named(words: list[str]) -> str:
    """Why the paper that a command names is not there."""
    if words[1] not in ("verify", "figures") or len(words) == 2 or words[2].endswith(".py"):
        return ""
    known = {point.name for point in entry_points(group="symgan.papers")}
    paper = words[2].split(".")[0]
    return "" if paper in known or paper.startswith("-") else f"unknown paper {paper}"


def _make(words: list[str]) -> str:
    done = subprocess.run(["make", "-n", *words], cwd=ROOT, capture_output=True, text=True)
    return done.stderr if done.returncode else ""


def _symgan(words: list[str], folder: Path) -> str:
    command = [sys.executable, "-m", "symgan.cli", *words]
    own = os.environ | {"SYMGAN_CACHE_DIR": str(folder / "kept")}  # not the user's: it is cleared
    done = subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, timeout=60)
    return "" if done.returncode == 0 else f"exit {done.returncode}: {done.stderr}"


def _parse(words: list[str]) -> str:
    code = (
        "import sys, typer.main\nfrom symgan.cli.app import app\n"
        "command, rest = typer.main.get_command(app), sys.argv[1:]\n"
        "while hasattr(command, 'resolve_command'):\n"
        "    context = command.make_context('symgan', list(rest), resilient_parsing=True)\n"
        "    name, command, rest = command.resolve_command(context, rest)\n"
        "command.make_context(name, rest)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
    return done.stderr if done.returncode else ""


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

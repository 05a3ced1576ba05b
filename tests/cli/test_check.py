"""``symgan check`` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import inside


@pytest.mark.parametrize(
    ("arguments", "code", "first"),
    [
        (("(a+b)^2 = a^2 + 2ab + b^2", "--let", "a,b real"), 0, "holds for all values"),
        (("a = b", "--let", "a,b real", "--no-repair"), 1, "false"),
        ((r"\tanh x < x", "--let", "x>0"), 4, "undecided"),
        ((r"\eta < 2", "--let", "eta>0", "--given", r"\eta < 1"), 0, "holds for all values"),
    ],
)
def test_verdict_and_exit_code(
    arguments: tuple[str, ...], code: int, first: str, tmp_path: Path
) -> None:
    found = inside("check", *arguments, cwd=tmp_path)
    assert found.code == code
    assert found.out.splitlines()[0] == first
    assert all(len(line) <= 80 for line in found.out.splitlines())
    assert found.err == ""


def test_a_false_formula_shows_difference_witness_and_values(tmp_path: Path) -> None:
    out = inside("check", "x^2 = 4", "--let", "x real", "--no-repair", cwd=tmp_path).out
    rows = dict(line.strip().split(None, 1) for line in out.splitlines()[2:] if line[2:3] != " ")
    assert rows["difference"] in ("x**2 - 4", "(x - 2)*(x + 2)")
    assert rows["fails"].strip() == "at         x = 1"
    assert rows["values"] == "1 on the left, 4 on the right"


def test_json_holds_what_the_screen_shows(tmp_path: Path) -> None:
    found = inside("check", "x^2 = 4", "--let", "x real", "--json", "--no-repair", cwd=tmp_path)
    data = json.loads(found.out)
    assert (found.code, data["holds"], data["witness"]) == (1, False, {"x": "1"})
    assert data["relations"][0]["relation"] == {"text": "Eq(x**2, 4)", "latex": "x^{2} = 4"}
    assert [e["route"] for e in data["evidence"]] == ["exact", "second"]


def test_latex_holds_the_formula_and_its_verdict(tmp_path: Path) -> None:
    found = inside("check", "x^2 = 4", "--let", "x real", "--latex", "--no-repair", cwd=tmp_path)
    assert r"x^{2} &= 4" in found.out
    assert r"\text{fails}" in found.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((r"\eta = 1",), 'declare what they are, for example --let "eta real"'),
        (("x = ", "--let", "x real"), "something is missing before the end"),
        (("x = 1", "--let", "x"), 'nothing is said of x; say what it is, as in "x real"'),
        (("x = 1", "--let", "x real", "--latex", "--json"), "exclude each other"),
        (("x = 1", "--let", "x>1", "--given", "x<0"), "nothing satisfies what is given"),
    ],
)
def test_refusals(arguments: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    found = inside("check", *arguments, cwd=tmp_path)
    assert (found.code, found.out) == (2, "")
    assert sentence in found.err


def test_help_shows_the_examples_as_they_are_typed(tmp_path: Path) -> None:
    out = inside("check", "--help", cwd=tmp_path).out
    assert r'--given "\eta < 2"' in out
    assert "\\b" not in out

"""``symgan kernels`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import inside

QUICK = ("kernels", "check", "--states", "20", "--starts", "2")


def test_the_example_is_shown(tmp_path: Path) -> None:
    done = inside(*QUICK, "--steps", "150", cwd=tmp_path)
    assert done.code == 0, done.err
    for text in ("dirac dirac-oracle, float64", "backward error of one step", " ulp, at theta"):
        assert text in done.out
    for text in ("errors after n steps, 2 orbits", "worst, jumping", "first wrong branch", " 150 "):
        assert text in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_a_wrong_branch_is_explained(tmp_path: Path) -> None:
    arguments = ("bilinear", "--rule", "dirac-oracle", "--eta", "0.3", "--steps", "400")
    done = inside(*QUICK, *arguments, cwd=tmp_path)
    assert done.code == 0, done.err
    assert "psi*theta > 0" in done.out
    assert "rounding: the exact value is within the bound" in done.out


def test_numbers_for_machines(tmp_path: Path) -> None:
    arguments = ("bilinear", "--rule", "alternating", "--eta", "1/8", "--steps", "50", "--json")
    done = inside(*QUICK, *arguments, cwd=tmp_path)
    found = json.loads(done.out)
    assert found["parameters"] == {"eta": 0.125}
    assert [row["steps"] for row in found["growth"]["rows"]] == [1, 10, 50]
    assert 0 < found["step"]["worst"] < 4
    assert found["growth"]["first"] is None


def test_a_field_without_a_rule(tmp_path: Path) -> None:
    done = inside("kernels", "check", "dirac", "--loss", "tanh", "--states", "20", cwd=tmp_path)
    assert done.code == 0, done.err
    assert "backward error of one evaluation of the field" in done.out
    assert "errors after" not in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--bound", "0.001", "--steps", "5"), 1, "more than 0.001"),
        (("--steps", "900", "--eta", "0.3", "--max-bits", "200"), 4, "2 orbits are not settled"),
        (("nogame",), 2, "unknown game 'nogame'"),
        (("bilinear", "--rule", "alternating"), 2, "needs a step; add --eta 0.1"),
        (("bilinear", "--eta", "0.1"), 2, "goes with a rule; add --rule"),
        (("dirac", "--rule", "alternating", "--eta", "0.1"), 2, "free"),
        (("bilinear", "--rule", "simultaneous", "--eta", "0.1", "--backend", "x"), 2, "backend"),
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int, sentence: str, tmp_path: Path) -> None:
    done = inside(*QUICK, *arguments, cwd=tmp_path)
    assert done.code == code
    assert sentence in " ".join(done.err.split())

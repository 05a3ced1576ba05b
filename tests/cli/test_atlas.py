"""``symgan atlas`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.command import inside

ONE = ("atlas", "--game", "bilinear", "--regularizer", "none", "--rule", "extragradient")


def test_few_cells_are_shown_in_detail_and_written(tmp_path: Path) -> None:
    done = inside(
        *ONE, "--json", "a.json", "--html", "a.html", "--latex", "a.tex", "--markdown", "a.md",
        cwd=tmp_path,
    )  # fmt: skip
    assert done.code == 0
    assert "0 < eta < 1/sigma" in done.out
    assert "0.0 % undecided" in done.out
    data = json.loads((tmp_path / "a.json").read_text())
    assert data["summary"]["cells"] == len(data["cells"]) == 2
    assert (tmp_path / "a.html").read_text().startswith("<!doctype html>")
    assert r"\toprule" in (tmp_path / "a.tex").read_text()
    assert "| extragradient | global |" in (tmp_path / "a.md").read_text()


def test_json_alone_goes_to_standard_output(tmp_path: Path) -> None:
    done = inside(*ONE, "--json", "-", cwd=tmp_path)
    assert json.loads(done.out)["summary"]["undecided"] == 0


def test_undecided_cells_set_the_exit_code(tmp_path: Path) -> None:
    """An elliptic point of a nonlinear area-preserving map stays open."""
    done = inside(
        "atlas", "--game", "dirac", "--loss", "jensen-shannon", "--regularizer", "none",
        "--rule", "alternating", cwd=tmp_path,
    )  # fmt: skip
    assert done.code == 4
    assert "undecided" in done.out


def test_unknown_names_are_refused(tmp_path: Path) -> None:
    done = inside("atlas", "--rule", "nonsense", cwd=tmp_path)
    assert done.code == 2
    assert done.err.startswith("symgan: no rule of the atlas is called 'nonsense'; there are: ")


def test_a_place_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    done = inside(*ONE, "--html", "missing/a.html", cwd=tmp_path)
    assert done.code == 5
    assert "cannot write missing/a.html" in done.err

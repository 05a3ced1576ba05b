"""``symgan study predictions`` on the command line."""

from __future__ import annotations

from pathlib import Path

from symgan.data.predictions import read_predictions, stored_predictions
from tests.cli.command import inside

COMMAND = ("study", "predictions")
ONLY = ("--only", "course / shallow / wasserstein / alternating")


def test_the_stored_result_is_shown(tmp_path: Path) -> None:
    done = inside(*COMMAND, "--json", "all.json", "--markdown", "all.md", cwd=tmp_path)
    assert done.code == 0, done.err
    assert "contradicted" in done.out
    assert read_predictions(tmp_path / "all.json") == stored_predictions()
    assert (tmp_path / "all.md").read_text().startswith("| question |")


def test_a_part_is_run_and_goes_on(tmp_path: Path) -> None:
    line = (*COMMAND, "--store", "s", "--seeds", "1", *ONLY)
    done = inside(*line, "--json", "s.json", cwd=tmp_path)
    assert done.code == 0, done.err
    found = read_predictions(tmp_path / "s.json")
    assert (len(found.outcomes), found.seeds) == (1, stored_predictions().seeds[:1])
    again = inside(*line, cwd=tmp_path)
    assert again.out == done.out


def test_bad_input_is_one_sentence(tmp_path: Path) -> None:
    few = inside(*COMMAND, "--seeds", "2", cwd=tmp_path)
    none = inside(*COMMAND, "--store", "s", "--only", "quantum", cwd=tmp_path)
    assert "give a --store" in few.err
    assert "no trial has 'quantum'" in none.err
    assert few.code == none.code == 5
    assert not (tmp_path / "s").exists()

"""``symgan study`` on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symgan.data.studies import read_study
from symgan.empirical.study import run, training
from symgan.empirical.study.design import Study
from tests.cli.command import inside
from tests.empirical.study.made import Chaos

QUICK = ("study", "table1", "--preset", "smoke", "--store", "s", "--iterations", "60")
SIDES = ("--gans", "unsat-bce", "--datasets", "circle,spiral", "--orders", "sim,dynamic")
TINY = (*QUICK, *SIDES, "--samples", "20", "--seeds", "2")


@pytest.fixture(autouse=True)
def chaos(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks in this process, by an ensemble that is quick."""

    def task(
        text: str, home: Path, interval: int, cells: slice, checkpoint: Callable[[], None]
    ) -> dict[str, Any]:
        place = training.Task(Study.read(text), cells.start, cells.stop, interval)
        return training.train(place, home, Chaos, checkpoint=checkpoint)

    monkeypatch.setattr(run, "_in_process", task)


def test_a_study_is_run_shown_and_written(tmp_path: Path) -> None:
    done = inside(*TINY, "--json", "s.json", "--latex", "s.tex", "--trained", cwd=tmp_path)
    assert done.code == 0, done.err
    assert [p.name for p in (tmp_path / "s" / "trained").iterdir()] == ["000000.pt"]
    assert done.out.splitlines()[1] == "preliminary: 60 iterations, 2 seeds"
    assert "Friedman over 2 pairs" in done.out
    assert "0 of 8 members diverged" in done.out
    assert max(map(len, done.out.splitlines())) <= 80
    shown = inside("study", "show", "s", "--markdown", "s.md", cwd=tmp_path)
    assert (shown.code, shown.out) == (0, done.out)
    assert "preliminary" in (tmp_path / "s.md").read_text()
    data = json.loads((tmp_path / "s.json").read_text())
    assert data["settings"]["GAN Unsat. BCE"].startswith("loss non-saturating")
    kept = read_study(tmp_path / "s.json")  # what is written for people can be read back
    assert kept.gans == ("Unsat. BCE",)
    again = inside("study", "show", "s.json", cwd=tmp_path)
    assert again.out == done.out


def test_a_study_goes_on_with_its_own_design_alone(tmp_path: Path) -> None:
    first = inside(*TINY, "--set", "slope=0.1", "--gan", "unsat-bce:noise=0.1", cwd=tmp_path)
    assert first.code == 0, first.err
    again = inside("study", "table1", "--store", "s", "--resume", cwd=tmp_path)
    assert (again.code, again.out) == (0, first.out)
    both = inside("study", "table1", "--store", "s", "--resume", "--seeds", "3", cwd=tmp_path)
    assert (both.code, both.err) == (
        5,
        "symgan: --resume takes the design from the store; leave the other options out\n",
    )
    other = inside(*TINY, cwd=tmp_path)
    assert other.code == 5
    assert "was made with training: slope = 0.1, not 0.2" in other.err
    wrong = inside("study", "table2", "--store", "s", "--resume", cwd=tmp_path)
    assert "s holds a study of table1; use symgan study table1" in wrong.err


def test_one_that_is_not_done_says_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*arguments: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "fill_here", interrupted)
    done = inside(*TINY, cwd=tmp_path)
    assert done.code == 130
    assert done.err == "interrupted; symgan study table1 --store s --resume goes on\n"
    shown = inside("study", "show", "s", cwd=tmp_path)
    assert shown.code == 0
    assert "table1: 0 of 1 tasks done\n0.0% of 480 decisions of all members" in shown.out


def test_figures_come_from_the_store(tmp_path: Path) -> None:
    assert inside(*TINY, cwd=tmp_path).code == 0
    done = inside("study", "figures", "s", "--out", "f", cwd=tmp_path)
    assert (done.code, done.out) == (0, "f/figure3.png\n")
    assert (tmp_path / "f" / "figure3.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (("--preset", "huge"), 2, "no preset is called 'huge'; presets: smoke, quick, full"),
        (("--gans", "wgam"), 2, "unknown GAN 'wgam'; choose one of: unsat-bce"),
        (("--set", "beta=1"), 2, "no setting is called 'beta'; settings: latent, hidden"),
        (("--unit", "epoch"), 2, "no unit is called 'epoch'; units: decision, round"),
        (("--device", "cuda:99"), 5, "device = 'cuda:99', but PyTorch sees"),
        (("--figure", "f.gif"), 5, "cannot write a figure to f.gif"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], code: int, why: str
) -> None:
    done = inside("study", "table1", "--store", "s", *arguments, cwd=tmp_path)
    assert done.code == code
    assert done.err.startswith(f"symgan: {why}")
    assert done.err.count("\n") == 1
    assert not (tmp_path / "s").exists()


def test_names_that_cannot_be_kept_are_refused(tmp_path: Path) -> None:
    assert inside(*TINY, cwd=tmp_path).code == 0
    done = inside("study", "show", "s", "--keep", "../x", cwd=tmp_path)
    assert done.code == 5
    assert "cannot keep a study as '../x'; use small letters" in done.err
    missing = inside("study", "show", "nothing", cwd=tmp_path)
    assert missing.code == 5
    assert missing.err.startswith("symgan: nothing holds no study")


def test_a_kept_study_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from symgan.data import studies

    monkeypatch.setattr(studies, "kept_place", lambda name: tmp_path / f"study_{name}.json")
    done = inside(*TINY, "--keep", "mine", cwd=tmp_path)
    assert done.code == 0, done.err
    assert read_study(tmp_path / "study_mine.json").label == "preliminary: 60 iterations, 2 seeds"

"""``symgan sweep`` on the command line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from symgan.sweep.store import read
from tests.cli.command import environment, inside

QUICK = ("sweep", "gmm", "--store", "s", "--grid", "3", "--draws", "4", "--iterations", "30")
ROOT = Path(__file__).parents[2]


def test_a_map_is_run_and_shown(tmp_path: Path) -> None:
    done = inside(*QUICK, "--seed", "7", cwd=tmp_path)
    assert done.code == 0, done.err
    assert "chunks done    1 of 1" in done.out
    assert "grid           3 x 3 on [-1, 1]" in done.out
    assert "TV < 0.1" in done.out
    assert "of 24" in done.out  # six of nine cells lie off the diagonal
    shown = inside("sweep", "show", "s", cwd=tmp_path)
    assert shown.out == done.out
    assert max(map(len, shown.out.splitlines())) <= 80


def test_a_map_goes_on_with_its_own_settings(tmp_path: Path) -> None:
    first = inside(*QUICK, "--repair", "clamped", "--truth=-1,1/3", "--eta", "0.1", cwd=tmp_path)
    assert first.code == 0, first.err
    before = read(tmp_path / "s")["tv"].values.tobytes()
    again = inside("sweep", "gmm", "--store", "s", "--resume", cwd=tmp_path)
    assert (again.code, again.out) == (0, first.out)
    assert read(tmp_path / "s")["tv"].values.tobytes() == before


def test_another_map_does_not_go_into_the_store(tmp_path: Path) -> None:
    assert inside(*QUICK, cwd=tmp_path).code == 0
    for arguments in (
        (*QUICK, "--seed", "1"),
        ("sweep", "gmm", "--store", "s", "--resume", "--seed", "1"),
    ):
        done = inside(*arguments, cwd=tmp_path)
        assert done.code == 5
        assert done.err.startswith("symgan: s was made with seed = 0, not 1; choose another")


def test_a_map_runs_on_the_jit_where_it_is_and_goes_on_as_it_began(tmp_path: Path) -> None:
    done = inside(*QUICK, cwd=tmp_path)
    assert "backend        jit" in done.out
    other = (*QUICK[:3], "other", *QUICK[4:])
    done = inside(*other, "--backend", "numpy", cwd=tmp_path)
    assert "backend        numpy" in done.out
    again = inside("sweep", "gmm", "--store", "other", "--resume", cwd=tmp_path)
    assert (again.code, again.out) == (0, done.out)
    refused = inside(*other, cwd=tmp_path)
    assert refused.code == 5
    assert refused.err.startswith("symgan: other was made with backend = numpy, not jit; choose")


def test_without_the_jit_a_map_runs_on_numpy_unless_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    assert "backend        numpy" in inside(*QUICK, cwd=tmp_path).out
    refused = inside("sweep", "gmm", "--store", "t", "--backend", "jit", cwd=tmp_path)
    assert refused.code == 3
    assert "run: pip install 'symgan[jit]'" in refused.err


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--backend", "fortran"), 5, "backend = 'fortran'; choose one of: auto, jit, numpy"),
        (("--grid", "0"), 5, "count = 0; give a whole number, at least 2"),
        (("--draws", "0"), 5, "draws = 0; give a whole number, at least 1"),
        (("--iterations", "-1"), 5, "iterations = -1; give a whole number"),
        (("--truth", "nan,0.5"), 5, "a true mean = nan is not a finite number"),
        (("--truth", "inf,0.5"), 5, "a true mean = inf is not a finite number"),
        (("--low", "nan"), 5, "low = nan is not a finite number"),
        (("--low", "2"), 5, "the grid from 2 to 1 is empty; its ends must be in order"),
        (("--eta", "0"), 5, "eta = 0 is not positive"),
        (("--intervals", "uniform:-1"), 5, "the scale -1 of the intervals is not positive"),
        (("--intervals", "fixed:1,0,2,3"), 5, "the interval from 1 to 0 is not sorted"),
        (("--intervals", "cauchy"), 2, "no distribution of intervals is called 'cauchy'"),
        (("--repair", "sort"), 5, "repair = 'sort'; choose one of: literal, clamped, frozen"),
        (("--dynamics", "nonsense"), 2, "no dynamics are called 'nonsense'; choose one of"),
        (("--dynamics", "proximal-point"), 2, "the rule 'proximal-point' has no formula"),
        (("--resume",), 5, "s holds no sweep of symgan; name an empty or new folder"),
    ],
)
def test_wrong_input_is_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    done = inside("sweep", "gmm", "--store", "s", *arguments, cwd=tmp_path)
    assert done.code == code
    assert done.err.startswith(f"symgan: {sentence}")
    assert done.err.count("\n") == 1
    assert not list(tmp_path.glob("s*")), "nothing is left where nothing was run"


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    for place in ("missing", "."):
        done = inside("sweep", "show", place, cwd=tmp_path)
        assert done.code == 5
        assert "holds no sweep of symgan" in done.err


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zarr", None)
    done = inside(*QUICK, cwd=tmp_path)
    assert done.code == 3
    assert "needs zarr, which is not installed; run: pip install 'symgan[sweep]'" in done.err


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path: Path) -> None:
    """A real interrupt of a run that would take long, once its first chunk is there."""
    long = ("--grid", "30", "--draws", "400", "--iterations", "4000")
    child = subprocess.Popen(
        [sys.executable, "-m", "symgan.cli", "sweep", "gmm", "--store", "s", *long],
        cwd=tmp_path,
        env=environment() | {"PYTHONPATH": str(ROOT)} | {"COLUMNS": "80"},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    end = time.monotonic() + 60
    while not list((tmp_path / "s" / "done" / "c").glob("[0-9]*")):
        assert time.monotonic() < end
        assert child.poll() is None
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert err == "interrupted; symgan sweep gmm --store s --resume goes on\n"
    shown = inside("sweep", "show", "s", cwd=tmp_path)
    assert " of 90\n" in shown.out
    assert "chunks done    90" not in shown.out

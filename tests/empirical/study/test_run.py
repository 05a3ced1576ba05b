"""Whole studies: processes that end early, clusters, stores of other designs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symgan.data.studies import Run
from symgan.empirical.ensemble.ensemble import Ensemble
from symgan.empirical.ensemble.settings import Settings
from symgan.empirical.spectra.checkpoint import players_from_checkpoint
from symgan.empirical.study import run, training
from symgan.empirical.study.design import Study
from symgan.empirical.study.results import result, samples, study_of
from symgan.errors import BadData
from symgan.sweep.store import Store, read
from tests.empirical.study.made import Chaos, small

ROOT = Path(__file__).parents[3]
TINY = small(
    gans=("Unsat. BCE",),
    settings=Settings(iterations=1000, hidden=(4,), batch=8, latent=2),
    seeds=(1,),
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,  # a thread: it sees what the test puts in place
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        worker_dashboard_address=None,
    ) as made:
        yield made


def arrays(folder: Path) -> dict[str, Any]:
    data = read(folder / "results")
    return {name: data[name].to_numpy() for name in ("value", "floor", "diverged", "samples")}


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


def test_what_a_worker_left_is_gone_on_with_to_the_same_bits(tmp_path: Path) -> None:
    """A worker whose parent ends, ends with it; a new one has lost an interval at most."""
    task = training.Task(TINY, 0, len(TINY.members), 64)
    home = (tmp_path / "study" / run.RUNNING).absolute()
    run.open_study(tmp_path / "study", TINY)
    worker = subprocess.Popen(
        [sys.executable, "-m", "symgan.empirical.study.worker"], stdin=subprocess.PIPE, cwd=ROOT
    )
    assert worker.stdin is not None
    order = {"text": TINY.document(), "home": str(home), "start": 0, "stop": 4, "interval": 64}
    worker.stdin.write(json.dumps(order).encode() + b"\n")
    worker.stdin.flush()
    told = task.folder(home) / training.PROGRESS
    until = time.monotonic() + 60
    while not told.exists() and time.monotonic() < until:
        time.sleep(0.01)
    worker.stdin.close()
    assert worker.wait(timeout=30) == 130
    left = json.loads(told.read_text())["decisions"]
    assert 0 < left < 1000

    seen: list[run.Progress] = []
    store = run.run_study(tmp_path / "study", TINY, jobs=1, watch=seen.append, interval=64)
    assert store.pending() == ()
    assert seen[0].done >= 4 * (left - 128)
    assert seen[0].total == seen[-1].done == 4 * 1000
    assert [p.name for p in home.parent.iterdir()] == ["results"]  # no checkpoint stays unasked
    whole = training.train(task, tmp_path / "whole", run.build())
    assert same(arrays(tmp_path / "study"), whole)


def test_trained_networks_stay_where_that_is_asked(tmp_path: Path) -> None:
    """The last checkpoint of a task is its ensemble after its last decision."""
    study = replace(TINY, settings=replace(TINY.settings, iterations=7), task=2).at(snapshots=2)
    run.run_study(tmp_path / "kept", study, jobs=2, trained=True)
    assert sorted(p.name for p in (tmp_path / "kept").iterdir()) == ["results", "trained"]
    files = sorted((tmp_path / "kept" / run.TRAINED).iterdir())
    assert [p.name for p in files] == ["000000.pt", "000002.pt"]
    for path, members in zip(files, (study.members[:2], study.members[2:]), strict=True):
        ensemble = Ensemble.load(path, device="cpu")
        assert ensemble.members == members
        assert ensemble.iteration == 7
    assert "7" in players_from_checkpoint(files[1], 1, samples=16).title


@pytest.mark.usefixtures("small_tasks")
def test_a_cluster_gives_the_same_bits_as_one_process(tmp_path: Path, cluster: Any) -> None:
    study = small(task=2)
    store = run.run_study(tmp_path / "s", study, scheduler=cluster.scheduler_address, jobs=1)
    assert store.declaration.chunks == 4
    parts = [
        training.train(training.Task(study, i, i + 2), tmp_path / "whole", Chaos)
        for i in range(0, 8, 2)
    ]
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    assert same(arrays(tmp_path / "s"), whole)
    found = result(tmp_path / "s")
    member = study.members[5]
    key = (member.gan, member.data, member.order, member.seed)
    assert found.runs[key] == Run(whole["value"][5, -1], None, whole["generator"][5])
    assert found.floors["line"] == pytest.approx(
        np.mean([f for f, m in zip(whole["floor"], study.members, strict=True) if m.data == "line"])
    )
    points = samples(tmp_path / "s").of(*key)
    assert np.array_equal(points, whole["samples"][5])


@pytest.fixture
def small_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "build", lambda: Chaos)


def written(store: Store, tmp_path: Path, study: Study, chunks: int) -> None:
    """Some chunks of a study, as a run that was cut short leaves them."""
    for chunk in range(chunks):
        cells = store.cells(chunk)
        task = training.Task(study, cells.start, cells.stop)
        store.write(chunk, training.train(task, tmp_path / "apart", Chaos))


def test_a_study_that_is_not_whole_has_no_table(tmp_path: Path) -> None:
    study = small(task=2)
    store = run.open_study(tmp_path / "s", study)
    written(store, tmp_path, study, 3)
    with pytest.raises(BadData, match="2 of 8 cells have no value, WGAN, line, dynamic, seed 5"):
        result(tmp_path / "s")
    far = run.progress(tmp_path / "s", study, store)
    assert (far.done, far.total) == (6 * 300, 8 * 300)


def test_progress_counts_what_running_tasks_have_reported(tmp_path: Path) -> None:
    study = small(task=2)
    store = run.open_study(tmp_path / "s", study)
    folder = training.Task(study, 2, 4).folder(tmp_path / "s" / run.RUNNING)
    folder.mkdir(parents=True)
    told = {"decisions": 50, "diverged": 1, "distance": 0.25}
    (folder / training.PROGRESS).write_text(json.dumps(told))
    assert run.progress(tmp_path / "s", study, store) == run.Progress(100, 2400, 1, 0.25)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"seeds": (3, 6)}, r"was made with seeds = 3, 5, not 3, 6; choose another folder"),
        ({"evaluation": 1}, r"evaluation = 2023, not 1"),
        ({"options": {"WGAN": {"clip": 0.5}}}, r"made with GAN WGAN = .*clip 0\.01"),
        (
            {"settings": Settings(iterations=300, betas=(0.5, 0.9))},
            r"made with training: betas = 0\.9, 0\.999, not 0\.5, 0\.9",
        ),
    ],
)
def test_a_store_of_another_design_is_refused(
    tmp_path: Path, other: dict[str, Any], why: str
) -> None:
    run.open_study(tmp_path / "s", small())
    run.open_study(tmp_path / "s", small())  # the same design goes on
    with pytest.raises(BadData, match=why):
        run.open_study(tmp_path / "s", replace(small(), **other))


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(BadData, match="is not empty and holds no study"):
        run.open_study(tmp_path, small())
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]
    with pytest.raises(BadData, match="holds no study; name the --store of an earlier run"):
        study_of(tmp_path)


@pytest.mark.parametrize(
    ("code", "log", "told", "why"),
    [
        (-9, "", None, r"a worker was killed by signal 9; its checkpoints are kept: run it again"),
        (1, "x\nMemoryError\n", None, r"a worker ended with exit code 1 \(MemoryError\); its"),
        (1, "", {"message": "no such data", "code": 5}, r"^no such data$"),
    ],
)
def test_why_a_worker_ended_is_one_sentence(
    tmp_path: Path, code: int, log: str, told: dict[str, Any] | None, why: str
) -> None:
    (tmp_path / "log").write_text(log)
    if told is not None:
        (tmp_path / "failed.json").write_text(json.dumps(told))
    error = run.why_ended(tmp_path, code)
    with pytest.raises(type(error), match=why):
        raise error
    assert error.exit_code == 5

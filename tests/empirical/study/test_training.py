"""One task: what is measured, what a kill costs, whose checkpoints are taken."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from symgan.empirical.data import derived_seed
from symgan.empirical.study import measuring
from symgan.empirical.study.design import Study
from symgan.empirical.study.training import CHECKPOINT, PROGRESS, Arrays, Task, train
from symgan.errors import BadData
from tests.empirical.study.made import Chaos, small


class Killed(Exception):
    """Stands for the end of a process."""


def task(study: Study, interval: int = 70) -> Task:
    return Task(study, 0, len(study.members), interval)


def same(one: Arrays, other: Arrays) -> bool:
    return all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


def killed_at(folder: Path, place: Task, stop: int) -> None:
    """Train until so many pauses, then end without a word."""
    pauses = iter(range(stop))

    def checkpoint() -> None:
        if next(pauses, None) is None:
            raise Killed

    with pytest.raises(Killed):
        train(place, folder, Chaos, checkpoint=checkpoint)


@pytest.mark.parametrize("stop", [0, 1, 3, 6])
def test_a_killed_task_goes_on_with_the_same_bits(tmp_path: Path, stop: int) -> None:
    place = task(small())
    whole = train(place, tmp_path / "whole", Chaos)
    killed_at(tmp_path / "cut", place, stop)
    assert same(train(place, tmp_path / "cut", Chaos), whole)
    other = train(task(small(seeds=(3, 6))), tmp_path / "other", Chaos)
    assert not same(whole, other)


def test_no_more_than_an_interval_is_lost(tmp_path: Path) -> None:
    place = task(small(), interval=60)
    killed_at(tmp_path, place, 5)  # pauses at 60, 100 (a snapshot), 120, 128, 180, 200
    kept = Chaos.load(place.folder(tmp_path) / CHECKPOINT, "cpu")
    assert kept.iteration == 180
    told = json.loads((place.folder(tmp_path) / PROGRESS).read_text())
    assert told["decisions"] == 180


def test_snapshots_hold_the_distance_of_the_generated_points(tmp_path: Path) -> None:
    study = small()
    found = train(task(study), tmp_path, Chaos)
    by_hand = Chaos(study.members, study.settings, "cpu")
    by_hand.run(200)  # the second of three snapshots of 300
    key = derived_seed(study.evaluation, "latents", 5)
    place = [(m.data, m.order, m.seed) for m in study.members].index(("line", "dynamic", 5))
    made = by_hand.samples(20, key)[place]
    line = measuring.source("line", study.settings)
    real = measuring.real_points(line, study.evaluation, 5, 20, "real")
    early = float(measuring.wasserstein(made[:15], real[:15]))
    assert found["value"][place, 1] == early
    by_hand.run(300)
    last = float(measuring.wasserstein(by_hand.samples(20, key)[place], real))
    assert found["value"][place, 2] == last != early
    assert np.array_equal(found["samples"][place, 1], made[:5].float().numpy())
    other = measuring.real_points(line, study.evaluation, 5, 20, "floor")
    assert found["floor"][place] == float(measuring.wasserstein(other, real))
    assert not torch.equal(real, other)


def test_orders_of_a_seed_share_the_real_points_and_replicates_do_not() -> None:
    ring = measuring.source("ring", small().settings)
    one, again = (measuring.real_points(ring, 1, 3, 9, "real") for _ in range(2))
    assert torch.equal(one, again)
    for other in ((2, 3, 9, "real"), (1, 4, 9, "real"), (1, 3, 9, "floor")):
        assert not torch.equal(one, measuring.real_points(ring, *other))


def test_members_that_diverge_are_marked_and_the_others_run_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = small()
    whole = train(task(study), tmp_path / "whole", Chaos)
    monkeypatch.setattr(Chaos, "fatal", ("ring", 150))
    found = train(task(study), tmp_path / "cut", Chaos)
    ring = np.array([m.data == "ring" for m in study.members])
    assert (found["diverged"] == np.where(ring, 150, -1)).all()
    assert np.isfinite(found["value"][ring, 0]).all()
    assert np.isnan(found["value"][ring, 1:]).all()
    assert np.array_equal(found["value"][~ring], whole["value"][~ring])


def test_points_that_are_no_numbers_count_as_divergence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All weights may be finite although the generator's outputs overflow."""
    plain = Chaos.samples

    def overflowing(self: Chaos, n: int, seed: int) -> torch.Tensor:
        found = plain(self, n, seed)
        found[0, 0, 0] = torch.inf
        return found

    monkeypatch.setattr(Chaos, "samples", overflowing)
    study = small()
    found = train(task(study), tmp_path, Chaos)
    assert found["diverged"].tolist() == [300] + [-1] * (len(study.members) - 1)
    assert np.isnan(found["value"][0]).all()


def test_the_generators_share_is_of_all_updates(tmp_path: Path) -> None:
    found = train(task(small()), tmp_path, Chaos)
    # one update of the generator a step, of the discriminator one and two in turn
    assert found["generator"] == pytest.approx(300 / (300 + 450), abs=1e-15)


def test_the_checkpoint_of_another_task_is_refused(tmp_path: Path) -> None:
    train(task(small()), tmp_path, Chaos)
    with pytest.raises(BadData, match=r"ensemble\.pt is the checkpoint of another task; remove"):
        train(task(small(seeds=(3, 7))), tmp_path, Chaos)


def test_a_damaged_snapshot_is_named(tmp_path: Path) -> None:
    place = task(small())
    train(place, tmp_path, Chaos)
    (place.folder(tmp_path) / "snapshot-1.npz").write_bytes(b"half")
    with pytest.raises(BadData, match=r"snapshot-1\.npz is missing or damaged; remove its folder"):
        train(place, tmp_path, Chaos)

r"""One task of a study: an ensemble trained to its end, with checkpoints that lose nothing.

At every snapshot the samples and their distances are written first, then the checkpoint of the
ensemble; what is killed between two checkpoints goes on from the earlier one and repeats the same
numbers. All files are written aside and moved into place.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symgan.empirical.data import derived_seed
from symgan.empirical.ensemble.settings import Member, Settings
from symgan.empirical.study import measuring
from symgan.empirical.study.design import Study
from symgan.empirical.study.files import make_folder, read_arrays, write, write_arrays
from symgan.errors import BadData

Arrays = dict[str, NDArray[Any]]
CHECKPOINT, PROGRESS = "ensemble.pt", "progress.json"
INTERVAL = 1000
"""Decisions between checkpoints: what a kill may cost."""
BEAT = 128
"""Decisions between reports of progress."""


class Trains(Protocol):
    """What a task needs of an ensemble."""

    @property
    def iteration(self) -> int:
        """Decisions so far."""
        ...

    @property
    def members(self) -> Sequence[Member]:
        """What is trained."""
        ...

    @property
    def settings(self) -> Settings:
        """How."""
        ...

    @property
    def diverged(self) -> Tensor:
        """(members,): the decision at which a member left the finite numbers, or -1."""
        ...

    @property
    def updates(self) -> Tensor:
        """(members, 2): how often generator and discriminator moved."""
        ...

    def run(self, until: int) -> None:
        """Train up to a number of decisions, counted from the start."""
        ...

    def samples(self, n: int, seed: int) -> Tensor:
        """Generated points (members, n, ...)."""
        ...

    def save(self, path: Path) -> None:
        """Write a checkpoint, whole or not at all."""
        ...


class Builds(Protocol):
    """What makes ensembles and reads their checkpoints."""

    def __call__(self, members: Sequence[Member], settings: Settings, device: str) -> Trains:
        """A new ensemble."""
        ...

    def load(self, path: Path, device: str) -> Trains:
        """That of a checkpoint."""
        ...


@dataclass(frozen=True)
class Task:
    """Some cells of a study, which one ensemble trains.

    Attributes:
        study: of which study.
        start, stop: the cells.
        interval: decisions between checkpoints.
    """

    study: Study
    start: int
    stop: int
    interval: int = INTERVAL

    @property
    def members(self) -> tuple[Member, ...]:
        """The members, in the order of the cells."""
        return self.study.members[self.start : self.stop]

    @property
    def stops(self) -> tuple[int, ...]:
        """After how many decisions snapshots are taken; all members have the same."""
        return self.study.stops(self.members[0].order)

    @property
    def settings(self) -> Settings:
        """How its ensemble trains."""
        return self.study.training(self.members[0])

    def folder(self, home: Path) -> Path:
        """Where its checkpoints lie."""
        return home / f"{self.start:06d}"


def train(
    task: Task,
    home: Path,
    build: Builds,
    *,
    checkpoint: Callable[[], None] = lambda: None,
) -> Arrays:
    """Train the members of a task, or go on with them, and measure them.

    Args:
        task: what is trained.
        home: the folder of all checkpoints; this task's is below it.
        build: makes the ensemble.
        checkpoint: called now and then; what it raises ends the run.

    Returns:
        The variables of the study's declaration, of these cells.

    Raises:
        BadData: the checkpoint there is of another task, or a place cannot be written.
    """
    folder = task.folder(home)
    make_folder(folder)
    ensemble = _resumed(task, folder, build)
    snapshots = Snapshots(task, folder)
    for stop in _halts(task, ensemble.iteration):
        ensemble.run(stop)
        checkpoint()
        at_snapshot = stop in task.stops
        if at_snapshot:
            snapshots.take(task.stops.index(stop), ensemble)
        if at_snapshot or stop % task.interval == 0:
            ensemble.save(folder / CHECKPOINT)
        _report(folder, ensemble, snapshots.latest)
    return snapshots.results(ensemble)


class Snapshots:
    """The samples of a task at its snapshots, each a file, and the distances of them."""

    def __init__(self, task: Task, folder: Path) -> None:
        self.task, self.folder = task, folder
        self.latest: float | None = None
        study = task.study
        shape = study.shape()
        self.distance = measuring.distance(study.table, shape)
        names = {m.data for m in task.members}
        sources = {name: measuring.source(name, study.settings) for name in names}
        keys = {(m.data, m.seed) for m in task.members}

        def drawn(which: str) -> dict[tuple[str, int], Tensor]:
            return {
                (name, seed): measuring.real_points(
                    sources[name], study.evaluation, seed, study.samples, which
                )
                for name, seed in sorted(keys)
            }

        self.real, self.other = drawn("real"), drawn("floor")

    def take(self, number: int, ensemble: Trains) -> None:
        """Measure the ensemble and write what was found."""
        study = self.task.study
        made = self._made(ensemble)
        left = (ensemble.diverged.detach().cpu() >= 0) | ~made.isfinite().all(-1).all(-1)
        count = study.samples if number == len(self.task.stops) - 1 else study.early
        values = [
            math.nan
            if gone
            else self.distance(points[:count], self.real[member.data, member.seed][:count])
            for member, points, gone in zip(self.task.members, made, left.tolist(), strict=True)
        ]
        kept = made[:, : study.kept].float()
        kept[left] = math.nan
        write_arrays(self._file(number), value=np.array(values), samples=kept.numpy())
        finite = [value for value in values if not math.isnan(value)]
        self.latest = float(np.mean(finite)) if finite else None

    def _made(self, ensemble: Trains) -> Tensor:
        """Generated points (members, samples, dimension), from latents of each seed's own."""
        study, members = self.task.study, self.task.members
        found: dict[int, Tensor] = {
            seed: ensemble.samples(study.samples, derived_seed(study.evaluation, "latents", seed))
            for seed in sorted({m.seed for m in members})
        }
        rows = [found[m.seed][i].detach().cpu() for i, m in enumerate(members)]
        return torch.stack(rows).double().reshape(len(members), study.samples, -1)

    def results(self, ensemble: Trains) -> Arrays:
        """All snapshots together, and what became of the members."""
        taken = [read_arrays(self._file(k)) for k in range(len(self.task.stops))]
        values = np.stack([one["value"] for one in taken], axis=1)
        floors = {
            key: self.distance(self.other[key], real) for key, real in sorted(self.real.items())
        }
        diverged = ensemble.diverged.detach().cpu().numpy().astype(np.int64)
        # samples that left the finite numbers although all weights are finite count as well
        late = np.isnan(values[:, -1]) & (diverged < 0)
        return {
            "value": values,
            "floor": np.array([floors[m.data, m.seed] for m in self.task.members]),
            "diverged": np.where(late, self.task.stops[-1], diverged),
            "generator": generator_share(ensemble),
            "samples": np.stack([one["samples"] for one in taken], axis=1),
        }

    def _file(self, number: int) -> Path:
        return self.folder / f"snapshot-{number}.npz"


def generator_share(ensemble: Trains) -> NDArray[np.float64]:
    """The generator's share of all updates of each member."""
    counts = ensemble.updates.detach().cpu().double()
    return (counts[:, 0] / counts.sum(1)).numpy()


def _halts(task: Task, done: int) -> list[int]:
    """Where training pauses: to report, to be saved, to be measured."""
    last = task.stops[-1]
    halts = {*range(BEAT, last, BEAT), *range(task.interval, last, task.interval), *task.stops}
    return sorted(stop for stop in halts if stop > done)


def _resumed(task: Task, folder: Path, build: Builds) -> Trains:
    path = folder / CHECKPOINT
    if not path.exists():
        return build(task.members, task.settings, task.study.device)
    found = build.load(path, task.study.device)
    if tuple(found.members) != task.members or found.settings != task.settings:
        raise BadData(
            f"{path} is the checkpoint of another task; remove its folder to train this one anew"
        )
    return found


def _report(folder: Path, ensemble: Trains, latest: float | None) -> None:
    gone = int((ensemble.diverged >= 0).sum())
    write(
        folder / PROGRESS,
        json.dumps(
            {"decisions": ensemble.iteration, "diverged": gone, "distance": latest}
        ).encode(),
    )

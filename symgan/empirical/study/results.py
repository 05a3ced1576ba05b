"""What the store of a study holds: a whole result, or how far it is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.data.studies import Key, Run, StudyResult, falls_short, label_of
from symgan.empirical.study.design import EXPERIMENT, Study
from symgan.errors import BadData
from symgan.sweep.store import document, read, settings

STORE = "results"
"""The sweep's store in the folder of a study."""


@dataclass(frozen=True)
class Samples:
    """What the members of a study generated.

    Attributes:
        study: its design.
        points: (members, snapshots, points, dimension); NaN where nothing is there yet, and after
            a member diverged.
        done: which members' tasks are finished, (members,); None: all.
    """

    study: Study
    points: NDArray[np.float32]
    done: NDArray[np.bool_] | None = None

    @property
    def label(self) -> str:
        """Words for the head of every figure: whether the design is preliminary."""
        study = self.study
        shape = (len(study.gans), len(study.datasets), len(study.orders))
        iterations, seeds = study.settings.iterations, len(study.seeds)
        return label_of(falls_short(study.table, iterations, seeds, shape), iterations, seeds)

    def finished(self, gan: str, data: str, order: str, seed: int) -> bool:
        """Whether a member's task is done; nothing is stored of it before."""
        return self.done is None or bool(self.done[self._number(gan, data, order, seed)])

    def of(self, gan: str, data: str, order: str, seed: int) -> NDArray[np.float32]:
        """The points of a member, (snapshots, points, dimension).

        Raises:
            BadData: the study has no such member.
        """
        return self.points[self._number(gan, data, order, seed)]

    def _number(self, gan: str, data: str, order: str, seed: int) -> int:
        members = [(m.gan, m.data, m.order, m.seed) for m in self.study.members]
        if (gan, data, order, seed) not in members:
            raise BadData(f"the study trains no {gan} on {data} in the order {order}, seed {seed}")
        return members.index((gan, data, order, seed))


def study_of(folder: str | os.PathLike[str]) -> Study:
    """The design that a folder was made for.

    Raises:
        BadData: there is no study.
    """
    place = Path(folder)
    if not (place / STORE).is_dir():
        raise BadData(f"{place} holds no study; name the --store of an earlier run")
    return Study.read(document(place / STORE))


def kept_settings(folder: str | os.PathLike[str]) -> dict[str, Any]:
    """Everything that decided the numbers, as the store was made with it."""
    found = settings(Path(folder) / STORE)
    return {name: value for name, value in found.items() if name not in ("cells", "variables")}


def result(folder: str | os.PathLike[str]) -> StudyResult:
    """The result of a study, every cell filled.

    Raises:
        BadData: there is no study, or cells have neither a value nor a mark.
    """
    study = study_of(folder)
    data = read(Path(folder) / STORE)
    done = _done(study, data)
    last = data["value"].to_numpy()[:, -1]
    gone, share = data["diverged"].to_numpy(), data["generator"].to_numpy()
    floor = data["floor"].to_numpy()
    runs: dict[Key, Run] = {}
    floors: dict[str, list[float]] = {}
    for i, member in enumerate(study.members):
        if not done[i]:
            continue
        key = (member.gan, member.data, member.order, member.seed)
        runs[key] = _run(float(last[i]), int(gone[i]), float(share[i]))
        floors.setdefault(member.data, []).append(float(floor[i]))
    return StudyResult(
        study.table,
        {"experiment": EXPERIMENT, **kept_settings(folder)},
        study.gans,
        study.datasets,
        study.orders,
        study.seeds,
        runs,
        {name: float(np.mean(values)) for name, values in floors.items()},
    )


def samples(folder: str | os.PathLike[str]) -> Samples:
    """The points that are stored.

    Raises:
        BadData: there is no study.
    """
    study = study_of(folder)
    data = read(Path(folder) / STORE)
    return Samples(study, data["samples"].to_numpy(), _done(study, data))


def _done(study: Study, data: Any) -> NDArray[np.bool_]:
    """Which members' tasks are finished."""
    return np.repeat(data["done"].to_numpy() > 0, study.size)[: len(study.members)]


def _run(value: float, diverged: int, share: float) -> Run:
    generator = None if np.isnan(share) else share
    if diverged >= 0:
        return Run(None, diverged, generator)
    return Run(None if np.isnan(value) else value, None, generator)

"""Studies made up for tests: results with known ranks, and an ensemble that is quick to train."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from symgan.data.studies import Run, StudyResult
from symgan.empirical.ensemble.settings import Member, Settings
from symgan.empirical.study.design import Study

ORDERS = ("sim", "alt1", "alt5", "dynamic")


def result(
    value: Callable[[str, str, str, int], float],
    *,
    gans: Sequence[str] = ("WGAN", "SN-GAN"),
    datasets: Sequence[str] = ("ring", "line"),
    orders: Sequence[str] = ORDERS,
    seeds: Sequence[int] = (0, 1, 2),
    iterations: int = 100,
) -> StudyResult:
    """A study whose values a function gives; an infinite one diverged."""
    runs = {}
    for gan in gans:
        for data in datasets:
            for order in orders:
                for seed in seeds:
                    x = value(gan, data, order, seed)
                    runs[gan, data, order, seed] = (
                        Run(x, None, 0.5) if math.isfinite(x) else Run(None, 7, 0.5)
                    )
    return StudyResult(
        "table1",
        {"iterations": iterations},
        tuple(gans),
        tuple(datasets),
        tuple(orders),
        tuple(seeds),
        runs,
        dict.fromkeys(datasets, 0.01),
    )


def small(**changes: object) -> Study:
    """Two orders on two data sets, quick to train."""
    own = {
        "settings": Settings(iterations=300),
        "samples": 20,
        "early": 15,
        "kept": 5,
        "snapshots": 3,
    }
    sides = {"gans": ("WGAN",), "datasets": ("ring", "line"), "orders": ("sim", "dynamic")}
    return Study(**{**own, **sides, "seeds": (3, 5), **changes})


class Chaos:
    """Trains by a chaotic map: a step too many, or one forgotten, changes every digit.

    Its generator's points lie around its state, so that distances tell states apart.
    """

    fatal: tuple[str, int] | None = None
    """(data set, step) at which members on it diverge."""

    def __init__(self, members: Sequence[Member], settings: Settings, device: str) -> None:
        del device
        self.members, self.settings, self.iteration = tuple(members), settings, 0
        starts = [0.1 + 0.07 * m.seed + 0.01 * len(m.data) for m in members]
        self.state = torch.tensor(starts, dtype=torch.float64)
        self.diverged = torch.full((len(members),), -1)
        self.updates = torch.zeros(len(members), 2)

    def run(self, until: int) -> None:
        rate = torch.tensor([3.9 if m.order == "sim" else 3.7 for m in self.members])
        for k in range(self.iteration, until):
            self.state = rate * self.state * (1 - self.state)
            self.updates += torch.tensor([1.0, 1.0 + k % 2])
            if self.fatal is not None and k == self.fatal[1]:
                gone = torch.tensor([m.data == self.fatal[0] for m in self.members])
                self.diverged[gone] = k
        self.iteration = max(until, self.iteration)

    def samples(self, n: int, seed: int) -> Tensor:
        noise = np.random.default_rng(seed).normal(size=(n, 2)) / 10
        found = self.state[:, None, None] + torch.from_numpy(noise)
        return torch.where((self.diverged >= 0)[:, None, None], torch.nan, found)

    def save(self, path: Path) -> None:
        state = {
            "members": [asdict(m) for m in self.members],
            "settings": self.settings.document(),
            "iteration": self.iteration,
            "state": [x.hex() for x in self.state.tolist()],
            "diverged": self.diverged.tolist(),
            "updates": self.updates.tolist(),
        }
        path.write_text(json.dumps(state), encoding="utf-8")

    @classmethod
    def load(cls, path: Path, device: str) -> Chaos:
        data = json.loads(path.read_text(encoding="utf-8"))
        members = [Member(**m) for m in data["members"]]
        found = cls(members, Settings.read(data["settings"]), device)
        found.iteration = data["iteration"]
        found.state = torch.tensor(list(map(float.fromhex, data["state"])), dtype=torch.float64)
        found.diverged = torch.tensor(data["diverged"])
        found.updates = torch.tensor(data["updates"])
        return found

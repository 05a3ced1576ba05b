r"""Results of the study of update orders: one value for every GAN, data set, order and seed.

A study repeats the design of Table 1 (or 2) of DeOliveira 2023, "Stabilizing GANs under limited
resources via dynamic machine ordering". It is kept as one JSON file, which Python alone reads.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from symgan.errors import BadData, UnknownName

FORMAT = "symgan study 1"
HOME, PREFIX = "symgan.data", "study_"
FULL = {"table1": (30_000, 5), "table2": (30_000, 5)}
"""Iterations and seeds from which on a study of a printed table is no longer preliminary."""
SHAPE = {"table1": (8, 4, 4), "table2": (8, 1, 4)}
"""How many GANs, data sets and orders a design has; Table 2's runs on the digits alone."""

Key = tuple[str, str, str, int]
"""(GAN, data set, order, seed)."""


@dataclass(frozen=True)
class Run:
    """What became of one member.

    Attributes:
        value: the distance after the last iteration; None where the member diverged.
        diverged: the iteration at which it left the finite numbers, or None.
        generator: the share of its updates that were the generator's, or None if not counted.
    """

    value: float | None
    diverged: int | None = None
    generator: float | None = None

    @property
    def ranked(self) -> float:
        """The value, infinite where the member diverged: worse than any that did not.

        >>> Run(None, diverged=7).ranked
        inf
        """
        return math.inf if self.value is None else self.value


@dataclass(frozen=True)
class StudyResult:
    """A study, every member of its grid filled.

    Attributes:
        table: which printed table its design is of.
        settings: everything that decided the numbers, as plain data.
        gans, datasets, orders, seeds: the sides of the grid.
        runs: (GAN, data set, order, seed) -> what became of it.
        floors: data set -> the mean distance between two samples of the data set itself, of the
            same size: what a perfect generator would get.

    Raises:
        BadData: a cell without a run, a run of no cell, a value that is not a number.
    """

    table: str
    settings: Mapping[str, Any]
    gans: tuple[str, ...]
    datasets: tuple[str, ...]
    orders: tuple[str, ...]
    seeds: tuple[int, ...]
    runs: Mapping[Key, Run]
    floors: Mapping[str, float]

    def __post_init__(self) -> None:
        wanted = set(self.cells())
        if missing := sorted(wanted - set(self.runs)):
            raise BadData(
                f"{len(missing)} of {len(wanted)} cells have no value, {_named(missing[0])} first; "
                "a table is made of whole studies alone: run it again with --resume"
            )
        if foreign := sorted(set(self.runs) - wanted):
            raise BadData(f"a value belongs to no cell of the study: {_named(foreign[0])}")
        for key, run in self.runs.items():
            if run.value is None and run.diverged is None:
                raise BadData(f"{_named(key)} has neither a value nor an iteration of divergence")
            if run.value is not None and not 0 <= run.value < math.inf:
                raise BadData(f"{_named(key)} has the value {run.value}, which is no distance")

    def cells(self) -> list[Key]:
        """All cells and seeds of the grid."""
        return [
            (gan, data, order, seed)
            for gan in self.gans
            for data in self.datasets
            for order in self.orders
            for seed in self.seeds
        ]

    def replicates(self, gan: str, data: str, order: str) -> tuple[Run, ...]:
        """The runs of a cell, one a seed."""
        return tuple(self.runs[gan, data, order, seed] for seed in self.seeds)

    @property
    def preliminary(self) -> bool:
        """Whether it falls short of the printed design, in iterations, seeds or cells.

        What counts is the design, not what it was called.
        """
        shape = (len(self.gans), len(self.datasets), len(self.orders))
        return falls_short(
            self.table, int(self.settings.get("iterations", 0)), len(self.seeds), shape
        )

    @property
    def label(self) -> str:
        """Words for the head of every output."""
        return label_of(self.preliminary, self.settings.get("iterations"), len(self.seeds))


def falls_short(table: str, iterations: int, seeds: int, shape: tuple[int, ...]) -> bool:
    """Whether a design has less than the printed one.

    Args:
        table: whose design it is.
        iterations: of training.
        seeds: how many.
        shape: how many GANs, data sets and orders.

    >>> falls_short("table1", 5_000, 5, (8, 4, 4)), falls_short("table1", 30_000, 5, (8, 4, 4))
    (True, False)
    """
    least = FULL.get(table)
    return least is None or iterations < least[0] or seeds < least[1] or shape != SHAPE[table]


def label_of(preliminary: bool, iterations: Any, seeds: int) -> str:
    """Words for the head of every output.

    >>> label_of(True, 5000, 3)
    'preliminary: 5000 iterations, 3 seeds'
    """
    kind = "preliminary" if preliminary else "full design"
    return f"{kind}: {iterations} iterations, {seeds} seeds"


def plain(result: StudyResult) -> dict[str, Any]:
    """A study as data that JSON holds; `from_plain` reads it."""
    grid = {name: list(getattr(result, name)) for name in ("gans", "datasets", "orders", "seeds")}
    runs = [result.runs[key] for key in result.cells()]
    return {
        "format": FORMAT,
        "table": result.table,
        "label": result.label,
        "settings": dict(result.settings),
        **grid,
        "order of the lists": "gans, datasets, orders, seeds; the last runs fastest",
        "values": [run.value for run in runs],
        "diverged": [run.diverged for run in runs],
        "generator": [run.generator for run in runs],
        "floors": dict(result.floors),
    }


def from_plain(data: Mapping[str, Any]) -> StudyResult:
    """The study of `plain`.

    Raises:
        BadData: data of another kind, or lists that do not fit the grid.
    """
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise BadData(f"this is no stored study; its format would be {FORMAT!r}")
    try:
        sides = [tuple(data[name]) for name in ("gans", "datasets", "orders", "seeds")]
        gans, datasets, orders, seeds = sides
        columns = [data[name] for name in ("values", "diverged", "generator")]
        keys = [(g, d, o, s) for g in gans for d in datasets for o in orders for s in seeds]
        runs = {key: Run(*row) for key, *row in zip(keys, *columns, strict=True)}
        return StudyResult(
            str(data["table"]),
            dict(data["settings"]),
            gans,
            datasets,
            orders,
            seeds,
            runs,
            dict(data["floors"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, BadData):
            raise
        raise BadData(f"the stored study is damaged ({error}); write it again") from error


def read_study(path: str | os.PathLike[str]) -> StudyResult:
    """The study in a file that `write_study` wrote.

    Raises:
        BadData: no such file, or none that holds a whole study.
    """
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadData(f"cannot read a study from {path}: {error}") from error
    return from_plain(data)


def write_study(result: StudyResult, path: str | os.PathLike[str]) -> Path:
    """Write a study as one JSON file, whole or not at all.

    Raises:
        BadData: the place cannot be written.
    """
    place = Path(path)
    text = json.dumps(plain(result), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=place.parent, prefix=f".{place.name}.", delete=False, encoding="utf-8"
        ) as file:
            file.write(text)
        Path(file.name).chmod(0o644)
        Path(file.name).replace(place)
    except OSError as error:
        raise BadData(
            f"cannot write {place}: {error.strerror or error}; choose another file"
        ) from error
    return place


def kept_place(name: str) -> Path:
    """Where a study of this name is kept with the package."""
    return Path(str(files(HOME).joinpath(f"{PREFIX}{name}.json")))


def stored_studies() -> tuple[str, ...]:
    """The names of the studies that ship with symgan."""
    found = (path.name for path in files(HOME).iterdir())
    return tuple(
        sorted(
            name.removeprefix(PREFIX).removesuffix(".json")
            for name in found
            if name.startswith(PREFIX) and name.endswith(".json")
        )
    )


def stored_study(name: str) -> StudyResult:
    """A study that ships with symgan.

    Raises:
        UnknownName: none has the name.
    """
    if name not in stored_studies():
        known = ", ".join(stored_studies()) or "none yet"
        raise UnknownName(f"no study is called {name!r}; studies: {known}")
    return read_study(kept_place(name))


def _named(key: Sequence[Any]) -> str:
    gan, data, order, seed = key
    return f"{gan}, {data}, {order}, seed {seed}"

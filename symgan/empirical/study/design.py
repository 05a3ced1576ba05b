r"""What a study runs: GANs x data sets x orders x seeds, and everything else that decides it.

A study is an experiment of `symgan.sweep`: a cell is one member (a GAN on a data set in an order
with a seed), a chunk is a task, which trains members of one GAN as one ensemble. The sweep's store
holds the results, refuses another design, and splits the tasks over processes or a cluster.

Source of the design: DeOliveira 2023, "Stabilizing GANs under limited resources via dynamic machine
ordering", sections 6.1 and 6.2, Table 1, appendix F.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from symgan.data import table as transcribed
from symgan.data.studies import SHAPE
from symgan.empirical.ensemble.settings import Member, Settings
from symgan.errors import BadData, UnknownName
from symgan.sweep.declaration import Declaration, Variable

EXPERIMENT: Final = "study of update orders"
PRINTED: Final = transcribed("dynamic_table1")
GANS: Final = tuple(dict.fromkeys(row["gan"] for row in PRINTED.rows))
"""The GANs of the paper, by the names that its Table 1 prints."""
DATASETS: Final = tuple(dict.fromkeys(row["dataset"].lower() for row in PRINTED.rows))
ORDERS: Final = ("sim", "alt1", "alt5", "dynamic")
UNITS: Final = ("decision", "round")
LARGEST_TASK: Final = 80
"""Members of a task, at most, unless given: 20 of each order with five seeds. Fewer cost more a
member (40: a third more), more leave fewer tasks than processors."""


@dataclass(frozen=True)
class Study:
    r"""The declaration of a study.

    Attributes:
        table: table1 (two dimensions, exact Wasserstein distance) or table2 (the digits, Fréchet
            distance of a classifier's features).
        gans, datasets, orders: the sides of the grid.
        seeds: of the replicates. A seed decides initial weights, latent draws and mini-batches,
            alike for all orders.
        settings: of training; its iterations are counted in the unit.
        options: of GANs, name -> option -> number or word; those that the paper leaves unsaid
            have defaults (`symgan.empirical.gans`).
        unit: what an iteration is. ``decision``: one answer of the oracle, as in algorithm 1 with
            eq. (5), so that only the simultaneous order updates both players in one; ``round``: a
            whole turn of the order, such as n_d steps of the discriminator and one of the
            generator. The paper says 30,000 iterations and not which.
        snapshots: how often, at equal distances, samples are kept and measured; the last time is
            the end of training.
        samples: points of either sample that the final distance is measured between. The paper
            does not say how many; the fewer, the larger the distance that even two samples of
            the data have.
        early: points of either sample at the snapshots before the last.
        kept: generated points that are stored at each snapshot, for figures.
        evaluation: seed of the samples that distances are measured between; alike for all orders.
        task: members of a task; 0: chosen so that a task stays within one GAN.
        device: cpu, cuda or auto.

    Raises:
        BadData: an empty or repeated side, a number out of range.
        UnknownName: a table or unit that does not exist.
    """

    table: str = "table1"
    gans: tuple[str, ...] = GANS
    datasets: tuple[str, ...] = DATASETS
    orders: tuple[str, ...] = ORDERS
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    settings: Settings = field(default_factory=Settings)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    unit: str = "decision"
    snapshots: int = 6
    samples: int = 2000
    early: int = 1000
    kept: int = 500
    evaluation: int = 2023
    task: int = 0
    device: str = "cpu"

    def __post_init__(self) -> None:
        if self.table not in SHAPE:
            raise UnknownName(f"no table is called {self.table!r}; tables: {', '.join(SHAPE)}")
        if self.unit not in UNITS:
            raise UnknownName(f"no unit is called {self.unit!r}; units: {', '.join(UNITS)}")
        for name in ("gans", "datasets", "orders", "seeds"):
            side = tuple(getattr(self, name))
            object.__setattr__(self, name, side)
            if not side or len(set(side)) < len(side):
                raise BadData(f"{name} = {', '.join(map(str, side))}; name each once, at least one")
        for name, least in (
            ("snapshots", 1),
            ("samples", 2),
            ("early", 2),
            ("kept", 1),
            ("task", 0),
        ):
            _require_whole(name, getattr(self, name), least)
        if foreign := [name for name in self.options if name not in self.gans]:
            raise BadData(f"options of {foreign[0]}, which the study does not train")
        for name in ("early", "kept"):
            if getattr(self, name) > self.samples:
                raise BadData(
                    f"{name} = {getattr(self, name)} points of {self.samples} samples; take at "
                    "most all"
                )
        if self.snapshots > self.settings.iterations:
            raise BadData(
                f"{self.snapshots} snapshots of {self.settings.iterations} iterations; give fewer"
            )
        if self.task and self._alike % self.task:
            raise BadData(
                f"task = {self.task} members do not divide the {self._alike} that train alike; "
                f"choose a divisor of {self._alike}"
            )

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """All members, those of one GAN together.

        Those of one seed and data set follow each other, so that an ensemble draws their shared
        mini-batches once; where orders need different numbers of decisions, these come first.
        """
        first, last = tuple((o,) for o in self.orders), (self.orders,)
        return tuple(
            Member(gan, data, order, seed)
            for gan in self.gans
            for orders in (last if self.unit == "decision" else first)
            for data in self.datasets
            for seed in self.seeds
            for order in orders
        )

    @property
    def size(self) -> int:
        """Members of a task."""
        return self.task or max(
            d for d in range(1, LARGEST_TASK + 1) if self._alike % d == 0 or d == 1
        )

    @property
    def _alike(self) -> int:
        """Members that one ensemble can train: of one GAN, with the same number of decisions."""
        replicates = len(self.datasets) * len(self.seeds)
        return replicates * (len(self.orders) if self.unit == "decision" else 1)

    def decisions(self, order: str) -> int:
        """How many decisions of the oracle the iterations of an order are.

        >>> Study(unit="round").decisions("alt5")
        180000
        """
        if self.unit == "decision":
            return self.settings.iterations
        from symgan.empirical import orders

        found = orders.named(order)
        turn = len(found.moves) if isinstance(found, orders.Fixed) else 1
        return self.settings.iterations * turn

    def stops(self, order: str) -> tuple[int, ...]:
        """After how many decisions the snapshots are taken.

        >>> Study().stops("sim")
        (5000, 10000, 15000, 20000, 25000, 30000)
        """
        most = self.decisions(order)
        return tuple(most * k // self.snapshots for k in range(1, self.snapshots + 1))

    def training(self, member: Member) -> Settings:
        """How a member is trained: its GAN's options, iterations counted in decisions."""
        return replace(
            self.settings,
            iterations=self.decisions(member.order),
            gan={**self.settings.gan, **self.options.get(member.gan, {})},
        )

    def shape(self) -> tuple[int, ...]:
        """Of one point of the data sets."""
        from symgan.empirical.study.measuring import shape_of

        return shape_of(self.datasets, self.settings)

    def described(self) -> dict[str, str | int | float]:
        """Everything that decides the numbers, name -> text or number."""
        from symgan.empirical.study.measuring import METRICS, versions
        from symgan.empirical.study.options import describe_gans

        sides = ("gans", "datasets", "orders", "seeds")
        training = {f"training: {n}": _text(v) for n, v in asdict(self.settings).items()}
        own = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            "experiment": EXPERIMENT,
            **{name: ", ".join(map(str, own[name])) for name in sides},
            **{n: v for n, v in own.items() if n not in (*sides, "settings", "options", "task")},
            "iterations": self.settings.iterations,
            "metric": METRICS[self.table],
            **training,
            **{f"GAN {name}": text for name, text in describe_gans(self).items()},
            **versions(),
        }

    def declaration(self) -> Declaration:
        """What a store of this study holds."""
        codes = {
            "gan": [self.gans.index(m.gan) for m in self.members],
            "order": [self.orders.index(m.order) for m in self.members],
            "dataset": [self.datasets.index(m.data) for m in self.members],
            "seed": [m.seed for m in self.members],
        }
        at, points = {"snapshot": self.snapshots}, {"point": self.kept}
        coordinates = {"coordinate": int(np.prod(self.shape()))}
        return Declaration(
            self.described(),
            {name: np.array(values, dtype=float) for name, values in codes.items()},
            (
                Variable("value", at, "float64", "distance from the data; NaN where it diverged"),
                Variable("floor", {}, "float64", "the same between two samples of the data"),
                Variable("diverged", {}, "int64", "the decision at which it diverged, or -1"),
                Variable("generator", {}, "float64", "the generator's share of its updates"),
                Variable("samples", at | points | coordinates, "float32", "generated points"),
            ),
            self.size,
            document=self.document(),
        )

    def document(self) -> str:
        """The study as text; `Study.read` reads it.

        >>> Study.read(Study(seeds=(7,)).document()).seeds
        (7,)
        """
        own = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "settings"}
        return json.dumps(
            {"experiment": EXPERIMENT, **own, "settings": self.settings.document()}, sort_keys=True
        )

    @classmethod
    def read(cls, text: str) -> Study:
        """The study of a `document`.

        Raises:
            BadData: text of another kind.
        """
        try:
            data = json.loads(text)
            known = {f.name for f in fields(cls)}
            if data.pop("experiment") != EXPERIMENT or set(data) - known:
                raise KeyError("experiment")
            data["settings"] = Settings.read(data["settings"])
            return cls(**data)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if isinstance(error, BadData):
                raise
            raise BadData("the text declares no study of update orders") from error

    def at(self, **changes: Any) -> Study:
        """The same study with other fields.

        >>> Study().at(seeds=(1, 2)).seeds
        (1, 2)
        """
        return replace(self, **changes)


def _text(value: Any) -> str | int | float:
    if isinstance(value, Mapping):
        return ", ".join(f"{k} = {v}" for k, v in value.items()) or "defaults"
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return value if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _require_whole(name: str, value: Any, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise BadData(f"{name} = {value!r}; give a whole number, at least {least}")

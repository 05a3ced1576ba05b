"""Which cells a sweep has: grids, random samples and lists over starts, parameters and systems.

A design names columns and gives their values cell by cell; a product takes each cell of one
with each of the next, the last fastest. All are plain data.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from symgan.errors import BadData
from symgan.sweep.design import nodes, stream
from symgan.sweep.sobol import sobol

Columns = Mapping[str, NDArray[np.float64]]
"""Name -> value, one a cell."""
Kind = Literal["sobol", "uniform"]


class Design(ABC):
    """Cells, each with a value a name."""

    @abstractmethod
    def columns(self) -> Columns:
        """The values, one array (cells,) a name."""

    @abstractmethod
    def plain(self) -> dict[str, Any]:
        """The design as data that JSON holds."""

    @abstractmethod
    def __str__(self) -> str:
        """The design in a few words."""

    @property
    def parts(self) -> tuple[Design, ...]:
        """The factors of a product; of any other design, itself."""
        return (self,)

    def __len__(self) -> int:
        """How many cells."""
        return len(next(iter(self.columns().values())))

    def __mul__(self, other: Design) -> Product:
        """Each cell of this design with each of the other."""
        return Product((*self.parts, *other.parts))


@dataclass(frozen=True)
class Axis(Design):
    """Equidistant values of one name, both ends included.

    Args:
        name: a state symbol or a parameter.
        low, high: rational ends; floats are taken as they are.
        count: how many values, at least 2.

    Raises:
        BadData: ends that are not finite or out of order, fewer than two values.

    >>> (Axis("x", 0, 1, 2) * Axis("y", 0, 1, 2)).columns()["y"].tolist()
    [0.0, 1.0, 0.0, 1.0]
    """

    name: str
    low: Any
    high: Any
    count: int

    def __post_init__(self) -> None:
        for end in ("low", "high"):
            object.__setattr__(self, end, fraction(getattr(self, end), f"an end of {self.name}"))
        nodes(self.low, self.high, self.count, self.name)

    def columns(self) -> Columns:
        """The nodes."""
        return {self.name: nodes(self.low, self.high, self.count, self.name)}

    def plain(self) -> dict[str, Any]:
        """The ends as text."""
        ends = {"low": str(self.low), "high": str(self.high)}
        return {"design": "axis", "name": self.name, **ends, "count": self.count}

    def __str__(self) -> str:
        return f"{self.name} = {self.low} to {self.high} in {self.count}"


@dataclass(frozen=True)
class Sample(Design):
    """Random points in a box, the same for every split and any later, larger count.

    Args:
        ranges: name -> (low, high).
        count: how many points.
        seed: a whole number from 0.
        kind: ``sobol`` (a shifted low-discrepancy sequence) or ``uniform`` (independent).

    Raises:
        BadData: an empty range, no points, an unknown kind.

    >>> small, large = (Sample({"x": (0, 1)}, n, seed=3) for n in (4, 8))
    >>> bool((small.columns()["x"] == large.columns()["x"][:4]).all())
    True
    """

    ranges: Mapping[str, tuple[Any, Any]]
    count: int
    seed: int = 0
    kind: Kind = "sobol"

    def __post_init__(self) -> None:
        exact = {
            name: tuple(fraction(end, f"an end of {name}") for end in ends)
            for name, ends in self.ranges.items()
        }
        object.__setattr__(self, "ranges", exact)
        for name, (low, high) in self.ranges.items():
            if not low < high:
                raise BadData(f"{name} from {low} to {high} is empty; its ends must be in order")
        for value, what, least in ((self.count, "points", 1), (self.seed, "as the seed", 0)):
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise BadData(f"{value} {what}; give a whole number, at least {least}")
        if self.kind not in ("sobol", "uniform"):
            raise BadData(f"a sample of kind {self.kind!r}; choose one of: sobol, uniform")
        self.columns()

    def columns(self) -> Columns:
        """The points; a number of [0, 1) is mapped by low + (high - low) u."""
        names = tuple(self.ranges)
        if self.kind == "sobol":
            unit = sobol(self.count, len(names), self.seed)
        else:
            unit = np.stack(
                [stream(self.seed, f"sample {name}", ()).random(self.count) for name in names],
                axis=-1,
            )
        ends = {name: (float(low), float(high)) for name, (low, high) in self.ranges.items()}
        return {
            name: ends[name][0] + (ends[name][1] - ends[name][0]) * unit[:, i]
            for i, name in enumerate(names)
        }

    def plain(self) -> dict[str, Any]:
        """The ranges as text."""
        ranges = [[name, str(low), str(high)] for name, (low, high) in self.ranges.items()]
        rest = {"count": self.count, "seed": self.seed, "kind": self.kind}
        return {"design": "sample", "ranges": ranges, **rest}

    def __str__(self) -> str:
        ranges = ", ".join(
            f"{name} in [{low}, {high}]" for name, (low, high) in self.ranges.items()
        )
        return f"{self.count} {self.kind} points, {ranges}, seed {self.seed}"


@dataclass(frozen=True)
class Points(Design):
    """A list of cells.

    Args:
        values: name -> its values, one a cell; numbers are rounded to float64.

    Raises:
        BadData: no cells, lists of different lengths, numbers that are not finite.

    >>> str(Points({"eta": [0.5]}))
    'eta = 0.5'
    """

    values: Mapping[str, Any]
    _columns: Columns = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            given = {
                name: np.array([float(value) for value in values], dtype=np.float64)
                for name, values in self.values.items()
            }
        except (TypeError, ValueError, OverflowError) as error:
            raise BadData(f"a list of cells holds what is no number: {error}") from error
        lengths = {len(column) for column in given.values()}
        if len(lengths) != 1 or 0 in lengths:
            raise BadData("a list of cells is empty, or its columns have different lengths")
        for name, column in given.items():
            if not np.isfinite(column).all():
                raise BadData(f"{name} holds a number that is not finite")
        object.__setattr__(self, "_columns", given)
        plain = {name: tuple(column.tolist()) for name, column in given.items()}
        object.__setattr__(self, "values", plain)

    def columns(self) -> Columns:
        """The values."""
        return self._columns

    def plain(self) -> dict[str, Any]:
        """Every bit of the values, as hexadecimal text."""
        columns = [[name, [x.hex() for x in values]] for name, values in self.values.items()]
        return {"design": "points", "columns": columns}

    def __str__(self) -> str:
        if len(self) == 1:
            return ", ".join(f"{name} = {values[0]:g}" for name, values in self.values.items())
        return f"{len(self)} given points in {', '.join(self.values)}"


@dataclass(frozen=True)
class Product(Design):
    """Each cell of one design with each of the next; the last runs fastest.

    Raises:
        BadData: no factors, or a name in two of them.
    """

    factors: tuple[Design, ...]

    def __post_init__(self) -> None:
        names = [name for factor in self.factors for name in factor.columns()]
        if not names:
            raise BadData("a sweep over nothing; give its cells")
        for name in names:
            if names.count(name) > 1:
                raise BadData(f"{name} is given twice; name it once")

    @property
    def parts(self) -> tuple[Design, ...]:
        """The factors."""
        return self.factors

    def columns(self) -> Columns:
        """The columns of all factors, each repeated as the product asks."""
        sizes = [len(factor) for factor in self.factors]
        found: dict[str, NDArray[np.float64]] = {}
        for i, factor in enumerate(self.factors):
            before, after = math.prod(sizes[:i]), math.prod(sizes[i + 1 :])
            for name, values in factor.columns().items():
                found[name] = np.tile(np.repeat(values, after), before)
        return found

    def plain(self) -> dict[str, Any]:
        """The factors."""
        return {"design": "product", "factors": [factor.plain() for factor in self.factors]}

    def __str__(self) -> str:
        return " x ".join(f"({factor})" for factor in self.factors)


def read_design(plain: Mapping[str, Any]) -> Design:
    """The design of `Design.plain`.

    Raises:
        BadData: data of another kind.

    >>> read_design(Axis("x", 0, "1/3", 5).plain()).high
    Fraction(1, 3)
    """
    try:
        kind = plain["design"]
        if kind == "axis":
            return Axis(plain["name"], plain["low"], plain["high"], plain["count"])
        if kind == "sample":
            ranges = {name: (low, high) for name, low, high in plain["ranges"]}
            return Sample(ranges, plain["count"], plain["seed"], plain["kind"])
        if kind == "points":
            columns = plain["columns"]
            return Points({name: [float.fromhex(x) for x in xs] for name, xs in columns})
        if kind == "product":
            return Product(tuple(read_design(factor) for factor in plain["factors"]))
    except (KeyError, TypeError, ValueError) as error:
        raise BadData("the data describe no cells of a sweep") from error
    raise BadData(f"the data describe no cells of a sweep: {kind!r}")


def fraction(value: Any, what: str) -> Fraction:
    """An exact finite number.

    Raises:
        BadData: it is none.

    >>> fraction("0.1", "eta")
    Fraction(1, 10)
    """
    try:
        return Fraction(str(value) if not isinstance(value, int | float | Fraction) else value)
    except (ValueError, TypeError, OverflowError, ZeroDivisionError) as error:
        raise BadData(f"{what} = {value} is not a finite number; write it like -0.5") from error

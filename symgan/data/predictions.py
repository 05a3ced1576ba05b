r"""What became of predictions of toy games on networks: one outcome a trial and seed.

`symgan.empirical.predictions` declares and runs the experiment; here its stored result is read,
with Python alone.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from symgan.errors import BadData

FORMAT = "symgan predictions 1"
NAME = "predictions.json"

Row = tuple[float | None, ...]
"""One number a seed; None where there is none."""


@dataclass(frozen=True)
class Outcomes:
    """What a trial found.

    Attributes:
        question: ``threshold``, ``course`` or ``ring``.
        network, loss, rule, options: of what.
        predicted: the step of the threshold, by the theory; 0 where no step is stable.
        low, high: steps between which the rule was seen to stop being stable, over the predicted
            one; None where that is not within the margin, or was not asked.
        change: of the field, or on the ring of the distance from the data; None where not asked.

    Raises:
        BadData: rows of different lengths, or an interval that is none.
    """

    question: str
    network: str
    loss: str
    rule: str
    options: Mapping[str, Any] = field(default_factory=dict)
    predicted: Row = ()
    low: Row = ()
    high: Row = ()
    change: Row = ()

    def __post_init__(self) -> None:
        if len({len(row) for row in (self.predicted, self.low, self.high, self.change)}) != 1:
            raise BadData(f"{self.title} has rows of different lengths")
        for low, high in zip(self.low, self.high, strict=True):
            if (low is None) != (high is None) or (low is not None and not low < (high or 0)):
                raise BadData(f"{self.title} has the interval {low}, {high}, which is none")
        if any(value is not None and not 0 <= value < math.inf for value in self.change):
            raise BadData(f"{self.title} has a change that is no ratio")

    @property
    def title(self) -> str:
        """The trial in one line."""
        given = ",".join(f"{name}={value}" for name, value in self.options.items())
        rule = f"{self.rule}:{given}" if given else self.rule
        return f"{self.question} / {self.network} / {self.loss} / {rule}"

    @property
    def bracketed(self) -> int:
        """On how many seeds the threshold was within the margin of the predicted one."""
        return sum(low is not None for low in self.low)

    def count(self, does: str, factor: float) -> int:
        """On how many seeds the members converged, stayed or diverged.

        Args:
            does: ``converges`` (the change is below one over the factor), ``diverges`` (above the
                factor) or ``stays``.
            factor: by which a change counts.

        Raises:
            BadData: another word, or a trial without changes.

        >>> row = (1e-3, 1.0, 10.0, 10.0)
        >>> found = Outcomes("course", "deep", "w", "r", {}, row, row, (1, 2, 11, 11), row)
        >>> [found.count(word, 3) for word in ("converges", "stays", "diverges")]
        [1, 1, 2]
        """
        values = [value for value in self.change if value is not None]
        if len(values) < len(self.change) or not values:
            raise BadData(f"{self.title} has no change of every seed")
        counts = {
            "converges": sum(value < 1 / factor for value in values),
            "diverges": sum(value > factor for value in values),
        }
        counts["stays"] = len(values) - sum(counts.values())
        if does not in counts:
            raise BadData(f"unknown course {does!r}; choose one of: {', '.join(sorted(counts))}")
        return counts[does]


@dataclass(frozen=True)
class PredictionResult:
    """The whole experiment.

    Attributes:
        settings: everything that decided the numbers.
        seeds: one a column of every row.
        outcomes: one a trial.

    Raises:
        BadData: a trial that is there twice, or of another number of seeds.
    """

    settings: Mapping[str, Any]
    seeds: tuple[int, ...]
    outcomes: tuple[Outcomes, ...]

    def __post_init__(self) -> None:
        titles = [o.title for o in self.outcomes]
        if len(set(titles)) < len(titles):
            raise BadData("a trial is there twice")
        for o in self.outcomes:
            if len(o.predicted) != len(self.seeds):
                raise BadData(f"{o.title} has {len(o.predicted)} of {len(self.seeds)} seeds")

    def of(self, question: str, network: str, loss: str, rule: str, **options: Any) -> Outcomes:
        """The outcomes of a trial.

        Raises:
            BadData: it was not run.
        """
        wanted = Outcomes(question, network, loss, rule, options).title
        for found in self.outcomes:
            if found.title == wanted:
                return found
        known = "; ".join(o.title for o in self.outcomes)
        raise BadData(f"no trial {wanted}; there are: {known}")


def plain(result: PredictionResult) -> dict[str, Any]:
    """A result as data that JSON holds; `from_plain` reads it."""
    return {
        "format": FORMAT,
        "settings": dict(result.settings),
        "seeds": list(result.seeds),
        "outcomes": [asdict(o) for o in result.outcomes],
    }


def from_plain(data: Any) -> PredictionResult:
    """The result of `plain`.

    Raises:
        BadData: data of another kind, or damaged.
    """
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise BadData(f"this is no stored result; its format would be {FORMAT!r}")
    try:
        rows: list[dict[str, Any]] = [
            {n: tuple(v) if isinstance(v, list) else v for n, v in o.items()}
            for o in data["outcomes"]
        ]
        outcomes = [Outcomes(**row) for row in rows]
        return PredictionResult(dict(data["settings"]), tuple(data["seeds"]), tuple(outcomes))
    except (KeyError, TypeError, AttributeError) as error:
        raise BadData(f"the stored result is damaged ({error}); write it again") from error


def text(result: PredictionResult) -> str:
    """A result as the text of a file: a line a trial."""
    data = plain(result)
    lines = ",\n  ".join(json.dumps(o, allow_nan=False) for o in data.pop("outcomes"))
    head = json.dumps(data, indent=1, allow_nan=False).rstrip("}").rstrip()
    return f'{head},\n "outcomes": [\n  {lines}\n ]\n}}\n'


def read_predictions(path: str | os.PathLike[str]) -> PredictionResult:
    """The result in a file.

    Raises:
        BadData: no such file, or none that holds a result.
    """
    try:
        return from_plain(json.loads(Path(path).read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        if isinstance(error, BadData):
            raise
        raise BadData(f"cannot read a result from {path}: {error}") from error


def kept_place() -> Path:
    """Where the result is kept with the package."""
    return Path(str(files("symgan.data").joinpath(NAME)))


def stored_predictions() -> PredictionResult:
    """The result that ships with symgan."""
    return read_predictions(kept_place())

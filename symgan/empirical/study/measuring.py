"""What a study measures: the distance of generated points from the data, and its floor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import torch
from torch import Tensor

from symgan.empirical import data
from symgan.empirical.data.seeds import stream
from symgan.empirical.data.source import Source
from symgan.empirical.ensemble.settings import Settings
from symgan.empirical.metrics import wasserstein
from symgan.errors import BadData

METRICS: Final = {
    "table1": "exact Wasserstein distance of order 1, Euclidean, between two samples",
    "table2": "Fréchet distance of the features of a classifier of digits",
}

Distance = Callable[[Tensor, Tensor], float]
"""Between generated and real points, (n, dimension) each."""


def versions() -> dict[str, str]:
    """What else decides the last digits of the numbers."""
    from symgan import __version__

    return {"symgan": __version__, "torch": torch.__version__}


def source(name: str, settings: Settings) -> Source:
    """A data set by its name, with the options in the settings."""
    return data.named(name, **settings.data)


def shape_of(datasets: Sequence[str], settings: Settings) -> tuple[int, ...]:
    """The shape of a point, which all data sets of a study share.

    Raises:
        BadData: they do not.
        UnknownName: an unknown data set.
    """
    shapes = {name: tuple(source(name, settings).shape) for name in datasets}
    if len(set(shapes.values())) > 1:
        told = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise BadData(f"data sets of different shapes cannot stand in one study: {told}")
    return next(iter(shapes.values()))


def real_points(found: Source, evaluation: int, seed: int, count: int, which: str) -> Tensor:
    """A sample of the data that generated points are held against, (count, dimension).

    It depends on the data set and the member's seed alone, so that the orders of one seed are
    measured against the same points, and replicates against points of their own.

    Args:
        found: the data set.
        evaluation: the study's seed of evaluation.
        seed: the member's.
        count: how many points.
        which: ``real``, or another word for an independent sample.
    """
    generator = stream(evaluation, f"{which}:{found.name}", seed)
    points = found.sample(count, generator, torch.float64, torch.device("cpu"))
    return points.reshape(count, -1)


def distance(table: str, shape: tuple[int, ...]) -> Distance:
    """The distance that a table is made of.

    Raises:
        MissingExtra: what computes it is not installed.
    """
    if table == "table1":
        return lambda made, real: float(wasserstein(made, real))
    from symgan.empirical.metrics import digit_features, fid

    features = digit_features()

    def frechet(made: Tensor, real: Tensor) -> float:
        one, other = (features(points.reshape(-1, *shape).float()) for points in (made, real))
        return max(0.0, float(fid(one, other)))  # rounding may leave a distance of 0 negative

    return frechet

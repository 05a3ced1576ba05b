"""Figures of a study of images: what its GANs make at the end, and what one makes on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from symgan.errors import BadData
from symgan.report.studies import Mosaic, mosaics

if TYPE_CHECKING:
    from symgan.empirical.study.design import Study
    from symgan.empirical.study.results import Samples

IMAGES: Final = "images"
"""What every GAN makes in every order at the end."""
TIMES: Final = "figure4"
"""What one GAN makes at the first snapshot and the last: figure 4 of the dynamic paper, which shows
MNIST after 5,000 and 30,000 iterations and names no loss."""
SHOWN: Final = "Unsat. BCE"
_TARGET: Final = 1000
"""Points of the data that are drawn, or looked at."""
_DIGITS: Final = "digits"
"""The data set that a classifier is there for."""


def images_figure(samples: Samples, *, seed: int | None = None) -> Any:
    """Images at the end of training, a row a GAN, a column an order, the data last.

    Args:
        samples: of a study of one data set of gray images.
        seed: of the members shown; the study's first unless given.

    Raises:
        BadData: a study of something else, or without the seed.
    """
    study, shown = _of(samples, seed)
    rows = {gan: (gan, -1) for gan in study.gans}
    return _figure(
        samples, rows, shown, f"{study.datasets[0]}, seed {shown}, at the end of training"
    )


def times_figure(samples: Samples, *, seed: int | None = None) -> Any:
    """Images of the plain GAN at the first snapshot and the last, a column an order.

    Raises:
        BadData: as `images_figure`, or a study without the GAN.
    """
    study, shown = _of(samples, seed)
    if SHOWN not in study.gans:
        raise BadData(f"this figure shows {SHOWN}, which the study does not train")
    last, count = study.settings.iterations, study.snapshots
    unit = f"{study.unit}s" if study.unit != "decision" else "iterations"
    rows = {f"{last * k // count:,} {unit}": (SHOWN, k - 1) for k in sorted({1, count})}
    title = f"{SHOWN} on {study.datasets[0]}, seed {shown} (as figure 4, which is of MNIST)"
    return _figure(samples, rows, shown, title)


def gray(study: Study) -> bool:
    """Whether a study is of one data set of gray images."""
    shape = study.shape()
    return len(study.datasets) == 1 and len(shape) >= 2 and shape[:-2] in ((), (1,))


def data_points(study: Study, data: str, seed: int) -> NDArray[np.float64]:
    """Points of the data, (n, dimension)."""
    from symgan.empirical.study.measuring import real_points, source

    found = source(data, study.settings)
    return real_points(found, study.evaluation, seed, _TARGET, "target").numpy()


def _of(samples: Samples, seed: int | None) -> tuple[Study, int]:
    study = samples.study
    if not gray(study):
        raise BadData("this figure shows one data set of gray images; the study has another")
    return study, study.seeds[0] if seed is None else seed


def _figure(samples: Samples, rows: dict[str, tuple[str, int]], seed: int, title: str) -> Any:
    """A row a name, of a GAN at the snapshot of a number; a column an order, the data last."""
    from symgan.empirical.study.tables import NAMES

    study, data, kinds = samples.study, samples.study.datasets[0], _kinds(samples.study)

    def mosaic(points: NDArray[np.floating], missing: str = "") -> Mosaic:
        note = kinds(points) if np.isfinite(points).all() else ""
        return Mosaic(points.reshape(-1, *study.shape()[-2:]), missing, note)

    def made(gan: str, order: str, number: int) -> Mosaic:
        missing = "diverged" if samples.finished(gan, data, order, seed) else "not there yet"
        return mosaic(samples.of(gan, data, order, seed)[number], missing)

    real = data_points(study, data, seed)
    table = {
        name: {NAMES.get(order, order): made(gan, order, number) for order in study.orders}
        | {data: mosaic(real)}
        for name, (gan, number) in rows.items()
    }
    span = float(real.min()), float(real.max())
    return mosaics(table, span, title=f"{title}\n{samples.label}")


def _kinds(study: Study) -> Callable[[NDArray[np.floating]], str]:
    """Says how many kinds of digits are among images; nothing of other data."""
    if study.datasets != (_DIGITS,):
        return lambda points: ""
    import torch

    from symgan.empirical.metrics import classes_reached, digit_features

    classifier, shape = digit_features(), study.shape()
    classes = len(classifier.weights[-1])

    def told(points: NDArray[np.floating]) -> str:
        images = torch.from_numpy(np.ascontiguousarray(points)).reshape(-1, *shape)
        return f"{classes_reached(classifier.classes(images), classes)} of {classes} digits"

    return told

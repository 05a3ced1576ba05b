"""The handwritten digits that ship with scikit-learn: real images without a download."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from symgan.empirical.data import folders
from symgan.empirical.data.catalog import dataset
from symgan.empirical.data.source import Images
from symgan.errors import MissingExtra

_EVERY = 5  # of each class one image in five is kept for the test


@dataset("digits", kind="images")
def digits(split: str = "train") -> Images:
    """Handwritten digits, 8 x 8 with 17 gray levels: 1,797 images that ship with scikit-learn.

    The split is fixed and needs no random numbers: within each class every fifth image in the
    file's order, from the fifth on, is for the test. So both parts hold every class in equal
    proportion.

    Args:
        split: ``train``, ``test`` or ``all``.

    Returns:
        Images of shape (1, 8, 8), labels 0 ... 9.

    Raises:
        BadData: an unknown split.
        MissingExtra: scikit-learn is not installed.

    >>> len(digits()) + len(digits("test")) == len(digits("all")) == 1797
    True

    Source: Alpaydin and Kaynak 1998, Optical recognition of handwritten digits (UCI).
    """
    folders.choose(split, ("train", "test", "all"), "digits")
    bunch = _load()
    pixels = np.asarray(bunch.images).astype(np.uint8)[:, None]
    labels = np.asarray(bunch.target, dtype=np.int64)
    chosen = {"all": np.ones(len(labels), bool), "test": held_out(labels)}
    keep = chosen[split] if split in chosen else ~held_out(labels)
    return Images("digits", torch.from_numpy(pixels[keep]), torch.from_numpy(labels[keep]), 16)


def held_out(labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which images are kept for the test: of each class the fifth, the tenth, and so on.

    >>> held_out(np.array([0, 1, 0, 0, 0, 0, 1, 0])).nonzero()[0].tolist()  # the fifth 0
    [5]
    """
    held = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        held[np.flatnonzero(labels == label)[_EVERY - 1 :: _EVERY]] = True
    return held


def _load() -> Any:
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise MissingExtra("scikit-learn", "torch", "the data set digits") from error
    return load_digits()

r"""The features that need no download: a classifier trained on scikit-learn's digits."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import cast

import torch

from symgan.cache import Cache, user_cache
from symgan.empirical import data
from symgan.empirical.data.source import Images
from symgan.empirical.metrics import classifier
from symgan.empirical.metrics.classifier import Classifier, Training, train


def digit_features(training: Training | None = None, cache: Cache | None = None) -> Classifier:
    """The classifier of 8 x 8 digits, trained in about two seconds or found in the cache.

    It is trained on the ``train`` part of the digits and its accuracy measured on the ``test``
    part. What is kept stands under a digest of the images, the training, this code and the
    version of PyTorch.

    Args:
        training: seed, sizes and steps.
        cache: where it is kept; the user's cache where none is given.

    Raises:
        MissingExtra: scikit-learn is not installed.
        BadData: the cache cannot be used; the message says what to do.
    """
    chosen = training or Training()
    shown, held_out = (_digits(split) for split in ("train", "test"))
    kept = cache or user_cache()
    key = _key(chosen, shown, held_out)
    found = kept.find(key)
    if found is None:
        found = train(*_labelled(shown), _labelled(held_out), chosen)
        kept.keep(key, found)
    return cast(Classifier, found)


def _digits(split: str) -> Images:
    found = data.named("digits", split=split)
    assert isinstance(found, Images)
    return found


def _labelled(images: Images) -> tuple[torch.Tensor, torch.Tensor]:
    """All images in [-1, 1], and their classes."""
    assert images.labels is not None
    return images.take(torch.arange(len(images)), torch.float64), images.labels.long()


def _key(training: Training, *sets: Images) -> str:
    """A digest of everything that decides the weights."""
    digest = sha256(f"{training}\0{torch.__version__}\0".encode())
    digest.update(Path(classifier.__file__).read_bytes())
    for images in sets:
        _, labels = _labelled(images)
        digest.update(images.pixels.numpy().tobytes() + labels.numpy().tobytes())
    return digest.hexdigest()

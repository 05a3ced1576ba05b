"""Regularizers, one file a family: functions ``(game, weight, **options) -> Game``."""

from __future__ import annotations

import sys

from symgan.catalog import Regularizer, RegularizerMark, lookup, marked
from symgan.regularizers.entropy import entropy
from symgan.regularizers.gradient_norm import gradient_norm
from symgan.regularizers.noise import f_gan_noise, instance_noise, js_noise
from symgan.regularizers.normalization import clip, spectral_normalization
from symgan.regularizers.penalties import r1, r2, weight_decay, wgan_gp

__all__ = [
    "catalog",
    "clip",
    "entropy",
    "f_gan_noise",
    "gradient_norm",
    "instance_noise",
    "js_noise",
    "named",
    "r1",
    "r2",
    "spectral_normalization",
    "weight_decay",
    "wgan_gp",
]


def catalog() -> dict[str, Regularizer]:
    """All regularizers by name.

    >>> {"r1", "weight-decay"} <= set(catalog())
    True
    """
    return marked(sys.modules[__name__], RegularizerMark)


def named(name: str) -> Regularizer:
    """The regularizer of this name.

    Raises:
        UnknownName: no regularizer carries the name.
    """
    return lookup(sys.modules[__name__], RegularizerMark, "regularizer", name)

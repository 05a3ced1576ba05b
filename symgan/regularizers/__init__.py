"""Regularizers, one file a family: functions ``(game, weight, **options) -> Game``."""

from __future__ import annotations

import sys

from symgan.catalog import Regularizer, RegularizerMark, lookup, marked
from symgan.regularizers.penalties import r1, r2, weight_decay, wgan_gp

__all__ = ["catalog", "named", "r1", "r2", "weight_decay", "wgan_gp"]


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

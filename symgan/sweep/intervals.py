r"""Random initial discriminators: named distributions of two intervals on the line.

Every distribution is a function of four uniform numbers, so that two of them started from one
seed see the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from symgan.errors import BadData, UnknownName

Floats = NDArray[np.float64]

NUMBERS = 4
"""Uniform numbers that one discriminator takes."""
DATA = 2.0
"""Half the width of the range in which `narrow` and `wide` place what lies inside."""


FIXED = "fixed"


def _uniform(u: Floats, a: float) -> Floats:
    return np.sort(a * (2 * u - 1), axis=-1)


def _normal(u: Floats, s: float) -> Floats:
    radius = np.sqrt(-2 * np.log1p(-u[..., :2]))  # Box and Muller; 1 - u is never 0
    angle = 2 * np.pi * u[..., 2:]
    pairs = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
    return np.sort(s * pairs, axis=-1)


def _pairs(u: Floats, a: float) -> Floats:
    x = a * (2 * u - 1)
    return np.concatenate([np.sort(x[..., :2], axis=-1), np.sort(x[..., 2:], axis=-1)], axis=-1)


def _narrow(u: Floats, w: float) -> Floats:
    centers = _uniform(u[..., :2], DATA)
    apart = (centers[..., 1] - centers[..., 0]) / 2
    half = np.minimum(w * u[..., 2:] / 2, apart[..., None])
    ends = np.stack([centers - half, centers + half], axis=-1)
    return np.sort(ends.reshape(*u.shape[:-1], 4), axis=-1)


def _wide(u: Floats, a: float) -> Floats:
    inner = _uniform(u[..., :2], DATA)
    left, right = -DATA - a * u[..., 2:3], DATA + a * u[..., 3:4]
    return np.concatenate([left, inner, right], axis=-1)


_KINDS: Mapping[str, tuple[Callable[[Floats, float], Floats], str]] = {
    "uniform": (_uniform, "four numbers uniform on [-a, a], sorted to l1, r1, l2, r2"),
    "normal": (_normal, "four normal numbers of standard deviation a, sorted to l1, r1, l2, r2"),
    "pairs": (_pairs, "two pairs uniform on [-a, a], each sorted alone; they may overlap"),
    "narrow": (_narrow, "two centers uniform on [-2, 2], widths uniform on [0, a], no overlap"),
    "wide": (_wide, "outer ends up to a beyond -2 and 2, inner ends uniform on [-2, 2], sorted"),
}


@dataclass(frozen=True)
class Intervals:
    r"""A distribution of initial intervals, written ``kind:a`` or ``fixed:l1,r1,l2,r2``.

    Args:
        kind: one of `Intervals.kinds()`, or ``fixed``, which draws nothing.
        numbers: the number a, positive; or the four ends.

    Raises:
        UnknownName: no distribution carries the name.
        BadData: a scale that is not positive, or ends that are no two ordered pairs.

    >>> str(Intervals.parse("uniform:2"))
    'uniform:2'
    """

    kind: str
    numbers: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if self.kind == FIXED:
            _check_ends(self.numbers)
            return
        if self.kind not in _KINDS:
            known = ", ".join((*_KINDS, FIXED))
            raise UnknownName(f"no distribution of intervals is called {self.kind!r}; try {known}")
        if len(self.numbers) != 1 or self.numbers[0] <= 0:
            given = ",".join(map(str, self.numbers))
            raise BadData(f"the scale {given} of the intervals is not positive; write uniform:2")

    @classmethod
    def parse(cls, text: str) -> Intervals:
        """From ``kind:a``, a being a decimal or a fraction, 2 unless given; or from fixed ends.

        Raises:
            UnknownName, BadData: as the class; or what should be a number is none.
        """
        kind, _, rest = text.partition(":")
        return cls(kind, tuple(_number(part, text) for part in (rest or "2").split(",")))

    @staticmethod
    def kinds() -> dict[str, str]:
        """What there is to draw: name -> what it draws, given a."""
        return {name: meaning for name, (_, meaning) in _KINDS.items()}

    @property
    def random(self) -> bool:
        """Whether anything is drawn."""
        return self.kind != FIXED

    @property
    def overlapping(self) -> bool:
        """Whether the two intervals may overlap from the start."""
        return self.kind == "pairs" or (not self.random and self.numbers[1] > self.numbers[2])

    def __str__(self) -> str:
        return f"{self.kind}:{','.join(map(str, self.numbers))}"

    def draw(self, u: Floats) -> Floats:
        """Discriminators from uniform numbers.

        Args:
            u: array (..., 4), uniform on [0, 1).

        Returns:
            Array (..., 4): l1, r1, l2, r2.

        >>> Intervals.parse("pairs:1").draw(np.array([0.75, 0.25, 0.5, 0.0])).tolist()
        [-0.5, 0.5, -1.0, 0.0]
        """
        u = np.asarray(u, dtype=float)
        if not self.random:
            return np.broadcast_to(np.array([float(x) for x in self.numbers]), u.shape)
        return _KINDS[self.kind][0](u, float(self.numbers[0]))


def _number(part: str, text: str) -> Fraction:
    try:
        return Fraction(part)
    except (ValueError, ZeroDivisionError) as error:
        raise BadData(f"{part!r} in {text!r} is not a finite number; write uniform:2") from error


def _check_ends(ends: tuple[Fraction, ...]) -> None:
    if len(ends) != 4:
        raise BadData(f"{len(ends)} ends of two intervals; write fixed:l1,r1,l2,r2")
    for left, right in (ends[:2], ends[2:]):
        if left > right:
            raise BadData(f"the interval from {left} to {right} is not sorted; swap its ends")

r"""Bifurcation diagrams: the last states of orbits, and their period by a stated criterion.

The period is the smallest p, up to half of what is kept, with
:math:`\max_k \|x_{k+p} - x_k\|_\infty \le t\,(1 + \max_k \|x_k\|_\infty)` over the states kept;
0 where there is none. It says what is seen at this tolerance t, not that a periodic orbit exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from symgan.errors import BadData
from symgan.sweep.declaration import Variable
from symgan.sweep.measures import COORDINATE, Measure, Results, require_positive, require_whole
from symgan.sweep.models import Model
from symgan.sweep.orbits import Floats, Orbits, Whole


@dataclass(frozen=True)
class Tail(Measure):
    """The last states of an orbit.

    Args:
        steps: how long orbits are followed.
        keep: how many last states are kept.
        tolerance: t of the period.
        bound: a Euclidean norm beyond which an orbit has escaped; it then has no last states.

    Raises:
        BadData: numbers out of their ranges.

    >>> Tail(1000, keep=32).settings()["keep"]
    32
    """

    kind: ClassVar[str] = "bifurcation"

    keep: int = 64
    tolerance: float = 1e-6
    bound: float = 1e6

    def __post_init__(self) -> None:
        super().__post_init__()
        require_whole(self.keep, "keep", 2)
        require_positive(self.tolerance, "tolerance")
        require_positive(self.bound, "bound")
        if self.keep > self.steps:
            raise BadData(f"an orbit of {self.steps} steps has no {self.keep} last states")

    def variables(self, models: Sequence[Model]) -> tuple[Variable, ...]:
        """The last states, their period, and when an orbit escaped."""
        state = {COORDINATE: len(models[0].visible)}
        return (
            Variable("tail", {"kept": self.keep} | state, "float64", "the last states, in order"),
            Variable("period", {}, "int64", "within the tolerance; 0: none up to half of kept"),
            Variable("left", {}, "int64", "the step at which the norm passed the bound, or -1"),
        )

    def unknown(self, found: Results, where: NDArray[np.bool_]) -> None:
        """As `Measure.unknown`."""
        found["tail"][where] = np.nan
        for name, none in (("period", 0), ("left", -1)):
            found[name][where] = none

    def results(self, orbits: Orbits, start: Floats) -> Results:
        """The variables of some orbits."""
        before = self.steps - self.keep
        ahead = orbits.extremes(start, before, self.bound)
        pieces = list(orbits.path(ahead.final, self.keep, before, self.bound))
        path = np.concatenate(pieces)[1:]
        with np.errstate(over="ignore", invalid="ignore"):
            inside = np.sqrt((path**2).sum(axis=-1)) <= self.bound
        outside = np.where(inside.all(axis=0), -1, before + 1 + np.argmin(inside, axis=0))
        left = np.where(ahead.left >= 0, ahead.left, outside)
        seen = np.where((left >= 0)[None, :, None], np.nan, orbits.seen(path))
        return {
            "tail": np.moveaxis(seen, 0, 1),
            "period": np.where(left >= 0, 0, period(seen, self.tolerance)),
            "left": left,
        }


def period(path: Floats, tolerance: float) -> Whole:
    """The smallest period of paths (steps, cells, n) within a tolerance; 0 where there is none.

    >>> path = np.array([1.0, -1.0, 1.0, -1.0]).reshape(4, 1, 1)
    >>> period(path, 1e-9).tolist()
    [2]
    """
    count = len(path)
    size = 1 + np.abs(path).max(axis=(0, 2))
    found = np.zeros(path.shape[1], dtype=np.int64)
    for p in range(count // 2, 0, -1):
        gap = np.abs(path[p:] - path[:-p]).max(axis=(0, 2))
        found[gap <= tolerance * size] = p
    return found

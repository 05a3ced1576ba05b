r"""Basins of attraction: near which of some given points an orbit ends, by a stated criterion.

An orbit belongs to a point where, over the last ``hold`` steps, every visible coordinate stays
within ``radius`` of it; it has escaped where its norm passed ``bound`` or is no number. This is
a criterion on finitely many floating-point steps: no proof that the point attracts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from symgan.errors import BadData
from symgan.sweep.declaration import Variable
from symgan.sweep.measures import Measure, Results, final, require_positive, require_whole
from symgan.sweep.models import Model
from symgan.sweep.orbits import Floats, Orbits

NONE, ESCAPED, FIRST = 0, 1, 2
"""Codes: no point, escaped, and the first of the points."""


@dataclass(frozen=True)
class Basins(Measure):
    """Which point an orbit ends at.

    Args:
        steps: how long orbits are followed.
        points: the candidates, each the visible coordinates in order.
        radius: of the balls (in the maximum norm) that count as arrival.
        hold: over how many last steps an orbit has to stay there.
        bound: a Euclidean norm beyond which an orbit has escaped.

    Raises:
        BadData: no points, balls that meet, more steps to hold than there are.

    >>> Basins(100, points=((0.0, 0.0),)).names
    ('none', 'escaped', '(0, 0)')
    """

    kind: ClassVar[str] = "basins"

    points: tuple[tuple[float, ...], ...] = ()
    radius: float = 1e-3
    hold: int = 20
    bound: float = 1e6

    def __post_init__(self) -> None:
        super().__post_init__()
        require_whole(self.hold, "hold", 1)
        require_positive(self.radius, "radius")
        require_positive(self.bound, "bound")
        if self.hold > self.steps:
            raise BadData(f"an orbit of {self.steps} steps cannot hold for {self.hold}")
        points = tuple(tuple(float(x) for x in point) for point in self.points)
        object.__setattr__(self, "points", points)
        _require_apart(points, self.radius)

    @property
    def names(self) -> tuple[str, ...]:
        """What the codes of ``basin`` mean, in order."""
        return ("none", "escaped", *(f"({', '.join(f'{x:g}' for x in p)})" for p in self.points))

    def variables(self, models: Sequence[Model]) -> tuple[Variable, ...]:
        """The code of the basin, the last state and its distance from the nearest point."""
        for model in models:
            if any(len(point) != len(model.visible) for point in self.points):
                raise BadData(
                    f"a point to end at needs {len(model.visible)} coordinates: "
                    f"{', '.join(model.visible)}"
                )
        coded = ", ".join(f"{code} {name}" for code, name in enumerate(self.names))
        return (
            Variable("basin", {}, "uint8", coded),
            final(models),
            Variable("distance", {}, "float64", "of the last state from the nearest point"),
        )

    def unknown(self, found: Results, where: NDArray[np.bool_]) -> None:
        """As `Measure.unknown`."""
        found["basin"][where] = NONE
        for name in ("final", "distance"):
            found[name][where] = np.nan

    def results(self, orbits: Orbits, start: Floats) -> Results:
        """The variables of some orbits."""
        before = orbits.extremes(start, self.steps - self.hold, self.bound)
        near = np.ones((len(self.points), len(start)), dtype=bool)
        gone, x = before.left >= 0, before.final
        goals = np.array(self.points)[:, None, :]
        for piece in orbits.path(x, self.hold, self.steps - self.hold, self.bound):
            with np.errstate(over="ignore", invalid="ignore"):
                gone |= ~(np.sqrt((piece**2).sum(axis=-1)) <= self.bound).all(axis=0)
                for state in orbits.seen(piece):
                    near &= (np.abs(state - goals) <= self.radius).all(axis=-1)
            x = piece[-1]
        basin = np.full(len(start), NONE, dtype=np.uint8)
        for i, here in enumerate(near):
            basin[here] = FIRST + i
        basin[gone] = ESCAPED
        seen = orbits.seen(np.where((before.left >= 0)[:, None], before.final, x))
        with np.errstate(over="ignore", invalid="ignore"):
            distance = np.abs(seen - goals).max(axis=-1).min(axis=0)
        return {"basin": basin, "final": seen, "distance": distance}


def _require_apart(points: Sequence[tuple[float, ...]], radius: float) -> None:
    if not points:
        raise BadData("no points to end at; give at least one")
    if len(points) > 250:
        raise BadData(f"{len(points)} points to end at; give at most 250")
    if not np.isfinite(np.concatenate([np.array(point) for point in points])).all():
        raise BadData("a point to end at is not finite")
    for one, other in combinations(points, 2):
        if max((abs(a - b) for a, b in zip(one, other, strict=False)), default=0) <= 2 * radius:
            raise BadData(f"the balls of radius {radius} around {one} and {other} meet; shrink it")

r"""Whether orbits converge to the origin, stay, or grow, told from two halves of a run.

With :math:`m_1` and :math:`m_2` the largest norms in the first and the second half of N steps,

* *converges*: :math:`m_2 \le m_1 / f`, for a factor f;
* *grows*: :math:`m_2 \ge f\,m_1`, or the norm passes a bound or is no number;
* *stays*: :math:`m_2` and :math:`m_1` differ by a small share b at most;
* otherwise *undecided*: N is too small to tell, or neither is the case.

These are criteria, not proofs. :math:`(m_2/m_1)^{2/N}` estimates the spectral radius.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from symgan.errors import BadData
from symgan.sweep.declaration import Variable
from symgan.sweep.measures import Measure, Results, require_positive, require_whole
from symgan.sweep.models import Model
from symgan.sweep.orbits import Floats, Orbits

UNDECIDED, CONVERGES, STAYS, GROWS = range(4)
OUTCOMES = ("undecided", "converges", "stays", "grows")


@dataclass(frozen=True)
class Growth(Measure):
    r"""Convergence to the origin; `Model.centered` moves another point there.

    Args:
        steps: N, at least 2.
        factor: f, above 1.
        band: b, above 0.
        bound: a norm beyond which an orbit grows.

    Raises:
        BadData: numbers out of these ranges.

    >>> Growth(1000).settings()["factor"]
    1000.0
    """

    kind: ClassVar[str] = "growth"

    factor: float = 1e3
    band: float = 1e-2
    bound: float = 1e6

    def __post_init__(self) -> None:
        require_whole(self.steps, "steps", 2)
        for name in ("factor", "band", "bound"):
            require_positive(getattr(self, name), name)
        if not self.factor > 1 + self.band:
            raise BadData(f"factor = {self.factor} does not exceed 1 + band = {1 + self.band}")

    def variables(self, models: Sequence[Model]) -> tuple[Variable, ...]:
        """The outcome, the ratio it is told from, and when an orbit left."""
        del models
        coded = ", ".join(f"{code} {name}" for code, name in enumerate(OUTCOMES))
        return (
            Variable("outcome", {}, "uint8", coded),
            Variable("ratio", {}, "float64", "largest norm of the second half over the first's"),
            Variable("left", {}, "int64", "the step at which the norm passed the bound, or -1"),
        )

    def labels(self, models: Sequence[Model]) -> dict[str, tuple[str, ...]]:
        """None: nothing has a further dimension."""
        del models
        return {}

    def unknown(self, found: Results, where: NDArray[np.bool_]) -> None:
        """As `Measure.unknown`."""
        found["outcome"][where] = UNDECIDED
        found["ratio"][where] = np.nan
        found["left"][where] = -1

    def results(self, orbits: Orbits, start: Floats) -> Results:
        """The variables of some orbits."""
        half = self.steps // 2
        one = orbits.extremes(start, half, self.bound)
        two = orbits.extremes(one.final, self.steps - half, self.bound, first=half)
        left = np.where(one.left >= 0, one.left, two.left)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            ratio = two.largest / one.largest
        ratio = np.where(one.largest == 0, 1.0, ratio)
        ratio = np.where(left >= 0, np.inf, ratio)
        outcome = np.full(len(start), UNDECIDED, dtype=np.uint8)
        outcome[ratio <= 1 / self.factor] = CONVERGES
        outcome[(ratio >= 1 / (1 + self.band)) & (ratio <= 1 + self.band)] = STAYS
        outcome[ratio >= self.factor] = GROWS
        return {"outcome": outcome, "ratio": ratio, "left": left}

    def rate(self, ratio: Floats) -> Floats:
        r"""The estimate :math:`(m_2/m_1)^{2/N}` of the spectral radius.

        >>> round(float(Growth(200).rate(np.array(0.9**100))), 12)
        0.9
        """
        return np.asarray(ratio) ** (1 / (self.steps // 2))

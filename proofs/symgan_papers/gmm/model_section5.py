r"""The experiment of section 5: its stored outcomes, and a plain simulation of a few runs.

The simulation knows no code of the sweeps: it steps (9)-(11) in float64 from the ends on, with
densities written out, and measures the total variation by the trapezoidal rule.

Intervals are Wilson's, over runs: the cells of a grid are fixed, the discriminators of a cell are
drawn independently. Such a stratified mean varies less than the pooled interval says. They speak
of the mean over these cells, not of other means.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, by_numbers
from symgan.data.gmm_maps import Outcomes, stored_map
from symgan.stats import wilson

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Floats: TypeAlias = "NDArray[np.float64]"
Flags: TypeAlias = "NDArray[np.bool_]"
Place = Mapping[str, Any]
PRINTED, UNHALVED = 0.1, 0.05
"""The threshold of the total variation (3) as printed; what it is for the L1 distance."""
MAPS = ("first-order", "unrolled", "optimal")


@dataclass(frozen=True)
class Share:
    """So many of so many runs, with Wilson's interval, at 95 per cent unless told."""

    hits: int
    runs: int
    level: float = 0.95

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return float(wilson(self.hits, self.runs, self.level).low)

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return float(wilson(self.hits, self.runs, self.level).high)

    def among(self, others: int) -> Share:
        """The same with an interval that holds for all of so many at once (Bonferroni)."""
        return Share(self.hits, self.runs, 1 - (1 - self.level) / others)

    def __str__(self) -> str:
        part = 100 * self.hits / self.runs
        return (
            f"{self.hits} of {self.runs} ({part:.2f} per cent; {100 * self.level:.4g} per cent: "
            f"{100 * self.low:.2f} to {100 * self.high:.2f})"
        )


def share(flags: Flags) -> Share:
    """How many of some runs."""
    return Share(int(flags.sum()), int(flags.size))


def successes(name: str, threshold: float, *, diagonal: bool) -> Flags:
    """Success of the runs from equal means, or of all others; (cells, draws)."""
    outcomes = stored_map(name)
    return outcomes.success(threshold)[_cells(outcomes, diagonal)]


def merged_from_equal(name: str) -> Flags:
    """Whether runs from equal means end with merged means, (cells, draws)."""
    outcomes = stored_map(name)
    return outcomes.merged[_cells(outcomes, True)]


def _cells(outcomes: Outcomes, diagonal: bool) -> Flags:
    equal = outcomes.means[:, 0] == outcomes.means[:, 1]
    return equal if diagonal else ~equal


def in_doubt(
    statement: Any,
    measures: Mapping[Symbol, Any],
    *found: str,
    kind: str = "counted:numpy",
    instead: Any = None,
) -> Examination:
    """A statement on probabilities, of which no exact value is known, held against counts.

    Where the counts contradict it, `instead` is what they support.
    """
    k = Symbol("k", integer=True, positive=True)
    unknown = {name: sp.Limit(sp.Function("p")(k), k, sp.oo) for name in measures}
    numbers = {name: (lambda s, of=of: mpmath.mpf(of())) for name, of in measures.items()}
    second = by_numbers(numbers, points=({},), kind=kind)
    steps = tuple(Step(text) for text in found)
    return Examination(statement, unknown, second, amendment=instead, steps=steps)


def above(name: Symbol, found: Share, bound: Rational, what: str) -> Examination:
    """That a probability exceeds a bound; open where the interval holds the bound."""
    return in_doubt(
        name > bound,
        {name: lambda: nearest(found, bound)},
        f"{what}: {found}",
        instead=name < bound if found.high < bound else None,
    )


def nearest(found: Share, bound: Any) -> float:
    """The end of the interval next to a bound; not a number where the bound lies inside."""
    if found.low > bound:
        return found.low
    return found.high if found.high < bound else math.nan


def projected(chain: Floats) -> Floats:
    """The nearest increasing chains: the largest, over a <= i, of least means of a to b >= i."""
    import numpy as np

    n = chain.shape[1]

    def mean(first: int, last: int) -> Any:
        return chain[:, first : last + 1].sum(axis=1) / (last - first + 1)

    def place(i: int) -> Any:
        lows = [np.min([mean(a, b) for b in range(i, n)], axis=0) for a in range(i + 1)]
        return np.max(lows, axis=0)

    return np.stack([place(i) for i in range(n)], axis=1)


def repaired(before: Floats, after: Floats, repair: str) -> Floats:
    """Ends l1, r1, l2, r2 after a step: as they are, clamped, or frozen where closed before."""
    import numpy as np

    if repair == "literal":
        return after
    free = projected(after)
    if repair == "clamped":
        return free
    one, two = (before[:, k : k + 1] == before[:, k + 1 : k + 2] for k in (0, 2))
    left, right = before[:, :2], before[:, 2:]
    lower = np.where(two, np.minimum(projected(after[:, :2]), right), free[:, :2])
    upper = np.where(one, np.maximum(projected(after[:, 2:]), left), free[:, 2:])
    return np.concatenate([np.where(one, left, lower), np.where(two, right, upper)], axis=1)


def bell(y: Any) -> Any:
    """The normal density."""
    import numpy as np

    return np.exp(-y * y / 2) / np.sqrt(2 * np.pi)


def simulate(
    starts: Floats, steps: int, eta: float = 0.3, truth: tuple[float, float] = (-0.5, 0.5),
    *, repair: str = "literal",
) -> Floats:  # fmt: skip
    """Final states of (9)-(11): (runs, 6), in the order mu1, mu2, l1, l2, r1, r2."""
    import numpy as np

    means, ends = starts[:, :2].copy(), starts[:, [2, 4, 3, 5]]  # l1, r1, l2, r2
    outward = np.array([-1.0, 1.0, -1.0, 1.0])
    for _ in range(steps):
        made = bell(ends[:, :, None] - means[:, None, :])
        true = sum(bell(ends - c) for c in truth) / 2
        moved = ends + eta * outward * (true - made.mean(axis=2))
        means = means - eta / 2 * (outward[:, None] * made).sum(axis=1)
        ends = repaired(ends, moved, repair)
    return np.concatenate([means, ends[:, [0, 2, 1, 3]]], axis=1)


def distance(means: Floats, truth: tuple[float, float] = (-0.5, 0.5)) -> Floats:
    """The total variation by the trapezoidal rule, off by less than 1e-4; (runs,)."""
    import numpy as np

    grid = np.arange(-12.0, 12.0, 0.01)

    def mixture(centers: Any) -> Any:
        return np.exp(-((grid - np.asarray(centers)[..., None]) ** 2) / 2).mean(axis=-2)

    gaps = [np.abs(mixture(truth) - mixture(pair)).sum() for pair in means]
    return np.array(gaps) * 0.01 / np.sqrt(2 * np.pi) / 2


@cache
def sample_starts(seed: int, count: int, *, equal: bool = False) -> Floats:
    """Means uniform on [-1, 1]^2, four ends uniform on [-2, 2], sorted."""
    import numpy as np

    draw = np.random.default_rng(seed)
    means = draw.uniform(-1, 1, (count, 2))
    if equal:
        means[:, 1] = means[:, 0]
    l1, r1, l2, r2 = np.sort(draw.uniform(-2, 2, (count, 4)), axis=1).T
    return np.column_stack([means, l1, l2, r1, r2])

r"""Failure maps of mixture GANs: which starts reach the truth, under which dynamics.

Two Gaussians learn two Gaussians from a grid of initial means and many random discriminators a
cell. What the experiment leaves open has names: the distribution of the intervals
(`symgan.sweep.intervals`), the dynamics (`symgan.sweep.dynamics`) and what happens where the ends
of an interval cross (`symgan.rules.ordering`).

Source: Li et al. 2018, "On the limitations of first-order approximation in GAN dynamics",
section 5.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.errors import BadData
from symgan.sweep.declaration import Declaration, Variable
from symgan.sweep.design import nodes, product, stream
from symgan.sweep.dynamics import BACKENDS, OPTIMAL, REPAIRS, Dynamics, follower
from symgan.sweep.intervals import NUMBERS, Intervals

Floats = NDArray[np.float64]

BLOCK = 4096
"""Trajectories of a chunk, about: few enough to stay in the cache while they are followed."""
WINDOW = 100
"""Over so many last steps it is judged whether a trajectory still moves."""
EXPERIMENT = "mixture map"
_GRID = re.compile(r"(\d+) x \1 on \[(.+), (.+)\]")
STATE = ("mu1", "mu2", "l1", "l2", "r1", "r2")


@dataclass(frozen=True)
class MixtureMap:
    r"""The declaration of a failure map; any backend that knows its dynamics can run it.

    Args:
        dynamics: as `Dynamics.parse` reads it, such as ``first-order`` or ``unrolled:steps=5``.
        intervals: the distribution of the initial intervals, such as ``uniform:2``.
        repair: what happens where ends would cross: literal (nothing), clamped or frozen.
        count: nodes a side of the grid of initial means.
        low, high: the ends of the grid.
        draws: runs a cell; 1 where nothing is drawn.
        iterations: steps.
        eta: the step of both players.
        truth: the true means.
        seed: of everything random.
        backend: what computes the steps: numpy, or jit, which is many times as fast and gives the
            same bits on every machine. The optimal discriminator has no other than numpy.

    Raises:
        BadData: no draws, no steps, an empty grid, means that are not finite, a step that is not
            positive, an unknown repair or backend.
        UnknownName: no dynamics or distribution of that name.

    >>> MixtureMap(count=3, draws=2).settings()["grid"]
    '3 x 3 on [-1, 1]'
    """

    dynamics: str = "first-order"
    intervals: str = "uniform:2"
    repair: str = "literal"
    count: int = 41
    low: Fraction = Fraction(-1)
    high: Fraction = Fraction(1)
    draws: int = 120
    iterations: int = 3000
    eta: Fraction = Fraction(3, 10)
    truth: tuple[Fraction, Fraction] = (Fraction(-1, 2), Fraction(1, 2))
    seed: int = 0
    backend: str = "numpy"

    def __post_init__(self) -> None:
        for name in ("low", "high", "eta"):
            object.__setattr__(self, name, finite(getattr(self, name), name))
        truth = tuple(finite(mean, "a true mean") for mean in self.truth)
        object.__setattr__(self, "truth", truth)
        parsed = Dynamics.parse(self.dynamics)
        object.__setattr__(self, "dynamics", str(parsed))
        intervals = Intervals.parse(self.intervals)
        object.__setattr__(self, "intervals", str(intervals))
        _check(self)
        if parsed.rule == OPTIMAL:
            object.__setattr__(self, "backend", BACKENDS[0])
        if parsed.repeats or not (intervals.random or parsed.noise):
            object.__setattr__(self, "draws", 1)

    @cached_property
    def means(self) -> Floats:
        """The initial means, array (cells, 2)."""
        side = nodes(self.low, self.high, self.count)
        return product(side, side)

    def starts(self, cells: slice) -> Floats:
        """Initial states (cells, draws, 6) in the order of `STATE`."""
        kind, means = Intervals.parse(self.intervals), self.means[cells]
        numbers = [stream(self.seed, "intervals", mu).random((self.draws, NUMBERS)) for mu in means]
        ends = kind.draw(np.array(numbers))[..., [0, 2, 1, 3]]  # l1, l2, r1, r2
        spread = np.broadcast_to(means[:, None, :], (len(means), self.draws, 2))
        return np.concatenate([spread, ends], axis=-1)

    def settings(self) -> dict[str, str | int | float]:
        """Everything that decides the numbers, as plain data."""
        from symgan import __version__

        return {
            "experiment": EXPERIMENT,
            "dynamics": self.dynamics,
            "intervals": self.intervals,
            "repair": self.repair,
            "grid": f"{self.count} x {self.count} on [{self.low}, {self.high}]",
            "draws": self.draws,
            "iterations": self.iterations,
            "eta": str(self.eta),
            "truth": ", ".join(map(str, self.truth)),
            "seed": self.seed,
            **({} if Dynamics.parse(self.dynamics).rule == OPTIMAL else {"backend": self.backend}),
            "window": self._window,
            "symgan": __version__,
        }

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> MixtureMap:
        """The map that a store was made with.

        Raises:
            BadData: the settings are those of another sweep.

        >>> MixtureMap.from_settings(MixtureMap(seed=3).settings()).seed
        3
        """
        found = _GRID.fullmatch(str(settings.get("grid", "")))
        if settings.get("experiment") != EXPERIMENT or found is None:
            raise BadData("the store holds another sweep; give the store of a map of mixtures")
        count, low, high = found.groups()
        one, other = str(settings["truth"]).split(", ")
        plain = ("dynamics", "intervals", "repair", "draws", "iterations", "seed")
        return cls(
            count=int(count),
            low=Fraction(low),
            high=Fraction(high),
            eta=Fraction(settings["eta"]),
            truth=(Fraction(one), Fraction(other)),
            backend=settings.get("backend", BACKENDS[0]),  # older stores name none
            **{name: settings[name] for name in plain},
        )

    def declaration(self) -> Declaration:
        """What a store of this map holds: final states, their distance and their movement."""
        means = self.means
        draw, state = {"draw": self.draws}, {"coordinate": len(STATE)}
        return Declaration(
            self.settings(),
            {"mu1": means[:, 0], "mu2": means[:, 1]},
            (
                Variable("final", draw | state, "float64", "the state after the last step"),
                Variable("tv", draw, "float64", "its total variation distance from the truth"),
                Variable(
                    "moved",
                    draw | state,
                    "float32",
                    f"the range of each coordinate over the last {self._window} steps",
                ),
            ),
            max(1, BLOCK // self.draws),
            {"coordinate": STATE},
        )

    def compute(self) -> Callable[[slice, Callable[[], None]], dict[str, NDArray[Any]]]:
        """What `symgan.sweep.run` calls; the dynamics are compiled here, once.

        Raises:
            GameError, KernelError: the rule has no formula on this game.
            MissingExtra: the backend is not installed.
        """
        from symgan.kernels.mixtures import total_variation

        follow = follower(self)

        def results(cells: slice, checkpoint: Callable[[], None]) -> dict[str, NDArray[Any]]:
            final, moved = follow(cells, self.starts(cells), checkpoint)
            tv = total_variation([float(mean) for mean in self.truth], final[..., :2])
            return {"final": final, "tv": tv, "moved": moved.astype(np.float32)}

        return results

    def at(self, **changes: Any) -> MixtureMap:
        """The same map with other settings.

        >>> MixtureMap().at(repair="clamped").repair
        'clamped'
        """
        return replace(self, **changes)

    @property
    def _window(self) -> int:
        return min(WINDOW, self.iterations)


def finite(value: Any, what: str) -> Fraction:
    """An exact number.

    Raises:
        BadData: it is no number, infinite or NaN.

    >>> finite("0.3", "eta")
    Fraction(3, 10)
    """
    try:
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError
        return Fraction(value)
    except (ValueError, TypeError, OverflowError, ZeroDivisionError) as error:
        raise BadData(f"{what} = {value} is not a finite number; write it like -0.5") from error


def _check(m: MixtureMap) -> None:
    for name, least in (("count", 2), ("draws", 1), ("iterations", 1)):
        value = getattr(m, name)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise BadData(f"{name} = {value}; give a whole number, at least {least}")
    if not m.low < m.high:
        raise BadData(f"the grid from {m.low} to {m.high} is empty; its ends must be in order")
    if m.eta <= 0:
        raise BadData(f"eta = {m.eta} is not positive")
    if len(m.truth) != 2:
        raise BadData(f"{len(m.truth)} true means; the map is of two")
    if m.repair not in REPAIRS:
        raise BadData(f"repair = {m.repair!r}; choose one of: {', '.join(REPAIRS)}")
    if m.backend not in BACKENDS:
        raise BadData(f"backend = {m.backend!r}; choose one of: {', '.join(BACKENDS)}")

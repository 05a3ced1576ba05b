"""What integration gives: states at times, events, and which members failed, why and when."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr

from symgan.kernels.errors import KernelError

FINISHED, BLEW_UP, NOT_FINITE, STEPS, SLIDES, LOST, STOPPED = range(7)
"""How a trajectory ended."""
REASONS = (
    "",
    "blew up: the step fell below the spacing of floating-point times",
    "not finite: the state overflowed or became NaN",
    "too many steps",
    "slides along, or touches, a switching surface; Filippov solutions are not computed",
    "passed a switching surface without meeting it",
    "",
)


@dataclass(frozen=True)
class Event:
    """A function of state, time and parameters whose zeros along trajectories are located.

    Attributes:
        expression: the function.
        direction: 1 for zeros where it rises, -1 where it falls, 0 for both.
        terminal: whether a trajectory ends there.
    """

    expression: Expr
    direction: int = 0
    terminal: bool = False


@dataclass(frozen=True, eq=False)
class Hits:
    """Where trajectories met one event, in order of member and time.

    Attributes:
        members: number of the trajectory in the flattened batch, array (k,).
        times: array (k,).
        states: array (k, n).
    """

    members: NDArray[np.int64]
    times: NDArray[np.float64]
    states: NDArray[np.float64]

    def of(self, member: int) -> NDArray[np.float64]:
        """The times at which one trajectory met the event."""
        return self.times[self.members == member]


class Path(ABC):
    """A trajectory as a function of time."""

    @abstractmethod
    def at(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """States (k, n) at times (k,) within the trajectory."""


@dataclass(frozen=True, eq=False)
class Polynomials(Path):
    r"""Taylor polynomials: :math:`x_i(t) = \sum_k c_{jik} (t - b_j)^k` on :math:`[b_j, b_{j+1}]`.

    Attributes:
        breaks: array (pieces + 1,).
        coefficients: array (pieces, n, order + 1).
    """

    breaks: NDArray[np.float64]
    coefficients: NDArray[np.float64]

    def at(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """States (k, n) at times (k,), by Horner's rule."""
        last = len(self.coefficients) - 1
        piece = np.clip(np.searchsorted(self.breaks, times, side="right") - 1, 0, last)
        return horner(self.coefficients[piece], times - self.breaks[piece])


def horner(series: NDArray[np.float64], since: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Values :math:`\sum_k c_{jik} h_j^k`, array (k, n), of series (k, n, order + 1)."""
    total = np.zeros(series.shape[:2])
    for k in reversed(range(series.shape[2])):
        total = total * since[:, None] + series[:, :, k]
    return total


@dataclass(frozen=True, eq=False)
class Trajectories:
    """A batch of integrated trajectories.

    Attributes:
        start: the time at which all begin.
        times: the times asked for, array (m,).
        states: array (..., m, n); NaN after a trajectory has failed or ended.
        steps: steps taken, array (...); None unless they were asked to be counted.
        failed: whether a trajectory failed, array (...).
        ended: where it ended: the last time, a terminal event, or where it failed; (...).
        events: one `Hits` an event.
        method: "jit", "heyoka" or "scipy".
    """

    start: float
    times: NDArray[np.float64]
    states: NDArray[np.float64]
    steps: NDArray[np.int64] | None
    failed: NDArray[np.bool_]
    ended: NDArray[np.float64]
    events: tuple[Hits, ...]
    method: str
    outcomes: NDArray[np.int64] = field(repr=False)
    paths: tuple[Path | None, ...] | None = field(repr=False, default=None)

    def replaced(self, members: NDArray[np.int64], others: Trajectories) -> Trajectories:
        """The same batch with other trajectories for some members of the flattened batch."""

        def put(mine: Any, theirs: Any) -> Any:
            if mine is None or theirs is None:
                return None
            rest = mine.shape[self.failed.ndim :]
            found = mine.reshape(-1, *rest).copy()
            found[members] = theirs
            return found.reshape(mine.shape)

        names = ("states", "steps", "failed", "ended", "outcomes")
        return replace(self, **{n: put(getattr(self, n), getattr(others, n)) for n in names})

    @property
    def final(self) -> NDArray[np.float64]:
        """States at the last time, array (..., n)."""
        return self.states[..., -1, :]

    def reason(self, *member: int) -> str:
        """Why one member failed; empty where it did not."""
        return REASONS[int(self.outcomes[member])]

    def at(self, times: Sequence[float] | NDArray[Any] | float) -> NDArray[np.float64]:
        """States at any times, from dense output.

        Args:
            times: array (k,), between `start` and the last time; NaN comes out after a
                trajectory has ended.

        Returns:
            Array (..., k, n).

        Raises:
            KernelError: integrated without dense=True, or a time outside.
        """
        if self.paths is None:
            raise KernelError("there is no dense output; integrate with dense=True")
        when = np.atleast_1d(np.asarray(times, dtype=float))
        if when.ndim != 1 or not np.all((when >= self.start) & (when <= self.times[-1])):
            raise KernelError(
                f"dense output covers times from {self.start} to {self.times[-1]}; give a list "
                "of times within"
            )
        n = self.states.shape[-1]
        out = np.full((len(self.paths), len(when), n), np.nan)
        for row, path, end in zip(out, self.paths, self.ended.ravel(), strict=True):
            inside = when <= end
            if path is not None and inside.any():
                row[inside] = path.at(when[inside])
        return out.reshape((*self.ended.shape, len(when), n))

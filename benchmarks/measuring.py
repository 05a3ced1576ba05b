"""Contenders, timed side by side: interleaved repetitions, scaled to the full size.

What takes too long at full size is timed on fewer units of work (steps, times, members) and
scaled; the row says on how many. A contender whose answer is wrong is not timed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

OK, ABSENT, WRONG, FAILED = "ok", "absent", "wrong", "failed"


@dataclass(frozen=True)
class Budget:
    """How long to measure.

    Attributes:
        rounds: interleaved repetitions.
        seconds: about so long is one repetition of a contender that is slow at full size.
        limit: seconds after which no further round of a case begins; the second always does.
    """

    rounds: int
    seconds: float
    limit: float = 60.0


FULL, QUICK = Budget(5, 0.8, 40.0), Budget(3, 0.15, 5.0)
LEAST = 2
"""Rounds that are always completed."""


@dataclass(frozen=True)
class Contender:
    """One way of doing the work.

    Attributes:
        name: who.
        run: does this many units of work.
        full: units at full size.
        probe: its answer to the problem that all contenders of a case share.
        threads: it uses so many; 0: as many as it likes.
        note: what a reader must know.
        whole: always run at full size.
    """

    name: str
    run: Callable[[int], Any]
    full: int
    probe: Callable[[], Any] | None = None
    threads: int = 1
    note: str = ""
    whole: bool = False


@dataclass(frozen=True)
class Missing:
    """A contender that cannot take part, and why."""

    name: str
    why: str
    status: str = ABSENT


@dataclass(frozen=True)
class Row:
    """What was measured of one contender.

    Attributes:
        status: ok, absent, wrong (its answer deviates) or failed.
        full, size: units at full size, and of one repetition.
        wall, cpu: seconds of each repetition, scaled to full size.
        deviation: of its answer from the reference of the case.
    """

    name: str
    status: str
    threads: int = 1
    full: int = 0
    size: int = 0
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    deviation: float | None = None
    note: str = ""

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def deviation(found: Any, expected: Any) -> float:
    """The largest difference, relative to 1 + the magnitude; inf where only one is finite.

    >>> deviation([1.0, 2.0], [1.0, 3.0])
    0.25
    """
    a, b = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    if a.shape != b.shape:
        return math.inf
    with np.errstate(invalid="ignore"):
        off = np.abs(a - b) / (1 + np.abs(b))
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    return float(np.max(np.where(same, 0.0, np.where(np.isnan(off), np.inf, off)), initial=0.0))


def compare(
    contenders: Sequence[Contender | Missing], expected: Any, limit: float, budget: Budget
) -> list[Row]:
    """Check all answers, then time the right ones in turn.

    Args:
        contenders: who takes part.
        expected: the answer to the shared problem.
        limit: the deviation up to which an answer counts as right.
        budget: how long to measure.
    """
    rows: dict[str, Row] = {}
    entered: dict[str, tuple[Contender, int]] = {}
    for one in contenders:
        if isinstance(one, Missing):
            rows[one.name] = Row(one.name, one.status, note=one.why)
            continue
        rows[one.name], size = _enter(one, expected, limit, budget)
        if rows[one.name].status == OK:
            entered[one.name] = (one, size)
    begun = time.perf_counter()
    for number in range(budget.rounds):
        if number >= LEAST and time.perf_counter() - begun > budget.limit:
            break
        for name, (one, size) in entered.items():
            settle()
            wall, cpu = timed(one.run, size)
            rows[name].wall.append(wall * one.full / size)
            rows[name].cpu.append(cpu * one.full / size)
    return [rows[one.name] for one in contenders]


def _enter(one: Contender, expected: Any, limit: float, budget: Budget) -> tuple[Row, int]:
    """The row of a contender before it is timed, and the size it will be timed at."""
    row = {"threads": one.threads, "full": one.full, "note": one.note}
    try:
        off = None if one.probe is None else deviation(one.probe(), expected)
        if off is not None and not off <= limit:
            return Row(one.name, WRONG, deviation=off, **row), 0
        size = one.full if one.whole else fitting(one, budget.seconds)
    except Exception as error:  # noqa: BLE001 - that a peer fails is a result, printed in its row
        row["note"] = f"{type(error).__name__}: {error}".splitlines()[0][:160]
        return Row(one.name, FAILED, **row), 0
    return Row(one.name, OK, size=size, deviation=off, **row), size


def fitting(one: Contender, seconds: float) -> int:
    """Units of work that take about so long, at most all; warms up on the way."""
    size = max(1, one.full // 1000)
    one.run(size)
    while True:
        took, _ = timed(one.run, size)
        if took > seconds / 3:  # perhaps because a new size was compiled
            took, _ = timed(one.run, size)
        if size == one.full or took > seconds / 3:
            return size
        grown = int(size * min(seconds / max(took, 1e-7), 20) / 1.5)
        size = min(one.full, max(2 * size, grown))


def settle() -> None:
    """Wait, at most about a second, until no thread of the contender before is at work.

    Threads of OpenMP spin for a while after their work, and would be counted for the next.
    """
    for _ in range(200):
        before = time.process_time()
        time.sleep(0.005)
        if time.process_time() - before < 0.001:
            return


def timed(run: Callable[[int], Any], size: int) -> tuple[float, float]:
    """Seconds by the clock, and of all cores together."""
    wall, cpu = time.perf_counter(), time.process_time()
    run(size)
    return time.perf_counter() - wall, time.process_time() - cpu

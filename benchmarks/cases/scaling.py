"""Scaling: time of a step of a state against batch size, steps, threads and expression size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Any

import numpy as np

from benchmarks.cases import dirac, latency
from benchmarks.machine import cores
from benchmarks.measuring import Budget, Contender, Missing, timed
from benchmarks.peers.maps import Problem, lambdified

BATCHES = (1, 10, 100, 1000, 10_000, 100_000, 1_000_000)
LENGTHS = (1, 10, 100, 1000, 10_000)
WORK = 100_000
"""Steps of states that NumPy takes in one call, at most, unless one step is more."""
SECONDS = 0.03
"""About so long is one measurement: several calls where they are short."""


def run(budget: Budget, quick: bool) -> dict[str, Any]:
    """Four curves."""
    batches, lengths = (BATCHES[:5], LENGTHS[:3]) if quick else (BATCHES, LENGTHS)
    modes = latency.MODES[:2] if quick else latency.MODES
    rounds = budget.rounds
    return {
        "title": "Scaling",
        "unit": "steps",
        "rows": [],
        "curves": [
            curve("Dirac oracle (bce), 100 steps: batch size", "states", batches, rounds,
                  lambda n: (dirac.problem("bce", n, 100), 1)),
            curve("Dirac oracle (bce), 10,000 states: number of steps", "steps", lengths, rounds,
                  lambda k: (dirac.problem("bce", 10_000, k), 1)),
            curve("Dirac oracle (bce), 100,000 states, 100 steps: threads", "threads",
                  range(1, cores() + 1), rounds,
                  lambda n: (dirac.problem("bce", 100_000, 100), n), clock=0),
            curve("Family of maps of three states, 10,000 states, 100 steps: operations",
                  "operations", modes, rounds, lambda m: (wide(m), 1),
                  shown=[latency.operations(latency.family(m)) for m in modes]),
        ],
    }  # fmt: skip


def wide(modes: int) -> Problem:
    """One of the family of `latency`."""

    def start(count: int) -> Any:
        return np.random.default_rng(3).normal(size=(count, 3))

    return Problem(latency.family(modes), {"eta": 0.01}, start, 10_000, 100, (7, 3))


def curve(
    what: str,
    axis: str,
    xs: Sequence[int],
    rounds: int,
    problem: Callable[[int], tuple[Problem, int]],
    shown: Sequence[int] = (),
    clock: int = 1,
) -> dict[str, Any]:
    """Nanoseconds of a step of a state; processor time, or the clock (0)."""
    lines: dict[str, list[float | None]] = {}
    for x in xs:
        for name, value in _point(*problem(x), rounds, clock):
            lines.setdefault(name, []).append(value)
    unit = "ns a step of a state" + (" of processor time" if clock else " by the clock")
    return {"what": what, "axis": axis, "unit": unit, "x": list(shown or xs), "lines": lines}


def _point(p: Problem, threads: int, rounds: int, clock: int) -> Iterable[tuple[str, float | None]]:
    several: list[Contender | Missing] = [p.symgan("jit", threads, "JIT")]
    if p.system.state == dirac.oracle("bce").state:
        several.append(dirac.yardstick(p, "bce", threads, "C"))
    if clock:
        several.append(p.contender("lambdify NumPy (cse)", lambdified))
    for one in several:
        yield one.name, _time(one, p, rounds, clock)


def _time(one: Contender | Missing, p: Problem, rounds: int, clock: int) -> float | None:
    if isinstance(one, Missing):
        return None
    size = p.steps
    if one.name.startswith("lambdify"):
        size = max(1, min(p.steps, WORK // p.batch))

    def several(count: int) -> None:
        for _ in range(count):
            one.run(size)

    several(1)
    once, _ = timed(several, 1)
    repeats = max(1, min(1000, int(SECONDS / once)))
    each = [timed(several, repeats)[clock] / repeats for _ in range(rounds)]
    return 1e9 * median(each) / (p.batch * size)

"""Jumping over runs of one branch: the Dirac oracle, Wasserstein, 100 to 10,000 steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from benchmarks.cases.dirac import BATCH, LIMIT, STEP, oracle, start
from benchmarks.measuring import Array, Budget, Contender, Missing, compare
from benchmarks.peers import c

STEPS = (100, 1000, 10_000)
PROBE = (1003, 100)


def hand(x0: Array, steps: int) -> Array:
    """The hand-written C, every step."""
    columns = np.ascontiguousarray(x0.T)
    c.dirac("wasserstein", columns, steps, STEP, 1)
    return columns.T


def contenders(states: Array) -> Iterable[Contender | Missing]:
    """Stepping in C, jumping in symgan, on one core."""
    from symgan.errors import SymganError

    small = start(PROBE[0])
    try:
        c.library("dirac.c")
    except c.NoCompiler as error:
        yield Missing("C", str(error))
    else:
        for steps in STEPS:
            yield Contender(
                f"C, {steps:,} steps".replace(",000", "000"),
                lambda n, k=steps: hand(states[:n], k),
                len(states),
                lambda: hand(small, PROBE[1]),
            )
    try:
        kernel = jumper()
    except (SymganError, ImportError, TypeError) as error:
        yield Missing("symgan jumps", str(error), "failed")
        return
    values = {"eta": STEP}
    for steps in STEPS:
        yield Contender(
            f"symgan jumps, {steps:,} steps".replace(",000", "000"),
            lambda n, k=steps: kernel.jump(states[:n], k, values, workers=1),
            len(states),
            lambda: kernel.jump(small, PROBE[1], values, workers=1),
        )


def jumper() -> Any:
    """The kernel that jumps."""
    from symgan.analysis.branch_runs import branch_runs
    from symgan.kernels.jumps import compile_jumps

    return compile_jumps(branch_runs(oracle("wasserstein")))


def expected() -> Array:
    """symgan's stepping in NumPy."""
    from symgan.kernels import compile

    kernel = compile(oracle("wasserstein"), backend="numpy")
    return kernel.iterate(start(PROBE[0]), PROBE[1], {"eta": STEP})


def run(budget: Budget, quick: bool) -> dict[str, Any]:
    """Measure; each number of steps has its own time in C."""
    states = start(BATCH // 10 if quick else BATCH)
    rows = compare(list(contenders(states)), expected(), LIMIT, budget)
    return {
        "title": f"Dirac oracle, wasserstein, jumping: {len(states):,} states, one core",
        "unit": "states",
        "rows": [row.plain() for row in rows],
    }

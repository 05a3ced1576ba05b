"""The mixture GAN's first-order failure map: 201,720 runs of 3000 steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.machine import cores
from benchmarks.measuring import Array, Budget, Contender, Missing, compare
from benchmarks.peers import c
from benchmarks.peers.maps import Columns, Problem
from symgan.sweep.dynamics import system
from symgan.sweep.mixture import MixtureMap

STEPS, ETA = 3000, 0.3
LIMIT = 1e-9
"""After 100 steps: sixteen exponentials with an error of 1 ulp each leave some 1e-14."""


def starts() -> Array:
    """Initial states of the whole map, (201,720, 6), cells in a fixed random order."""
    found = MixtureMap().starts(slice(None)).reshape(-1, 6)
    return np.random.default_rng(0).permutation(found)


def problem(quick: bool) -> Problem:
    """The map at full size, or a twentieth of it."""
    every = starts()
    batch = len(every) // 20 if quick else len(every)
    return Problem(system(MixtureMap()), {}, lambda n: every[:n], batch, STEPS, (1003, 100))


def yardstick(p: Problem, threads: int, name: str, *how: str) -> Contender | Missing:
    """The hand-written C."""

    def make(_: Problem) -> Any:
        c.library("mixture.c", *how)

        def run(columns: Columns, steps: int) -> Columns:
            x = columns.copy()
            c.mixture(x, steps, ETA, threads, *how)
            return x

        return run

    return p.contender(name, make, threads)


def contenders(p: Problem) -> Iterable[Contender | Missing]:
    """Everybody, and those that can at full size in one piece."""
    several = cores()
    jit, hand = f"JIT, {several} threads", f"C, {several} threads"
    yield p.symgan("jit", 1, "JIT, 1 thread")
    yield p.symgan("jit", several, jit)
    yield yardstick(p, 1, "C, 1 thread")
    yield yardstick(p, several, hand)
    yield yardstick(p, 1, "C with a table, 1 thread", "EXP_TABLE")
    yield p.symgan("numpy", 1, "NumPy")
    yield p.symgan("numpy", several, f"NumPy, {several} threads")
    yield from p.others(several)


def run(budget: Budget, quick: bool) -> dict[str, Any]:
    """Measure."""
    p = problem(quick)
    entered = list(contenders(p))
    rows = compare(entered, p.expected(), LIMIT, budget)
    whole = [
        replace(one, name=f"{one.name}, all steps", whole=True)
        for one, row in zip(entered, rows, strict=True)
        if isinstance(one, Contender) and one.name in _WHOLE and row.status == "ok"
    ]
    once = compare(whole, p.expected(), LIMIT, replace(budget, rounds=1))
    return {
        "title": f"Mixture GAN, first order: {p.batch:,} runs x {STEPS} steps",
        "unit": "steps",
        "rows": [row.plain() for row in [*rows, *once]],
    }


_WHOLE = {f"symgan JIT, {cores()} threads", f"C, {cores()} threads"}

"""The Dirac oracle, Wasserstein and binary cross-entropy: 1e6 states, 1000 steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import sympy as sp

from benchmarks.machine import cores
from benchmarks.measuring import Budget, Contender, Missing, compare
from benchmarks.peers import c
from benchmarks.peers.maps import Columns, Problem
from symgan.games.dirac import dirac
from symgan.losses import jensen_shannon, wasserstein
from symgan.rules.oracle import dirac_oracle
from symgan.system import Map

ETA = sp.Symbol("eta", positive=True)
STEP, SEED = 0.1, 1
BATCH, STEPS = 1_000_000, 1000
LOSSES = {"wasserstein": wasserstein, "bce": jensen_shannon}
LIMIT = 1e-9
"""Answers after 100 steps of states of size 1: rounding leaves some 1e-14, a wrong formula or a
branch decided otherwise 1e-2."""


def oracle(kind: str) -> Map:
    """The map of a loss."""
    return dirac_oracle(dirac(LOSSES[kind]), ETA)


def start(count: int) -> Columns:
    """Normal initial states, (count, 2)."""
    return np.random.default_rng(SEED).normal(size=(count, 2))


def problem(kind: str, batch: int = BATCH, steps: int = STEPS) -> Problem:
    """The oracle with a loss."""
    return Problem(oracle(kind), {"eta": STEP}, start, batch, steps, (1003, 100))


def yardstick(
    p: Problem, kind: str, threads: int, name: str = "C", *how: str
) -> Contender | Missing:
    """The hand-written C."""

    def make(_: Problem) -> Any:
        c.library("dirac.c", *how)

        def run(columns: Columns, steps: int) -> Columns:
            x = columns.copy()
            c.dirac(kind, x, steps, STEP, threads, *how)
            return x

        return run

    return p.contender(name, make, threads)


def contenders(kind: str, p: Problem) -> Iterable[Contender | Missing]:
    """Everybody."""
    several = cores()
    yield p.symgan("jit", 1, "JIT, 1 thread")
    yield p.symgan("jit", several, f"JIT, {several} threads")
    yield yardstick(p, kind, 1, "C, 1 thread")
    yield yardstick(p, kind, several, f"C, {several} threads")
    if kind == "bce":
        yield yardstick(p, kind, 1, "C with a table, 1 thread", "EXP_TABLE")
    yield p.symgan("numpy", 1, "NumPy")
    yield from p.others(several)


def run(kind: str, budget: Budget, quick: bool) -> dict[str, Any]:
    """Measure."""
    p = problem(kind, BATCH // 10 if quick else BATCH)
    rows = compare(list(contenders(kind, p)), p.expected(), LIMIT, budget)
    return {
        "title": f"Dirac oracle, {kind}: {p.batch:,} states x {p.steps} steps",
        "unit": "steps",
        "rows": [row.plain() for row in rows],
    }

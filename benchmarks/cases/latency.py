"""How long `compile` and a first orbit take in a new process: empty cache, and from disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from statistics import median
from typing import Any

import sympy as sp

from benchmarks.measuring import Budget, Row
from symgan.system import Map

MODES = (1, 2, 4, 6)
"""Sizes of the family; `operations` counts them."""
TIMEOUT = 120


def family(modes: int) -> Map:
    """Three states that drive one another through bells at fixed places and tanh."""
    x = sp.symbols("x y z", real=True)
    eta = sp.Symbol("eta", positive=True)
    rhs = []
    for i, own in enumerate(x):
        bells = [
            sp.Rational(j + 1, i + 2) * other * sp.exp(-((own - sp.Rational(j, 3)) ** 2) / 2)
            + sp.tanh(other * own + sp.Rational(i + 1, j + 5)) * sp.Rational(2 * j + 1, 7)
            for j in range(modes)
            for other in x
            if other != own
        ]
        rhs.append(own - eta * sp.Add(*bells))
    return Map(x, tuple(rhs), parameters=(eta,))


def operations(map_: Map) -> int:
    """Operations as SymPy counts them in the formulas, nothing shared."""
    return int(sp.count_ops(list(map_.rhs)))


def child(modes: int) -> dict[str, float]:
    """In a process of its own: from the formula to the first orbit; imports are timed apart."""
    import time

    import numpy as np

    map_, x0, values = family(modes), np.full((9, 3), 0.25), {"eta": 0.125}
    before = time.process_time()
    from symgan.kernels import compile

    compile(sp.Integer(1), arguments=(), backend="jit")
    imports = time.process_time() - before
    cpu, wall = time.process_time(), time.perf_counter()
    kernel = compile(map_, backend="jit")
    answer = kernel.iterate(x0, 3, values)
    found = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    expected = compile(map_, backend="numpy").iterate(x0, 3, values)
    return {**found, "imports": imports, "off": float(abs(answer - expected).max())}


def run(budget: Budget, quick: bool) -> dict[str, Any]:
    """Measure every size cold and from disk."""
    sizes = MODES[:2] if quick else MODES
    rows: list[Row] = []
    lines: dict[str, list[float | None]] = {"cold": [], "from disk": []}
    counts = [operations(family(modes)) for modes in sizes]
    for modes, count in zip(sizes, counts, strict=True):
        cold, warm = _size(modes, count, budget.rounds)
        rows += [cold, warm]
        for name, row in (("cold", cold), ("from disk", warm)):
            lines[name].append(1e3 * median(row.cpu) if row.status == "ok" else None)
    return {
        "title": "Compile latency in a new process, first orbit included, imports not",
        "unit": "times",
        "rows": [row.plain() for row in rows],
        "curves": [
            {
                "what": "compile(map, backend='jit') and a first orbit",
                "axis": "operations",
                "unit": "ms of processor time",
                "x": counts,
                "lines": lines,
            }
        ],
    }


def _size(modes: int, count: int, rounds: int) -> tuple[Row, Row]:
    names = [f"compile, cold: {count} operations", f"compile, from disk: {count} operations"]
    rows = [Row(name, "ok", full=1, size=1, deviation=0.0) for name in names]
    worst, imports = [0.0, 0.0], list[float]()
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            for i, row in enumerate(rows):
                found = _asked(modes, folder)
                if "failed" in found:
                    return _failed(names[0], found), _failed(names[1], found)
                row.wall.append(found["wall"])
                row.cpu.append(found["cpu"])
                worst[i] = max(worst[i], found["off"])
                imports.append(found["imports"])
    note = f"and {1e3 * median(imports):.0f} ms of imports"
    cold, warm = (
        Row(r.name, r.status, 1, 1, 1, r.wall, r.cpu, off, note)
        for r, off in zip(rows, worst, strict=True)
    )
    return cold, warm


def _failed(name: str, found: dict[str, Any]) -> Row:
    return Row(name, "failed", note=str(found["failed"]))


def _asked(modes: int, folder: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.cases.latency", str(modes)]
    environment = {**os.environ, "SYMGAN_CACHE_DIR": folder}
    run = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=TIMEOUT
    )
    if run.returncode:
        return {"failed": (run.stderr.strip().splitlines() or ["no word"])[-1][:160]}
    return json.loads(run.stdout.splitlines()[-1])


if __name__ == "__main__":
    print(json.dumps(child(int(sys.argv[1]))))

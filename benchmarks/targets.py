"""What is to be reached, as ratios in one run, and whether a run reached it.

"core" compares processor time, summed over cores, which other work on the machine disturbs
little; "clock" compares the clock. Ratios are of medians.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Target:
    """One line of the list.

    Attributes:
        case: the case's name.
        what: in words.
        measured: the contender whose time is the numerator (`speedup`: the denominator).
        against: the other one; "" where `bound` is in seconds.
        bound: at most this ratio, at least this speedup, or at most so many seconds.
        kind: ratio, speedup or seconds.
        clock: wall (the clock) or cpu (processor time over all cores).
    """

    case: str
    what: str
    measured: str
    against: str
    bound: float
    kind: str = "ratio"
    clock: str = "cpu"


TARGETS = (
    Target("dirac-wasserstein", "stepping, a core", "symgan JIT, 1 thread", "C, 1 thread", 1.1),
    Target(
        "dirac-wasserstein", "stepping, all cores", "symgan JIT, * threads", "C, * threads", 1.1,
        clock="wall",
    ),
    Target("dirac-bce", "stepping, a core", "symgan JIT, 1 thread", "C, 1 thread", 1.1),
    Target(
        "dirac-bce", "stepping, all cores", "symgan JIT, * threads", "C, * threads", 1.1,
        clock="wall",
    ),
    Target("dirac-jumps", "jumping, 1000 steps", "symgan jumps, 1000 steps", "C, 1000 steps", 0.25),
    Target(
        "dirac-wasserstein", "against NumPy, a core", "symgan JIT, 1 thread",
        "lambdify NumPy (cse)", 200, "speedup",
    ),
    Target(
        "dirac-bce", "against NumPy, a core", "symgan JIT, 1 thread", "lambdify NumPy (cse)", 24,
        "speedup",
    ),
    Target("mixture", "stepping, a core", "symgan JIT, 1 thread", "C, 1 thread", 1.1),
    Target(
        "mixture", "stepping, all cores", "symgan JIT, * threads", "C, * threads", 1.1, clock="wall"
    ),
    Target(
        "mixture", "against NumPy, all cores", "symgan JIT, * threads", "lambdify NumPy (cse)", 22,
        "speedup", "wall",
    ),
    Target(
        "mixture", "the full map", "symgan JIT, * threads, all steps", "", 6.0, "seconds", "wall"
    ),
    Target(
        "closed-form", "against lambdify, all cores", "symgan JIT, * threads",
        "lambdify NumPy (cse)", 10, "speedup", "wall",
    ),
    Target(
        "closed-form-jacobian", "against lambdify, all cores", "symgan JIT, * threads",
        "lambdify NumPy (cse)", 10, "speedup", "wall",
    ),
    Target(
        "flow-linear", "against SciPy, a core", "symgan flow, 1 thread", "solve_ivp DOP853", 1500,
        "speedup",
    ),
    Target(
        "flow-nonlinear", "against SciPy, a core", "symgan flow, 1 thread", "solve_ivp DOP853",
        1500, "speedup",
    ),
    Target("flow-50-digits", "to t = 100", "symgan fast reference", "", 1.5, "seconds", "wall"),
    Target("latency", "compiling, cold", "compile, cold", "", 0.150, "seconds"),
    Target("latency", "from the disk cache", "compile, from disk", "", 0.010, "seconds"),
)  # fmt: skip
MEANING = {"ratio": "<= {:g}x", "speedup": ">= {:g}x faster", "seconds": "< {:g} s"}


def verdict(target: Target, results: Mapping[str, Any]) -> tuple[float | None, str]:
    """The measured figure, and "met", "not met" or why there is none.

    >>> rows = [{"name": "symgan JIT, 1 thread", "status": "ok", "cpu": [1.0]},
    ...         {"name": "C, 1 thread", "status": "ok", "cpu": [1.0]}]
    >>> verdict(TARGETS[0], {"cases": {"dirac-wasserstein": {"rows": rows}}})
    (1.0, 'met')
    """
    case = results["cases"].get(target.case)
    if case is None:
        return None, "not measured"
    rows = case["rows"]
    first = _time(rows, target.measured, target.clock)
    if target.kind == "seconds":
        if first is None:
            return None, f"{target.measured}: no time"
        return first, "met" if first < target.bound else "not met"
    second = _time(rows, target.against, target.clock)
    if first is None or second is None:
        lacking = target.measured if first is None else target.against
        return None, f"{lacking}: no time"
    if target.kind == "speedup":
        return second / first, "met" if second / first >= target.bound else "not met"
    return first / second, "met" if first / second <= target.bound else "not met"


def _time(rows: list[dict[str, Any]], name: str, clock: str) -> float | None:
    """The median of the slowest contender whose name fits; * stands for a number above 1."""
    head, star, tail = name.partition("*")
    found = []
    for row in rows:
        fits = row["name"] == name
        if star and row["name"].startswith(head) and row["name"].endswith(tail):
            count = row["name"].removeprefix(head).removesuffix(tail)
            fits = count.isdigit()
        elif not star:
            fits = fits or row["name"].startswith(f"{name}: ")
        if fits:
            if row["status"] != "ok" or not row[clock]:
                return None
            found.append(median(row[clock]))
    return max(found, default=math.nan) if found else None

r"""How rounding grows along orbits of a map, and where a switched map first takes another branch.

Orbits of a kernel are held to settled ones (`settled.settled_orbit`), from the same floats. The
relative error of the state,

.. math:: \frac{\|\hat x_n - x_n\|_\infty}{\|x_n\|_\infty},

has no bound that holds for all n: a switched map may multiply it at every switch. What a kernel
promises is the backward error of a step (`budget.backward_error`); the running bound

.. math:: E_{n+1} = |J(\hat x_n)|\, E_n + b\, u\, |F|_*(\hat x_n)

says, to first order, what that makes of a state as long as every branch is decided rightly, and
how close to zero a condition may come before its decision is open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
from mpmath import mpf
from numpy.typing import NDArray

from symgan.differentiation import diff, jacobian
from symgan.errors import Undecided
from symgan.kernels.budget import Decisions, branch, decisions, place_of
from symgan.kernels.compiler import compile
from symgan.kernels.errors import KernelError
from symgan.kernels.evaluate import evaluate, holds, sized
from symgan.kernels.multiprecision import comparisons, multiprecision
from symgan.kernels.settled import MAX_BITS, Settled, settle
from symgan.kernels.switching import guard
from symgan.system import Map


class Cause(StrEnum):
    """Why a branch is decided otherwise than in exact arithmetic."""

    TIE = "exact tie"
    ROUNDING = "rounding"
    UNDERFLOW = "underflow"


@dataclass(frozen=True)
class WrongBranch:
    """The first step at which a kernel takes another branch than exact arithmetic.

    Attributes:
        orbit: which of the starts.
        step: the step; the states before it took the same branches.
        condition: the comparison that turns out differently.
        exact: its left side minus its right side on the exact orbit.
        computed: the same at the kernel's state, evaluated exactly.
        bound: what rounding may have made of it up to there, to first order.
        cause: an exact equality, which every rounding breaks; a value that rounding may have
            moved across zero; or one too small for the floating-point range.
    """

    orbit: int
    step: int
    condition: str
    exact: float
    computed: float
    bound: float
    cause: Cause


@dataclass(frozen=True)
class Row:
    """Errors after so many steps.

    Attributes:
        steps: how many.
        median, worst: the relative error of the state over the orbits; nan where none was
            settled.
        switches: the median number of times that a comparison changed.
        wrong: how many orbits had taken another branch by then.
        jumped: the worst error of the second kernel, where there is one.
    """

    steps: int
    median: float
    worst: float
    switches: float
    wrong: int
    jumped: float | None = None


@dataclass(frozen=True)
class Growth:
    """Errors over the number of steps.

    Attributes:
        rows: one a number of steps.
        orbits: how many orbits were settled.
        unsettled: sentences on those that were not.
        first: the earliest wrong branch; None where no orbit takes one.
        bits: the highest precision that settling took.
    """

    rows: tuple[Row, ...]
    orbits: int
    unsettled: tuple[str, ...]
    first: WrongBranch | None
    bits: int


def growth(
    map: Map,
    starts: Any,
    steps: Sequence[int],
    parameters: Mapping[Any, float] | None = None,
    *,
    backend: str = "auto",
    dtype: Any = np.float64,
    digits: int = 20,
    max_bits: int = MAX_BITS,
    ulps: float = 2.0,
    jump: Callable[[Any, int, Mapping[Any, float]], NDArray[Any]] | None = None,
) -> Growth:
    r"""Measure the errors of a kernel's orbits, and find the first wrong branch.

    Args:
        map: without noise.
        starts: initial states (m, n) of all state symbols; floats, taken as exact.
        steps: numbers of steps to report, increasing.
        parameters: name or symbol -> float, taken as exact.
        backend, dtype: of the kernel that is measured.
        digits, max_bits: of the settled orbits.
        ulps: the backward error of a step, for the running bound.
        jump: (starts, steps, parameters) -> final states of another kernel to show beside it.

    Raises:
        KernelError: starts or parameters that do not fit.
    """
    marks = sorted(set(steps))
    if not marks or marks[0] < 0:
        raise KernelError("give at least one number of steps, none of them negative")
    points = np.atleast_2d(np.asarray(starts, dtype=dtype))
    named = {str(key): float(value) for key, value in (parameters or {}).items()}
    kernel = compile(map, backend=backend, dtype=dtype)
    told = decisions(map, backend=backend, dtype=dtype)
    path = kernel.trajectory(points, marks[-1], named)
    settled, unsettled = _settle(map, points, marks[-1], named, digits, max_bits)
    turned = {i: _first_difference(told, path[:, i], s, named) for i, s in settled.items()}
    wrong = sorted((k, i) for i, k in turned.items() if k is not None)
    rows = []
    for n in marks:
        late = None if jump is None else _errors(jump(points, n, named), settled, n)
        rows.append(_row(n, _errors(path[n], settled, n), late, settled, wrong))
    first = None
    if wrong:
        k, i = wrong[0]
        chosen = tuple(bool(c) for c in told.decide(path[k, i], named, float(k)))
        first = explain(map, path[: k + 1, i], settled[i], chosen, named, orbit_number=i, ulps=ulps)
    bits = max((s.bits[-1] for s in settled.values()), default=0)
    return Growth(tuple(rows), len(settled), tuple(unsettled), first, bits)


def _settle(
    map: Map,
    points: NDArray[Any],
    steps: int,
    parameters: Mapping[str, float],
    digits: int,
    max_bits: int,
) -> tuple[dict[int, Settled], list[str]]:
    """The settled orbits by the number of their start, and why others are not settled."""
    found, left = {}, []
    program = multiprecision(map, parameters)
    for i, x in enumerate(points):
        start = tuple(float(v) for v in x)
        try:
            found[i] = settle(program, start, steps, digits=digits, max_bits=max_bits)
        except Undecided as error:
            left.append(f"orbit {i}: {error}")
    return found, left


def _first_difference(
    told: Decisions, path: NDArray[Any], orbit: Settled, parameters: Mapping[str, float]
) -> int | None:
    """The first step at which a kernel's orbit decides a comparison otherwise."""
    clock = np.arange(len(path), dtype=float)
    computed = told.decide(path, parameters, clock)
    differs = (computed != np.array(orbit.decisions, dtype=bool)).any(axis=-1)[:-1]
    return int(np.argmax(differs)) if differs.any() else None


def _errors(states: NDArray[Any], settled: Mapping[int, Settled], n: int) -> list[float]:
    """Relative errors in the maximum norm, one a settled orbit."""
    found = []
    for i, orbit in settled.items():
        exact = orbit.states[n]
        with mpmath.workdps(30):
            if not np.isfinite(states[i]).all():
                found.append(float("inf"))
                continue
            gap = max(abs(mpf(float(a)) - b) for a, b in zip(states[i], exact, strict=True))
            size = max(map(abs, exact))
            found.append(float(gap / size) if size else (float("inf") if gap else 0.0))
    return found


def _row(
    n: int,
    errors: Sequence[float],
    late: Sequence[float] | None,
    settled: Mapping[int, Settled],
    wrong: Sequence[tuple[int, int]],
) -> Row:
    changes = [_changes(orbit.decisions[:n]) for orbit in settled.values()]
    return Row(
        steps=n,
        median=float(np.median(errors)) if errors else float("nan"),
        worst=max(errors, default=float("nan")),
        switches=float(np.median(changes)) if changes else 0.0,
        wrong=sum(k < n for k, _ in wrong),
        jumped=None if late is None else max(late, default=float("nan")),
    )


def _changes(decided: Sequence[tuple[bool, ...]]) -> int:
    return sum(a != b for a, b in pairwise(decided))


def explain(
    map: Map,
    path: NDArray[Any],
    orbit: Settled,
    chosen: tuple[bool, ...],
    parameters: Mapping[str, float],
    *,
    orbit_number: int = 0,
    ulps: float = 2.0,
) -> WrongBranch:
    """Why a kernel takes another branch at the last state of its path.

    Args:
        map: the map.
        path: states (k + 1, n) of the kernel up to the wrong decision.
        orbit: the settled orbit of the same start.
        chosen: how the kernel decides the comparisons at the last state.
        parameters: name -> float.
        orbit_number: what to call the orbit.
        ulps: the backward error of a step.
    """
    k = len(path) - 1
    told, exactly = comparisons(map), orbit.decisions[k]
    which = next(i for i, (a, b) in enumerate(zip(chosen, exactly, strict=True)) if a != b)
    unit, tiny = ulps * float(np.finfo(path.dtype).eps), float(np.finfo(path.dtype).tiny)
    error = running_bound(map, path, orbit, parameters, unit)
    condition = guard(told[which])
    with mpmath.workdps(40):
        here = place_of(map, parameters, path[k], k)
        there = place_of(map, parameters, orbit.states[k], k)
        exact, computed = evaluate(condition, there), sized(condition, here)
        slopes = [abs(evaluate(diff(condition, s), here)) for s in map.state]
        moved = mpmath.fsum(s * e for s, e in zip(slopes, error, strict=True))
        bound = moved + unit * computed.magnitude
        small = abs(computed.value) < tiny and holds(told[which], here) != chosen[which]
    cause = Cause.TIE if exact == 0 else Cause.UNDERFLOW if small else Cause.ROUNDING
    text = str(told[which])
    numbers = (float(exact), float(computed.value), float(bound))
    return WrongBranch(orbit_number, k, text, *numbers, cause)


def running_bound(
    map: Map,
    path: NDArray[Any],
    orbit: Settled,
    parameters: Mapping[str, float],
    unit: float,
) -> list[Any]:
    """The running bound at the last state of a path, one entry a state symbol."""
    told = comparisons(map)
    jacobians: dict[Any, Any] = {}
    error = [mpf(0)] * len(map.state)
    with mpmath.workprec(64):
        for k, x in enumerate(path[:-1]):
            decided = orbit.decisions[k]
            if decided not in jacobians:
                rhs = branch(map, told, decided)
                jacobians[decided] = rhs, jacobian(rhs, map.state).tolist()
            rhs, slopes = jacobians[decided]
            here = place_of(map, parameters, x, k)
            error = [
                mpmath.fsum(abs(evaluate(d, here)) * e for d, e in zip(row, error, strict=True))
                + (unit * sized(f, here).magnitude if f not in map.state else 0)
                for row, f in zip(slopes, rhs, strict=True)
            ]
    return error

"""The simplest input at which code and derivation part."""

from __future__ import annotations

from typing import Any

import mpmath
from sympy import Rational

from symgan.audit.bench import Bench
from symgan.audit.derived import Derived
from symgan.audit.ladder import Held, Until, binary_constant
from symgan.audit.numbers import shown
from symgan.audit.outcomes import Mismatch
from symgan.audit.points import SIMPLE, Point, by_size
from symgan.audit.results import Counterexample
from symgan.audit.subject import Arithmetic, Subject
from symgan.certify.identity import admits

TRIED = 400
"""Simple points, at most."""


def bench_for(subject: Subject, derived: Derived, held: Held) -> Bench:
    """The most telling numbers in which the difference shows."""
    order = (Arithmetic.RATIONAL, Arithmetic.DIGITS, Arithmetic.FLOAT64, Arithmetic.SYMBOLIC)
    rungs = [a for a in order if a in subject.arithmetics()]
    if held.mismatch is not None:
        lower = {"exact": Arithmetic.RATIONAL, "50 digits": Arithmetic.DIGITS}
        at = lower.get(held.established.ground.value, Arithmetic.FLOAT64)
        rungs = [a for a in rungs if order.index(a) >= order.index(at)] or rungs
    if held.binary:
        rungs = [a for a in rungs if a is not Arithmetic.DIGITS] or rungs
    for rung in rungs:
        bench = Bench(subject, derived, rung)
        found = first_mismatch(bench, held.established.steps, count=40)
        if found is not None and not binary_constant(found, bench):
            return bench
    return Bench(subject, derived, rungs[0])


def first_mismatch(
    bench: Bench, steps: int, *, count: int = TRIED, until: Until | None = None
) -> Mismatch | None:
    """The mismatch at the simplest point that has one."""
    for point in by_size(bench.derived.symbols, count, binary=bench.binary):
        if until is not None and until.over:
            return None
        found = bench.run(point, max(steps, 1)).mismatch
        if found is not None:
            return found
    return None


def smallest(bench: Bench, held: Held, until: Until) -> Mismatch | None:
    """The simplest mismatch: from the simplest points up, else the one known made simpler."""
    steps = held.established.steps
    found = first_mismatch(bench, steps, until=until)
    if found is not None or held.mismatch is None:
        return found
    return _simpler(bench, held.mismatch, steps, until)


def _simpler(bench: Bench, known: Mismatch, steps: int, until: Until) -> Mismatch:
    """Coordinate after coordinate replaced by the simplest value that still fails."""
    for s in known.point:
        for value in SIMPLE:
            if until.over:
                return known
            if not admits(s, value) or (bench.binary and value.q not in (1, 2, 4)):
                continue
            point: Point = {**known.point, s: value}
            found = bench.run(point, max(steps, known.step)).mismatch
            if found is not None:
                known = found
                break
    return known


def counterexample(mismatch: Mismatch, derived: Derived) -> Counterexample:
    """A mismatch as plain data."""
    order = (*derived.state, *derived.free)
    point = tuple((s, mismatch.point[s]) for s in order if s in mismatch.point)
    return Counterexample(
        point,
        mismatch.step,
        derived.labels[mismatch.index],
        _value(mismatch.derived),
        _value(mismatch.computed),
    )


def _value(value: Any) -> str:
    if isinstance(value, Rational | str):
        return str(value)
    with mpmath.workdps(20):
        return shown(value)

"""State that code keeps where it should not: between runs, and in arrays that are not its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath

from symgan.audit.bench import Bench
from symgan.audit.derived import Derived
from symgan.audit.functions import StatefulSubject
from symgan.audit.numbers import DIGITS, shown
from symgan.audit.points import generic
from symgan.audit.subject import Arithmetic, AuditError, Subject, SubjectError

STEPS = 3
KEEPS = (
    "it keeps the caller's array instead of a copy: where a loop updates that array in place, "
    "what it remembers changes with it"
)
OVERWRITES = "a step overwrites the array that an earlier step returned: return a copy"


def lowest(subject: Subject) -> Arithmetic:
    """The arithmetic nearest to how code is used."""
    return subject.arithmetics()[-1]


def require_fresh_runs(subject: Subject, derived: Derived) -> None:
    """Refuse code whose second run from one start differs from the first.

    Raises:
        AuditError: it keeps state between runs, or draws random numbers.
    """
    bench = Bench(subject, derived, lowest(subject))
    one = generic(derived.symbols)
    other = {s: v / 2 for s, v in one.items()}
    first = _run(bench, one)
    _run(bench, other)
    again = _run(bench, one)
    for k, (a, b) in enumerate(zip(first, again, strict=True), 1):
        if repr(a) != repr(b):
            pair = next((x, y) for x, y in zip(a, b, strict=True) if repr(x) != repr(y))
            raise AuditError(
                f"{subject.title} keeps state between runs, or draws random numbers: "
                f"from one start step {k} gives {shown(pair[0])} and then {shown(pair[1])}; "
                "make it a class, or a function that returns a new step"
            )


def aliasing(subject: Subject, derived: Derived) -> tuple[str, ...]:
    """Whether what it remembers lies in arrays of the caller's, or what it returned changes."""
    if not isinstance(subject, StatefulSubject):
        return ()
    bench, point = Bench(subject, derived, lowest(subject)), generic(derived.symbols)
    apart = _run(bench, point)
    found = []
    if any(array.tolist() != then for array, then in subject.returned):
        found.append(OVERWRITES)
    subject.shared = True
    try:
        if repr(_run(bench, point)) != repr(apart):
            found.append(KEEPS)
    finally:
        subject.shared = False
    return tuple(found)


def _run(bench: Bench, point: Mapping[Any, Any]) -> list[tuple[Any, ...]]:
    """A few steps from a point; what raises shows as its sentence."""
    with mpmath.workdps(DIGITS):
        states: list[tuple[Any, ...]] = []
        try:
            bench.start(point)
            states.extend(bench.subject.advance() for _ in range(STEPS))
        except SubjectError as error:
            states += [(str(error),)] * (STEPS - len(states))
        return states

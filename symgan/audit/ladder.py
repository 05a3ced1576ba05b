"""Holding code against the derivation: in symbols, else rationals, else digits, else floats.

A proof is about the code as it runs on symbols. Code may treat particular numbers apart, which no
symbol shows; so a proof is followed by simple numbers, zeros, equal ones and ties among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr

from symgan.audit.bench import Bench
from symgan.audit.derived import Ahead, Derived
from symgan.audit.functions import FunctionSubject
from symgan.audit.numbers import DIGITS, decimal, handed
from symgan.audit.outcomes import Mismatch
from symgan.audit.points import far, floats, grid, simple, special
from symgan.audit.results import Established, Ground
from symgan.audit.subject import Arithmetic, AuditError, Kind, Subject, SubjectError
from symgan.certify.clock import Instant, since
from symgan.certify.identity import is_zero
from symgan.errors import Undecided

LARGEST = 1500
"""Operations of a difference beyond which it is not decided in symbols: seconds each."""
SAMPLED = {Arithmetic.SYMBOLIC: 30, Arithmetic.RATIONAL: 80, Arithmetic.DIGITS: 40,
           Arithmetic.FLOAT64: 100}  # fmt: skip
"""Starts of a sampled check."""
CONSTANT = mpmath.mpf(10) ** -12
"""Errors below this share of the terms at 50 digits are those of a constant held in binary."""


@dataclass(frozen=True)
class Held:
    """The outcome of one comparison.

    Attributes:
        agrees: True, False, or None where nothing could be said.
        established: how.
        mismatch: where they part.
        difference: code minus derivation, in symbols.
        binary: whether the code was seen to hold constants in binary, such as 0.1.
        strained: whether the code loses digits that the derived form keeps.
        overflows: whether the code left the floating-point range far from the origin.
    """

    agrees: bool | None
    established: Established
    mismatch: Mismatch | None = None
    difference: tuple[Expr, ...] | None = None
    binary: bool = False
    strained: bool = False
    overflows: bool = False


def hold(subject: Subject, derived: Derived, steps: int, *, seed: int, until: Until) -> Held:
    """Hold a subject against what is derived, on the highest rung that says something.

    Args:
        subject: the code.
        derived: what it is held against.
        steps: how many from each start.
        seed: of sampled floats.
        until: when time is up.
    """
    rungs = list(subject.arithmetics())
    found = Held(None, Established(Ground.PROVED, 0, 0))
    if rungs[0] is Arithmetic.SYMBOLIC:
        found = in_symbols(subject, derived, steps)
        if found.agrees is False:
            return found
    if found.agrees:
        return _checked(found, subject, derived, steps, until)
    numeric = [a for a in rungs if a is not Arithmetic.SYMBOLIC] or rungs
    return _in_numbers(subject, derived, steps, numeric, seed, until, binary=found.binary)


def _in_numbers(
    subject: Subject,
    derived: Derived,
    steps: int,
    rungs: Sequence[Arithmetic],
    seed: int,
    until: Until,
    *,
    binary: bool = False,
    few: bool = False,
) -> Held:
    """The first rung that decides; constants in binary lead on to floats."""
    found = Held(None, Established(Ground.FLOAT, 0, 0))
    for arithmetic in rungs:
        if binary and arithmetic is Arithmetic.DIGITS and arithmetic is not rungs[-1]:
            continue
        found = sampled(subject, derived, steps, arithmetic, seed=seed, until=until, few=few)
        binary = binary or found.binary
        if found.agrees is not None:
            break
    return replace(found, binary=binary)


@dataclass(frozen=True)
class Until:
    """A budget of processor time."""

    begun: Instant
    seconds: float

    @property
    def over(self) -> bool:
        """Whether it is spent."""
        return since(self.begun) > self.seconds


def in_symbols(subject: Subject, derived: Derived, steps: int) -> Held:
    """Code run on symbols: the difference vanishes identically, or does not."""
    pure = isinstance(subject, FunctionSubject)
    wanted = 1 if pure else steps
    note = "the code takes the same path for numbers as for symbols"
    try:
        done, difference, decimals = _differences(subject, derived, wanted)
    except (SubjectError, AuditError) as error:
        return Held(None, Established(Ground.PROVED, 0, 0, note=str(error)))
    if decimals:
        note += "; its decimal constants are meant as they print"
    established = Established(Ground.PROVED, 0, done, note=note)
    verdicts = [vanishes(d) for d in difference]
    if all(verdicts) and done:
        return Held(True, established, None, difference, decimals)
    if any(v is False for v in verdicts) and not decimals:
        return Held(False, established, None, difference)
    return Held(None, established, None, difference, decimals)


def _differences(
    subject: Subject, derived: Derived, steps: int
) -> tuple[int, tuple[Expr, ...], bool]:
    """Steps made in symbols, the differences of the first that differs, constants seen."""
    point = {s: s for s in derived.symbols}
    ahead = Ahead(derived, point, binary=False)
    values = {s.name: handed(v, Arithmetic.SYMBOLIC) for s, v in ahead.constants.items()}
    visible: Sequence[Any] = derived.state
    subject.start(tuple(derived.state), values, Arithmetic.SYMBOLIC)
    decimals, difference = False, ()
    for k in range(1, steps + 1):
        place = ahead.place(visible)
        known = [f.subs(place, simultaneous=True) for f in derived.entries]
        raw = subject.advance()
        found = [decimal(x) for x in raw]
        decimals = decimals or any(x.has(sp.Float) for x in raw)
        now = tuple(x - f for x, f in zip(found, known, strict=False))
        if sum(int(d.count_ops()) for d in now) > LARGEST:
            return k - 1, difference, decimals
        difference = now
        if not all(vanishes(d) for d in now):
            return k, now, decimals
        ahead.memory = dict(zip(ahead.memory, known[len(derived.labels) :], strict=True))
        ahead.step += 1
        visible = found
    return steps, difference, decimals


def vanishes(difference: Expr) -> bool | None:
    """Whether an expression is zero everywhere; None where that is not decided."""
    if difference == 0:
        return True
    if difference.free_symbols == set() and difference.is_zero is not None:
        return bool(difference.is_zero)
    try:
        return is_zero(difference).holds
    except (Undecided, ValueError, TypeError, NotImplementedError, ZeroDivisionError):
        return None  # a kind of expression that `identity` does not treat


def _checked(proved: Held, subject: Subject, derived: Derived, steps: int, until: Until) -> Held:
    """A proof beside simple numbers, which code may treat apart."""
    lower = [a for a in subject.arithmetics() if a is not Arithmetic.SYMBOLIC]
    found = _in_numbers(
        subject, derived, steps, lower or [Arithmetic.SYMBOLIC], 0, until,
        binary=proved.binary, few=True,
    )  # fmt: skip
    old = proved.established
    established = Established(
        old.ground, found.established.points, old.steps, found.established.ulps, old.note
    )
    if found.agrees is False:
        return found
    return Held(
        True, established, None, proved.difference, proved.binary, found.strained, found.overflows
    )


def sampled(
    subject: Subject,
    derived: Derived,
    steps: int,
    arithmetic: Arithmetic,
    *,
    seed: int,
    until: Until,
    few: bool = False,
) -> Held:
    """Code run on numbers, at many starts."""
    bench = Bench(subject, derived, arithmetic)
    deciding = grid(derived) if arithmetic is Arithmetic.RATIONAL and not few else None
    pure = isinstance(subject, FunctionSubject)
    ground = {Arithmetic.RATIONAL: Ground.EXACT, Arithmetic.FLOAT64: Ground.FLOAT}.get(
        arithmetic, Ground.DIGITS
    )
    points = starts(derived, arithmetic, seed, few=few)
    tried, made, worst, strained, overflows = 0, 0, 0.0, 0, False
    if deciding is not None and pure:
        for point in deciding:
            if until.over:
                break
            outcome = bench.run(point, 1)
            if outcome.mismatch:
                return _parted(Ground.EXACT, tried + 1, outcome.mismatch)
            tried += outcome.steps
        else:
            ground = Ground.POLYNOMIAL if tried == len(deciding) else Ground.EXACT
    for point in points:
        if until.over:
            break
        outcome = bench.run(point, steps)
        if outcome.mismatch:
            if arithmetic is Arithmetic.DIGITS and binary_constant(outcome.mismatch, bench):
                note = "the code holds constants in binary, such as 0.1"
                return Held(None, Established(Ground.DIGITS, tried, made, note=note), binary=True)
            return _parted(ground if ground is not Ground.POLYNOMIAL else Ground.EXACT,
                           tried + 1, outcome.mismatch)  # fmt: skip
        tried, made = tried + (outcome.steps > 0), max(made, outcome.steps)
        worst, strained = max(worst, outcome.ulps), strained + outcome.strained
        overflows = overflows or outcome.overflow
    if not tried:
        note = "no start was found at which both sides are defined"
        return Held(None, Established(ground, 0, 0, note=note))
    if strained > tried / 2:
        note = "rounding leaves too little: most values are lost to cancellation in the code"
        return Held(None, Established(ground, tried, made, note=note))
    note = _hypothesis(derived) if ground is Ground.POLYNOMIAL else ""
    established = Established(ground, tried, max(made, 1), worst, note)
    return Held(True, established, strained=strained > 0, overflows=overflows)


def starts(derived: Derived, arithmetic: Arithmetic, seed: int, *, few: bool = False) -> list[Any]:
    """The starts of a sampled check."""
    count = SAMPLED[arithmetic] // (4 if few else 1)
    if arithmetic is Arithmetic.FLOAT64:
        return special(derived) + simple(derived, count // 4) + floats(derived, count, seed)
    found = special(derived) + simple(derived, count)
    return found + far(derived) if arithmetic is Arithmetic.RATIONAL else found


def _parted(ground: Ground, points: int, mismatch: Mismatch) -> Held:
    return Held(False, Established(ground, points, mismatch.step), mismatch)


def binary_constant(mismatch: Mismatch, bench: Bench) -> bool:
    """Whether an error is as small as that of a constant held in binary."""
    if isinstance(mismatch.computed, str):
        return False
    with mpmath.workdps(DIGITS):
        gap = abs(mismatch.computed - mismatch.derived)
        size = bench.reach(mismatch.index, mismatch.place)
        return bool(gap <= CONSTANT * size)


def _hypothesis(derived: Derived) -> str:
    parts = []
    for s in derived.symbols:
        degree = max(
            (int(sp.degree(f, s)) for f in derived.entries if s in f.free_symbols), default=0
        )
        parts.append(f"{degree} in {s}")
    kind = "map" if derived.kind is Kind.MAP else derived.kind.value
    return f"the {kind} of the code is a polynomial of degree at most {', '.join(parts)}"

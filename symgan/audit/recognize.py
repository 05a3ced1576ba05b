"""Which known field, Jacobian or rule code in fact implements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import Any

import mpmath
from sympy import Rational, Symbol

from symgan.audit.bench import Bench
from symgan.audit.candidates import candidates
from symgan.audit.derived import Ahead, Derived
from symgan.audit.ladder import Until, hold
from symgan.audit.numbers import DIGITS
from symgan.audit.points import Point, generic, simple
from symgan.audit.question import Question
from symgan.audit.results import Recognition
from symgan.audit.subject import Arithmetic, AuditError, Kind, Subject, SubjectError
from symgan.certify.identity import admits
from symgan.errors import SymganError
from symgan.kernels.evaluate import number

QUICK = 3
"""Points at which a candidate is tried before it is held against the code in full."""
LARGEST_DENOMINATOR = 1000
"""Of an option that is solved for."""
TRIED = tuple(Rational(p, q) for p, q in ((1, 2), (1, 3), (1, 5), (3, 4), (1, 1), (2, 1), (3, 1)))
"""Values of an option between which it is interpolated."""
STEPS = 3


def recognize(asked: Question, subject: Subject, steps: int, until: Until) -> Recognition | None:
    """The first known candidate that the code agrees with, and on what ground.

    Args:
        asked: what the code was held against.
        subject: the code.
        steps: how many steps a map is followed.
        until: when time is up.
    """
    kind, arithmetic = subject.kind, subject.arithmetics()[-1]  # floats are the quickest
    length = max(steps, STEPS) if kind is Kind.MAP else 1
    own = asked.derive(kind)
    for candidate in candidates(asked, kind):
        if until.over:
            return None
        try:
            built = candidate.build()
        except SymganError:  # it does not fit this game
            continue
        built = _with_parameters(built, own)
        for derived, settings in _settled(built, subject, arithmetic, length):
            if not _agrees_at_once(subject, derived, arithmetic, length):
                continue
            found = hold(subject, derived, length, seed=1, until=until)
            if found.agrees:
                joint = ", " if " with " in candidate.name else " with "
                name = candidate.name + (joint + settings if settings else "")
                return Recognition(name, found.established.ground, found.established.points)
    return None


def _with_parameters(candidate: Derived, asked: Derived) -> Derived:
    """A candidate with the parameters that the code was asked about: it may take them."""
    given = {s: v for s, v in asked.fixed.items() if s not in candidate.free}
    fixed = {**candidate.fixed, **given}
    both = dict.fromkeys((*candidate.free, *asked.free))
    return replace(candidate, fixed=fixed, free=tuple(s for s in both if s not in fixed))


def _agrees_at_once(subject: Subject, derived: Derived, arithmetic: Arithmetic, steps: int) -> bool:
    bench = Bench(subject, derived, arithmetic, strict=True)

    def parts(point: Point) -> bool:
        return bench.run(point, steps).mismatch is not None

    try:
        if parts(generic(derived.symbols)):
            return False
        points = list(islice(simple(derived, 4 * QUICK), QUICK, 2 * QUICK))
        return not any(map(parts, points))
    except AuditError:
        return False


def _settled(
    derived: Derived, subject: Subject, arithmetic: Arithmetic, steps: int
) -> Iterable[tuple[Derived, str]]:
    """The candidate with values for options that the code does not take: solved for."""
    unknown = [s for s in derived.free if s.name not in subject.takes()]
    if not unknown:
        yield derived, ""
        return
    if len(unknown) > 1:
        return
    for value in _solutions(derived, unknown[0], subject, arithmetic, steps):
        free = tuple(s for s in derived.free if s != unknown[0])
        fixed = {**derived.fixed, unknown[0]: value}
        yield replace(derived, free=free, fixed=fixed), f"{unknown[0].name} = {value}"


def _solutions(
    derived: Derived, unknown: Symbol, subject: Subject, arithmetic: Arithmetic, steps: int
) -> list[Rational]:
    """Simple values of an option for which the first component that it stands in is right."""
    bench = Bench(subject, derived, arithmetic)
    point = bench.rounded(generic(derived.symbols))
    tried = [v for v in TRIED if admits(unknown, v)][:4]
    with mpmath.workdps(DIGITS):
        sides = [Ahead(derived, {**point, unknown: v}, binary=bench.binary) for v in tried]
        visible: Any = bench.start(point)
        for _ in range(steps):
            known = [side.sized(visible) for side in sides]
            try:
                found = subject.advance()
            except SubjectError:  # it left the range that it computes in
                return []
            if len(known) < 4 or any(side is None for side in known):
                return []
            for i, x in enumerate(found):
                values = [side[i].value for side in known if side is not None]
                size = max(side[i].magnitude for side in known if side is not None)
                if max(values) - min(values) > size * mpmath.mpf(10) ** -12:
                    return _simple_roots(tried, [v - number(x) for v in values], unknown)
            visible = found
    return []


def _simple_roots(at: Sequence[Rational], values: Sequence[Any], unknown: Symbol) -> list[Rational]:
    """Simple rational roots of the quadratic through three values, if it meets the fourth."""
    a, b, c, d = (number(x) for x in at)
    first = (values[1] - values[0]) / (b - a)
    second = ((values[2] - values[1]) / (c - b) - first) / (c - a)
    ahead = values[0] + first * (d - a) + second * (d - a) * (d - b)
    if abs(ahead - values[3]) > mpmath.mpf(10) ** -12 * max(map(abs, values)):
        return []
    # values[0] + first (x - a) + second (x - a)(x - b), by powers of x - a
    slope = first - second * (b - a)
    if abs(second) <= mpmath.mpf(10) ** -12 * abs(slope):
        roots = [a - values[0] / slope]
    else:
        swing = slope**2 - 4 * second * values[0]
        if swing < 0:
            return []
        roots = [a + (-slope + sign * mpmath.sqrt(swing)) / (2 * second) for sign in (1, -1)]
    found = []
    for root in roots:
        near = Fraction(mpmath.nstr(root, 25)).limit_denominator(LARGEST_DENOMINATOR)
        exact = Rational(near.numerator, near.denominator)
        if abs(number(exact) - root) < mpmath.mpf(10) ** -9 and admits(unknown, exact):
            found.append(exact)
    return found

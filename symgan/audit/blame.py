"""Which term of a component differs: slips fitted to the residual and tried at fresh points."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import mpmath
import sympy as sp
from mpmath import mpf
from sympy import Expr, Rational

from symgan.audit.bench import Bench
from symgan.audit.derived import evaluated
from symgan.audit.ladder import Held, Until, vanishes
from symgan.audit.numbers import DIGITS
from symgan.audit.outcomes import Residual
from symgan.audit.points import simple
from symgan.audit.results import Blame, Ground
from symgan.audit.subject import Arithmetic
from symgan.audit.terms import Slip, foreign, slips, terms

SEEN, FRESH = 4, 10
"""Points that a slip is fitted to, and points that it is then tried at."""
LARGEST_DENOMINATOR = 60
"""Of a wrong constant factor."""
TELLING = 1000
"""How far above the noise a residual must stand to tell one slip from another."""
PAIRED = 10
"""Terms of which two may be wrong at once."""
GROUNDS = {Arithmetic.RATIONAL: Ground.EXACT, Arithmetic.FLOAT64: Ground.FLOAT}


def blame(bench: Bench, held: Held, step: int, until: Until) -> tuple[Blame, ...]:
    """What is wrong with each component that differs, where one slip or two explain it.

    Args:
        bench: the code beside the derivation, in numbers that show the difference.
        held: the comparison that failed.
        step: the first step at which they part.
        until: when time is up.
    """
    data = _residuals(bench, step)
    found: list[Blame] = []
    first = step == held.established.steps == 1  # later, differences are in other symbols
    with mpmath.workdps(DIGITS):
        for index, label in enumerate(bench.derived.labels):
            wrong = [r for r in data if abs(r.values[index]) > _noise(bench, r, index)]
            symbolic = held.difference[index] if held.difference and first else None
            if not wrong or (symbolic is not None and vanishes(symbolic)):
                continue
            both = wrong[:SEEN], [*wrong[SEEN:], *(r for r in data if r not in wrong)]
            for slip in _explained(bench, index, *both, symbolic, until):
                ground = GROUNDS.get(bench.arithmetic, Ground.DIGITS)
                if symbolic is not None and step == 1:
                    ground = Ground.PROVED
                fresh = 0 if ground is Ground.PROVED else len(both[1])
                found.append(Blame(label, slip.fault, slip.term, slip.instead, ground, fresh))
    return tuple(found)


def _residuals(bench: Bench, step: int) -> list[Residual]:
    """Residuals at simple points, those with the most going on first."""
    found = []
    for point in simple(bench.derived, 3 * (SEEN + FRESH)):
        residual = bench.residuals(point, step)
        if residual is not None:
            found.append(residual)
    found.sort(key=lambda r: sum(v == 0 for v in r.values))
    return found[: SEEN + FRESH]


def _noise(bench: Bench, residual: Residual, index: int) -> Any:
    return bench.noise(index, residual.magnitudes[index])


def _explained(
    bench: Bench,
    index: int,
    seen: Sequence[Residual],
    fresh: Sequence[Residual],
    symbolic: Expr | None,
    until: Until,
) -> tuple[Slip, ...]:
    """The plainest slip, or pair of slips, that makes the residual."""

    def fits(difference: Expr) -> bool:
        if not all(_matches(bench, index, difference, r) for r in seen):
            return False
        if symbolic is not None:
            return vanishes(symbolic - difference) is True
        return all(_matches(bench, index, difference, r) for r in fresh)

    for slip in slips(bench.derived, index):
        if until.over:
            return ()
        if slip.difference != 0 and fits(slip.difference):
            return (slip,)
    parts = terms(bench.derived, index)
    for term in parts:
        factor = _factor(seen, index, term)
        if factor is not None and fits((factor - 1) * term):
            return (Slip(f"has the factor {factor}", term, factor * term),)
    for term in foreign(bench.derived, index):
        factor = _factor(seen, index, term)
        if factor is not None and fits((factor - 1) * term):
            return (Slip("has a term that is not derived", sp.Integer(0), (factor - 1) * term),)
    for one, other in combinations(parts[:PAIRED], 2):
        for a, b in ((0, 0), (-1, -1), (0, -1), (-1, 0), (2, 2), (0, 2), (2, 0)):
            both = (a - 1) * one + (b - 1) * other
            if until.over:
                return ()
            if both != 0 and fits(both):
                return _named(one, a), _named(other, b)
    return ()


def _named(term: Expr, factor: int) -> Slip:
    fault = {0: "missing", -1: "wrong sign", 2: "doubled"}[factor]
    return Slip(fault, term, factor * term)


def _matches(bench: Bench, index: int, difference: Expr, residual: Residual) -> bool:
    found = evaluated([difference], residual.place)
    if found is None:
        return False
    size = max(residual.magnitudes[index], found[0].magnitude)
    noise, gap = bench.noise(index, size), abs(found[0].value - residual.values[index])
    told = abs(residual.values[index])
    if told > _noise(bench, residual, index) and noise > told / TELLING:
        return False  # what fits only because anything would says nothing
    return gap <= noise


def _factor(seen: Sequence[Residual], index: int, term: Expr) -> Rational | None:
    """The constant by which a term must be multiplied to explain the first residual."""
    for residual in seen:
        found = evaluated([term], residual.place)
        if found is None or found[0].value == 0:
            continue
        ratio = 1 + residual.values[index] / found[0].value
        near = Fraction(mpmath.nstr(ratio, 30)).limit_denominator(LARGEST_DENOMINATOR)
        if abs(ratio - mpf(near.numerator) / near.denominator) > mpf(10) ** -9:
            return None
        return sp.Rational(near.numerator, near.denominator)
    return None


def difference_of(bench: Bench, held: Held, found: Sequence[Blame], step: int) -> list[Expr] | None:
    """Code minus derivation in symbols, where all of it is known."""
    if held.difference is not None:
        return list(held.difference)
    labels = bench.derived.labels
    total: dict[str, Expr] = dict.fromkeys(labels, sp.Integer(0))
    for b in found:
        total[b.component] += b.instead - b.term
    with mpmath.workdps(DIGITS):
        told = all(
            _matches(bench, i, total[label], residual)
            for residual in _residuals(bench, step)
            for i, label in enumerate(labels)
        )
    return list(total.values()) if found and told else None

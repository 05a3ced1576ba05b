"""Which true statements are no repair: they say nothing, or less than they could."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Basic
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.claims.sampling import Samples

NEAR = 0.1
"""A bound is near what it bounds where they differ by less than this share of the larger."""
_INEQUALITIES = (sp.StrictLessThan, sp.StrictGreaterThan, sp.LessThan, sp.GreaterThan)


def says_nothing(
    candidate: Basic,
    printed: Basic,
    *,
    values: Mapping[Basic, Any],
    given: Boolean,
    samples: Samples,
    shown: Collection[Basic] = (),
) -> bool:
    """Whether a true statement is true for a reason that has nothing to do with the print.

    Args:
        candidate: a changed statement that is true at the samples.
        printed: the false statement.
        values: named quantity -> its derived value.
        given: the domain.
        samples: points of the domain.
        shown: repairs that stand already; what only follows from one is no other.
    """
    named = [quantity for quantity in values if printed.has(quantity)]
    if not all(candidate.has(quantity) for quantity in named):
        return True
    if any(_is_trivial(relation) for relation in candidate.atoms(Relational)):
        return True
    if any(node.args[0] == node.args[1] for node in candidate.atoms(sp.Implies)):
        return True
    if samples.vacuous(candidate):
        return True
    changed = candidate.atoms(Relational) - printed.atoms(Relational)
    if any(_is_slack(relation, printed, samples) for relation in changed):
        return True
    if not named:
        return False
    free = Samples(candidate.free_symbols | given.free_symbols, given, {})
    return free.confirm(candidate) or any(
        _is_same_equation(candidate, other) or free.follows(candidate, other) for other in shown
    )


def _is_same_equation(candidate: Basic, other: Basic) -> bool:
    """Whether two true equations share a side: then their other sides are equal too."""
    if not (isinstance(candidate, sp.Equality) and isinstance(other, sp.Equality)):
        return False
    return bool({candidate.lhs, candidate.rhs} & {other.lhs, other.rhs})


def _is_trivial(relation: Relational) -> bool:
    left, right = relation.lhs, relation.rhs
    return left == right or bool(left.is_number and right.is_number)


def _is_slack(relation: Relational, printed: Basic, samples: Samples) -> bool:
    """Whether a bound is looser than need be: nowhere near what it bounds, or only a sign.

    A bound that keeps both sides of the print, with another direction, is not loose; one that
    keeps them up to a sign may be, where it says no more than that one side is negative.
    """
    if not isinstance(relation, _INEQUALITIES):
        return False
    left, right = relation.lhs, relation.rhs
    sides = {frozenset((r.lhs, r.rhs)) for r in printed.atoms(Relational)}
    if frozenset((left, right)) in sides:
        return False
    found = samples.sides(relation)
    if frozenset((left, -right)) in sides or frozenset((-left, right)) in sides:
        return all(mpmath.re(a) * mpmath.re(b) <= 0 for a, b in found)
    return all(abs(a - b) > NEAR * max(abs(a), abs(b)) for a, b in found)

r"""Whether conditions cover all states, decided on the signs of what they compare."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from symgan.errors import GameError

MOST_GUARDS = 7
"""3^7 sign patterns take about a second; beyond, the last choice must say True."""

_TRUTH: dict[type, frozenset[int]] = {
    sp.StrictGreaterThan: frozenset({1}),
    sp.GreaterThan: frozenset({0, 1}),
    sp.StrictLessThan: frozenset({-1}),
    sp.LessThan: frozenset({-1, 0}),
    sp.Equality: frozenset({0}),
    sp.Unequality: frozenset({-1, 1}),
}
"""Relation -> the signs of left minus right at which it holds."""


def open_states(conditions: Sequence[Any]) -> str:
    r"""A pattern of signs at which no condition holds, in words; empty where all is covered.

    Each comparison has a guard, left minus right; guards that are multiples of one another
    are one. All patterns of signs are tried, also ones that no state has: an empty answer
    is a proof of coverage, another one asks for a choice that may be idle.

    Args:
        conditions: SymPy Booleans made of comparisons.

    Raises:
        GameError: too many different comparisons to try all patterns.

    >>> x, y = sp.symbols("x y", real=True)
    >>> open_states([x*y < 0, x*y > 0]), open_states([x*y < 0, -y*x <= 0])
    ('x*y = 0', '')
    """
    whole = sp.Or(*conditions)
    if whole == sp.true:
        return ""
    oriented = {r: _guard(r) for r in whole.atoms(Relational)}
    guards = sorted({guard for guard, _ in oriented.values()}, key=sp.default_sort_key)
    if len(guards) > MOST_GUARDS:
        raise GameError(
            f"the choices compare {len(guards)} different things, too many to see whether they "
            "cover all states; end with (players, True)"
        )
    for pattern in product(*map(_possible, guards)):
        sign = dict(zip(guards, pattern, strict=True))
        truth = {
            r: sp.true if sign[guard] * way in _TRUTH[type(r)] else sp.false
            for r, (guard, way) in oriented.items()
        }
        if whole.xreplace(truth) != sp.true:
            return ", ".join(f"{guard} {'=><'[sign[guard]]} 0" for guard in guards) or "every state"
    return ""


def _guard(relation: Any) -> tuple[Any, int]:
    """Left minus right up to a positive factor and a sign, and that sign."""
    _, guard = sp.expand(relation.lhs - relation.rhs).as_content_primitive()  # content > 0
    return (-guard, -1) if guard.could_extract_minus_sign() else (guard, 1)


def _possible(guard: Any) -> tuple[int, ...]:
    """The signs that the assumptions of its symbols leave to a guard."""
    known = {-1: guard.is_negative, 0: guard.is_zero, 1: guard.is_positive}
    return tuple(sign for sign in (-1, 0, 1) if known[sign] is not False)

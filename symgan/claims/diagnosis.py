"""What a claim that did not come out as expected shows its author."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp
from sympy import Basic, Expr

from symgan.claims.examine import Examination, insert
from symgan.claims.model import Entry, Route, Verdict
from symgan.claims.repair import repairs_of

SHORT = 120
"""A difference of more operations than that is shown as it stands."""


def diagnosed(entry: Entry, case: Any) -> Entry:
    """An entry with what its author needs to see why the verdict is not the expected one.

    That is the derived values, the difference of the two sides of a false equation, and, where
    the print is contradicted and no amendment stands, repairs that were searched and proved.

    Args:
        entry: what `judge` found.
        case: what the claim's function returned.
    """
    if entry.as_expected or not isinstance(case, Examination):
        return entry
    derived = tuple(
        (quantity, sp.sympify(value))
        for quantity, value in case.exact.items()
        if case.statement.has(quantity)
    )
    if not _is_false(entry):
        return replace(entry, derived=derived)
    wanted = entry.verdict is Verdict.CHECKED and entry.outcome == "contradicted"
    found = repairs_of(case) if wanted else ()
    return replace(entry, derived=derived, difference=_difference(case), repairs=found)


def _is_false(entry: Entry) -> bool:
    """Whether the exact route refuted the print."""
    return any(
        e.subject == "printed" and e.route is Route.EXACT and e.holds is False
        for e in entry.evidence
    )


def _difference(case: Examination) -> Basic | None:
    """Left side minus right side of an equation of numbers, the shortest form at hand."""
    inserted = insert(case.statement, case.exact)
    if not isinstance(inserted, sp.Equality):
        return None
    left, right = inserted.args
    if not (isinstance(left, Expr) and isinstance(right, Expr)):
        return None
    plain = left - right
    if plain.count_ops() > SHORT:
        return plain
    forms = (plain, sp.expand(plain), sp.factor_terms(sp.expand(plain)), sp.factor(plain))
    return min(forms, key=lambda form: form.count_ops())

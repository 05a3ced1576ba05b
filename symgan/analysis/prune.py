"""What z3 can clear away from a case analysis: impossible cases, implied conditions.

Nothing here is needed for an answer to be right as long as it is; without z3, or where
it finds no answer in its time, results are longer.
"""

from __future__ import annotations

from functools import lru_cache

import sympy as sp
from sympy import And, Expr
from sympy.logic.boolalg import Boolean

from symgan.analysis.budget import Budget
from symgan.analysis.glance import seen_to_hold
from symgan.certify.smt import decide_smt
from symgan.errors import MissingExtra, Undecided

BUDGET_MS = 300


@lru_cache(maxsize=4096)
def impossible(condition: Boolean) -> bool:
    """Whether z3 proves that a condition on real symbols never holds.

    >>> a = sp.Symbol("a", real=True)
    >>> impossible((a > 1) & (a < -1)), impossible((a > 1) & (a < 2))
    (True, False)
    """
    if condition in (sp.true, sp.false):
        return condition is sp.false
    if any(s.is_real is not True for s in condition.free_symbols):
        return False
    if seen_to_hold(condition):  # at a fraction of what the solver takes
        return False
    try:
        return decide_smt(sp.Not(condition), budget_ms=BUDGET_MS).holds is True
    except (MissingExtra, Undecided):
        return False


def implied(statement: Boolean, given: Boolean) -> bool:
    """Whether z3 proves a statement from what is given."""
    if statement is sp.true or given is sp.false:
        return True
    if statement is sp.false:
        return impossible(given)
    return impossible(And(given, sp.Not(statement)))


def without_implied(expressions: list[Expr], given: Boolean, budget: Budget) -> list[Expr]:
    """Conditions ``e > 0``, those left out that follow from the rest; longest ones go first."""
    kept = sorted(expressions, key=sp.count_ops, reverse=True)
    for expression in list(kept):
        if budget.left == 0:
            break
        others = [e for e in kept if e is not expression]
        if implied(expression > 0, And(given, *(e > 0 for e in others))):
            kept = others
    return kept

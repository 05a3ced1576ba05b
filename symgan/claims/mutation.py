"""Negative controls: mutants of true statements that the same check must reject.

A mutant changes one thing in a statement that holds: a sign, a term, a factor, a
constant, an exponent, the direction or strictness of an inequality, sine for cosine.
"""

from __future__ import annotations

import random

import sympy as sp
from sympy import Basic, Expr
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.certify.decide import decide
from symgan.claims.edits import variants
from symgan.claims.examine import Examination
from symgan.claims.model import Fate, Mutant
from symgan.errors import Undecided


def mutants(
    claim_id: str, case: Examination, *, fraction: float = 1.0, seed: int = 0
) -> tuple[Mutant, ...]:
    """Make and examine the mutants of the statement that an examination proves.

    Args:
        claim_id: whose statement it is.
        case: its examination; the amendment, or the condition, is used where there is one.
        fraction: the share of mutants to examine, chosen by the seed.
        seed: picks which.
    """
    truth, given = case.truth
    chosen = list(dict.fromkeys((e.operator, e.statement) for e in variants(truth)))
    if fraction < 1.0:
        draw = random.Random(f"{claim_id}:{seed}")
        chosen = [variant for variant in chosen if draw.random() < fraction]
    return tuple(
        Mutant(claim_id, operator, variant, *_fate(variant, truth, given, case))
        for operator, variant in chosen
    )


def _fate(variant: Basic, truth: Basic, given: Boolean, case: Examination) -> tuple[Fate, str]:
    decision = case.decided(_changed_part(variant, truth), given)
    if decision.holds is False:
        return Fate.REJECTED, decision.text
    if _follows(truth, variant, given):
        if _follows(variant, truth, given):
            return Fate.EQUIVALENT, "it says the same, shown without the derived values"
        return Fate.IMPLIED, "it follows from the true statement, shown without derived values"
    if decision.holds is None and case.second is not None:
        found = case.second(variant, given, None)
        if found.holds is False:
            return Fate.REJECTED, f"{found.kind}: {found.text}"
    return Fate.SURVIVED, f"the check accepts it: {decision.text}"


def _changed_part(variant: Basic, truth: Basic) -> Basic:
    """Of a mutated conjunction only what changed: the rest is known to hold."""
    if not (isinstance(variant, sp.And) and isinstance(truth, sp.And)):
        return variant
    changed = [part for part in variant.args if part not in truth.args]
    return sp.And(*changed, evaluate=False) if len(changed) > 1 else (changed or [variant])[0]


def _follows(premise: Basic, conclusion: Basic, given: Boolean) -> bool:
    """Whether the conclusion follows with every named quantity left free."""
    if premise == conclusion:
        return True
    if isinstance(premise, sp.And) and isinstance(conclusion, sp.And):
        return _and_follows(premise, conclusion, given)
    if isinstance(premise, sp.Implies) and isinstance(conclusion, sp.Implies):
        (p, q), (r, s) = premise.args, conclusion.args
        return _follows(r, p, given) and _follows(q, s, sp.And(given, r))
    if isinstance(premise, Relational) and premise.func is conclusion.func:
        ratio = _ratio(premise, conclusion)
        if ratio is not None and ratio.is_positive:
            return True
    try:
        if isinstance(premise, sp.Equality) and isinstance(conclusion, sp.Equality):
            return _same_equation(premise, conclusion, given)
        return decide(sp.Implies(premise, conclusion, evaluate=False), given).holds is True
    except (Undecided, ValueError, sp.PolynomialError):
        return False


def _ratio(premise: Relational, conclusion: Basic) -> Expr | None:
    """The constant by which two relations' differences differ, if it is one."""
    assert isinstance(conclusion, Relational)
    one, other = (sp.sympify(r.lhs - r.rhs) for r in (premise, conclusion))
    if one.is_zero:
        return None
    ratio = sp.cancel(other / one)
    return ratio if ratio.is_Rational else None


def _and_follows(premise: sp.And, conclusion: sp.And, given: Boolean) -> bool:
    """A mutant changes one part: the changed part must follow from the part it replaces."""
    kept = set(premise.args) & set(conclusion.args)
    old = [part for part in premise.args if part not in kept]
    new = [part for part in conclusion.args if part not in kept]
    return all(any(_follows(p, c, given) for p in (*old, *kept)) for c in new)


def _same_equation(premise: sp.Equality, conclusion: sp.Equality, given: Boolean) -> bool:
    """Equations that differ by a nonzero constant factor, or by exact rewriting."""
    one, other = (e.lhs - e.rhs for e in (premise, conclusion))
    return any(
        decide(sp.Eq(one - sign * other, 0, evaluate=False), given).holds is True
        for sign in (1, -1)
    )

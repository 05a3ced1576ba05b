"""Negative controls: mutants of true statements that the same check must reject.

A mutant changes one thing in a statement that holds: a sign, a term, a factor, a
constant, an exponent, the direction or strictness of an inequality, sine for cosine.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import sympy as sp
from sympy import Add, Basic, Expr, Integer, Mul, Rational
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.certify.decide import decide
from symgan.claims.examine import Examination
from symgan.claims.model import Fate, Mutant
from symgan.errors import Undecided

Variant = tuple[str, Basic]

_INVERTED: dict[type, type] = {
    sp.StrictLessThan: sp.StrictGreaterThan,
    sp.StrictGreaterThan: sp.StrictLessThan,
    sp.LessThan: sp.GreaterThan,
    sp.GreaterThan: sp.LessThan,
    sp.Unequality: sp.Equality,
}
_RELAXED: dict[type, type] = {
    sp.StrictLessThan: sp.LessThan,
    sp.StrictGreaterThan: sp.GreaterThan,
    sp.LessThan: sp.StrictLessThan,
    sp.GreaterThan: sp.StrictGreaterThan,
}
_SWAPPED: dict[type, type] = {sp.sin: sp.cos, sp.cos: sp.sin}


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
    chosen = list(dict.fromkeys(_variants(truth)))
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


def _variants(node: Basic) -> Iterator[Variant]:
    """Every statement that differs from this one in one place."""
    if isinstance(node, Relational):
        yield from _of_relation(node)
    elif isinstance(node, sp.And | sp.Or | sp.Implies | sp.Equivalent | sp.Not):
        for place, part in enumerate(node.args):
            for operator, changed in _variants(part):
                args = [*node.args[:place], changed, *node.args[place + 1 :]]
                yield operator, node.func(*args, evaluate=False)


def _of_relation(node: Relational) -> Iterator[Variant]:
    if type(node) in _INVERTED:
        yield "inverted relation", _INVERTED[type(node)](node.lhs, node.rhs, evaluate=False)
    if type(node) in _RELAXED:
        yield "strictness", _RELAXED[type(node)](node.lhs, node.rhs, evaluate=False)
    for place, side in enumerate((node.lhs, node.rhs)):
        if not isinstance(side, Expr) or _is_name(side):
            continue
        for operator, changed in _of_expression(side):
            sides = [node.lhs, node.rhs]
            sides[place] = changed
            yield operator, node.func(*sides, evaluate=False)


def _is_name(side: Expr) -> bool:
    """A bare quantity: changing it is changing the other side."""
    return side.is_Symbol or isinstance(side, sp.core.function.AppliedUndef | sp.Derivative)


def _of_expression(node: Expr) -> Iterator[tuple[str, Expr]]:
    if not node.is_zero:
        yield "flipped sign", -node
        yield "doubled", 2 * node
    if node.is_zero:
        yield "changed constant", Integer(1)
    yield from _inside(node)


def _inside(node: Basic) -> Iterator[tuple[str, Expr]]:
    """Changes strictly below the top of an expression."""
    if isinstance(node, Rational):
        if not node.is_zero:
            yield "changed constant", node + 1
        return
    if isinstance(node, Add):
        yield from _of_terms(node)
    if isinstance(node, Mul):
        yield from _of_factors(node)
    if type(node) in _SWAPPED:
        yield "sine for cosine", _SWAPPED[type(node)](*node.args)
    if isinstance(node, sp.core.function.AppliedUndef | sp.Derivative | sp.Symbol):
        return
    if getattr(node, "symgan_free", False):
        yield "argument of the other sign", node.func(-node.args[0], *node.args[1:])
        return
    for place, argument in enumerate(node.args):
        if not isinstance(argument, Expr):
            continue
        for operator, changed in _inside(argument):
            args = [*node.args[:place], changed, *node.args[place + 1 :]]
            rebuilt = node.func(*args)
            if rebuilt.is_finite is not False and rebuilt is not sp.nan:
                yield operator, rebuilt


def _of_terms(node: Add) -> Iterator[tuple[str, Expr]]:
    makers: tuple[tuple[str, Callable[[Expr], Expr]], ...] = (
        ("flipped sign of a term", lambda term: -term),
        ("dropped term", lambda term: Integer(0)),
        ("doubled term", lambda term: 2 * term),
    )
    for place, term in enumerate(node.args):
        for operator, change in makers:
            terms = [*node.args[:place], change(term), *node.args[place + 1 :]]
            yield operator, Add(*terms)


def _of_factors(node: Mul) -> Iterator[tuple[str, Expr]]:
    for place, factor in enumerate(node.args):
        if not factor.is_Rational:
            yield "dropped factor", Mul(*node.args[:place], *node.args[place + 1 :])

r"""Exact decisions of statements: universally quantified Booleans over real symbols.

A statement holds if it is never false for values of its symbols that agree with their
assumptions and with what is given; a relation is neither true nor false where a side of
it is undefined, and what is defined nowhere is left undecided. Equations are decided by
`identity`, inequalities by `sign`, a refutation by an exact rational witness; connectives
reduce to these. There is no sampling on the way to True, and no trust in a solver.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from sympy import Basic, Expr, Symbol
from sympy.core.facts import InconsistentAssumptions
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.certify.ball import proved_nonzero, sign_at
from symgan.certify.certificate import sign_data
from symgan.certify.domain import assumed, read_domain, refinements
from symgan.certify.free import free_functions, free_names
from symgan.certify.identity import is_zero, points_of
from symgan.certify.positive import multipliers
from symgan.certify.sign import Signs, signs
from symgan.certify.witness import (
    Decision,
    are_defined,
    completed,
    describe,
    never,
    refuted,
    restored,
)
from symgan.errors import Undecided

_ALLOWED: dict[type, frozenset[int]] = {
    sp.StrictGreaterThan: frozenset({1}),
    sp.GreaterThan: frozenset({0, 1}),
    sp.StrictLessThan: frozenset({-1}),
    sp.LessThan: frozenset({-1, 0}),
    sp.Unequality: frozenset({-1, 1}),
    sp.Equality: frozenset({0}),
}
_INEQUALITIES = (sp.StrictGreaterThan, sp.GreaterThan, sp.StrictLessThan, sp.LessThan)


def decide(statement: Basic, given: Boolean = sp.true) -> Decision:
    r"""Decide a statement for all real values of its symbols, exactly.

    Args:
        statement: equations, inequalities and their And, Or, Not, Implies, Equivalent;
            an equation between sets or tuples is decided by structure.
        given: what may be assumed (solved equations, ranges, further filters).

    >>> a, T = sp.symbols("a T", positive=True)
    >>> decide(sp.Eq(1/(1 + 1/T**2), T**2/(1 + T**2), evaluate=False)).holds
    True
    >>> decide(sp.Gt(a, 1)).witness
    {a: 1}
    """
    _check(statement, given)
    vacuous = Decision(True, "vacuous", "nothing satisfies what is given")
    if given is sp.false:
        return vacuous
    equal = dict(read_domain(given).equal)
    if equal:
        parts = (p.subs(equal) for p in sp.And.make_args(given))
        rest = sp.And(*parts, *(sp.And(*assumed(s, value)) for s, value in equal.items()))
        found = decide(_substitute(statement, equal), rest)
        return restored(found, given, lambda point: completed(point, equal, given))
    try:
        refined = refinements(given, statement.free_symbols | given.free_symbols)
    except InconsistentAssumptions:
        return vacuous
    if refined:
        found = decide(_substitute(statement, refined), _substitute(given, refined))
        original = {new: old for old, new in refined.items()}
        return restored(found, given, lambda p: {original.get(s, s): v for s, v in p.items()})
    if statement in (sp.true, sp.false):
        return _constant(statement, given)
    if isinstance(statement, sp.And):
        return _all(statement.args, given)
    if isinstance(statement, sp.Implies):
        premise, conclusion = statement.args
        return _implication(premise, conclusion, given)
    if isinstance(statement, sp.Equivalent):
        return _equivalent(statement, given)
    if isinstance(statement, sp.Not):
        return decide(_negation(statement.args[0]), given)
    if isinstance(statement, sp.Or):
        return _disjunction(statement, given)
    if isinstance(statement, Relational):
        return _relation(statement, given)
    raise Undecided(f"{statement} is not a statement that can be decided")


def _check(statement: Basic, given: Boolean) -> None:
    """Refuse what is not exact, or compares what is never real."""
    if given.has(sp.Float):
        raise ValueError(f"an exact premise holds a float: {given}")
    for relation in (r for part in (statement, given) for r in part.atoms(*_INEQUALITIES)):
        if any(s.is_extended_real is False and s is not sp.zoo for s in relation.args):
            raise Undecided(f"{relation} compares what is not real; state it over real quantities")


def _constant(statement: Basic, given: Boolean) -> Decision:
    text = f"it reduces to {statement} by exact arithmetic"
    return Decision(True, "identity", text) if statement is sp.true else never(text, given)


def _implication(premise: Boolean, conclusion: Boolean, given: Boolean) -> Decision:
    """Directly, or through the contrapositive where the premise has no readable range."""
    if isinstance(premise, Relational) and isinstance(conclusion, _INEQUALITIES):
        against = sp.And(given, conclusion.negated)
        difference, allowed = premise.lhs - premise.rhs, _ALLOWED[type(premise.negated)]
        if signs(difference, against) <= allowed:
            text = "its contrapositive holds by the sign of the difference"
            data = _sign_data(difference, allowed, against)
            return Decision(True, "sign", text, certificate=data)
    return decide(conclusion, sp.And(given, premise))


def _substitute(node: Basic, equal: Mapping[Symbol, Expr]) -> Basic:
    """Substitute below connectives without letting an equation evaluate itself away."""
    if isinstance(node, Relational):
        sides = (side.subs(dict(equal)) for side in (node.lhs, node.rhs))
        return node.func(*sides, evaluate=False)
    if isinstance(node, sp.And | sp.Or | sp.Not | sp.Implies | sp.Equivalent):
        return node.func(*(_substitute(a, equal) for a in node.args), evaluate=False)
    return node.subs(dict(equal))


def _all(parts: tuple[Basic, ...], given: Boolean) -> Decision:
    found = [decide(part, given) for part in parts]
    for decision in found:
        if decision.holds is False:
            return decision
    undecided = [d for d in found if d.holds is None]
    if undecided:
        return undecided[0]
    kinds = "+".join(dict.fromkeys(d.kind for d in found))
    certificate = {"parts": [dict(d.certificate) for d in found]}
    return Decision(True, kinds, "; ".join(d.text for d in found), certificate=certificate)


def _equivalent(statement: sp.Equivalent, given: Boolean) -> Decision:
    """All parts imply one another, in a circle."""
    parts = tuple(statement.args)
    circle = zip(parts, (*parts[1:], parts[0]), strict=True)
    return _all(tuple(sp.Implies(a, b, evaluate=False) for a, b in circle), given)


def _disjunction(statement: sp.Or, given: Boolean) -> Decision:
    """``a or b`` as ``not a implies b``, unless one of them holds by itself."""
    *others, last = statement.args
    for other in others:
        if (found := decide(other, given)).holds:
            return found
    return decide(last, sp.And(given, *(_negation(other) for other in others)))


def _negation(node: Boolean) -> Boolean:
    """What is true where a statement is false, the negation at its relations."""
    if node in (sp.true, sp.false):
        return sp.false if node is sp.true else sp.true
    if isinstance(node, Relational):
        return node.negated
    if isinstance(node, sp.Not):
        return node.args[0]
    negated = [_negation(part) for part in node.args]
    if isinstance(node, sp.And):
        return sp.Or(*negated, evaluate=False)
    if isinstance(node, sp.Or):
        return sp.And(*negated, evaluate=False)
    if isinstance(node, sp.Implies):
        return sp.And(node.args[0], negated[1], evaluate=False)
    if isinstance(node, sp.Equivalent):
        some, none = sp.Or(*node.args, evaluate=False), sp.Or(*negated, evaluate=False)
        return sp.And(some, none, evaluate=False)
    raise Undecided(f"the negation of {node} cannot be decided")


def _relation(statement: Relational, given: Boolean) -> Decision:
    left, right = statement.lhs, statement.rhs
    if not (isinstance(left, Expr) and isinstance(right, Expr)):
        return _structure(statement, given)
    if isinstance(statement, sp.Equality):
        return _equation(statement, given)
    return _inequality(statement, given)


def _structure(statement: Relational, given: Boolean) -> Decision:
    """Equal structure makes sets equal; sets of numbers differ if one holds a point more."""
    left, right = statement.lhs, statement.rhs
    wanted = isinstance(statement, sp.Equality)
    if left == right:
        text = "both sides are the same set"
        return Decision(True, "structure", text) if wanted else never(text, given)
    if isinstance(left, sp.Set) and isinstance(right, sp.Set) and _differ(left, right):
        text = f"the sets {left} and {right} differ"
        return never(text, given) if wanted else Decision(True, "structure", text)
    return Decision(None, "undecided", "the sides are written differently and may be equal")


def _differ(left: sp.Set, right: sp.Set) -> bool:
    """Whether two sets with rational data certainly differ."""
    numbers = (n for side in (left, right) for n in sp.preorder_traversal(side) if n.is_number)
    if (left.free_symbols | right.free_symbols) or not all(n.is_Rational for n in numbers):
        return False
    return (left - right).is_empty is False or (right - left).is_empty is False


def _equation(statement: sp.Equality, given: Boolean) -> Decision:
    difference = statement.lhs - statement.rhs
    zero = is_zero(difference, given=given)
    if zero.holds:
        text = "the difference of the two sides expands to zero over its generators"
        return Decision(True, "identity", text, certificate=zero.certificate)
    if zero.holds is False:
        return _search(statement, proved_nonzero, "the two sides differ by", given)
    found = signs(difference, given)
    if found == {0}:
        text = "the difference is zero on the whole domain"
        return Decision(True, "sign", text, certificate=_sign_data(difference, found, given))
    if found and 0 not in found:
        return never("the difference has no zero on the domain", given, statement.args)
    return Decision(None, "undecided", "no identity and no witness was found")


def _inequality(statement: Relational, given: Boolean) -> Decision:
    difference = statement.lhs - statement.rhs
    allowed, found = _ALLOWED[type(statement)], signs(difference, given)
    if found <= allowed:
        names = {1: "positive", 0: "zero", -1: "negative"}
        text = f"the difference is {' or '.join(names[s] for s in sorted(found))} on the domain"
        return Decision(True, "sign", text, certificate=_sign_data(difference, allowed, given))

    def wrong(value: Expr, point: Mapping[Symbol, Any]) -> str | None:
        sign = _sign(value, point)
        return None if sign is None or sign in allowed else str(sign)

    decision = _search(statement, wrong, "it fails: the difference has sign", given)
    if decision.holds is not None:
        return decision
    if (data := multipliers(statement, given)) is not None:
        text = "the opposite is refuted: a sum of nonnegative products, one positive, vanishes"
        return Decision(True, "certificate", text, certificate=data)
    return Decision(None, "undecided", f"possible signs of the difference: {sorted(found)}")


def _sign_data(difference: Expr, allowed: Signs, given: Boolean) -> dict[str, Any]:
    names = free_names(difference, given)
    plain, premise = free_functions(difference.doit(), names), free_functions(given, names)
    return sign_data(plain, allowed, premise)


def _sign(value: Expr, point: Mapping[Symbol, Any]) -> int | None:
    sign = sign_at(value, point)
    if sign is None and proved_nonzero(value, point) is None and is_zero(value.subs(point)).holds:
        return 0
    return sign


def _search(
    statement: Relational,
    wrong: Callable[[Expr, Mapping[Symbol, Any]], str | None],
    how: str,
    given: Boolean,
) -> Decision:
    """Look for a point at which both sides are defined and the difference is wrong."""
    difference = (statement.lhs - statement.rhs).doit()
    for point, plain in points_of(sp.Tuple(difference, *statement.args), given):
        value, *sides = plain.args
        if not are_defined(sides, point):
            continue
        try:
            fault = wrong(value, point)
        except (Undecided, ZeroDivisionError):
            continue
        if fault is not None:
            return refuted(f"at {describe(point)} {how} {fault}", point, statement, given)
    return Decision(None, "undecided", "no point was found at which it fails")

r"""Exact decisions of statements: universally quantified Booleans over real symbols.

A statement holds if it is true for all values of its symbols that agree with their
assumptions and with what is given. Equations are decided by `identity`, inequalities by
`sign`, a refutation by an exact rational witness; connectives reduce to these. There is
no sampling on the way to True, and no trust in a solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy import Basic, Expr, Rational, Symbol
from sympy.core.facts import InconsistentAssumptions
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.certify.ball import sign_at
from symgan.certify.domain import read_domain
from symgan.certify.generators import prepare
from symgan.certify.identity import free_functions, is_zero, rational_points
from symgan.certify.sign import Signs, signs
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


@dataclass(frozen=True)
class Decision:
    """Whether a statement holds on its whole domain, and how that was found.

    Attributes:
        holds: True (proved), False (refuted by `witness`), None (undecided).
        kind: ``identity``, ``sign``, ``witness``, ``structure`` or ``undecided``.
        text: one sentence.
        witness: symbol -> exact value at which it fails.
        certificate: plain data.
    """

    holds: bool | None
    kind: str
    text: str
    witness: Mapping[Symbol, Rational] = field(default_factory=dict)
    certificate: Mapping[str, Any] = field(default_factory=dict)


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
    equal = dict(read_domain(given).equal)
    if equal:
        rest = sp.And(*(p.subs(equal) for p in sp.And.make_args(given)))
        return decide(_substitute(statement, equal), rest)
    try:
        refined = _refinements(given)
    except InconsistentAssumptions:
        return Decision(True, "vacuous", "nothing satisfies what is given")
    if refined:
        return decide(_substitute(statement, refined), _substitute(given, refined))
    if statement in (sp.true, sp.false):
        truth = statement is sp.true
        return Decision(truth, "identity", f"it reduces to {statement} by exact arithmetic")
    if isinstance(statement, sp.And):
        return _all(statement.args, given)
    if isinstance(statement, sp.Implies):
        premise, conclusion = statement.args
        return _implication(premise, conclusion, given)
    if isinstance(statement, sp.Equivalent):
        return _equivalent(statement, given)
    if isinstance(statement, sp.Or | sp.Not):
        return _disjunction(statement, given)
    if isinstance(statement, Relational):
        return _relation(statement, given)
    raise Undecided(f"{statement} is not a statement that can be decided")


def _refinements(given: Boolean) -> dict[Symbol, Symbol]:
    """Symbols whose given range has a sign their assumptions do not say yet."""
    refined: dict[Symbol, Symbol] = {}
    for symbol, place in read_domain(given).ranges.items():
        if place.lower is not None and place.lower.is_nonnegative and not symbol.is_positive:
            strict = not place.lower_closed or place.lower.is_positive
            sign = "positive" if strict else "nonnegative"
        elif place.upper is not None and place.upper.is_nonpositive and not symbol.is_negative:
            strict = not place.upper_closed or place.upper.is_negative
            sign = "negative" if strict else "nonpositive"
        else:
            continue
        known = {k: v for k, v in symbol._assumptions_orig.items() if v is not None}
        new = Symbol(symbol.name, **(known | {sign: True}))
        if new != symbol:
            refined[symbol] = new
    return refined


def _implication(premise: Boolean, conclusion: Boolean, given: Boolean) -> Decision:
    """Directly, or through the contrapositive where the premise has no readable range."""
    if isinstance(premise, Relational) and isinstance(conclusion, _INEQUALITIES):
        against = sp.And(given, conclusion.negated)
        if signs(premise.lhs - premise.rhs, against) <= _ALLOWED[type(premise.negated)]:
            text = "its contrapositive holds by the sign of the difference"
            data = {"kind": "sign", "difference": str(premise.lhs - premise.rhs)}
            return Decision(True, "sign", text, certificate=data | {"given": str(against)})
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
    left, right = statement.args
    there, back = sp.Implies(left, right, evaluate=False), sp.Implies(right, left, evaluate=False)
    return _all((there, back), given)


def _disjunction(statement: Boolean, given: Boolean) -> Decision:
    """``a or b`` as ``not a implies b``; a negated relation is the opposite relation."""
    if isinstance(statement, sp.Not):
        inner = statement.args[0]
        opposite = inner.negated if isinstance(inner, Relational) else sp.to_nnf(statement)
        if opposite == statement:
            raise Undecided(f"the negation {statement} cannot be decided")
        return decide(opposite, given)
    *others, last = statement.args
    for other in others:
        if decide(other, given).holds:
            return decide(other, given)
    negated = sp.And(*(sp.Not(other) for other in others))
    return decide(last, sp.And(given, negated))


def _relation(statement: Relational, given: Boolean) -> Decision:
    left, right = statement.lhs, statement.rhs
    if not (isinstance(left, Expr) and isinstance(right, Expr)):
        return _structure(statement)
    if isinstance(statement, sp.Equality):
        return _equation(left, right, given)
    return _inequality(statement, given)


def _structure(statement: Relational) -> Decision:
    same = statement.lhs == statement.rhs
    text = "both sides are the same set" if same else f"the sets differ: {statement.lhs}"
    return Decision(same, "structure", text)


def _equation(left: Expr, right: Expr, given: Boolean) -> Decision:
    zero = is_zero(left - right, given=given)
    if zero.holds:
        text = "the difference of the two sides expands to zero over its generators"
        return Decision(True, "identity", text, certificate=zero.certificate)
    if zero.holds is False:
        where = describe(zero.witness)
        text = f"at {where} the two sides differ by {zero.value}"
        return Decision(False, "witness", text, zero.witness, _witness_data(zero.witness))
    found = signs(left - right, given)
    if found == {0}:
        return Decision(True, "sign", "the difference is zero on the whole domain")
    if 0 not in found:
        point = next(rational_points((left - right).free_symbols, given), {})
        return Decision(False, "sign", "the difference has no zero on the domain", point)
    return Decision(None, "undecided", "no identity and no witness was found")


def _inequality(statement: Relational, given: Boolean) -> Decision:
    difference = statement.lhs - statement.rhs
    allowed, found = _ALLOWED[type(statement)], signs(difference, given)
    if found <= allowed:
        names = {1: "positive", 0: "zero", -1: "negative"}
        text = f"the difference is {' or '.join(names[s] for s in sorted(found))} on the domain"
        data = {"kind": "sign", "difference": str(difference), "given": str(given)}
        return Decision(True, "sign", text, certificate=data)
    return _search(statement, difference, allowed, given, found)


def _search(
    statement: Relational, difference: Expr, allowed: Signs, given: Boolean, found: Signs
) -> Decision:
    prepared = free_functions(prepare(difference))
    for point in rational_points(prepared.free_symbols, given):
        try:
            sign = sign_at(prepared, point)
        except (Undecided, ZeroDivisionError):
            continue
        if sign is None and is_zero(prepared.subs(point)).holds:
            sign = 0
        if sign is not None and sign not in allowed:
            text = f"at {describe(point)} it fails: the difference has sign {sign}"
            return Decision(False, "witness", text, point, _witness_data(point))
    return Decision(None, "undecided", f"possible signs of the difference: {sorted(found)}")


def describe(point: Mapping[Symbol, Any]) -> str:
    """A witness in words: ``a = 1, T = 2``."""
    if not point:
        return "every point"
    return ", ".join(f"{s} = {v}" for s, v in sorted(point.items(), key=lambda item: str(item[0])))


def _witness_data(point: Mapping[Symbol, Any]) -> dict[str, Any]:
    return {"kind": "witness", "point": {str(s): str(v) for s, v in point.items()}}

r"""One formula, typed in LaTeX: true for all values, false with a witness, or undecided.

Two routes must agree, as in a ledger: the exact decision (`symgan.certify.decide`), and a second
one that shares no decision code with it (`symgan.claims.check_second`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy import Basic, Expr
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.certify.decide import decide
from symgan.certify.free import free_functions
from symgan.certify.identity import is_zero
from symgan.certify.witness import Decision
from symgan.claims.check_domain import is_real_at, real_where
from symgan.claims.check_second import second_route, without_calculus
from symgan.claims.model import Evidence, Repair, Route
from symgan.errors import SymganError, Undecided
from symgan.parse import ParseError
from symgan.parse.latex import UnknownSymbol, Vocabulary, formula, let
from symgan.parse.latex.algebra import is_condition
from symgan.parse.latex.let import condition

_MOST_UNKNOWN = 20
_SHORT = 400
"""Differences with more operations than that are shown as they are, not factored."""


@dataclass(frozen=True)
class Link:
    """One relation of a statement.

    Attributes:
        relation: as it was read.
        left: its left side, derivatives and integrals carried out.
        right: its right side.
        difference: left minus right, as short as factoring makes it.
        at_witness: both sides at the witness, where there is one.
    """

    relation: Relational
    left: Expr
    right: Expr
    difference: Expr
    at_witness: tuple[Expr, Expr] | None = None


@dataclass(frozen=True)
class Checked:
    """What was found of one formula.

    Attributes:
        text: the LaTeX.
        statement: what it says.
        given: what was assumed beyond the assumptions of the symbols.
        holds: True and False rest on two routes; None is undecided.
        reason: one sentence; why, where it is undecided.
        evidence: what each route found.
        links: the relations of the statement with their sides.
        witness: symbol -> exact value at which it fails.
        repairs: proved repairs, smallest first.
    """

    text: str
    statement: Boolean
    given: Boolean
    holds: bool | None
    reason: str
    evidence: tuple[Evidence, ...]
    links: tuple[Link, ...]
    witness: Mapping[Basic, Expr] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()


def check(
    text: str,
    let: Iterable[str] = (),
    given: Iterable[str] = (),
    *,
    repair: bool = True,
    budget: float = 5.0,
) -> Checked:
    r"""Whether a formula holds for all values of its symbols.

    Args:
        text: LaTeX of an equation, an inequality, or their connectives.
        let: what its names are (`symgan.parse.latex.let`); nothing is assumed of others.
        given: what else may be assumed, over declared names.
        repair: whether the smallest repairs of a false formula are looked for.
        budget: seconds of processor time for that search.

    Raises:
        ParseError: the text or a declaration cannot be read; of unknown names it says how to
            declare them.
        SymganError: nothing satisfies what is given.

    >>> found = check(r"(a + b)^2 = a^2 + b^2", let=["a, b real"])
    >>> found.holds, found.links[0].difference, found.links[0].at_witness
    (False, 2*a*b, (9, 5))
    """
    vocabulary = _vocabulary(let)
    statement = _statement(text, vocabulary)
    assumed = [condition(part, vocabulary, what="condition") for part in given]
    premise = sp.And(vocabulary.given, *assumed)
    carried_out = without_calculus(statement)
    exact = _exact(carried_out, premise)
    if exact.holds is False and not is_real_at(carried_out, exact.witness):
        premise = sp.And(premise, *real_where(carried_out))
        exact = _exact(carried_out, premise)
    if exact.kind == "vacuous":
        raise SymganError(f"nothing satisfies what is given ({premise}); leave a condition out")
    witness = exact.witness if exact.holds is False else None
    second = second_route(statement, premise, witness)
    evidence = (
        Evidence("printed", Route.EXACT, exact.kind, exact.holds, exact.text, exact.certificate),
        Evidence(
            "printed", Route.SECOND, second.kind, second.holds, second.text, second.certificate
        ),
    )
    holds = exact.holds if exact.holds is second.holds else None
    links = tuple(_links(statement, witness if holds is False else None))
    return Checked(
        text,
        statement,
        premise,
        holds,
        _reason(exact.holds, second.holds, exact.text),
        evidence,
        links,
        dict(witness or {}) if holds is False else {},
        _repairs(statement, premise, budget) if repair and holds is False else (),
    )


def _vocabulary(declarations: Iterable[str]) -> Vocabulary:
    return let(*declarations)


def _statement(text: str, vocabulary: Vocabulary) -> Boolean:
    """What the text states; all its unknown names are told at once."""
    unknown: dict[str, bool] = {}
    column = 0
    found: Any = None
    while found is None:
        try:
            found = formula(text, _with(vocabulary, unknown))
        except UnknownSymbol as error:
            if error.name in unknown or error.name in ("d", "i") or len(unknown) > _MOST_UNKNOWN:
                raise
            column = column if unknown else error.column
            unknown[error.name] = error.applied
        except ParseError:
            if not unknown:
                raise
            break
    if unknown:
        raise ParseError("formula", _declare(unknown), text, column)
    if not is_condition(found):
        reason = "it states nothing; write an equation or an inequality"
        raise ParseError("formula", reason, text, 0)
    return found


def _with(vocabulary: Vocabulary, unknown: Mapping[str, bool]) -> Vocabulary:
    """The vocabulary and, for the time being, names of which nothing is known."""
    kinds = {True: "function", False: "real"}
    for name, applied in unknown.items():
        vocabulary = vocabulary.joined(let(f"{name} {kinds[applied]}"))
    return vocabulary


def _declare(unknown: Mapping[str, bool]) -> str:
    """What to type for names of which nothing is known."""
    plain = ",".join(name for name, applied in unknown.items() if not applied)
    applied = ",".join(name for name, is_applied in unknown.items() if is_applied)
    options = [f'--let "{plain} real"'] * bool(plain) + [f'--let "{applied} function"'] * bool(
        applied
    )
    names = ", ".join(unknown)
    return f"nothing is known of {names}; declare what they are, for example {' '.join(options)}"


def _exact(statement: Boolean, given: Boolean) -> Decision:
    """The exact route; roots of positive symbols are tried as symbols of their own too."""
    try:
        found = decide(statement, given)
        if found.holds is None and (squares := _squares(statement)):
            again = decide(_replaced(statement, squares), _replaced(given, squares))
            found = again if again.holds else found
    except Undecided as error:
        return Decision(None, "undecided", str(error))
    return found


def _squares(statement: Boolean) -> dict[Basic, Expr]:
    """Each positive symbol under a root as a square: a statement of all a is one of all u^2."""
    powers = [p for p in statement.atoms(sp.Pow) if p.exp.is_Rational and not p.exp.is_Integer]
    symbols = {s for p in powers for s in p.free_symbols if s.is_positive}
    ordered = sorted(symbols, key=lambda s: s.sort_key())
    return {s: sp.Dummy(f"sqrt_{s.name}", positive=True) ** 2 for s in ordered}


def _replaced(node: Any, values: Mapping[Basic, Expr]) -> Any:
    if isinstance(node, Relational):
        return node.func(*(side.subs(values) for side in node.args), evaluate=False)
    if isinstance(node, sp.And | sp.Or | sp.Not | sp.Implies | sp.Equivalent):
        return node.func(*(_replaced(part, values) for part in node.args), evaluate=False)
    return node


def _reason(exact: bool | None, second: bool | None, text: str) -> str:
    words = {True: "it holds", False: "it fails"}
    if exact is second and exact is not None:
        return text
    if exact is not None and second is not None:
        return "the two routes contradict each other, which is a defect of symgan; please report it"
    if exact is not None:
        return f"the exact route finds that {words[exact]}, but no second route confirms it"
    if second is not None:
        return f"no exact proof was found; the second route finds that {words[second]}"
    return "neither route decides it; give values to symbols, or more conditions"


def _links(statement: Any, witness: Mapping[Any, Any] | None) -> list[Link]:
    """The relations of a statement, with their sides and their difference."""
    if not isinstance(statement, Relational):
        return [link for part in statement.args for link in _links(part, witness)]
    found: Any = without_calculus(statement)
    left, right = found.lhs, found.rhs
    there = None
    if witness:
        at_left, at_right = (_value(side, witness) for side in (left, right))
        there = None if at_left is None or at_right is None else (at_left, at_right)
    return [Link(statement, left, right, _short(left - right), there)]


def _short(difference: Expr) -> Expr:
    """The difference as 0 where that is proved, else the shortest of its forms."""
    if difference.count_ops() > _SHORT:
        return difference
    if is_zero(difference, tries=0).holds:
        return sp.Integer(0)
    forms = [difference]
    for form in (sp.factor, sp.cancel, sp.expand):
        try:
            forms.append(form(difference))
        except (sp.PolynomialError, NotImplementedError, AttributeError):
            continue  # this function has no such form
    return min(forms, key=lambda e: (e.count_ops(), str(e)))


def _value(side: Expr, witness: Mapping[Any, Any]) -> Expr | None:
    """The side at the witness; None where it needs symbols that the witness leaves open."""
    named = {symbol.name: value for symbol, value in witness.items()}
    plain = free_functions(side)
    if any(symbol.name not in named for symbol in plain.free_symbols):
        return None
    return plain.subs({symbol: named[symbol.name] for symbol in plain.free_symbols})


def _repairs(statement: Boolean, given: Boolean, budget: float) -> tuple[Repair, ...]:
    """Changes of what was typed: derivatives, integrals and sums are carried out to decide."""
    from symgan.claims.repair import repairs

    def decided(changed: Basic, under: Boolean) -> Decision:
        return decide(without_calculus(changed), under)

    return repairs(statement, decided=decided, given=given, budget=budget)

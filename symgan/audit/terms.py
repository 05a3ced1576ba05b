"""Slips: what a derived component turns into when one term of it is written wrongly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Integer, Symbol

from symgan.audit.derived import Derived
from symgan.audit.subject import Kind
from symgan.differentiation import diff

ZERO = Integer(0)
MOST_TERMS = 24
"""Terms of one component that are tried."""
DEPTH = 2
"""How many brackets are opened to find terms."""
_STRICT: dict[Any, Any] = {
    sp.StrictLessThan: sp.LessThan,
    sp.LessThan: sp.StrictLessThan,
    sp.StrictGreaterThan: sp.GreaterThan,
    sp.GreaterThan: sp.StrictGreaterThan,
}


@dataclass(frozen=True)
class Slip:
    """One way of writing a term wrongly.

    Attributes:
        fault: in words.
        term: the derived term.
        instead: what stands in its place.
    """

    fault: str
    term: Expr
    instead: Expr

    @property
    def difference(self) -> Expr:
        """What it adds to the component."""
        return self.instead - self.term


def terms(derived: Derived, index: int) -> list[Expr]:
    """The terms of a component, the whole of it (or of the step it makes) first."""
    entry = derived.entries[index]
    found: dict[Expr, None] = {}
    if derived.kind is Kind.MAP:
        step = _multiplied_out(entry - derived.lifted[index], derived)
        found[sp.factor_terms(step)] = None
        found |= dict.fromkeys(_pieces(entry - derived.lifted[index], DEPTH))
        found |= dict.fromkeys(sp.Add.make_args(step))
    found[entry] = None
    found |= dict.fromkeys(_by_parameter(derived, entry))
    found |= dict.fromkeys(sp.Add.make_args(_multiplied_out(entry, derived)))
    found |= dict.fromkeys(_pieces(entry, DEPTH))
    if derived.kind is Kind.FIELD:
        found |= dict.fromkeys(_product_rule(derived, index))
    return [t for t in found if t != 0][:MOST_TERMS]


def _multiplied_out(expression: Expr, derived: Derived) -> Expr:
    """Polynomials expanded; of others products of sums alone, which leaves functions readable."""
    if expression.is_polynomial(*derived.lifted):
        return sp.expand(expression)
    return sp.expand_mul(expression, deep=False)


def _pieces(expression: Expr, depth: int) -> Iterator[Expr]:
    """Terms, and the terms of brackets multiplied out one by one."""
    for term in sp.Add.make_args(expression):
        if term != expression:
            yield term
        if depth == 0:
            continue
        for factor in sp.Mul.make_args(term):
            if isinstance(factor, sp.Add):
                rest = term / factor
                for part in factor.args:
                    yield rest * part
                    yield from _pieces(rest * part, depth - 1)


def _by_parameter(derived: Derived, entry: Expr) -> Iterator[Expr]:
    """What stands with each parameter, all of it."""
    parts = sp.Add.make_args(_multiplied_out(entry, derived))
    for s in sorted({*derived.fixed, *derived.free}, key=str):
        own = [part for part in parts if part.has(s)]
        if 1 < len(own) < len(parts):
            yield sp.factor_terms(sp.Add(*own))


def _product_rule(derived: Derived, index: int) -> Iterator[Expr]:
    """Derivatives of one factor of a product in the loss, the others standing still."""
    symbol = derived.state[index]
    players = zip(derived.game.players, derived.game.losses, strict=True)
    loss = next(loss for player, loss in players if symbol in player)
    for product in sp.Add.make_args(loss):
        factors = sp.Mul.make_args(product)
        for factor in factors if len(factors) > 1 else ():
            yield diff(factor, symbol) * product / factor


def slips(derived: Derived, index: int) -> Iterator[Slip]:
    """What may have gone wrong in a component, the plainest first."""
    found = terms(derived, index)
    for number, term in enumerate(found):
        if number == 1:
            for part in found:
                yield from _moments(derived, part)
        yield Slip("missing", term, ZERO)
        yield Slip("wrong sign", term, -term)
        yield Slip("doubled", term, 2 * term)
        yield Slip("halved", term, term / 2)
    for term in found:
        yield from _factors(derived, term)
        yield from _exchanges(derived, term)
        yield from _inner(term)


def _factors(derived: Derived, term: Expr) -> Iterator[Slip]:
    for s in sorted({*derived.lifted, *derived.fixed, *derived.free}, key=str):
        if s in sp.Mul.make_args(term) or any(f.as_base_exp()[0] == s for f in _factors_of(term)):
            yield Slip(f"lacks a factor {s}", term, term / s)
        yield Slip(f"has a factor {s} too many", term, term * s)


def _factors_of(term: Expr) -> Sequence[Any]:
    return sp.Mul.make_args(term)


def _moments(derived: Derived, term: Expr) -> Iterator[Slip]:
    """A value of before taken for one of after, or the other way round."""
    if derived.kind is not Kind.MAP:
        return
    ahead = {x: f for x, f in zip(derived.state, derived.entries, strict=False) if f != x}
    for x, after in zip(derived.state, derived.entries, strict=False):
        if after == x:
            continue
        if term.has(x) and not term.has(after):
            yield Slip(f"takes {x} after its step", term, term.xreplace({x: after}))
        if term.has(after):
            yield Slip(f"takes {x} before its step", term, term.xreplace({after: x}))
    if len(term.free_symbols & ahead.keys()) > 1:
        yield Slip("takes all values after the step", term, term.xreplace(ahead))
    for m, start in derived.memory:
        if term.has(m) and isinstance(start, Symbol):
            yield Slip(f"takes {start} for {m}", term, term.xreplace({m: start}))


def _exchanges(derived: Derived, term: Expr) -> Iterator[Slip]:
    for a in derived.lifted:
        for b in derived.lifted:
            if a == b or not term.has(a):
                continue
            yield Slip(f"has {b} for {a}", term, term.xreplace({a: b}))
            if str(a) < str(b):
                yield Slip(f"exchanges {a} and {b}", term, term.xreplace({a: b, b: a}))


def _inner(term: Expr) -> Iterator[Slip]:
    """Signs inside functions, and the edges of branches."""
    for g in sorted(term.atoms(sp.Function), key=sp.default_sort_key):
        if len(g.args) == 1 and not g.is_number:
            yield Slip(f"has the wrong sign in {g}", term, term.xreplace({g: g.func(-g.args[0])}))
    for r in sorted(term.atoms(sp.core.relational.Relational), key=sp.default_sort_key):
        if type(r) in _STRICT:
            edge = term.xreplace({r: _STRICT[type(r)](*r.args)})
            yield Slip(f"decides the tie of {r} the other way", term, edge)
            turned = term.xreplace({r: r.reversedsign.func(*r.args)})
            yield Slip(f"turns {r} round", term, turned)


def foreign(derived: Derived, index: int) -> Iterator[Expr]:
    """Terms that do not belong here: those of other components, single symbols, a constant."""
    own = terms(derived, index)
    seen = set(own) | {-t for t in own}
    others = [f for i, f in enumerate(derived.entries) if i != index]
    for entry in (*others, *derived.lifted, sp.Integer(1)):
        for term in sp.Add.make_args(_multiplied_out(entry, derived)):
            if term not in seen and term != 0:
                seen |= {term, -term}
                yield term

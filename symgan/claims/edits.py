"""Statements that differ from a given one in one place: what mutants and repairs are made of.

`variants` makes the few changes that a sharp check must reject (negative controls); `edits`
makes these and many more (`symgan.claims.slips`): the slips of the pen among which the repair of
a false statement is looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import sympy as sp
from sympy import Add, Basic, Expr, Integer, Mul, Rational
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

CONNECTIVES = (sp.And, sp.Or, sp.Implies, sp.Equivalent, sp.Not)
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
_NAMES = (AppliedUndef, sp.Derivative, sp.MatrixSymbol)
"""Quantities without parts that could be changed."""


@dataclass(frozen=True)
class Edit:
    """One change of a statement.

    Attributes:
        operator: what kind of change it is.
        before: the part that is changed.
        after: what stands in its place.
        statement: the whole with this change made.
        size: how large a change it is; `symgan.claims.slips` says how they are weighed.
    """

    operator: str
    before: Basic
    after: Basic
    statement: Basic
    size: int = 1

    def within(self, rebuilt: Basic) -> Edit:
        """The same change, seen in what the changed part belongs to."""
        return replace(self, statement=rebuilt)


def changed(operator: str, before: Basic, after: Basic, size: int = 1) -> Edit:
    """An edit of a whole: what is changed is all there is."""
    return Edit(operator, before, after, after, size)


def variants(node: Basic) -> Iterator[Edit]:
    """Every statement that a check of this one must reject: it differs in one place."""
    if isinstance(node, Relational):
        yield from _of_relation(node)
    elif isinstance(node, CONNECTIVES):
        for place, part in enumerate(node.args):
            for edit in variants(part):
                args = [*node.args[:place], edit.statement, *node.args[place + 1 :]]
                yield edit.within(node.func(*args, evaluate=False))


def _of_relation(node: Relational) -> Iterator[Edit]:
    yield from turned(node)
    for place, side in enumerate((node.lhs, node.rhs)):
        if not isinstance(side, Expr) or is_name(side):
            continue
        for edit in _of_expression(side):
            sides = [node.lhs, node.rhs]
            sides[place] = edit.statement
            yield edit.within(node.func(*sides, evaluate=False))


def turned(node: Relational) -> Iterator[Edit]:
    """An inequality the other way round, and with the other strictness."""
    for operator, others in (("inverted relation", _INVERTED), ("strictness", _RELAXED)):
        if type(node) in others:
            after = others[type(node)](node.lhs, node.rhs, evaluate=False)
            yield changed(operator, node, after)


def is_name(side: Expr) -> bool:
    """Whether a side is a bare quantity: changing it is changing the other side."""
    return side.is_Symbol or isinstance(side, _NAMES)


def _of_expression(node: Expr) -> Iterator[Edit]:
    if not node.is_zero:
        yield changed("flipped sign", node, -node)
        yield changed("doubled", node, 2 * node)
    if node.is_zero:
        yield changed("changed constant", node, Integer(1))
    yield from _inside(node)


def _inside(node: Basic) -> Iterator[Edit]:
    """Changes strictly below the top of an expression."""
    if isinstance(node, Rational):
        if not node.is_zero:
            yield changed("changed constant", node, node + 1)
        return
    if isinstance(node, Add):
        yield from of_terms(node)
    if isinstance(node, Mul):
        yield from of_factors(node)
    if type(node) in _SWAPPED:
        yield changed("sine for cosine", node, _SWAPPED[type(node)](*node.args))
    if isinstance(node, (sp.Symbol, *_NAMES)):
        return
    if getattr(node, "symgan_free", False):
        after = node.func(-node.args[0], *node.args[1:])
        yield changed("argument of the other sign", node, after)
        return
    for place, argument in enumerate(node.args):
        if not isinstance(argument, Expr):
            continue
        for edit in _inside(argument):
            args = [*node.args[:place], edit.statement, *node.args[place + 1 :]]
            rebuilt = node.func(*args)
            if rebuilt.is_finite is not False and rebuilt is not sp.nan:
                yield edit.within(rebuilt)


def of_terms(node: Add) -> Iterator[Edit]:
    """A term of a sum with the other sign, left out, or twice."""
    makers: tuple[tuple[str, Callable[[Expr], Expr]], ...] = (
        ("flipped sign of a term", lambda term: -term),
        ("dropped term", lambda term: Integer(0)),
        ("doubled term", lambda term: 2 * term),
    )
    for place, term in enumerate(node.args):
        for operator, change in makers:
            terms = [*node.args[:place], change(term), *node.args[place + 1 :]]
            yield Edit(operator, term, change(term), Add(*terms))


def of_factors(node: Mul) -> Iterator[Edit]:
    """A factor of a product left out."""
    for place, factor in enumerate(node.args):
        if not factor.is_Rational:
            rest = Mul(*node.args[:place], *node.args[place + 1 :])
            yield Edit("dropped factor", factor, Integer(1), rest)

r"""Slips of the pen: the single changes among which the repair of a false statement is looked for.

Every change has a size, so that the smallest repair comes first:

1. a sign, the direction or the strictness of an inequality, sine for cosine, a transpose;
2. a constant, a term or factor dropped, doubled or halved, one symbol for another, a connective;
3. a missing or extra factor, an exponent, a reciprocal, an absolute value, a moved parenthesis;
4. a square or a square root as missing factor, a missing term.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import sympy as sp
from sympy import Abs, Add, Basic, Expr, Integer, MatrixExpr, Mul, Pow, Rational, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from symgan.claims.edits import CONNECTIVES, Edit, changed, is_name, variants

Symbols = Sequence[Symbol]
_SIZES = {
    "doubled": 2,
    "changed constant": 2,
    "dropped term": 2,
    "doubled term": 2,
    "dropped factor": 2,
}
"""Sizes of the changes that mutants are made of; 1 where none is given."""
_SWAPPED: dict[type, type] = {sp.sinh: sp.cosh, sp.cosh: sp.sinh}
_AGAINST: dict[type, type] = {
    sp.StrictLessThan: sp.StrictGreaterThan,
    sp.LessThan: sp.StrictGreaterThan,
    sp.StrictGreaterThan: sp.StrictLessThan,
    sp.GreaterThan: sp.StrictLessThan,
}
"""The other direction, strict: where it holds, the one with equality says less."""
_CLOSED = (AppliedUndef, sp.Derivative, sp.MatrixSymbol, sp.Integral, sp.Sum, sp.Limit, sp.Subs)
"""What is changed as a whole only."""


def edits(statement: Basic, symbols: Symbols) -> Iterator[Edit]:
    """All single changes of a statement, each once, the smallest first, in a fixed order.

    Args:
        statement: relations and their connectives.
        symbols: what a missing factor or term may be made of.

    >>> eta, rho = sp.symbols("eta rho", positive=True)
    >>> printed = sp.Eq(rho**2, 1 - eta**2, evaluate=False)
    >>> first = next(e for e in edits(printed, [eta]) if e.size == 1)
    >>> sentence(first), first.statement
    ('flip the sign of rho**2', Eq(-rho**2, 1 - eta**2))
    """
    seen = {statement}
    for edit in sorted(_all(statement, tuple(symbols)), key=lambda edit: edit.size):
        if edit.statement not in seen and not edit.statement.has(sp.zoo, sp.nan, sp.oo, -sp.oo):
            seen.add(edit.statement)
            yield edit


def sentence(edit: Edit) -> str:
    """What to do to the print, in words.

    >>> x, y = sp.symbols("x y")
    >>> sentence(changed("dropped term", x * y, Integer(0)))
    'drop the term x*y'
    """
    words = _WORDS.get(edit.operator, edit.operator)
    return words.replace("{before}", str(edit.before)).replace("{after}", str(edit.after))


_WORDS = {
    "flipped sign": "flip the sign of {before}",
    "flipped sign of a term": "flip the sign of the term {before}",
    "argument of the other sign": "write {after} for {before}",
    "doubled": "double {before}",
    "doubled term": "double the term {before}",
    "dropped term": "drop the term {before}",
    "dropped factor": "drop the factor {before}",
    "changed constant": "write {after} for {before}",
    "sine for cosine": "write {after} for {before}",
    "inverted relation": "turn the inequality: {after}",
    "strictness": "change the strictness: {after}",
}
_WRITE = "write {after} for {before}"


def _all(node: Basic, symbols: Symbols) -> Iterator[Edit]:
    if type(node) in _AGAINST:
        after = _AGAINST[type(node)](node.lhs, node.rhs, evaluate=False)
        yield changed("inverted relation", node, after)
    for edit in variants(node):
        yield replace(edit, size=_SIZES.get(edit.operator, 1))
    if isinstance(node, Relational):
        yield from _of_relation(node, symbols)
    elif isinstance(node, CONNECTIVES):
        yield from _of_connective(node)
        for place, part in enumerate(node.args):
            for edit in _all(part, symbols):
                args = [*node.args[:place], edit.statement, *node.args[place + 1 :]]
                yield edit.within(node.func(*args, evaluate=False))


def _of_connective(node: Basic) -> Iterator[Edit]:
    """Only if, if, and the other way round; and for or."""
    if isinstance(node, sp.Equivalent) and len(node.args) == 2:
        for p, q in (node.args, node.args[::-1]):
            after = sp.Implies(p, q, evaluate=False)
            yield changed("keep one direction only: {after}", node, after, 2)
    if isinstance(node, sp.Implies):
        after = sp.Implies(*node.args[::-1], evaluate=False)
        yield changed("turn the implication: {after}", node, after, 2)
    if isinstance(node, sp.And | sp.Or):
        other = sp.Or if isinstance(node, sp.And) else sp.And
        yield changed(_WRITE, node, other(*node.args, evaluate=False), 2)


def _of_relation(node: Relational, symbols: Symbols) -> Iterator[Edit]:
    for one, other in combinations(sorted(node.free_symbols & set(symbols), key=str), 2):
        sides = (s.xreplace({one: other, other: one}) for s in (node.lhs, node.rhs))
        words = f"exchange {one} and {other}"
        yield changed(words, node, node.func(*sides, evaluate=False), 2)
    for place, side in enumerate((node.lhs, node.rhs)):
        if isinstance(side, Expr) and (is_name(side) or (place == 0 and side.is_zero)):
            continue
        if isinstance(side, Expr) and not side.is_zero:
            sides = [node.lhs, node.rhs]
            sides[place] = Integer(0)
            yield Edit(_WRITE, side, Integer(0), node.func(*sides, evaluate=False), 2)
        for edit in _of_part(side, symbols):
            sides = [node.lhs, node.rhs]
            sides[place] = edit.statement
            yield edit.within(node.func(*sides, evaluate=False))


def _of_part(node: Basic, symbols: Symbols, *, factor: bool = False) -> Iterator[Edit]:
    """Changes of a part and of all that stands below it.

    Args:
        node: the part.
        symbols: what a missing factor may be made of.
        factor: whether it stands in a product, whose scale is changed as a whole.
    """
    if isinstance(node, MatrixExpr):
        yield from _of_matrix(node)
    elif isinstance(node, Expr):
        if not factor:
            yield from _scaled(node, symbols)
            yield from _extended(node, symbols)
        yield from _reshaped(node, factor)
        yield from _renamed(node, symbols)
        yield from _regrouped(node)
    if isinstance(node, (*_CLOSED, sp.Transpose)) or not node.args:
        return
    kept = 1 if getattr(node, "symgan_free", False) else len(node.args)
    for place, argument in enumerate(node.args[:kept]):
        if isinstance(node, Pow) and place == 1 and isinstance(argument, Rational):
            continue  # exponents are changed by `_reshaped`
        inverse = isinstance(node, Pow) and place == 0 and node.exp == -1
        if inverse and isinstance(argument, Expr):
            for edit in _extended(argument, symbols):
                yield edit.within(1 / edit.statement)
        for edit in _of_part(argument, symbols, factor=isinstance(node, Mul) or inverse):
            args = [*node.args[:place], edit.statement, *node.args[place + 1 :]]
            yield edit.within(node.func(*args))


def _scaled(node: Expr, symbols: Symbols) -> Iterator[Edit]:
    """The part with the other sign, or with a missing or extra factor."""
    if node.is_zero:
        return
    yield changed("flipped sign", node, -node)
    yield changed("doubled", node, 2 * node, 2)
    yield changed("halve {before}", node, node / 2, 2)
    powers = ((Integer(1), 3), (Integer(2), 4), (Rational(1, 2), 4))
    factors = [(Integer(n), 3) for n in (3, 4)]
    factors += [(s**p, size) for s in symbols for p, size in powers if p.q == 1 or s.is_positive]
    for by, size in factors:
        yield changed(f"multiply {{before}} by {by}", node, node * by, size)
        yield changed(f"divide {{before}} by {by}", node, node / by, size)


def _extended(node: Expr, symbols: Symbols) -> Iterator[Edit]:
    """The part with one more term."""
    for term in (Integer(1), *(s for s in symbols if s != node)):
        yield changed(f"add {term} to {{before}}", node, node + term, 4)
        yield changed(f"subtract {term} from {{before}}", node, node - term, 4)


def _reshaped(node: Expr, factor: bool) -> Iterator[Edit]:
    """Another exponent, the reciprocal, the size, another constant, another function."""
    if isinstance(node, Rational):
        yield from _of_number(node)
        return
    base, power = node.as_base_exp()
    if power.is_Rational:
        for other in dict.fromkeys((-power, 2 * power, power / 2, power + 1, power - 1)):
            yield changed(_WRITE, node, base**other, 3)
    elif factor is False:
        yield changed(_WRITE, node, 1 / node, 3)
    if not node.is_nonnegative and not isinstance(node, Pow):
        yield changed(_WRITE, node, Abs(node), 3)
    if isinstance(node, Abs):
        yield changed(_WRITE, node, node.args[0], 3)
    if type(node) in _SWAPPED:
        yield changed(_WRITE, node, _SWAPPED[type(node)](*node.args))


def _of_number(node: Rational) -> Iterator[Edit]:
    """A neighbor of a constant, above or below the bar, or its reciprocal."""
    if node.is_zero:
        return
    yield changed(_WRITE, node, node - 1, 2)
    if not node.is_Integer:
        for other in (node.q - 1, node.q + 1):
            yield changed(_WRITE, node, Rational(node.p, other), 2)
    yield changed(_WRITE, node, 1 / node, 3)


def _renamed(node: Expr, symbols: Symbols) -> Iterator[Edit]:
    if node in symbols:
        for other in symbols:
            if other != node:
                yield changed(_WRITE, node, other, 2)


def _regrouped(node: Expr) -> Iterator[Edit]:
    """A parenthesis that ends too early or too late."""
    if isinstance(node, Mul):
        for place, inner in enumerate(node.args):
            rest = Mul(*node.args[:place], *node.args[place + 1 :])
            yield from _released(node, inner, rest)
    elif isinstance(node, Add):
        for one, other in ((a, b) for a in node.args for b in node.args if a != b):
            for by in Mul.make_args(one):
                if not by.is_Rational or abs(by) != 1:
                    after = node - one - other + by * (one / by + other)
                    yield changed(_WRITE, node, after, 3)
    elif isinstance(node, Pow) and isinstance(node.base, Mul):
        for by in node.base.args:
            yield changed(_WRITE, node, by * (node.base / by) ** node.exp, 3)
    elif node.is_Function and len(node.args) == 1 and isinstance(node.args[0], Add):
        for term in node.args[0].args:
            yield changed(_WRITE, node, node.func(node.args[0] - term) + term, 3)


def _released(node: Mul, inner: Expr, rest: Expr) -> Iterator[Edit]:
    """a (b + c) as a b + c, and a b**n as (a b)**n."""
    if isinstance(inner, Add):
        for term in inner.args:
            yield changed(_WRITE, node, rest * (inner - term) + term, 3)
    if isinstance(inner, Pow) and inner.exp not in (1, -1):
        for by in Mul.make_args(rest):
            if by != 1:
                after = (inner.base * by) ** inner.exp * (rest / by)
                yield changed(_WRITE, node, after, 3)


def _of_matrix(node: MatrixExpr) -> Iterator[Edit]:
    """A factor transposed, or the factors of a product in the other order."""
    if not isinstance(node, sp.MatMul | sp.MatAdd):
        yield changed(_WRITE, node, sp.transpose(node))
    if isinstance(node, sp.MatMul) and len(node.args) == 2:
        yield changed("turn the order: {after}", node, node.func(*node.args[::-1]), 2)

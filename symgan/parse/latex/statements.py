r"""Relations and their connectives.

A chain ``a < b <= c`` is the conjunction of its links, a comma between relations reads "and". A
connective binds as in logic, but "and" beside "or", and two arrows in a row, are refused without
parentheses. Equations of points and of matrices are those of their entries.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Expr, ImmutableMatrix
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.parse import ParseError
from symgan.parse.latex.algebra import is_condition, is_scalar
from symgan.parse.latex.arithmetic import read_sum
from symgan.parse.latex.calculus import end_value
from symgan.parse.latex.cursor import Cursor
from symgan.parse.latex.tokens import Token, tokenize

_RELATIONS: dict[str, type[Any]] = {
    "=": sp.Eq, "<": sp.StrictLessThan, ">": sp.StrictGreaterThan, "lt": sp.StrictLessThan,
    "gt": sp.StrictGreaterThan, "le": sp.LessThan, "leq": sp.LessThan, "leqslant": sp.LessThan,
    "ge": sp.GreaterThan, "geq": sp.GreaterThan, "geqslant": sp.GreaterThan, "ne": sp.Unequality,
    "neq": sp.Unequality, "not": sp.Unequality, "in": sp.Contains,
}  # fmt: skip
_AND, _OR = frozenset({"wedge", "land"}), frozenset({"vee", "lor"})
_IMPLIES = frozenset({"Rightarrow", "implies", "Longrightarrow"})
_FOLLOWS = frozenset({"Leftarrow", "impliedby", "Longleftarrow"})
_IFF = frozenset({"iff", "Leftrightarrow", "Longleftrightarrow"})
_JOINING = _AND | _OR | _IMPLIES | _FOLLOWS | _IFF | {"neg", "lnot"}
_IF = frozenset({"if", "when", "whenever", "for", "where", "provided", "provided that", "with"})


def read_inside(c: Cursor) -> Any:
    """Whatever stands in a bracket or on a line: an expression, a list, a statement."""
    token = c.token
    if token.kind == "stop":
        raise c.fail("something is missing here; the brackets are empty")
    items = [_conditional(c)]
    while _another(c):
        items.append(_conditional(c))
    if len(items) == 1:
        return items[0]
    if all(map(is_condition, items)):
        return _unevaluated(sp.And, items)
    if any(is_condition(item) or isinstance(item, ImmutableMatrix) for item in items):
        raise c.fail("expressions and conditions are mixed in this list; write each in full", token)
    return sp.Tuple(*items)


def _another(c: Cursor) -> bool:
    """Whether a comma or "and" follows, or both; it is then read."""
    comma = c.skip(",") or c.skip(";")
    if _says(c, "and"):
        c.take()
        return True
    return comma


def _says(c: Cursor, *words: str) -> bool:
    return c.token.kind == "text" and c.token.text.strip(" .,").lower() in words


def _conditional(c: Cursor) -> Any:
    r"""A statement, with its condition behind ``\text{if}`` where it has one."""
    token = c.token
    value = _equivalence(c)
    if _says(c, *_IF):
        c.take()
        condition = _boolean(c, _equivalence(c), c.token)
        return sp.Implies(condition, _boolean(c, value, token), evaluate=False)
    return value


def _boolean(c: Cursor, value: Any, token: Token) -> Boolean:
    if is_condition(value):
        return value
    raise c.fail("a statement is wanted here, such as x > 0", token)


def _is(c: Cursor, commands: frozenset[str]) -> bool:
    return c.token.kind == "command" and c.token.text in commands


def _equivalence(c: Cursor) -> Any:
    token = c.token
    value = _implication(c)
    if not _is(c, _IFF):
        return value
    c.take()
    right = _boolean(c, _implication(c), c.token)
    if _is(c, _IFF):
        raise c.fail("two equivalences in a row have several readings; put one in parentheses")
    return sp.Equivalent(_boolean(c, value, token), right, evaluate=False)


def _implication(c: Cursor) -> Any:
    token = c.token
    value = _junction(c)
    if not _is(c, _IMPLIES | _FOLLOWS):
        return value
    forward = c.take().text in _IMPLIES
    other = c.token
    right = _boolean(c, _junction(c), other)
    if _is(c, _IMPLIES | _FOLLOWS):
        raise c.fail("two implications in a row have several readings; put one in parentheses")
    left = _boolean(c, value, token)
    premise, conclusion = (left, right) if forward else (right, left)
    return sp.Implies(premise, conclusion, evaluate=False)


def _junction(c: Cursor) -> Any:
    """Conjunctions or disjunctions, not both without parentheses."""
    token = c.token
    parts = [_negation(c)]
    both: dict[bool, type[Any]] = {True: sp.And, False: sp.Or}
    kind: bool | None = None
    while _is(c, _AND | _OR) or _says(c, "or"):
        this = _is(c, _AND)
        if kind is not None and this is not kind:
            raise c.fail("and beside or has two readings; put one of them in parentheses")
        kind = this
        c.take()
        parts.append(_negation(c))
    if kind is None:
        return parts[0]
    return _unevaluated(both[kind], [_boolean(c, part, token) for part in parts])


def _negation(c: Cursor) -> Any:
    if not _is(c, frozenset({"neg", "lnot"})):
        return _relation(c)
    token = c.take()
    with c.nested(token):
        return sp.Not(_boolean(c, _negation(c), c.token), evaluate=False)


def _unevaluated(kind: type[Any], parts: list[Any]) -> Any:
    return kind(*parts, evaluate=False) if len(set(parts)) > 1 else parts[0]


def _relation(c: Cursor) -> Any:
    """A chain of relations, or what stands alone."""
    token = c.token
    left = read_sum(c)
    links: list[Any] = []
    kinds: list[type[Any]] = []
    while c.token.kind in ("=", "<", ">") or _is(c, frozenset(_RELATIONS)):
        sign = c.take()
        kind = _RELATIONS[sign.text]
        if sign.text == "not" and not c.skip("="):
            raise c.fail(r"\not is read before = only", sign)
        if kind is sp.Contains:
            links.append(_membership(c, left, sign))
            kinds.append(kind)
            break
        right = read_sum(c)
        links.extend(_link(c, kind, left, right, sign))
        kinds.append(kind)
        left = right
    if kinds.count(sp.Unequality) and len(kinds) > 1:
        reason = r"\ne in a chain leaves open which of its members differ; write each \ne by itself"
        raise c.fail(reason, token)
    return _unevaluated(sp.And, links) if links else left


def _link(c: Cursor, kind: type[Any], left: Any, right: Any, sign: Token) -> list[Relational]:
    """One relation; of points and matrices one for each entry."""
    if is_scalar(left) and is_scalar(right):
        return [kind(left, right, evaluate=False)]
    if is_condition(left) or is_condition(right):
        raise c.fail(r"a statement stands beside a relation; write \iff between statements", sign)
    listed: tuple[type[Any], ...] = (sp.Tuple, ImmutableMatrix)
    if kind is not sp.Eq or not (isinstance(left, listed) and isinstance(right, listed)):
        if isinstance(left, ImmutableMatrix) and kind is sp.Eq and right == 0:
            right = ImmutableMatrix.zeros(*left.shape)
        else:
            raise c.fail("a list or matrix is compared with something else", sign)
    if isinstance(left, sp.Tuple) is not isinstance(right, sp.Tuple) or _shape(left) != _shape(
        right
    ):
        raise c.fail("lists or matrices of different shapes are compared", sign)
    return [sp.Eq(one, other, evaluate=False) for one, other in zip(left, right, strict=True)]


def _shape(value: Any) -> Any:
    return (len(value),) if isinstance(value, sp.Tuple) else value.shape


def _membership(c: Cursor, member: Any, sign: Token) -> Boolean:
    r"""``x \in (0, 2]`` as inequalities, ``x \in \{1, 2\}`` as equations."""
    opener = c.token
    if opener.kind != "open" or opener.text not in ("(", "[", "\\{"):
        raise c.fail(r"\in is read before an interval (a, b) or a set \{a, b\} only", opener)
    if not is_scalar(member):
        raise c.fail("a list or a condition is no member of an interval", sign)
    closer = c.tokens[c.closing[c.place]]
    values = c.group(_ends)
    if opener.text == "\\{":
        equations = [sp.Eq(member, value, evaluate=False) for value in values]
        return _unevaluated(sp.Or, equations)
    if len(values) != 2:
        raise c.fail("an interval has two ends", opener)
    return _within(member, values, opener.text == "[", closer.text == "]")


def _ends(c: Cursor) -> list[Any]:
    values = [end_value(c)]
    while c.skip(","):
        values.append(end_value(c))
    return values


def _within(member: Expr, ends: list[Any], closed_below: bool, closed_above: bool) -> Boolean:
    kinds = {True: sp.LessThan, False: sp.StrictLessThan}
    parts = []
    if ends[0] != -sp.oo:
        parts.append(kinds[closed_below](ends[0], member, evaluate=False))
    if ends[1] != sp.oo:
        parts.append(kinds[closed_above](member, ends[1], evaluate=False))
    return _unevaluated(sp.And, parts) if parts else sp.true


def split_relation(text: str) -> tuple[type[Any], str, str] | None:
    r"""The two sides of a text that holds one relation outside of brackets, without reading them.

    >>> split_relation(r"\nabla L = x")[1:]
    ('\\nabla L', 'x')
    """
    try:
        tokens = tokenize(text)
    except ParseError:
        return None
    found: list[Token] = []
    depth = 0
    for token in tokens:
        depth += (token.kind in ("open", "{", "begin")) - (token.kind in ("close", "}", "end"))
        joins = token.kind == "command" and token.text in _JOINING
        if depth == 0 and (joins or token.kind in (",", ";", "text", "row")):
            return None
        if depth == 0 and token.text in _RELATIONS and token.kind in ("=", "<", ">", "command"):
            found.append(token)
    if len(found) != 1 or found[0].text in ("in", "not"):
        return None
    (sign,) = found
    return _RELATIONS[sign.text], text[: sign.start].strip(), text[sign.stop :].strip()

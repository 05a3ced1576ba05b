r"""Integrals, sums, products and limits; all stay as they are written.

A sum or a limit reaches over the next
product; where its variable occurs behind that, the text is refused.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Integer, Symbol

from symgan.parse.latex.algebra import scalar
from symgan.parse.latex.cursor import Cursor
from symgan.parse.latex.differentials import Differential, find_differential
from symgan.parse.latex.limits import MAX_TERMS
from symgan.parse.latex.names import NO_NAMES, read_name, starts_name
from symgan.parse.latex.tokens import Token

COMMANDS = frozenset({"int", "sum", "prod", "lim", "iint", "iiint", "oint", "limsup", "liminf"})
_ARROWS = frozenset({"to", "rightarrow", "longrightarrow", "downarrow", "uparrow"})
_STOPS = frozenset({"=", "<", ">", ",", ";", "text", "row"})
Span = tuple[int, int]


def read_calculus(c: Cursor) -> Any:
    """The integral, sum, product or limit that starts here."""
    token = c.take()
    if token.text == "int":
        return _integral(c, token)
    if token.text in ("sum", "prod"):
        return _series(c, token)
    if token.text == "lim":
        return _limit(c, token)
    raise c.fail(rf"\{token.text} cannot be read", token)


def _scripts(c: Cursor, token: Token) -> dict[str, Span]:
    """Where the lower and the upper end stand; both are then behind."""
    found: dict[str, Span] = {}
    while c.token.kind in ("_", "^"):
        kind = c.take().kind
        if kind in found:
            raise c.fail("two ends of one kind", token)
        if c.token.kind == "stop":
            raise c.fail("an end is missing here")
        stop = c.closing[c.place] + 1 if c.at("{") else c.place + 1
        found[kind] = (c.place + 1, stop - 1) if c.at("{") else (c.place, stop)
        c.place = stop
    return found


def _symbol(c: Cursor, name: str, **facts: bool) -> Symbol:
    """The variable: the declared symbol, or one of its own."""
    known = c.vocabulary.names.get(name)
    return known if isinstance(known, Symbol) else Symbol(name, **facts)


def _end(c: Cursor, span: Span, variable: str = "") -> Any:
    r"""One end of an integral or a sum: an expression or infinity, perhaps behind ``k =``."""
    place, start = c.place, span[0]
    c.place = start
    try:
        return c.part(span[1], lambda inner: end_value(inner, variable), c.token)
    finally:
        c.place = place


def end_value(c: Cursor, variable: str = "") -> Any:
    r"""An expression, or ``\infty`` with its sign."""
    from symgan.parse.latex.arithmetic import read_sum

    token, place = c.token, c.place
    if variable and starts_name(c):
        named = read_name(c, NO_NAMES).spelling == variable and c.skip("=")
        c.place = c.place if named else place
    sign = c.token.kind if c.token.kind in ("+", "-") else ""
    ahead = c.ahead(1 if sign else 0)
    if ahead.kind == "command" and ahead.text in ("infty", "infin"):
        c.place += 2 if sign else 1
        return -sp.oo if sign == "-" else sp.oo
    return scalar(c, read_sum(c), token)


def _integral(c: Cursor, token: Token) -> Any:
    from symgan.parse.latex.arithmetic import read_product

    ends = _scripts(c, token)
    if set(ends) != {"_", "^"}:
        raise c.fail("an integral without both ends is known up to a constant; give both", token)
    found: Differential = find_differential(c, token)
    variable = _symbol(c, found.name, real=True)
    lower, upper = (_end(c, ends[kind], found.name) for kind in ("_", "^"))
    with c.binding(found.name, variable), c.nested(token):
        if found.hidden:  # in the numerator of a fraction
            integrand = read_product(c)
        elif c.place == found.start:
            integrand = Integer(1)
        else:
            integrand = c.part(found.start, c.inside, token)
    c.place = max(c.place, found.stop)
    return sp.Integral(scalar(c, integrand, token), (variable, lower, upper))


def _series(c: Cursor, token: Token) -> Any:
    ends = _scripts(c, token)
    if set(ends) != {"_", "^"}:
        raise c.fail(rf"\{token.text} needs both ends, as in \{token.text}_{{k=1}}^{{n}}", token)
    name = _index(c, ends["_"])
    variable = _symbol(c, name, integer=True)
    lower, upper = (_end(c, ends[kind], name) for kind in ("_", "^"))
    for end in (lower, upper):
        if end.is_integer is not True and not end.is_infinite:
            raise c.fail(f"the end {end} is not known to be an integer; declare it so", token)
    body = scalar(c, _body(c, token, name, variable), token)
    kind = (sp.Sum, sp.Add) if token.text == "sum" else (sp.Product, sp.Mul)
    if not (lower.is_Integer and upper.is_Integer):
        return kind[0](body, (variable, lower, upper))
    if upper - lower >= MAX_TERMS:
        raise c.fail(f"more than {MAX_TERMS} terms are not written out", token)
    terms = (body.subs(variable, k) for k in range(int(lower), int(upper) + 1))
    return c.checked(kind[1](*terms), token)


def _index(c: Cursor, span: Span) -> str:
    """The name of the index, which stands before ``=``."""
    place, c.place = c.place, span[0]
    token = c.token
    name = read_name(c, NO_NAMES).spelling if starts_name(c) else ""
    fits = bool(name) and c.at("=") and c.place < span[1]
    c.place = place
    if not fits:
        raise c.fail("an index and where it starts are wanted here, as in k=1", token)
    return name


def _body(c: Cursor, token: Token, name: str, variable: Symbol) -> Any:
    """The product behind a sum or limit, its variable bound."""
    from symgan.parse.latex.arithmetic import read_product

    with c.binding(name, variable), c.nested(token):
        value = read_product(c)
        _refuse_rest(c, token, name)
    return value


def _refuse_rest(c: Cursor, token: Token, name: str) -> None:
    """Refuse a variable behind the first term: does that term belong to the sum?"""
    place = c.place
    while c.token.kind != "stop" and c.token.kind not in _STOPS:
        if c.token.text == name and starts_name(c):
            raise c.fail(
                rf"{name} occurs behind the first term of \{token.text}; put all that belongs to "
                rf"\{token.text} in parentheses"
            )
        c.place = c.place + 1
    c.place = place


def _limit(c: Cursor, token: Token) -> Any:
    if not c.skip("_"):
        raise c.fail(r"a limit needs its variable and point, as in \lim_{t \to \infty}", token)
    name, point, side = c.script(_target)
    variable = _symbol(c, name, real=True)
    body = _body(c, token, name, variable)
    if variable not in scalar(c, body, token).free_symbols:
        raise c.fail(f"what stands behind this limit does not depend on {variable}", token)
    return sp.Limit(body, variable, point, "+-" if side == "" and point.is_finite else side or "-")


def _target(c: Cursor) -> tuple[str, Any, str]:
    """A limit's variable, point and side."""
    token = c.token
    name = read_name(c, NO_NAMES).spelling if starts_name(c) else ""
    if not name or not (c.token.kind == "command" and c.token.text in _ARROWS):
        raise c.fail(r"a variable and its point are wanted here, as in t \to \infty", token)
    c.take()
    sign, caret = c.tokens[c.end - 1], c.tokens[c.end - 2]
    if sign.kind == "}":
        sign, caret = c.tokens[c.end - 2], c.tokens[c.end - 4]
    if caret.kind != "^" or sign.kind not in ("+", "-"):
        return name, end_value(c), ""
    stop = c.tokens.index(caret)
    point = c.part(stop, end_value, token)
    c.place = c.end
    return name, point, sign.kind

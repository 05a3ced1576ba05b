r"""Derivatives, written as quotients or with dots, and values at a place.

A derivative without brackets is one of the next factor.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy import Expr, Integer, Symbol

from symgan.parse.latex.algebra import scalar
from symgan.parse.latex.cursor import Cursor
from symgan.parse.latex.differentials import is_mark
from symgan.parse.latex.names import NO_NAMES, Name, read_name, starts_name
from symgan.parse.latex.tokens import Token


def read_derivative(c: Cursor) -> Any:
    r"""The derivative that starts with this ``\frac``; None if it is a plain fraction."""
    above, below = c.place + 1, c.closing.get(c.place + 1, c.end) + 1
    if not (c.ahead(1).kind == "{" and below < c.end and c.tokens[below].kind == "{"):
        return None
    first, second = c.tokens[above + 1], c.tokens[below + 1]
    if not (is_mark(first) and is_mark(second) and first.text == second.text):
        return None
    if first.kind == "letter" and ("d" in c.vocabulary.names or "d" in c.bound):
        raise c.fail(
            r"d is declared, so that this is a quotient or a derivative; write \mathrm{d} for the "
            "derivative, or d with a dot for the quotient",
            first,
        )
    token = c.take()
    order, operand = c.group(lambda inner: _above(inner, first))
    variables = c.group(lambda inner: _below(inner, first))
    if sum(count for _, count in variables) != order:
        raise c.fail("the orders above and below differ in this derivative", token)
    if operand is None:
        operand = _operand(c, token)
    return _derivative(c, scalar(c, operand, token), variables, token)


def _above(c: Cursor, mark: Token) -> tuple[int, Any]:
    """The order, and what is differentiated if it stands above."""
    from symgan.parse.latex.arithmetic import read_product

    c.take()
    order = _order(c) if c.at("^") else 1
    return order, None if c.token.kind == "stop" else read_product(c)


def _below(c: Cursor, mark: Token) -> list[tuple[Symbol, int]]:
    """The variables with their orders."""
    from symgan.parse.latex.functions import unknown

    found: list[tuple[Symbol, int]] = []
    while c.token.kind != "stop":
        token = c.take()
        if not (is_mark(token) and token.text == mark.text and starts_name(c)):
            raise c.fail(rf"{c.shown(mark)} and a variable are wanted here", token)
        place = c.token
        name = read_name(c, NO_NAMES)
        variable = c.bound.get(name.spelling, c.vocabulary.names.get(name.spelling))
        if variable is None:
            raise unknown(c, name, place)
        if not isinstance(variable, Symbol):
            raise c.fail(f"{c.shown(place)}, by which this differentiates, is no symbol", place)
        found.append((variable, _order(c) if c.at("^") else 1))
    return found


def _order(c: Cursor) -> int:
    c.take()
    token = c.token
    count = scalar(c, c.group(c.inside), token) if c.at("{") else None
    if count is None and c.at("number") and len(token.text) == 1:
        count = Integer(c.take().text)
    if count is None or not (count.is_Integer and 1 <= count <= 8):
        raise c.fail("the order of a derivative is a number up to 8", token)
    return int(count)


def _operand(c: Cursor, token: Token) -> Any:
    """What follows the operator: one factor."""
    from symgan.parse.latex.operands import read_operand, starts_operand

    with c.nested(token):
        value = read_operand(c)
    if starts_operand(c) or c.at("command", "cdot", "times") or c.at("*") or c.at("/"):
        operator = c.text[token.start : c.token.start].strip()
        raise c.fail(
            f"{operator} {c.shown()}.. differentiates the first factor or all that follows; put "
            "what is differentiated in parentheses"
        )
    return value


def _derivative(
    c: Cursor, value: Expr, variables: Sequence[tuple[Symbol, int]], token: Token
) -> Any:
    for variable, _ in variables:
        if variable not in value.free_symbols:
            raise c.fail(
                f"this derivative would be 0: what is differentiated does not hold {variable}; "
                f"declare it as an expression or a function of {variable}",
                token,
            )
    return sp.Derivative(value, *variables)


def dotted(c: Cursor, name: Name) -> Any:
    r"""``\dot x`` where x abbreviates an expression in a declared t; None elsewhere."""
    time = c.vocabulary.names.get("t")
    for accent, order in (("ddot", 2), ("dot", 1)):
        base = name.spelling.replace(accent, "", 1)
        value = c.vocabulary.names.get(base)
        if base == name.spelling or value is None or isinstance(value, Symbol):
            continue
        if isinstance(time, Symbol) and time in value.free_symbols:
            return sp.Derivative(value, (time, order))
    return None


def read_value_at(c: Cursor) -> Any:
    r"""``\left. f(x) \right|_{x = 0}``."""
    opener, closer = c.token, c.tokens[c.closing[c.place]]
    value = scalar(c, c.group(c.inside), opener)
    if closer.text != "|" or not c.at("_"):
        raise c.fail(r"\left. needs \right|_{x = ...} with the place", opener)
    c.take()
    variable, place = c.script(_place)
    return c.checked(value.subs(variable, place), opener)


def _place(c: Cursor) -> tuple[Symbol, Any]:
    from symgan.parse.latex.arithmetic import read_sum

    if c.skip("command", "substack"):
        return c.group(_place)
    token = c.token
    name = read_name(c, NO_NAMES) if starts_name(c) else None
    variable = name and (c.bound.get(name.spelling) or c.vocabulary.names.get(name.spelling))
    if not isinstance(variable, Symbol) or not c.skip("="):
        raise c.fail("a declared symbol and its value are wanted here, such as x = 0", token)
    return variable, scalar(c, read_sum(c), token)

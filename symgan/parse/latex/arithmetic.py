r"""Sums and products.

An implicit product binds as an explicit one. What a slash divides must be plain: in ``1/2 x`` it
is refused, since half of the readers take the x into the denominator.
"""

from __future__ import annotations

from typing import Any

from symgan.parse.latex.algebra import arithmetic, divide, product, total
from symgan.parse.latex.cursor import UNREADABLE, Cursor
from symgan.parse.latex.operands import read_operand, starts_operand
from symgan.parse.latex.tokens import Token

_TIMES = frozenset({"cdot", "times", "ast"})


def read_sum(c: Cursor) -> Any:
    """A sum of products."""
    token = c.token
    sign = c.take().kind if c.token.kind in ("+", "-") else ""
    value = _signed(c, sign, token)
    terms = [(value, token)]
    while c.token.kind in ("+", "-") or c.at("command", "pm", "mp"):
        token = c.take()
        if token.kind == "command":
            raise c.fail(UNREADABLE[token.text], token)
        terms.append((arithmetic(c, _signed(c, token.kind, token), token), token))
    if len(terms) == 1:
        return value
    arithmetic(c, value, terms[0][1])
    return total(c, terms)


def _signed(c: Cursor, sign: str, token: Token) -> Any:
    if c.token.kind in ("+", "-"):
        raise c.fail(f"two signs in a row; put the second in parentheses, as in {sign}(-x)")
    value = read_product(c)
    if not sign:
        return value
    return -arithmetic(c, value, token) if sign == "-" else arithmetic(c, value, token)


def read_product(c: Cursor) -> Any:
    """Factors side by side, with dots, and at most one slash."""
    first, start = c.token, c.place
    value = read_operand(c)
    factors = [(value, first)]
    while True:
        token = c.token
        if token.kind == "*" or (token.kind == "command" and token.text in _TIMES):
            c.take()
            if c.at("*"):
                raise c.fail("write ^ for a power")
            if c.token.kind in ("+", "-"):
                raise c.fail("a sign behind a product; put the factor in parentheses")
        elif token.kind == "/" or c.at("command", "div"):
            arithmetic(c, value, first)
            return _quotient(c, product(c, factors), first)
        elif not starts_operand(c):
            break
        else:
            _refuse_number(c, start)
        arithmetic(c, value, first)
        token, start = c.token, c.place
        factors.append((arithmetic(c, read_operand(c), token), token))
    return value if len(factors) == 1 else product(c, factors)


def _quotient(c: Cursor, above: Any, first: Token) -> Any:
    """What a slash divides by is one factor, and nothing may follow it."""
    slash = c.take()
    if c.token.kind in ("+", "-"):
        raise c.fail("a sign behind a slash; put the denominator in parentheses")
    start = c.place
    above_text = c.text[first.start : slash.start].strip()
    below = arithmetic(c, read_operand(c), slash)
    below_text = c.source(start, c.place)
    token = c.token
    dotted = token.kind in ("*", "/") or (
        token.kind == "command" and token.text in _TIMES | {"div"}
    )
    if dotted or starts_operand(c):
        after = c.ahead(1) if dotted else token
        rest = c.text[token.start : max(after.stop, token.stop)].strip()
        raise c.fail(
            f"{above_text}/{below_text} {rest}.. is ({above_text}/{below_text}) {rest}.. or "
            rf"{above_text}/({below_text} {rest}..); write \frac or the parentheses",
            token,
        )
    return divide(c, above, below, slash)


def _refuse_number(c: Cursor, start: int) -> None:
    r"""A numeral behind a factor, and a numeral before a numeric fraction, have two readings."""
    token, before = c.token, c.tokens[c.place - 1]
    if token.kind == "number" and before.kind in ("number", "letter", "word", "command"):
        shown = c.text[before.start : token.stop]
        if before.kind == "number":
            raise c.fail(rf"{shown} is a product or one number; write \cdot, or no space", token)
        raise c.fail(
            f"{shown} is a product or an index; write {before.text}_{{{token.text}}}, or put the "
            rf"number first, with \cdot where it follows a number",
            token,
        )
    single = c.place - start == 1 and c.tokens[start].kind == "number"
    if single and c.at("command", "frac", "tfrac", "dfrac") and _numeric_fraction(c):
        whole = c.tokens[start].text
        raise c.fail(
            rf"{whole}\frac.. is {whole} times or {whole} plus the fraction; write \cdot or +"
        )


def _numeric_fraction(c: Cursor) -> bool:
    """Whether the fraction that starts here holds two numerals."""
    kinds = {"number", "{", "}"}
    after = [c.ahead(count).kind for count in range(1, 7)]
    length = next((n for n, kind in enumerate(after) if kind not in kinds), 6)
    return after[:length].count("number") == 2 or (length == 1 and len(c.ahead(1).text) == 2)

r"""Displays of several lines, taken as one statement.

A line that starts with a relation goes on with the chain above it, one without a relation of its
own goes on with the expression, and any other is a statement of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from symgan.parse.latex.tokens import Token

DISPLAYS = frozenset(
    {"aligned", "align", "equation", "gather", "gathered", "split", "multline", "alignedat"}
)
RELATIONS = frozenset({
    "le", "leq", "leqslant", "ge", "geq", "geqslant", "ne", "neq", "lt", "gt", "in",
    "implies", "Rightarrow", "iff", "Leftrightarrow", "Longrightarrow", "Longleftrightarrow",
})  # fmt: skip
_GOES_ON = frozenset({"=", "<", ">", "+", "-", "*", "/", ",", ";", "text", "command"})


def unfolded(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens with the lines of displays joined: braces around, commas between statements."""
    found: list[Token] = []
    stack: list[str] = []
    for place, token in enumerate(tokens):
        inside = bool(stack) and stack[-1] in DISPLAYS
        if token.kind == "begin":
            stack.append(token.text)
            found.append(_as(token, "{") if token.text in DISPLAYS else token)
        elif token.kind == "end":
            shown = token.text in DISPLAYS
            if stack:
                stack.pop()
            found.append(_as(token, "}") if shown else token)
        elif inside and token.kind == "&":
            continue
        elif inside and token.kind == "row":
            if _separates(tokens, place, found):
                found.append(_as(token, ","))
        else:
            found.append(token)
    return tuple(found)


def _as(token: Token, kind: str) -> Token:
    return Token(kind, kind, token.start, token.stop)


def _separates(tokens: Sequence[Token], place: int, before: Sequence[Token]) -> bool:
    """Whether a new statement starts behind the line break at this place."""
    line = _line(tokens, place + 1)
    if not line or not before:
        return False
    first, last = line[0], before[-1]
    if _is_relation(first) or first.kind == "text":
        return False
    if last.kind in _GOES_ON and (last.kind != "command" or _is_relation(last)):
        return False
    return any(map(_is_relation, line))


def _line(tokens: Sequence[Token], start: int) -> list[Token]:
    """The tokens of a line at its own depth, marks of alignment left out."""
    line: list[Token] = []
    depth = 0
    for token in tokens[start:]:
        if depth == 0 and token.kind in ("row", "end", "stop"):
            break
        if token.kind in ("open", "{", "begin"):
            depth += 1
        if (depth == 0 and token.kind != "&") or (not line and token.kind != "&"):
            line.append(token)
        if token.kind in ("close", "}", "end"):
            depth -= 1
    return line


def _is_relation(token: Token) -> bool:
    return token.kind in ("=", "<", ">") or (token.kind == "command" and token.text in RELATIONS)

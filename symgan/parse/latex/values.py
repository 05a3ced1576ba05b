r"""Declared values of several tokens, such as ``\alpha(0)`` or ``\nabla_\theta L``."""

from __future__ import annotations

from typing import Any

from symgan.parse.latex.cursor import Cursor


def declared_value(c: Cursor) -> tuple[tuple[str, ...], int] | None:
    r"""The declared text, such as ``\alpha(0)``, that stands here, and how many tokens it takes."""
    best: tuple[tuple[str, ...], int] | None = None
    for texts in c.vocabulary.values:
        count = _match(c, texts)
        if count and (best is None or len(texts) > len(best[0])):
            best = texts, count
    return best


def _match(c: Cursor, texts: tuple[str, ...]) -> int:
    """How many tokens from here on say these texts; 0 if they do not."""
    count = 0
    for text in texts:
        while c.ahead(count).kind in ("{", "}"):
            count += 1
        token = c.ahead(count)
        if token.kind == "stop" or token.text != text:
            return 0
        count += 1
    while c.ahead(count).kind == "}" and _opened(c, count):
        count += 1
    return count


def _opened(c: Cursor, count: int) -> bool:
    """Whether the brace that closes there was opened within these tokens."""
    place = c.place + count
    return any(c.closing.get(p) == place for p in range(c.place, place))


def take_value(c: Cursor) -> Any:
    """What the declared text that stands here means; None where none stands."""
    found = declared_value(c)
    if found is None:
        return None
    c.place += found[1]
    return c.vocabulary.values[found[0]]

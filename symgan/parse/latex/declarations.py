"""A text of declarations, cut into single ones with their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symgan.parse import ParseError
from symgan.parse.latex.limits import MAX_LENGTH

WHAT = "declaration"
FORMS = '"x,y real", "eta>0", "n integer", "K=(a-b)/T", "f function", "A 2x2 matrix"'


@dataclass(frozen=True)
class Piece:
    """One declaration in a longer text."""

    text: str
    whole: str
    column: int

    def fail(self, reason: str) -> ParseError:
        """An error that points at the declaration."""
        return ParseError(WHAT, reason, self.whole, self.column)


def pieces(text: str) -> Iterator[Piece]:
    """The declarations of a text: cut at semicolons and commas outside of brackets."""
    if len(text) > MAX_LENGTH:
        raise ParseError(WHAT, f"it is longer than {MAX_LENGTH} characters", text, MAX_LENGTH)
    if not text.strip():
        raise ParseError(WHAT, f"it is empty; declare names as in {FORMS}", text, 0)
    depth, start = 0, 0
    for place, character in enumerate(f"{text};"):
        depth += (character in "([{") - (character in ")]}")
        if (character in ",;" and depth <= 0) or place == len(text):
            part = text[start:place]
            if part.strip():
                yield Piece(part.strip(), text, start + len(part) - len(part.lstrip()))
            start = place + 1

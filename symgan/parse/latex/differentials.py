r"""Where the differential of an integral stands."""

from __future__ import annotations

from dataclasses import dataclass

from symgan.parse.latex.cursor import Cursor
from symgan.parse.latex.names import GREEK, NO_NAMES, read_name
from symgan.parse.latex.tokens import Token

_FRACTIONS = frozenset({"frac", "tfrac", "dfrac"})


@dataclass(frozen=True)
class Differential:
    """The variable, where ``d x`` starts and stops, and whether a numerator holds it."""

    name: str
    start: int
    stop: int
    hidden: bool = False


def is_mark(token: Token) -> bool:
    r"""Whether a token is a d or ``\partial``."""
    if token.kind == "command":
        return token.text == "partial"
    return token.kind in ("letter", "word") and token.text == "d"


def find_differential(c: Cursor, token: Token) -> Differential:
    r"""The differential that closes the integral whose ``\int`` is the token."""
    inner, place = 0, c.place
    while place < c.end:
        current = c.tokens[place]
        if current.kind == "command" and current.text == "int":
            inner += 1
        elif _is_differential(c, place):
            if inner == 0:
                return _found(c, place)
            inner -= 1
        place = c.closing.get(place, place) + 1
    return _in_numerator(c, token)


def _found(c: Cursor, place: int) -> Differential:
    if c.tokens[place].kind == "letter" and "d" in c.vocabulary.names:
        reason = r"d is declared, so that this is a factor or a differential; write \mathrm{d}"
        raise c.fail(reason, c.tokens[place])
    before, c.place = c.place, place + 1
    name = read_name(c, NO_NAMES).spelling
    stop, c.place = c.place, before
    return Differential(name, place, stop)


def _is_differential(c: Cursor, place: int) -> bool:
    """Whether a d and a variable stand here; a d inside of a word is none."""
    mark, variable = c.tokens[place], c.tokens[place + 1]
    if not is_mark(mark) or mark.kind == "command" or place + 1 >= c.end:
        return False
    if variable.kind == "command":
        return variable.text in GREEK
    if variable.kind not in ("letter", "word"):
        return False
    after = c.tokens[place + 2]
    return not (after.kind == "letter" and after.start == variable.stop and after.text != "d")


def _in_numerator(c: Cursor, token: Token) -> Differential:
    r"""``\int \frac{du}{u}``: the differential at the end of a numerator of the product."""
    place = c.place
    while place < c.end:
        current, brace = c.tokens[place], place + 1
        if current.kind == "command" and current.text in _FRACTIONS and brace in c.closing:
            mark = c.closing[brace] - 2
            if mark > brace and _is_differential(c, mark):
                found = _found(c, mark)
                c.shortened[brace] = mark
                return Differential(found.name, mark, c.place, hidden=True)
        place = c.closing.get(place, place) + 1
    raise c.fail(r"this integral has no differential; write d and its variable, as in \,dx", token)

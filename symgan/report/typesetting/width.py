r"""How wide a formula is, roughly."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_&]|\s+|.", re.DOTALL)
_WIDE = {"quad": 2.0, "cdot": 1.5, "ldots": 2.0, "log": 3.0, "sin": 3.0, "cos": 3.0, "exp": 3.0}
_WIDE |= {"iff": 5.0, "approx": 3.0, "leq": 3.0, "geq": 3.0, "neq": 3.0, "in": 3.0, "pm": 3.0}
_WIDE |= {"cup": 3.0, "arctan": 5.0, "tanh": 4.0, "left": 0.0, "right": 0.0, "begin": 0.0}
_WIDE |= {"end": 0.0, "text": 0.0, "operatorname": 0.0, "sqrt": 1.5, "big": 0.0, "dot": 0.0}
_WIDE |= {"bigl": 0.0, "bigr": 0.0, ",": 0.3, ";": 0.5, "colon": 1.0, "Rightarrow": 4.0}


def width(latex: str) -> float:
    r"""Roughly how wide a formula prints, in widths of a letter.

    >>> width("x + y"), width(r"\frac{a b}{c}"), width(r"\theta^{2}")
    (5.0, 2.0, 1.7)
    """
    tokens = _TOKEN.findall(latex)
    total, _ = _row(tokens, 0)
    return round(total, 1)


def _row(tokens: Sequence[str], start: int) -> tuple[float, int]:
    """The width up to the brace that closes this row, and where to read on."""
    total, index = 0.0, start
    while index < len(tokens):
        token = tokens[index]
        if token == "}":
            return total, index + 1
        if token in ("\\frac", "\\tfrac", "\\dfrac"):
            above, index = _argument(tokens, index + 1)
            below, index = _argument(tokens, index)
            total += max(above, below) * (0.7 if token == "\\tfrac" else 1.0)
        elif token in ("^", "_"):
            inner, index = _argument(tokens, index + 1)
            total += 0.7 * inner
        elif token in ("\\begin", "\\end"):
            _, index = _argument(tokens, index + 1)
        elif token == "{":
            inner, index = _row(tokens, index + 1)
            total += inner
        else:
            total += _token(token)
            index += 1
    return total, index


def _argument(tokens: Sequence[str], index: int) -> tuple[float, int]:
    while index < len(tokens) and tokens[index].isspace():
        index += 1
    if index >= len(tokens):
        return 0.0, index
    if tokens[index] == "{":
        return _row(tokens, index + 1)
    return _token(tokens[index]), index + 1


def _token(token: str) -> float:
    if token.isspace() or token == "&":
        return 0.0
    if token in "+-=<>":
        return 3.0
    return _WIDE.get(token[1:], 1.0) if token.startswith("\\") else 1.0


def nested_fractions(latex: str) -> int:
    r"""How many fractions stand inside others.

    >>> nested_fractions(r"\frac{1}{2} + \frac{\frac{a}{b}}{c}")
    1
    """
    found, depth, fractions = 0, 0, []  # `fractions`: where the two parts of each one end
    tokens = _TOKEN.findall(latex)
    for token in tokens:
        if token == "\\frac":
            found += bool(fractions)
            fractions.append([depth, 2])
        elif token == "{":
            depth += 1
        elif token == "}":
            depth -= 1
            if fractions and fractions[-1][0] == depth:
                fractions[-1][1] -= 1
                if fractions[-1][1] == 0:
                    fractions.pop()
    return found

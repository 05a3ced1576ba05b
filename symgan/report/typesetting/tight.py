r"""Parentheses and bars that grow only around what is tall."""

from __future__ import annotations

import re

_TALL = re.compile(r"\\(?:[dt]?frac|begin|left|int|sum|prod|underbrace|overbrace|substack|lim)\b")
_DELIMITER = re.compile(r"\\left(?![a-z])|\\right(?![a-z])")
_OPERATOR = re.compile(r"\\(?:[a-z]+|operatorname\{\w+\})(?:\^\{[^{}]*\})?\{$")
_WITH_ARGUMENT = re.compile(r"\\(?:[dt]?frac|sqrt|mathrm|text|dot|ddot|overline|bar|hat)\{$")


def is_tall(latex: str) -> bool:
    r"""Whether a formula is higher than a line.

    >>> is_tall(r"\frac{a}{b}"), is_tall("x^{2}")
    (True, False)
    """
    return bool(_TALL.search(latex))


def fenced(opening: str, latex: str, closing: str) -> str:
    r"""A formula between delimiters that grow only if they must.

    >>> print(fenced("(", "0, 1", "]"), fenced("|", r"\frac{a}{b}", "|"))
    (0, 1] \left|\frac{a}{b}\right|
    """
    if is_tall(latex):
        return rf"\left{opening}{latex}\right{closing}"
    return f"{opening}{latex}{closing}"


def tighten(latex: str) -> str:
    r"""Plain parentheses for ``\left( \right)`` whose content is one line high.

    >>> print(tighten(r"\cos{\left(t \right)} + \left(\frac{a}{b} \right)"))
    \cos(t) + \left(\frac{a}{b}\right)
    """
    out = ""
    opened: list[int] = []  # where in `out` each unclosed \left begins
    position = 0
    for match in _DELIMITER.finditer(latex):
        out += latex[position : match.start()]
        position = match.end()
        if match.group() == r"\left":
            opened.append(len(out))
            out += r"\left"
        elif opened and latex.startswith(")", position):
            start = opened.pop()
            out, position = _close(out, start, latex, position + 1)
        else:
            if opened:
                opened.pop()
            out += r"\right"
    return out + latex[position:]


def _close(out: str, start: int, latex: str, position: int) -> tuple[str, int]:
    """`out` with the parenthesis opened at `start` closed, and where to read on."""
    before, inside = out[:start], out[start + len(r"\left") :].rstrip()
    tall = not inside.startswith("(") or is_tall(inside)
    closed = rf"\left{inside}\right)" if tall else f"{inside})"
    braced = latex.startswith("}", position) and _OPERATOR.search(before)
    if braced and not _WITH_ARGUMENT.search(before):
        return f"{before[:-1]}{closed}", position + 1
    return f"{before}{closed}", position


def bars(latex: str) -> str:
    r"""Plain bars for absolute values that nothing beside them makes ambiguous.

    >>> print(bars(r"\left|x\right| + \left|y\right|"), bars(r"\left|x\right| \left|y\right|"))
    |x| + |y| \left|x\right| \left|y\right|
    """
    pieces = re.split(r"\\left\||\\right\|", latex)
    between = pieces[2:-1:2]
    inside = pieces[1::2]
    order = re.findall(r"\\left\||\\right\|", latex)
    nested = order != [r"\left|", r"\right|"] * (len(order) // 2)
    apart = all(re.search(r"^ [-+=<>,] |^\^\{[^{}]*\} [-+=<>,] |&|\\\\|\\text", b) for b in between)
    if nested or not apart or "|" in "".join(pieces) or any(map(is_tall, inside)):
        return latex
    return latex.replace(r"\left|", "|").replace(r"\right|", "|")

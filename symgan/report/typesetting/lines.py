r"""Where a formula breaks that is wider than a line."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Add, And, Basic, Mul, Or
from sympy.core.relational import Relational

from symgan.report.typesetting.conditions import merged, parts_of, pushed, turned
from symgan.report.typesetting.order import is_negative
from symgan.report.typesetting.printer import MathPrinter
from symgan.report.typesetting.width import width

LINE = 78
"""How wide a line may be, in widths of a letter."""


def broken(expr: Basic, printer: MathPrinter, room: float = LINE) -> list[str]:
    r"""An expression or a condition on as few lines as its parts allow.

    >>> x = sp.symbols("x:25")
    >>> [line[:9] for line in broken(sp.Add(*x), MathPrinter())]
    ['x_0 + x_1', '+ x_{13} ']
    """
    expr, room = pushed(expr), max(room, LINE / 2)
    text = printer.doprint(expr)
    if width(text) <= room:
        return [text]
    if isinstance(expr, Add):
        return _sum(expr, printer, room)
    if isinstance(expr, Mul):
        return _product(expr, printer, room) or [text]
    if isinstance(expr, (And, Or)):
        return _conditions(expr, printer, room)
    if isinstance(expr, Relational):
        return _relation(expr, printer, room)
    if isinstance(expr, sp.Union):
        return _packed([printer.doprint(part) for part in expr.args], r"\cup ", room)
    return [text]


def _sum(expr: Add, printer: MathPrinter, room: float) -> list[str]:
    terms = printer._as_ordered_terms(expr)
    pieces: list[str] = []
    for index, term in enumerate(terms):
        negative = bool(index and is_negative(term))
        first, *rest = broken(-term if negative else term, printer, room)
        if index:
            first = f"- {first}" if negative else f"+ {first}"
        if isinstance(-term if negative else term, Add):  # a sum inside a sum, as it was typed
            first, rest = _in_parentheses(first, rest)
        pieces += [first, *rest]
    return joined(pieces, room)


def _in_parentheses(first: str, rest: list[str]) -> tuple[str, list[str]]:
    sign, body = (first[:2], first[2:]) if first[:2] in ("+ ", "- ") else ("", first)
    held = _held([body, *rest])
    return f"{sign}{held[0]}", held[1:]


def _product(expr: Mul, printer: MathPrinter, room: float) -> list[str]:
    """Broken inside the longest sum among the factors above the line; empty where there is none."""
    sums = [factor for factor in expr.args if isinstance(factor, Add)]
    if not sums:
        return []
    longest = max(sums, key=lambda factor: width(printer.doprint(factor)))
    rest = Mul(*(factor for factor in expr.args if factor is not longest))
    front = _front(rest, printer, room)
    inside = room - min(width(front[-1]), room / 2) - 2
    lines = _held(_sum(longest, printer, inside))
    return [*front[:-1], f"{front[-1]} {lines[0]}".strip(), *lines[1:]]


def _front(rest: Any, printer: MathPrinter, room: float) -> list[str]:
    """What stands before a sum in parentheses, in lines."""
    if rest in (1, -1):
        return ["" if rest == 1 else "-"]
    if not isinstance(rest, Add):
        return broken(rest, printer, room)
    text = printer.doprint(rest)
    return [f"({text})"] if width(text) <= room / 2 else _held(broken(rest, printer, room))


def _relation(expr: Relational, printer: MathPrinter, room: float) -> list[str]:
    """Both sides in lines; the sign at the end of the left side's last line."""
    left, sign, right = turned(expr)
    lines = broken(left, printer, room - 8)
    first, *rest = broken(right, printer, room - 4)
    if width(lines[-1]) + width(first) + 3 <= room:
        return [*lines[:-1], f"{lines[-1]} {sign} {first}", *rest]
    return [*lines, f"{sign} {first}", *rest]


def _conditions(expr: Any, printer: MathPrinter, room: float) -> list[str]:
    """Bounds packed into lines; what is wider than a line, and alternatives, a line each."""
    any_of = isinstance(expr, Or)
    word = r"\text{or }" if any_of else r"\text{and }"
    parts = merged(sorted(expr.args, key=sp.default_sort_key), any_of=any_of)
    narrow = all(width(printer.part(part)) <= room - 4 for part in parts)
    if narrow and not any_of:
        return _packed(parts_of(expr, printer.part), r"\text{ and } ", room)
    lines: list[str] = []
    for index, part in enumerate(parts):
        first, *rest = broken(part, printer, room - 4)
        if isinstance(part, (And, Or)):
            first, *rest = _held([first, *rest])
        lines += [f"{word} {first}" if index else first, *rest]
    return lines


def _held(lines: list[str]) -> list[str]:
    """Alternatives in parentheses, as a part of a conjunction."""
    held = [rf"\bigl({lines[0]}", *lines[1:]]
    held[-1] += r"\bigr)"
    return held


def _packed(texts: list[str], word: str, room: float) -> list[str]:
    """Texts joined by a word, as many a line as fit."""
    return joined([texts[0], *(word + text for text in texts[1:])], room)


def joined(pieces: list[str], room: float) -> list[str]:
    """Pieces in order, as many a line as fit."""
    lines: list[str] = []
    left = 0.0
    for piece in pieces:
        wide = width(piece) + 1
        if lines and wide <= left:
            lines[-1] += f" {piece}"
            left -= wide
        else:
            lines.append(piece)
            left = room - wide
    return lines


def relation_rows(expr: Relational, printer: MathPrinter) -> list[str]:
    """A relation as rows for `aligned`, broken at its sign and in its right side."""
    left, sign, right = turned(expr)
    head = printer.doprint(left)
    first, *rest = broken(right, printer, max(LINE - width(head) - 3, LINE / 2))
    if width(head) + width(first) + 3 > LINE and width(head) > LINE / 3:
        top, *more = broken(left, printer)
        lines = [f"&{top}", *(rf"&\quad {line}" for line in more), rf"&\quad {sign} {first}"]
        return [*lines, *(rf"&\qquad {line}" for line in rest)]
    return [f"{head} &{sign} {first}", *(rf"&\quad {line}" for line in rest)]

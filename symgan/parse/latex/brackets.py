r"""Which delimiter closes which, the plain bars included.

A plain ``|`` neither opens nor closes by its shape. It opens where an operand is expected and
closes behind one; where more than one pairing is possible the text is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from symgan.parse import ParseError
from symgan.parse.latex.tokens import Token

_PAIRS = {"(": ")", "[": "]", "\\{": "\\}", "|": "|", "\\|": "\\|"}
_LOOSE = frozenset({"(]", "[)"})
"""Half-open intervals, which only ``\\in`` may hold."""
_OPERATORS = frozenset({
    "cdot", "times", "div", "wedge", "vee", "land", "lor", "lnot", "neg", "Rightarrow",
    "implies", "Longrightarrow", "iff", "Leftrightarrow", "Longleftrightarrow", "le", "leq",
    "ge", "geq", "ne", "neq", "lt", "gt", "in", "to", "pm", "mp",
})  # fmt: skip
_BREAKS = frozenset({"=", "<", ">", ",", ";", ":", "&", "row", "text"})
_ENDS = frozenset({"number", "letter", "word", "close", "}", "'", "!", "end"})
_STARTS = frozenset({"number", "letter", "word", "open", "{", "begin"})
_PREFIX = frozenset({
    "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "exp", "log",
    "ln", "arcsin", "arccos", "arctan", "sqrt", "frac", "tfrac", "dfrac", "partial", "int",
    "sum", "prod", "lim", "min", "max", "det",
})  # fmt: skip
_MOST_BARS = 40
_MARK = {"|": "a", "\\|": "n"}
_BAR_OF = {mark: bar for bar, mark in _MARK.items()}


def paired(
    tokens: Sequence[Token], what: str, text: str
) -> tuple[tuple[Token, ...], dict[int, int]]:
    r"""The tokens with every bar an opening or a closing one, and where each opening closes.

    Args:
        tokens: what `tokenize` found.
        what: how errors call the text.
        text: the text itself.

    Returns:
        The tokens, and place of an opening token -> place of the one that closes it.

    Raises:
        ParseError: something opens or closes alone, or bars pair in two ways.
    """
    resolved = _with_bars(list(tokens), what, text)
    return tuple(resolved), _closings(resolved, what, text)


def _closings(tokens: Sequence[Token], what: str, text: str) -> dict[int, int]:
    closing: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.kind in ("open", "{", "begin"):
            opened.append(place)
        elif token.kind in ("close", "}", "end"):
            if not opened:
                raise ParseError(what, f"{_shown(token)} closes nothing", text, token.start)
            opener = tokens[opened[-1]]
            if not _fit(opener, token, tokens[opened[-1] - 1] if opened[-1] else None):
                reason = (
                    f"{_shown(opener)} at column {opener.start + 1} is closed by {_shown(token)}"
                )
                raise ParseError(what, reason, text, token.start)
            closing[opened.pop()] = place
    if opened:
        token = tokens[opened[-1]]
        raise ParseError(what, f"{_shown(token)} is never closed", text, token.start)
    return closing


def _fit(opener: Token, closer: Token, before: Token | None) -> bool:
    if opener.kind == "{" or closer.kind == "}":
        return opener.kind == "{" and closer.kind == "}"
    if opener.kind == "begin" or closer.kind == "end":
        return opener.kind == "begin" and closer.kind == "end" and opener.text == closer.text
    if opener.stretched is not closer.stretched:
        return False
    if "." in (opener.text, closer.text):
        return True  # \left. and \right.
    if opener.text + closer.text in _LOOSE:
        return before is not None and before.text == "in"
    return _PAIRS.get(opener.text) == closer.text


def _shown(token: Token) -> str:
    if token.kind in ("begin", "end"):
        return rf"\{token.kind}{{{token.text}}}"
    side = {"open": r"\left", "close": r"\right"}[token.kind] if token.stretched else ""
    return f"{side}{token.text}"


def _with_bars(tokens: list[Token], what: str, text: str) -> list[Token]:
    """Every plain bar made an opening or a closing one, level by level."""
    for level in list(_levels(tokens)):
        bars = [place for place in level if tokens[place].kind == "bar"]
        if not bars:
            continue
        first = tokens[bars[0]]
        if len(bars) > _MOST_BARS:
            reason = rf"more than {_MOST_BARS} bars in a row; write \left| and \right|"
            raise ParseError(what, reason, text, first.start)
        if any(tokens[place + 1].kind == "_" for place in bars):
            reason = r"a bar with a place stands for a value; write \left. ... \right|_{x=...}"
            raise ParseError(what, reason, text, first.start)
        ways = _pairings(tokens, bars)
        if len(ways) != 1:
            shown = [_shown_way(tokens, bars, way, text) for way in ways]
            raise ParseError(what, _trouble(shown, first), text, first.start)
        for place, side in zip(bars, ways[0], strict=True):
            tokens[place] = replace(tokens[place], kind="open" if side == "(" else "close")
    return tokens


def _trouble(ways: list[str], bar: Token) -> str:
    name = bar.text
    if not ways:
        return rf"the bars {name} do not pair; write \left{name} and \right{name}"
    return (
        rf"the bars {name} pair as {' or '.join(ways)}; write \left{name} and \right{name}, "
        r"or \cdot between the factors"
    )


def _shown_way(tokens: Sequence[Token], bars: list[int], way: str, text: str) -> str:
    """The text between the bars with parentheses in their places."""
    shown, position = "", tokens[bars[0]].start
    for place, side in zip(bars, way, strict=True):
        shown += text[position : tokens[place].start].strip() + side
        position = tokens[place].stop
    return shown


def _levels(tokens: Sequence[Token]) -> Iterator[list[int]]:
    """The places at one depth of delimiters between two breaks: there bars must pair."""
    stack: list[list[int]] = [[]]
    for place, token in enumerate(tokens):
        if token.kind in ("open", "{", "begin"):
            stack[-1].append(place)
            stack.append([])
        elif token.kind in ("close", "}", "end"):
            yield stack.pop()
            if not stack:  # closes nothing, which `_closings` says
                stack = [[]]
            stack[-1].append(place)
        elif token.kind in _BREAKS or (token.kind == "command" and _breaks(token)):
            yield stack[-1]
            stack[-1] = []
        else:
            stack[-1].append(place)
    yield from stack


def _breaks(token: Token) -> bool:
    return token.text in _OPERATORS and token.text not in ("cdot", "times", "div", "pm", "mp")


def _pairings(tokens: Sequence[Token], bars: list[int]) -> list[str]:
    """Up to two ways to read the bars, each a string of ``(`` and ``)``."""
    ways: dict[tuple[str, str], list[str]] = {("", ""): [""]}  # bars open, last side -> sides
    for place in bars:
        bar, before, after = tokens[place], tokens[place - 1] if place else None, tokens[place + 1]
        following: dict[tuple[str, str], list[str]] = {}
        for (opened, last), found in ways.items():
            behind = before is not None and _ends(before)
            if before is not None and before.kind == "bar":
                behind = last == ")"
            if (
                (after.kind == "bar" and not behind)
                or _starts(after)
                or (_signs(after) and not (behind and opened))
            ):
                key = (opened + _MARK[bar.text], "(")
                following[key] = (following.get(key, []) + [w + "(" for w in found])[:2]
            if behind and opened and after.kind != "_" and bar.text == _BAR_OF[opened[-1]]:
                key = (opened[:-1], ")")
                following[key] = (following.get(key, []) + [w + ")" for w in found])[:2]
        ways = following
    return [way for (opened, _), found in ways.items() if not opened for way in found][:2]


def _signs(token: Token) -> bool:
    return token.kind in ("+", "-")


def _ends(token: Token) -> bool:
    """Whether an operand can end here."""
    if token.kind == "command":
        return token.text not in _OPERATORS and token.text not in _PREFIX
    return token.kind in _ENDS


def _starts(token: Token) -> bool:
    """Whether an operand can start here."""
    if token.kind == "command":
        return token.text not in _OPERATORS
    return token.kind in _STARTS

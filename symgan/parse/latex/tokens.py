r"""LaTeX cut into tokens, each with its place.

Spacing, sizes of delimiters and the marks of a display (``$``, ``\[``) say nothing of the
mathematics and are dropped here; what this module does not know is refused with a remedy.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from symgan.parse import ParseError
from symgan.parse.latex.limits import MAX_LENGTH


@dataclass(frozen=True, slots=True)
class Token:
    r"""One token.

    Attributes:
        kind: ``number``, ``letter``, ``word`` (upright letters), ``command`` (its name without
            the backslash), ``text``, ``open`` and ``close`` (delimiters; braces apart),
            ``{``, ``}``, ``bar``, ``begin`` and ``end`` (environments), ``row`` (``\\``),
            ``stop`` (behind the last), or the character itself.
        text: what it says; of a delimiter the delimiter.
        start: the column of its first character.
        stop: the column behind its last character.
        stretched: a delimiter of ``\left`` or ``\right``.
    """

    kind: str
    text: str
    start: int
    stop: int
    stretched: bool = False


_SPACES = (
    "quad|qquad|thinspace|medspace|thickspace|negthinspace|enspace|enskip|space|displaystyle|"
    "textstyle|scriptstyle|limits|nolimits|nonumber|notag|allowbreak|hfill|relax"
)
_UPRIGHT = "operatorname|mathrm|mathit|mathsf|mathtt|textsf|texttt|textup"
_DELIMITER = (
    r"\\[{}|]|\\(?:[lr]vert|[lr]Vert|vert|Vert|[lr]brace|[lr]brack|langle|rangle)\b|[\[\]()|./]"
)
_PATTERN = re.compile(
    rf"""
    (?P<space> \s+ | ~ | \\[,;:!>/\ ] | \\(?:{_SPACES})(?![A-Za-z])
             | \\[hv]space\*?\s*\{{[^{{}}]*\}} | \\(?:label|tag)\s*\{{[^{{}}]*\}} )
  | (?P<mark> \$\$? | \\[\[\]()] )
  | (?P<begin> \\begin\s*\{{(?P<opened>[A-Za-z]+\*?)\}} )
  | (?P<end> \\end\s*\{{(?P<closed>[A-Za-z]+\*?)\}} )
  | (?P<text> \\(?:text|textrm|textit|textnormal|mbox)\s*\{{(?P<said>[^{{}}$\\]*)\}} )
  | (?P<word> \\(?:{_UPRIGHT})\*?\s*(?:\{{\s*(?P<upright>[A-Za-z0-9]+)\s*\}}|(?P<single>[A-Za-z])) )
  | (?P<stretch> \\(?P<side>left|right)(?![A-Za-z])\s*(?P<edge>{_DELIMITER}) )
  | (?P<sized> \\[bB]igg?(?P<hand>[lrm]?)(?![A-Za-z])\s*(?P<rim>{_DELIMITER}) )
  | (?P<row> \\\\\*?(?:\s*\[[^\[\]]*\])? )
  | (?P<number> \d+(?:\{{,\}}\d{{3}})*(?:\.\d+)? | \.\d+ )
  | (?P<command> \\[A-Za-z]+\*? | \\. )
  | (?P<letter> [A-Za-z] )
  | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)

_EDGES = {
    "\\lbrace": "\\{", "\\rbrace": "\\}", "\\lbrack": "[", "\\rbrack": "]", "\\vert": "|",
    "\\lvert": "|", "\\rvert": "|", "\\Vert": "\\|", "\\lVert": "\\|", "\\rVert": "\\|",
}  # fmt: skip
_OPENING = frozenset({"(", "[", "\\{"})
_CLOSING = frozenset({")", "]", "\\}"})
_BARS = frozenset({"|", "\\|"})
_FIXED = {"\\lvert": "open", "\\lVert": "open", "\\rvert": "close", "\\rVert": "close"}
_PLAIN = frozenset("+-*/=<>^_'!,;:&{}")
_WRITE = {
    "−": "-", "·": r"\cdot", "×": r"\times", "÷": "/", "≤": r"\le", "≥": r"\ge", "≠": r"\ne",
    "√": r"\sqrt{}", "∞": r"\infty", "′": "'", "∂": r"\partial", "∫": r"\int", "∑": r"\sum",
    "⇒": r"\Rightarrow", "⇔": r"\iff", "∧": r"\wedge", "∨": r"\vee", "%": r"nothing (a comment)",
    "#": "nothing", '"': "''", "`": "'", "@": "nothing",
}  # fmt: skip


def tokenize(text: str, what: str = "formula") -> tuple[Token, ...]:
    r"""The tokens of a text, the last one of kind ``stop``.

    Args:
        text: LaTeX, with or without the marks of a display.
        what: how errors call it.

    Raises:
        ParseError: a character that no formula holds, or a text that is too long or empty.

    >>> [t.text for t in tokenize(r"\left(x\right) \, y_1")]
    ['(', 'x', ')', 'y', '_', '1', '']
    """
    if len(text) > MAX_LENGTH:
        raise ParseError(what, f"it is longer than {MAX_LENGTH} characters", text, MAX_LENGTH)
    found: list[Token] = []
    for match in _PATTERN.finditer(text):
        token = _token(match, what, text)
        if token is not None:
            found.append(token)
        if _is_scientific(found):
            shown = f"{found[-3].text}e{found[-1].text}"
            reason = rf"{shown} is a product with e or a power of ten; write \cdot 10^{{..}}"
            raise ParseError(what, reason, text, found[-2].start)
    while found and found[-1].kind in (".", ",", ";"):  # the sentence's, not the formula's
        found.pop()
    if not found:
        raise ParseError(what, "it is empty", text, 0)
    end = len(text.rstrip())
    return (*found, Token("stop", "", end, end))


def _is_scientific(found: list[Token]) -> bool:
    """Whether the last tokens are a numeral, an e and what may be its exponent."""
    if len(found) < 3 or found[-3].kind != "number" or found[-2].text.lower() != "e":
        return False
    glued = found[-3].stop == found[-2].start and found[-2].stop == found[-1].start
    return glued and found[-2].kind == "letter" and found[-1].kind in ("number", "-", "+")


def _token(match: re.Match[str], what: str, text: str) -> Token | None:
    kind, said = next(k for k in _KINDS if match[k] is not None), match.group()
    start, stop = match.span()
    if kind in ("space", "mark"):
        return None
    if kind in ("begin", "end"):
        return Token(kind, (match["opened"] or match["closed"]).rstrip("*"), start, stop)
    if kind == "text":
        return Token("text", " ".join(match["said"].split()), start, stop)
    if kind == "word":
        return Token("word", match["upright"] or match["single"], start, stop)
    if kind == "stretch":
        side = "open" if match["side"] == "left" else "close"
        return Token(side, _edge(match["edge"]), start, stop, stretched=True)
    if kind == "sized":
        return _delimiter(match["rim"], match["hand"], start, stop)
    if kind == "row":
        return Token("row", said, start, stop)
    if kind == "number":
        return Token("number", said.replace("{,}", ""), start, stop)
    if kind == "letter":
        return Token("letter", said, start, stop)
    if kind == "command":
        if re.fullmatch(_DELIMITER, said):
            return _delimiter(said, "", start, stop)
        return Token("command", said[1:].rstrip("*"), start, stop)
    return _character(said, start, stop, what, text)


_KINDS = (
    "space", "mark", "begin", "end", "text", "word", "stretch", "sized", "row", "number",
    "command", "letter", "other",
)  # fmt: skip


def _edge(delimiter: str) -> str:
    return _EDGES.get(delimiter, delimiter)


def _delimiter(delimiter: str, hand: str, start: int, stop: int) -> Token:
    """A delimiter by its shape, a bar by the hand of its size (``\\bigl|``) where it has one."""
    edge = _edge(delimiter)
    side = {"l": "open", "r": "close"}.get(hand, "") or _FIXED.get(delimiter, "")
    if edge in _BARS:
        return Token(side or "bar", edge, start, stop)
    if edge in _OPENING or edge in _CLOSING:
        return Token("open" if edge in _OPENING else "close", edge, start, stop)
    return Token(edge.lstrip("\\"), edge, start, stop)


def _character(said: str, start: int, stop: int, what: str, text: str) -> Token:
    if said in _OPENING or said in _CLOSING or said in _BARS:
        return _delimiter(said, "", start, stop)
    if said in _PLAIN or said == ".":
        return Token(said, said, start, stop)
    remedy = _WRITE.get(said) or _greek(said)
    hint = f"; write {remedy}" if remedy else ""
    raise ParseError(what, f"{said!r} is no character of a formula{hint}", text, start)


def _greek(said: str) -> str:
    """The command of a Greek letter, such as ``\\theta`` for the letter itself."""
    name = unicodedata.name(said, "").split()
    if len(name) != 4 or name[0] != "GREEK" or name[2] != "LETTER":
        return ""
    return "\\" + (name[3].lower() if name[1] == "SMALL" else name[3].capitalize())

r"""Printed formulas are LaTeX typed by people; this finds what would break a document.

The checks are those a formula can fail without naming a wrong command: balance of
braces, of ``\left`` and ``\right`` and of environments, stray characters, and commands
that have no place in a formula.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"\\(?P<edge>begin|end)\{(?P<name>[^{}]*)\}|\\(?P<side>left|right)(?![A-Za-z])"
    r"|\\(?P<command>[A-Za-z]+|.)|(?P<character>[{}&#%$])",
    re.DOTALL,
)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What neither XML nor LaTeX can hold."""
_FORBIDDEN = frozenset({
    "input", "include", "openin", "openout", "read", "write", "immediate", "catcode", "def",
    "edef", "gdef", "xdef", "let", "newcommand", "renewcommand", "csname", "expandafter",
    "loop", "special", "directlua", "verb", "bye", "par", "usepackage", "documentclass",
    "label", "tag", "href", "url",
})  # fmt: skip
_TABLES = frozenset({
    "aligned", "gathered", "split", "cases", "array", "matrix",
    "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix",
})  # fmt: skip


def fault(latex: str) -> str:
    r"""What is wrong with a formula, in a few words; empty if nothing was found.

    >>> fault(r"\frac{K}{1 + a^2}"), fault(r"\left( x"), fault("{x")
    ('', 'a \\left or \\begin is not closed', 'a brace is not closed')
    """
    if re.search(r"\n\s*\n", latex):
        return "a blank line"
    if CONTROL.search(latex):
        return "a control character"
    opened: list[str] = []
    for match in _TOKEN.finditer(latex):
        wrong = _step(match, opened)
        if wrong:
            return wrong
    if not opened:
        return ""
    return "a brace is not closed" if opened[-1] == "{" else r"a \left or \begin is not closed"


def _step(match: re.Match[str], opened: list[str]) -> str:
    edge, name, side, command, character = match.groups()
    if edge:
        return _environment(edge, name, opened)
    if side:
        return _match(opened, "left", rf"\{side}") if side == "right" else _open(opened, "left")
    if command:
        return rf"\{command} has no place in a formula" if command in _FORBIDDEN else ""
    if character == "{":
        return _open(opened, "{")
    if character == "}":
        return _match(opened, "{", "}")
    if character == "&":
        inside = opened and opened[-1] in _TABLES
        return "" if inside else "an & outside a table"
    return f"an unescaped {character}"


def _environment(edge: str, name: str, opened: list[str]) -> str:
    if name not in _TABLES:
        return f"the environment {name} does not belong in a formula"
    return _open(opened, name) if edge == "begin" else _match(opened, name, rf"\end{{{name}}}")


def _open(opened: list[str], what: str) -> str:
    opened.append(what)
    return ""


def _match(opened: list[str], what: str, closing: str) -> str:
    if not opened or opened.pop() != what:
        return f"{closing} closes nothing"
    return ""

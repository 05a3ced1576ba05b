"""Whether a claims file prints what it judges.

The LaTeX of a claim is read with the names of its own symbols, and with the ``NOTATION`` that the
file declares (`symgan.parse.latex.let`); what can be read must say what the statement says.
"""

from __future__ import annotations

import sys
from typing import Any

import sympy as sp
from sympy import Basic, Symbol
from sympy.core.relational import Relational

from symgan.claims.edits import CONNECTIVES
from symgan.claims.examine import Examination
from symgan.claims.model import Claim
from symgan.claims.printed import disagreement
from symgan.errors import BadData, SymganError
from symgan.parse import ParseError
from symgan.parse.latex import Vocabulary, formula, spelling, vocabulary

NOTATION = "NOTATION"


def unread(claim: Claim, case: Examination) -> str:
    """Why the print could not be held against the statement; empty if the two agree.

    Args:
        claim: what was marked: its ``formal`` is compared where there is one, else ``printed``.
        case: what its function returned.

    Raises:
        BadData: the print says something else than the statement.
    """
    text = claim.formal or claim.printed
    if not text:
        return ""
    try:
        read = formula(text, _words(claim, case), what="printed formula")
    except ParseError as error:
        return str(error)
    difference = _difference(read, case.statement, set(case.exact))
    if difference is None:
        return "the printed formula is built otherwise than the statement"
    if difference:
        raise BadData(
            f"{claim.id}: the print and the statement differ: {difference}; mend one of them, or "
            "say what is judged: formal=..."
        )
    return ""


def _words(claim: Claim, case: Examination) -> Vocabulary:
    module = sys.modules.get(claim.origin.split(":", 1)[0])
    words = getattr(module, NOTATION, None) or vocabulary()
    if not isinstance(words, Vocabulary):
        raise BadData(f"{NOTATION} of {module} must be a Vocabulary; write {NOTATION} = let(...)")
    values = (sp.sympify(value) for value in case.exact.values())
    symbols = case.statement.free_symbols.union(case.exact, *(v.free_symbols for v in values))
    for symbol in sorted((s for s in symbols if isinstance(s, Symbol)), key=str):
        try:
            name = spelling(symbol.name)
        except SymganError:
            continue  # a quantity with a name in words, which no formula can hold
        if name not in words.names:
            words = words.with_name(name, symbol)
    return words


def _difference(read: Basic, statement: Basic, quantities: set[Any]) -> str | None:
    """How they differ; empty where they agree, None where their parts cannot be compared."""
    if read == statement:
        return ""
    if isinstance(read, Relational) and isinstance(statement, Relational):
        ways = [disagreement(r, statement, quantities) for r in (read, read.reversed)]
        return "" if "" in ways else ways[0]
    if not isinstance(read, CONNECTIVES) or read.func is not statement.func:
        return None
    if len(read.args) != len(statement.args):
        return None
    ours, theirs = list(statement.args), list(read.args)
    if isinstance(read, sp.And | sp.Or):
        return _matched(theirs, ours, quantities)
    parts = [_difference(r, s, quantities) for r, s in zip(theirs, ours, strict=True)]
    return None if None in parts else next((part for part in parts if part), "")


def _matched(theirs: list[Basic], ours: list[Basic], quantities: set[Any]) -> str | None:
    """Parts in any order; the first without a match is named."""
    for part in theirs:
        match = next((s for s in ours if _difference(part, s, quantities) == ""), None)
        if match is None:
            return f"nothing in the statement says {part}"
        ours.remove(match)
    return ""

"""Notation of section 6."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symgan.claims.printed import Reading


def _times(name: str) -> Any:
    """The grammar reads a letter before parentheses as a function; here it is a factor."""
    return lambda x: sp.Symbol(name) * x


READING = Reading(
    tokens={"chance": "p", "value": "v", "dim": "k"},
    names={"k": sp.Symbol("dim")},
    functions={name: _times(name) for name in ("a", "b")},
)

NOT_READ: dict[str, str] = {
    "survey.generalization.risk": "a definition; nothing is judged",
    "survey.generalization.definition": "a definition; nothing is judged",
    "survey.f-divergence.jensen-shannon": "both sides are named quantities",
}

AMENDMENTS_NOT_READ: dict[str, str] = {}

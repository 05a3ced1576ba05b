"""Notation of section 6."""

from __future__ import annotations

from symgan.claims.printed import Reading

READING = Reading(tokens={"chance": "p", "value": "v"})

NOT_READ: dict[str, str] = {
    "survey.generalization.risk": "a definition; nothing is judged",
    "survey.generalization.definition": "a definition; nothing is judged",
    "survey.neural-distance.small": "several relations, written out in the entries",
    "survey.f-divergence.jensen-shannon": "both sides are named quantities",
}

AMENDMENTS_NOT_READ: dict[str, str] = {}

"""Notation of what is settled beyond section 4."""

from __future__ import annotations

from symgan.claims.printed import Reading
from symgan_papers.gmm.notation_section4 import READING as SECTION

READING = Reading(tokens=SECTION.tokens, functions=SECTION.functions)

_SEVERAL = "several relations"


def _because(reason: str, *claims: str) -> dict[str, str]:
    return {f"gmm.{claim}": reason for claim in claims}


NOT_READ: dict[str, str] = {
    **_because(
        _SEVERAL,
        "settled.lemma4-1.lipschitz-needed",
        "settled.cone",
        "settled.lemma4-2.boxes",
        "settled.lemma4-2.width",
        "settled.lemma4-3.radius",
        "settled.orbit.outside",
        "settled.orbit.one-side",
    ),
    "gmm.settled.lemma4-2.constant": "names for the three terms, written out in the entry",
}
"""Printed formulas that are not compared by parsing, each with its reason."""

AMENDMENTS_NOT_READ: dict[str, str] = {}
"""Amendments that are not compared by parsing, each with its reason."""

"""Notation of section 4."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symgan.claims.printed import Reading
from symgan.games.mixture import normal_pdf


def _times(name: str) -> Any:
    """The grammar reads a letter before parentheses as a function; here it is a factor."""
    return lambda x: sp.Symbol(name) * x


READING = Reading(
    tokens={
        r"g(x') - g(x)": "change",
        r"\eta(1 - c)": r"\eta \cdot (1 - c)",
        r"\|\nabla g(x)\|_2^2": "U^2",
        r"\tfrac12\left[": r"\frac{1}{2}\left[",
    },
    functions={"varphi": normal_pdf, **{name: _times(name) for name in ("p", "D", "eta")}},
)

_SEVERAL = "several relations"
_PROSE = "the paper's objects (norms, maxima, sets), which the grammar does not know"


def _because(reason: str, *claims: str) -> dict[str, str]:
    return {f"gmm.{claim}": reason for claim in claims}


NOT_READ: dict[str, str] = {
    **_because(
        _SEVERAL,
        "objective-not-convex",
        "sets.rect",
        "sets.opt",
        "lemma4-2",
        "gradient-undefined",
        "local-optima.undefined",
        "local-optima.largest",
        "lemma4-3",
        "lemma4-3.weak-bound",
        "lemma4-4",
        "settled.lemma4-4.threshold",
        "lemma4-5.margin",
        "section4.together",
    ),
    **_because(_PROSE, "section4.difference", "section4.objective", "lemma4-2.as-printed"),
    "gmm.lemma4-4.one-end": "u and v are abbreviations, written out in the entry",
    "gmm.section4.ordered": "both sides are named quantities",
}
"""Printed formulas that are not compared by parsing, each with its reason."""

AMENDMENTS_NOT_READ: dict[str, str] = _because(_SEVERAL, "lemma4-2.as-printed")
"""Amendments that are not compared by parsing, each with its reason."""

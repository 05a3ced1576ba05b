"""The paper's notation, for reading its printed LaTeX; which formulas cannot be read so."""

from __future__ import annotations

from symgan.claims.printed import Reading
from symgan_papers.dynamic import notation_a, notation_b, notation_c

_PARTS = (notation_a, notation_b, notation_c)

READING = Reading(
    tokens={k: v for part in _PARTS for k, v in part.TOKENS.items()},
    names={k: v for part in _PARTS for k, v in part.NAMES.items()},
    values={k: v for part in _PARTS for k, v in part.VALUES.items()},
    functions={k: v for part in _PARTS for k, v in part.FUNCTIONS.items()},
)

NOT_READ: dict[str, str] = {k: v for part in _PARTS for k, v in part.NOT_READ.items()}
"""Printed formulas that are not compared by parsing, each with its reason."""

AMENDMENTS_NOT_READ: dict[str, str] = {
    k: v for part in _PARTS for k, v in part.AMENDMENTS_NOT_READ.items()
}
"""Amendments whose LaTeX is not compared by parsing, each with its reason."""

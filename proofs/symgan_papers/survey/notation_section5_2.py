"""Notation of section 5.2."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symgan.claims.printed import Reading


def _times(name: str) -> Any:
    """The grammar reads a letter before parentheses as a function; here it is a factor."""
    return lambda x: sp.Symbol(name) * x


_SHORT = {"w": "weight", "m": "modulus", "M": "moved"}
"""Words that the grammar would read as products of letters."""

READING = Reading(
    tokens={"weight": "w", "modulus": "m", "moved": "M", "new_g": "n_g", "new_d": "n_d"},
    names={name: sp.Symbol(word) for name, word in _SHORT.items()},
    functions={name: _times(name) for name in ("gamma", "b", "h", "p", "q")},
)

_SEVERAL = "several relations, written out in the entries"
_NAMED = "both sides are named quantities"


def _because(reason: str, *claims: str) -> dict[str, str]:
    return {f"survey.{claim}": reason for claim in claims}


NOT_READ: dict[str, str] = {
    **_because(
        _SEVERAL,
        "gradient-flow.limit",
        "gradient-flow.field",
        "jacobian",
        "consensus.gradient",
        "equilibrium.saddle",
        "jacobian.symmetry",
        "local-nash.converse",
        "lss.two-timescale.h1",
        "lss.two-timescale.conditions",
        "lss.lambda",
        "lss.two-timescale.h2",
        "sga.decomposition",
    ),
    **_because(_NAMED, "two-factors.imaginary-part"),
}

AMENDMENTS_NOT_READ: dict[str, str] = {
    **_because(
        "the print names the field, the proof the change of |v|^2/2 along it", "consensus.sign"
    ),
    **_because("of the linearization the proof gives all four entries", "lss.attractors"),
    **_because(_SEVERAL, "equilibrium.saddle"),
}

"""Notation of the settled claims on equilibria."""

from __future__ import annotations

import sympy as sp

from symgan.claims.printed import Reading
from symgan.games.mixture import normal_pdf


def _times(name: str):
    """The grammar reads a letter before parentheses as a function; here it is a factor."""
    return lambda y: sp.Symbol(name) * y


READING = Reading(
    names={},
    functions={"varphi": normal_pdf, "a": _times("a")},
)

_SEVERAL = "several relations"

NOT_READ: dict[str, str] = {
    "gmm.settled.equilibria.parallelogram": _SEVERAL,
    "gmm.settled.equilibria.symmetric": _SEVERAL,
    "gmm.settled.equilibria.empty": _SEVERAL,
    "gmm.settled.equilibria.collapsed": _SEVERAL,
}

AMENDMENTS_NOT_READ: dict[str, str] = {}

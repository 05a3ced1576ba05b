"""Notation of section 3."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symgan.claims.printed import Reading


def _times(name: str) -> Any:
    """The grammar reads a letter before parentheses as a function; here it is a factor."""
    return lambda x: sp.Symbol(name) * x


READING = Reading(functions={"p": _times("p")})
_SEVERAL = "several relations"

NOT_READ: dict[str, str] = {
    "survey.problems.wgan-suffers": _SEVERAL,
    "survey.problems.rock-paper-scissors": _SEVERAL,
    "survey.settled.divergence.converges": _SEVERAL,
    "survey.settled.divergence.trap": _SEVERAL,
}
AMENDMENTS_NOT_READ: dict[str, str] = {}

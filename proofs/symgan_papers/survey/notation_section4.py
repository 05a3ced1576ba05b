"""Notation of section 4."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Symbol

from symgan.claims.printed import Reading


def _times(name: str) -> Any:
    """The grammar reads a letter before parentheses as a function; here it is a factor."""
    return lambda x: Symbol(name) * x


READING = Reading(
    tokens={r"\theta_d'": r"\beta_d", r"\theta_g'": r"\beta_g"},
    names={"beta_d": Symbol("theta_d'", real=True), "beta_g": Symbol("theta_g'", real=True)},
    functions={"theta_{d}": lambda x: sp.Symbol("theta_d") * x, "s": _times("s")},
)

_SEVERAL = "several relations"

NOT_READ: dict[str, str] = {
    "survey.stability.concave-discriminator": _SEVERAL,
    "survey.settled.concave-concave.stable": _SEVERAL,
    "survey.stability.locally-stable": _SEVERAL,
    "survey.stability.gradient-penalty": _SEVERAL,
    "survey.settled.linear.assumption-fails": _SEVERAL,
    "survey.settled.linear.blind-to-variance": _SEVERAL,
}
AMENDMENTS_NOT_READ: dict[str, str] = {}

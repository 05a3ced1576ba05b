"""Notation of section 5.3."""

from __future__ import annotations

from typing import Any

from sympy import Symbol

from symgan.claims.printed import Reading


def _times(name: str) -> Any:
    """The grammar reads a letter before parentheses as a function; here it is a factor."""
    return lambda x: Symbol(name) * x


READING = Reading(functions={"tau": _times("tau"), "Lambda": _times("Lambda")})

_SEVERAL = "several relations"
_DEFINITION = "a definition, of which nothing is judged"
_MATRIX = "a matrix; its entries are compared one by one"

NOT_READ: dict[str, str] = {
    "survey.whl.orthogonal": _SEVERAL,
    "survey.whl.macroscopic": _MATRIX,
    "survey.whl.avoided": _MATRIX,
    "survey.whl.discriminator": _DEFINITION,
    "survey.whl.microscopic": _DEFINITION,
    "survey.whl.angles": "the sides are written in lengths and an angle",
    "survey.whl.angles.itself": "both sides are named quantities",
    "survey.whl.limit.ode": _SEVERAL,
    "survey.whl.strict": _SEVERAL,
    "survey.whl.discretized": _SEVERAL,
    "survey.whl.small-noise.window": _SEVERAL,
    "survey.whl.big-noise.window": _SEVERAL,
    "survey.whl.noise-ignored": _SEVERAL,
    "survey.whl.sde": "a stochastic equation",
    "survey.settled.whl.line": _SEVERAL,
    "survey.settled.whl.no-noise": _SEVERAL,
    "survey.whl.begs": "both sides are named quantities",
    "survey.whl.limit.fixed-step": _SEVERAL,
    "survey.settled.whl.blank-start": _SEVERAL,
    "survey.whl.small-noise.together": _SEVERAL,
    "survey.whl.limit": "an interval for a measured exponent",
    "survey.whl.deterministic": "the sum is abridged",
}
AMENDMENTS_NOT_READ: dict[str, str] = {
    "survey.whl.begs": "both sides are named quantities",
}

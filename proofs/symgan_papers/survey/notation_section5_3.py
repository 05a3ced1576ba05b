"""Notation of section 5.3."""

from __future__ import annotations

from symgan.claims.printed import Reading

READING = Reading()

_SEVERAL = "several relations"
_MATRIX = "a matrix; its entries are compared one by one"

NOT_READ: dict[str, str] = {
    "survey.whl.orthogonal": _SEVERAL,
    "survey.whl.macroscopic": _MATRIX,
    "survey.whl.avoided": _MATRIX,
    "survey.whl.angles": "the sides are written in lengths and an angle",
    "survey.whl.angles.itself": "both sides are named quantities",
    "survey.whl.limit.ode": _SEVERAL,
    "survey.whl.strict": _SEVERAL,
    "survey.whl.discretized": _SEVERAL,
    "survey.whl.noise-ignored": _SEVERAL,
    "survey.whl.sde": "a stochastic equation",
    "survey.settled.whl.line": _SEVERAL,
    "survey.settled.whl.no-noise": _SEVERAL,
    "survey.whl.begs": "both sides are named quantities",
    "survey.whl.limit": "an interval for a measured exponent",
    "survey.whl.deterministic": "the sum is abridged",
}
AMENDMENTS_NOT_READ: dict[str, str] = {
    "survey.whl.begs": "both sides are named quantities",
}

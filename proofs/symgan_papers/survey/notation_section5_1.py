"""Notation of section 5.1."""

from __future__ import annotations

from typing import Any

from sympy import Symbol

from symgan.claims.printed import Reading


def _times(name: str) -> Any:
    """The grammar reads a letter before parentheses as a function; here it is a factor."""
    return lambda x: Symbol(name) * x


READING = Reading(
    functions={
        **{name: _times(name) for name in ("lambda", "a", "b", "q", "r")},
        "theta_{d}": _times("theta_d"),
    },
)

_SEVERAL = "several relations"
_NAMED = "both sides are named quantities"


def _because(reason: str, *claims: str) -> dict[str, str]:
    return {f"survey.{claim}": reason for claim in claims}


NOT_READ: dict[str, str] = {
    **_because(
        _SEVERAL,
        "settled.unrolled.practice",
        "settled.unrolled.half",
        "settled.unrolled.any-quadratic",
        "wgan.no-overlap",
        "settled.spectral.halved",
        "settled.spectral.dirac",
        "settled.spectral.approached",
        "settled.spectral.zero-weights",
        "ttur.step.iterate",
        "ttur.step-sizes",
        "settled.ttur.nash-attracts",
        "noise.saturates",
        "noise.fgan",
        "noise.regularity",
        "settled.noise.weights",
        "settled.noise.damping",
    ),
    **_because(_NAMED, "unrolled.total-derivative", "unrolled.reaction"),
    "survey.spectral.matrix": "S and P stand for forms in the entries",
    "survey.unrolled.recursion": "the quotient of a differential by a parameter",
    "survey.ttur.generator-step": "a gradient at a point that no index ties to the iterates",
    "survey.ttur.discriminator-step": "a gradient at a point that no index ties to the iterates",
}

AMENDMENTS_NOT_READ: dict[str, str] = {
    **_because(_NAMED, "unrolled.total-derivative"),
    **_because(_SEVERAL, "ttur.local-nash", "noise.misspecification"),
}

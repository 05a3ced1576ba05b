"""Notation of the settled claims on collapsed generators."""

from __future__ import annotations

import sympy as sp
from sympy import Expr

from symgan.claims.printed import Reading
from symgan.games.mixture import normal_cdf


def _below(y: Expr) -> Expr:
    """The normal distribution function, its argument expanded: SymPy then takes signs out."""
    return normal_cdf(y).replace(sp.erf, lambda z: sp.erf(sp.expand(z)))


READING = Reading(functions={"Phi": _below})

NOT_READ: dict[str, str] = {
    "gmm.settled.collapsed.least": "several relations",
    "gmm.settled.collapsed.how-far": "several relations",
    "gmm.settled.collapsed.separation": "several relations",
    "gmm.settled.collapsed.orbit": "several relations",
}

AMENDMENTS_NOT_READ: dict[str, str] = {}

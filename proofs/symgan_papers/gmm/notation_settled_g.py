"""Notation of the settled claims on merging."""

from __future__ import annotations

from symgan.claims.printed import Reading
from symgan.games.mixture import normal_cdf, normal_pdf

READING = Reading(functions={"varphi": normal_pdf, "Phi": normal_cdf})

NOT_READ: dict[str, str] = {
    "gmm.settled.merging.hill": "both sides are named quantities",
    "gmm.settled.merging.range": "several relations",
}

AMENDMENTS_NOT_READ: dict[str, str] = {}

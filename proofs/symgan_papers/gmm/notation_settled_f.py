"""Notation of the settled claims on a single Gaussian."""

from __future__ import annotations

from symgan.claims.printed import Reading

READING = Reading()
_SEVERAL = "several relations"

NOT_READ: dict[str, str] = {
    "gmm.settled.single.optimal": _SEVERAL,
    "gmm.settled.single.flow": _SEVERAL,
    "gmm.settled.single.steps": _SEVERAL,
}

AMENDMENTS_NOT_READ: dict[str, str] = {}

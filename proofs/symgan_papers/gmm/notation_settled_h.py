"""Notation of the settled claims on more modes."""

from __future__ import annotations

from symgan.claims.printed import Reading

READING = Reading()

NOT_READ: dict[str, str] = {
    "gmm.settled.modes.interlaced": "several relations",
    "gmm.settled.modes.two-of-three": "several relations",
}

AMENDMENTS_NOT_READ: dict[str, str] = {}

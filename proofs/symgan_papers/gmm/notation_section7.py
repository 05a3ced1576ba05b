"""Notation of section 7."""

from __future__ import annotations

from symgan.claims.printed import Reading

READING = Reading()

NOT_READ: dict[str, str] = {}

AMENDMENTS_NOT_READ: dict[str, str] = {
    "gmm.conclusions.any-start": "several relations",
}

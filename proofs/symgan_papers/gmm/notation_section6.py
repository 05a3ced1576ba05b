"""Notation of section 6."""

from __future__ import annotations

from symgan.claims.printed import Reading

READING = Reading()
_SEVERAL = "several relations"

NOT_READ: dict[str, str] = {
    "gmm.related.conditions": _SEVERAL,
    "gmm.related.unrolled-fails": _SEVERAL,
    "gmm.related.unrolled-fails.cells": _SEVERAL,
    "gmm.related.not-smooth": _SEVERAL,
}

AMENDMENTS_NOT_READ: dict[str, str] = {}

"""Notation of the settled claims on stability."""

from __future__ import annotations

from symgan.claims.printed import Reading

_SEVERAL = "several relations"

READING = Reading()

NOT_READ: dict[str, str] = {
    f"gmm.settled.stability.{name}": _SEVERAL
    for name in (
        *("blocks", "routh", "symmetric", "symmetric.attracts", "step", "empty"),
        *("empty.even", "step.double", "step.largest", "mixed", "step.of-section-5"),
    )
}

AMENDMENTS_NOT_READ: dict[str, str] = {}

"""Notation of the settled claims on a single Gaussian under first order dynamics."""

from __future__ import annotations

import sympy as sp

from symgan.claims.printed import Reading
from symgan.games.mixture import normal_pdf

_NAMES = {f"{x}_{k}": sp.Symbol(f"{x}{k}") for x in ("l", "r", "mu") for k in (1, 2)}

READING = Reading(names=_NAMES, functions={"varphi": normal_pdf})
_SEVERAL = "several relations"

NOT_READ: dict[str, str] = {
    "gmm.settled.single.first-order.attracts": _SEVERAL,
    "gmm.settled.single.first-order.saddle": _SEVERAL,
    "gmm.settled.single.first-order.runaway.from-ordered": _SEVERAL,
}

AMENDMENTS_NOT_READ: dict[str, str] = {
    "gmm.settled.single.first-order.always": _SEVERAL,
}

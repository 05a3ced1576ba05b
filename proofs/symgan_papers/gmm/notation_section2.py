"""Notation of section 2's entries; which formulas are not compared by parsing."""

from __future__ import annotations

import sympy as sp

from symgan.claims.printed import Reading
from symgan.games.mixture import normal_pdf

READING = Reading(
    tokens={r"P(A)": r"P", r"G(A)": r"G", r"\varphi": r"f_{n}"},
    names={
        "l_1": sp.Symbol("l1"),
        "r_1": sp.Symbol("r1"),
        "mu_1": sp.Symbol("mu1"),
        "mu_2": sp.Symbol("mu2"),
        **{f"m_{i}": sp.Symbol(f"m{i}") for i in range(1, 5)},
        "c_4": sp.Symbol("c4"),
    },
    functions={"f_{n}": normal_pdf},
)

_PART = "one relation of several that are judged"

NOT_READ: dict[str, str] = {
    **dict.fromkeys(
        (
            *("gmm.eq1.jensen-shannon", "gmm.eq2", "gmm.eq3", "gmm.eq4.two-needed"),
            *("gmm.eq6.smooth", "gmm.eq6.argmin", "gmm.eq7", "gmm.unimodal"),
        ),
        _PART,
    ),
    "gmm.eq1.kl": "both sides are named quantities",
}
"""Formulas that are not compared as a whole by parsing, each with its reason."""

AMENDMENTS_NOT_READ: dict[str, str] = {
    "gmm.eq5": _PART,
    "gmm.eq1.kl": _PART,
}
"""The same for amendments."""

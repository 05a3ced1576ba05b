"""Notation of section 3's entries; which formulas are not compared by parsing."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symgan.claims.printed import Reading
from symgan.games.mixture import normal_pdf


def _times(name: str) -> Any:
    """The grammar reads a letter before parentheses as a function; here it is a factor."""
    return lambda y: sp.Symbol(name) * y


READING = Reading(
    tokens={r"\varphi": r"f_{n}", r"\operatorname{erf}": r"e_{f}"},
    names={
        "l_1": sp.Symbol("l1"),
        "r_1": sp.Symbol("r1"),
        "l_2": sp.Symbol("l2"),
        "r_2": sp.Symbol("r2"),
        "mu_1": sp.Symbol("mu1"),
        "mu_2": sp.Symbol("mu2"),
    },
    functions={"f_{n}": normal_pdf, "e_{f}": sp.erf, "eta": _times("eta")},
)

_PART = "one relation of several that are judged"
_LETTER = "the grammar reads d before a relation sign as a differential"

NOT_READ: dict[str, str] = {
    **dict.fromkeys(
        (
            *("gmm.collapse.rest", "gmm.thm3-1", "gmm.settled.thm3-1.weakly-convex"),
            "gmm.settled.thm3-1.explicit",
        ),
        _PART,
    ),
    **dict.fromkeys(("gmm.thm3-1.time", "gmm.never-converge.one-interval"), _LETTER),
}
"""Formulas that are not compared as a whole by parsing, each with its reason."""

AMENDMENTS_NOT_READ: dict[str, str] = dict.fromkeys(
    (
        *("gmm.thm3-1.step", "gmm.thm3-1.scale", "gmm.collapse.whenever"),
        *("gmm.never-uncollapse.orbit", "gmm.never-converge.one-interval"),
    ),
    _PART,
)
"""The same for amendments."""

"""The poster's notation, for reading its printed LaTeX; which formulas cannot be read so."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symgan.claims.printed import Reading


def _times(name: str) -> Any:
    """The grammar reads a letter before parentheses as a function; here it is a factor."""
    return lambda y: sp.Symbol(name) * y


READING = Reading(
    tokens={
        r"\dot w": r"w_{dot}",
        r"\dot a": r"a_{dot}",
        r"\dot V": r"V_{dot}",
        r"\frac{\partial^2 V}{\partial \theta^2}": r"V_{tt}",
        r"\lambda": r"\mu",
        "tr ": r"t_{race} ",
    },
    names={
        "eta": sp.Symbol("gamma"),
        "mu": sp.Symbol("lambda"),
        "f_1": sp.Symbol("f1"),
        "f_2": sp.Symbol("f2"),
    },
    functions={"c": _times("c"), "eta": _times("gamma")},
)
"""The poster's eta is symgan's gamma; lambda is a word of Python and parsed as mu."""

_PART = "one relation of several that are judged; it is compared with its own part"
_NAMED = "both sides are named quantities"

PARTS = tuple(
    f"stability.{claim}"
    for claim in (
        "saddle-point",
        "f.gan",
        "f.wgan",
        "updates",
        "other-proofs.pure-minimization",
        "linearization.if",
        "extension.zero",
        "lasalle.instantaneous",
        "assumption1",
        "h-d.exponent",
        "strong-convexity",
        "relaxation",
        "thm-gan",
        "thm-gan.any-f",
        "jacobian",
        "jacobian.blocks",
        "key-lemma",
        "key-lemma.size-1-1",
        "key-lemma.size-2-1",
        "key-lemma.size-2-2",
        "key-lemma.rank",
        "key-lemma.not-optimal",
        "thm-wgan",
        "fig.gan",
        "fig.wgan-0",
        "fig.wgan-025",
        "fig.system",
        "regularizer",
        "thm-regularized.gan",
        "thm-regularized.wgan",
        "more-stable.damping",
        "conclusion.stable",
        "conclusion.enhance",
        "open.slower",
        "settled.required.h-d",
        "settled.required.realizable",
        "settled.energy",
        "settled.basin",
        "settled.best-weight",
        "settled.best-weight.small",
        "settled.step",
        "settled.order",
        "settled.regularized",
        "settled.regularized.size-3-3",
        "settled.support",
        "settled.regularized.tall",
        "settled.regularized.exactly",
        "settled.period.monotone",
        "settled.blocks",
        "settled.concave-concavity",
        "settled.own-curvature",
        "settled.unrolled.pure",
        "settled.location.wgan",
    )
)
"""Claims whose formula is one relation of a conjunction that is judged."""

AMENDED_PARTS = tuple(
    f"stability.{claim}"
    for claim in (
        "lasalle",
        "open.still-stable",
    )
)
"""The same for amendments."""

NOT_READ: dict[str, str] = {
    **dict.fromkeys(PARTS, _PART),
    "stability.equilibrium": "a definition",
    "stability.foresight.rate": _NAMED,
    "stability.unrolled": _NAMED,
    "stability.unrolled.stop-gradient": _NAMED,
    "stability.regularizer.generator-minimizes": _NAMED,
}
"""Printed formulas that are not compared as a whole by parsing, each with its reason."""

AMENDMENTS_NOT_READ: dict[str, str] = {
    **dict.fromkeys(AMENDED_PARTS, _PART),
}
"""Amendments whose LaTeX is not compared as a whole by parsing, each with its reason."""

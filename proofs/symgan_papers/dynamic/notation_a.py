"""Notation of sections 2 and 3, appendices A, B and D, and the settled theorem."""

from __future__ import annotations

from typing import Any

import sympy as sp


def _times(name: str) -> Any:
    """The grammar reads a letter before parentheses as a function; here it is a factor."""
    return lambda x: sp.Symbol(name) * x


TOKENS: dict[str, str] = {r"\dot H": r"H_{rate}"}
NAMES: dict[str, Any] = {}
VALUES: dict[str, Any] = {}
FUNCTIONS: dict[str, Any] = {
    "eta": _times("eta"),
    "theta": _times("theta"),
    "m": _times("m"),
    "c": _times("c"),
    "sigma": lambda y: 1 / (1 + sp.exp(-y)),
}

_SEVERAL = "several relations"
_STATES = "an equation of states, component by component"
_CHAIN = "a chain of relations"
_NAMED = "both sides are named quantities"
_UNEQUAL = "the grammar has no not-equal sign"
_MATRIX = "matrix notation; the form is written out in the entries"


def _because(reason: str, *claims: str) -> dict[str, str]:
    return {f"dynamic.{claim}": reason for claim in claims}


NOT_READ: dict[str, str] = {
    **_because(
        _SEVERAL,
        "lemma-d1.tie",
        "lemma-d3",
        "lemma-d4",
        "thm3-1.w-infinitesimal",
        "thm3-1.bce-infinitesimal",
        "eq13.repaired",
        "shift-away",
        "fig2.orders-of-magnitude",
        "settled.w.halves",
        "settled.w.no-norm",
        "settled.w.two-rates",
        "settled.w.lyapunov.ties",
        "settled.w.phase-map.density",
        "settled.w.attractive.periodic",
        "settled.w.amplification.bound-attained",
        "settled.dimensions.minors",
        "settled.dimensions.stable",
        "settled.flow.distance",
        "settled.bce.halves",
        "settled.bce.v1.half",
        "settled.bce.resonant.turn",
        "settled.bce.resonant.four",
        "settled.bce.resonant.odd",
        "settled.bce.resonant.even",
        "settled.bce.edge.invariant",
        "settled.bce.edge.stable",
        "settled.bce.global",
        "settled.bce.ray",
        "settled.w.attractive.almost-all",
        "settled.w.attractive.off-ties",
        "eq6.not-probability",
        "saddle.matches",
        "lemma-d2.near",
        "thm3-1.tighter-than-alt.radius",
        "thm3-1.tighter-than-alt.bce",
        "settled.bce.to-four",
        "settled.float.missed-tie",
        "settled.w.derived-threshold",
        "settled.orders.alternating.trace",
        "settled.orders.alternating.edge",
        "settled.orders.alternating.invariant",
    ),
    **_because(
        _STATES,
        "eq8",
        "update-operator",
        "f1-f2",
        "alt-order",
        "equilibrium-at-zero",
        "eq4",
        "eq5",
        "eq5.from-one",
        "eq7.tie",
        "eq10",
        "settled.w.rate.on-ties",
        "settled.w.attractive.eta-one",
        "settled.w.attractive.golden",
        "settled.w.attractive.stuck",
        "settled.flow.filippov",
        "settled.flow.caratheodory",
        "settled.w.derived-map",
    ),
    **_because(
        _CHAIN,
        "saddle.section2",
        "saddle.section2.bce",
        "saddle.appendix-d",
        "saddle.section2.min-max",
        "lemma-d5",
        "saddle.appendix-d.min-max",
        "lemma-d3.condition",
        "lemma-d4.sigmoid.range",
        "settled.w.max-norm",
    ),
    **_because(
        _NAMED,
        "lyapunov.discrete.two-steps",
        "lemma-d2.homogeneous",
        "lemma-d2.potential",
        "settled.w.lyapunov.overshoot",
    ),
    **_because(_UNEQUAL, "tight-bounds.not-alt"),
    **_because(_MATRIX, "lyapunov.continuous.linear", "lyapunov.discrete.linear"),
    "dynamic.lyapunov.continuous.nonlinear": "a scalar product of gradients",
    "dynamic.eq1": "a definition",
    "dynamic.eq2": "the form judged has the number e, which the grammar does not know",
    "dynamic.eq6": "expectations; the grammar has no semicolons",
    "dynamic.lemma-d1.proof-condition": "prints 0 on the left; L stands for -psi theta",
    "dynamic.settled.bce.edge.turn": "the gamma function, which the grammar does not know",
    "dynamic.settled.w.rate.phase": "a dilogarithm, which the grammar does not know",
}

AMENDMENTS_NOT_READ: dict[str, str] = {
    **_because(
        _SEVERAL,
        "alt-order",
        "lyapunov.discrete.two-steps",
        "eq12",
        "lemma-d1.proof-condition",
        "lemma-d1.or",
        "lemma-d4.condition.theta",
        "lemma-d4.condition.psi",
        "thm3-1.tighter-than-alt",
        "thm3-1.tighter-than-alt.bce",
        "saddle.appendix-d.min-max",
        "saddle.matches",
    ),
    **_because(_CHAIN, "saddle.section2", "saddle.section2.bce", "saddle.appendix-d"),
    **_because(_NAMED, "tight-bounds.not-alt", "lemma-d2.potential"),
}

"""Notation of sections 1, 4, 5 and 7, appendices C and E."""

from __future__ import annotations

from typing import Any

from sympy import Symbol

_GAP = r"\min_{\hat{x}, x} |d(\hat{x}) - d(x)|"
_GAP_OPTIMAL = r"\min_{\hat{x}, x} |d(\hat{x}; \psi^*) - d(x; \psi^*)|"

TOKENS: dict[str, str] = {
    # What stands for one measured quantity.
    _GAP: r"g_{gap}",
    _GAP_OPTIMAL: r"g_{gap}",
    r"\frac{d}{d\eta}(E_f d - E_r d)": r"r_{rate}",
    r"E_r d^* - E_f d^*": r"g_{gap}",
    r"E_r d - E_f d": r"g_{means}",
    r"d(\theta^+) - d(\theta)": r"g_{gain}",
    r"d^+(x) - d(x)": r"c_{change}",
    r"d^* =": r"d_{best} =",
    # Next values, and their sizes.
    r"(\theta^+)^2": r"s_{square}",
    r"|\theta^+|": r"s_{size}",
    r"\theta^+ =": r"\theta_{next} =",
    r"\psi^+": r"\psi_{n}",
}
NAMES: dict[str, Any] = {"psi_n": Symbol("psi^+", real=True)}
VALUES: dict[str, Any] = {}
FUNCTIONS: dict[str, Any] = {}

_SEVERAL = "several relations"
_IMPLICATION = "an implication; the grammar reads its left side only"
_DISTRIBUTIONS = "a divergence of distributions is one named quantity"
_UNEQUAL = "the grammar has no not-equal sign"
_CHAIN = "a chain of relations"

NOT_READ: dict[str, str] = {
    **dict.fromkeys(
        (
            "dynamic.alg1.directions",
            "dynamic.alg2.ranges",
            "dynamic.alg2.generator-threshold",
            "dynamic.alg3.stability",
            "dynamic.alg4.order",
            "dynamic.appc.decomposition",
            "dynamic.abstract.non-convergent",
            "dynamic.sec4-1.goal",
            "dynamic.lemma4-3.amended",
            "dynamic.thm4-4.hypotheses",
            "dynamic.sec4-3.both-altered",
            "dynamic.sec7.regularizers",
        ),
        _SEVERAL,
    ),
    **dict.fromkeys(
        (
            "dynamic.alg2.dirac",
            "dynamic.sec4-1.heuristic",
            "dynamic.sec4-1.trivially",
            "dynamic.sec4-1.assumptions-fail",
            "dynamic.lemma4-2.supports",
            "dynamic.lemma4-3.proof.negation",
            "dynamic.thm4-4.proof.lemma-cited",
            "dynamic.thm5-1.proof.bounded",
        ),
        _IMPLICATION,
    ),
    **dict.fromkeys(
        (
            "dynamic.lemma4-2.proof.continuity",
            "dynamic.lemma4-3.proof.maximal-separation",
            "dynamic.thm4-1",
            "dynamic.thm4-4.main",
            "dynamic.thm4-4.appendix",
            "dynamic.thm4-4.proof.dichotomy",
        ),
        _DISTRIBUTIONS,
    ),
    **dict.fromkeys(("dynamic.alg2.defined", "dynamic.thm5-1.converges.realizable"), _UNEQUAL),
    **dict.fromkeys(("dynamic.alg2.inverted", "dynamic.sec5-1.real-eigenvalues.single"), _CHAIN),
    "dynamic.alg1": "an assignment",
    "dynamic.alg2.third-branch": "both sides are named quantities",
    "dynamic.alg2.never-v3": "membership in a set; every return is judged by itself",
    "dynamic.appc.unit-circle.single": "judged as determinant 1 and trace 2 of both updates",
    "dynamic.sec4-1.projection": "a convention",
    "dynamic.thm4-1.dirac": "two quadrants, each an equation of this form",
    "dynamic.thm5-1.converges.convex-concave": "the start t stands for theta_0",
    "dynamic.sec4-2.would-increase": "judged in the quadrant theta = -t, psi = -p",
    "dynamic.sec4-3.reuse": "d is a free function of one argument",
    "dynamic.thm4-1.proof.outside-support": "maxima over a support and its complement",
    "dynamic.sec5-1.update-frequency": "both sides are named quantities",
    "dynamic.sec5-1.update-frequency.symmetry": "a conjugation of maps",
}
AMENDMENTS_NOT_READ: dict[str, str] = {
    **dict.fromkeys(
        (
            "dynamic.alg2.separated",
            "dynamic.alg2.third-branch",
            "dynamic.alg2.discriminator-threshold",
            "dynamic.alg2.defined",
            "dynamic.alg2.divergence",
            "dynamic.appc.all-iterates",
            "dynamic.appc.unit-circle.product",
            "dynamic.appc.unit-circle.bce",
            "dynamic.abstract.contrast",
            "dynamic.lemma4-3.main",
            "dynamic.lemma4-3.appendix",
            "dynamic.thm4-4.main",
            "dynamic.sec4-2.special-case",
            "dynamic.thm4-1.proof.asymptotic",
            "dynamic.thm4-1.proof.outside-support",
            "dynamic.thm5-1.converges",
            "dynamic.thm5-1.converges.convex-concave",
            "dynamic.thm5-1.converges.realizable",
            "dynamic.thm5-1.lyapunov.any-rate",
            "dynamic.thm5-1.proof.bounded",
            "dynamic.thm5-1.proof.optimal",
        ),
        _SEVERAL,
    ),
    **dict.fromkeys(
        (
            "dynamic.sec4-1.heuristic",
            "dynamic.lemma4-3.proof.negation",
            "dynamic.thm4-4.proof.lemma-cited",
        ),
        _IMPLICATION,
    ),
    **dict.fromkeys(
        (
            "dynamic.lemma4-3.proof.maximal-separation",
            "dynamic.thm4-4.appendix",
            "dynamic.thm4-4.proof.dichotomy",
        ),
        _DISTRIBUTIONS,
    ),
    **dict.fromkeys(("dynamic.intro.guarantees", "dynamic.sec5-1.update-frequency"), _CHAIN),
    "dynamic.alg3.gradient": "proved for both lines, gradients inserted",
    "dynamic.alg3.sim-is-alt": "proved for both lines",
    "dynamic.alg4.gradient": "proved for both lines, gradients inserted",
    "dynamic.intro.strong": "an equation of points",
    "dynamic.thm5-1.lyapunov": "proved branch by branch: the drop of V, and V from below",
    "dynamic.thm5-1.proof.linear": "proved with the convergence of Sim-GDA beside it",
}

r"""Section 5.3.1: how fast M_k approaches its limit, and that the limit is deterministic."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.spiked import Lambda, eta_g, eta_t, gaussian, mean, q, r, z
from symgan.kernels.particles_chain import Rate, convergence
from symgan.kernels.particles_model import SpikedModel, gram
from symgan_papers.survey.model_section5_3 import (
    LONG_STATES,
    RATES,
    Place,
    dot,
    nodes,
    vectors,
)

SIZES = (250, 500, 1000, 2000)
RUNS = 200
DURATION = 4.0
SEED = 20190
"""Of the random numbers of `measured_rate`."""


@cache
def measured_rate() -> Rate:
    """Distances from the limit for four dimensions, 200 runs each, up to t = 4."""
    model = SpikedModel(eta_t=0.7, eta_g=0.7, tau=0.5, tau_g=0.25)
    return convergence(model, gram(0.2, 0.3, 0.1), SIZES, duration=DURATION, runs=RUNS, seed=SEED)


@claim(
    "survey.whl.limit",
    source="section 5.3.1, the first conclusion",
    printed=r"\max_{0 \leq k \leq nT} \mathbb{E} \left| |M_k - M(\frac{k}{n})| \right| "
    r"\leq \frac{C(T)}{\sqrt{n}}",
    formal=r"e = -\frac{1}{2}",
    says="M_k follows M(k/n) up to an error of order n^(-1/2): the exponent e of the largest mean "
    "distance over k <= nT (and M(t) is a matrix, not a number)",
    expect=Verdict.CHECKED,
    reason="the theorem rests on assumptions that the text does not print; measured with strict "
    "regularization for d = 1, T = 4 and n = 250, 500, 1000, 2000, 200 seeded runs each, the "
    "exponent is within 0.06 of -1/2; -1/4 or -1 would fail it. survey.whl.limit.ode and "
    "survey.whl.deterministic prove drift and noise of one step",
)
def limit() -> Examination:
    k = Symbol("k", integer=True, positive=True)
    exponent = Symbol("e", real=True)
    # Two and a half standard errors of the slope, which is 0.022 with 200 runs a size.
    near = sp.And(exponent > -sp.Rational(14, 25), exponent < -sp.Rational(11, 25))
    unknown = sp.Limit(sp.Function("e")(k), k, sp.oo)
    return Examination(
        near,
        {exponent: unknown},
        by_numbers(
            {exponent: lambda p: mpmath.mpf(measured_rate().slope)},
            points=({},),
            kind="simulated:numpy",
        ),
    )


@claim(
    "survey.whl.deterministic",
    source="section 5.3.1: in the limit the macroscopic state is deterministic",
    says="the noise of q vanishes in the limit: a step changes q with the variance "
    "tau^2 V_q/n^2 for Gaussian codes, so that nT steps add up to a variance of order 1/n",
    formal=r"V_q = 2 \Lambda^2 q^2 + 3 \Lambda \eta_T q^2 + \ldots",
    expect=Verdict.PROVED,
)
def deterministic() -> Examination:
    variance = Symbol("V_q", real=True)
    overlap = Symbol("P", real=True)
    lam, lam_g = Lambda, Symbol("Lambda_G", positive=True)
    exact = {variance: variance_by_moments()}
    real = (lam + eta_t) * (lam * q**2 + eta_t * z) + (lam * q + eta_t * q) ** 2
    fake = (lam_g * overlap**2 + eta_g) * (lam_g * r**2 + eta_g * z)
    fake += (lam_g * overlap * r + eta_g * q) ** 2
    return Examination(
        eq(variance, real + fake),
        exact,
        by_numbers({variance: variance_by_quadrature}, points=places(), kind="enumerated:mpmath"),
        steps=(
            Step("Isserlis: Var[(y.w)(y.U)] = E(y.w)^2 E(y.U)^2 + (E[(y.w)(y.U)])^2"),
            Step("P, r, S and z have sums of the same kind; martingale increments add in variance"),
        ),
    )


def places() -> tuple[dict[Symbol, Any], ...]:
    return tuple({**s, **t} for s, t in zip(LONG_STATES, RATES, strict=True))


def variance_by_moments() -> Any:
    """The variance of (y.w)(y.U) - (y~.w)(y~.U) from symbolic moments in coordinates."""
    lam_g, overlap = Symbol("Lambda_G", positive=True), Symbol("P", real=True)
    c, g, a1, a2, b1, b2 = sp.symbols("c g a_1 a_2 b_1 b_2", real=True)
    across = Symbol("across", positive=True)  # of w, off U: across^2 = z - q^2
    y = (sp.sqrt(Lambda) * c + sp.sqrt(eta_t) * a1, sp.sqrt(eta_t) * a2)
    # V = (P, .) enters y~.U and y~.w with its code: P and r
    in_u = sp.sqrt(lam_g) * overlap * g + sp.sqrt(eta_g) * b1
    score_g = sp.sqrt(lam_g) * r * g + sp.sqrt(eta_g) * (q * b1 + across * b2)
    change = (y[0] * q + y[1] * across) * y[0] - score_g * in_u
    laws = dict.fromkeys((c, g, a1, a2, b1, b2), gaussian)
    spread = mean(change**2, laws) - mean(change, laws) ** 2
    return sp.expand(sp.expand(spread).subs(across, sp.sqrt(z - q**2)))


def variance_by_quadrature(p: Place) -> Any:
    """The same by outcomes, with vectors in three dimensions."""
    U, V, w = vectors(p)
    total = mpmath.mpf(0)
    for feature, second, noise in ((U, "Lambda", "eta_T"), (V, "Lambda_G", "eta_G")):
        first = square = mpmath.mpf(0)
        for outcome in itertools.product(nodes(), repeat=4):
            weight = mpmath.fprod(share for _, share in outcome)
            c = mpmath.sqrt(p[second]) * outcome[3][0]
            y = [
                f * c + mpmath.sqrt(p[noise]) * x
                for f, (x, _) in zip(feature, outcome, strict=False)
            ]
            value = dot(y, w) * dot(y, U)
            first += weight * value
            square += weight * value**2
        total += square - first**2
    return total

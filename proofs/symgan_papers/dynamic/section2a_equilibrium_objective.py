"""Section 2.1: the objective (2), and what the Dirac-GAN of (6) makes of it."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import (
    BCE,
    examined,
    gradients,
    psi,
    theta,
    wasserstein_game,
)


@claim(
    "dynamic.eq2",
    source="eq. (2)",
    printed=r"\mathcal{L} = \mathbb{E}_{x \sim \mathbb{P}_r} \log[d(x; \psi)]"
    r" + \mathbb{E}_{\hat{x} \sim \mathbb{P}_\theta} \log[1 - d(\hat{x}; \psi)]",
    formal=r"e^L = \frac{e^{-\psi\theta}}{2(1 + e^{-\psi\theta})}",
    says="the original GAN objective, d with values in (0, 1); with d(x; psi) = sigma(x psi), "
    "data at 0 and synthetic data at theta it is the payoff that lemma D.4 prints, log 1/2 + "
    "log(1 - sigma(psi theta))",
    expect=Verdict.PROVED,
)
def eq2() -> Examination:
    likelihood, x = Symbol("exp_L", positive=True), Symbol("x", real=True)
    d = 1 / (1 + sp.exp(-x * psi))
    exact = {likelihood: d.subs(x, 0) * (1 - d.subs(x, theta))}

    def measured(place: Any) -> Any:
        return mpmath.exp(BCE(place["theta"], place["psi"]))

    points = ({theta: 1, psi: 2}, {theta: -1, psi: 3}, {theta: 0, psi: 1})
    right = sp.exp(-psi * theta) / (2 * (1 + sp.exp(-psi * theta)))
    return Examination(
        eq(likelihood, right),
        exact,
        by_numbers({likelihood: measured}, kind="evaluated:mpmath", points=points),
        steps=(Step("e^L at the rest (0, 0) is 1/4: L = -log 4, the objective's optimal value"),),
    )


@claim(
    "dynamic.eq6.not-probability",
    source="eqs. (2) and (6); a finding of ours",
    formal=r"d(0; \psi) = 0, \quad \sigma(0) = \frac{1}{2}",
    says="the linear d of eq. (6) cannot stand in eq. (2): its value at the data is 0 for every "
    "psi, and log 0 no number; the logistic function around it, as lemma D.4 has it, gives 1/2",
    expect=Verdict.PROVED,
)
def not_probability() -> Examination:
    raw, squashed = sp.symbols("d_linear d_logistic", real=True)
    x = Symbol("x", real=True)
    exact = {raw: (x * psi).subs(x, 0), squashed: (1 / (1 + sp.exp(-x * psi))).subs(x, 0)}
    numbers = {
        raw: lambda place: mpmath.fdot([(place["psi"], mpmath.mpf(0))]),
        squashed: lambda place: (1 + mpmath.tanh(place["psi"] * 0)) / 2,
    }
    points = ({psi: 1}, {psi: -3})
    return Examination(
        sp.And(eq(raw, 0 * psi), eq(squashed, sp.Rational(1, 2) + 0 * psi)),
        exact,
        by_numbers(numbers, kind="evaluated:mpmath", points=points),
    )


@claim(
    "dynamic.one-saddle.stationary",
    source="section 3.1, below eq. (6)",
    formal=r"S > 0",
    says="exactly one point has vanishing gradients, (0, 0): at the squared distance R > 0 from "
    "it the squared gradients sum up to S = c^2 R > 0, c the slope of the loss there",
    expect=Verdict.CONDITIONAL,
    amended=r"c \ne 0",
    repair="say that the loss has no zero of its slope, as Wasserstein (c = -1) and BCE "
    "(c = -sigma) have none; the least-squares loss has the hyperbola psi theta = 1",
)
def one_stationary() -> Examination:
    c, size = sp.symbols("c S", real=True)
    distance = Symbol("R", positive=True)
    slopes = (c * g for g in gradients(wasserstein_game()))
    total = sp.expand(sp.Add(*(g**2 for g in slopes)).subs(theta**2, distance - psi**2))
    return examined(
        size > 0,
        {size: total},
        Step("for L = F(psi theta) the gradients are psi F' and theta F'", total),
        condition=sp.Ne(c, 0),
        setting={c: -1},
    )

r"""Section 4.1: the discriminator's projection, and the Dirac oracle beside theorem 4.1."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.algorithm_model import after
from symgan_papers.dynamic.model import (
    WASSERSTEIN,
    Place,
    eta,
    psi,
    slope,
    theta,
    wasserstein_game,
)

t, p = sp.symbols("t p", positive=True)
"""|theta| and |psi| where the signs are written out."""


@claim(
    "dynamic.sec4-1.heuristic",
    source="section 4.1, first paragraph",
    printed=r"\theta < \psi",
    formal=r"\theta < \psi \Rightarrow \psi\theta < 0",
    says="the Dirac oracle compares the two parameters (theta < psi)",
    expect=Verdict.REFUTED,
    amended=r"\operatorname{sign}\theta \ne \operatorname{sign}\psi \Rightarrow \psi\theta < 0",
    repair="the oracle compares signs: sign(theta) with sign(psi)",
)
def heuristic() -> Examination:
    opposite, same = sp.symbols("psi*theta_opposite psi*theta_same", real=True)
    exact = {
        opposite: (psi * theta).subs({theta: t, psi: -p}),
        same: (psi * theta).subs({theta: -t, psi: -p}),
    }
    numbers = {opposite: lambda q: -q["t"] * q["p"], same: lambda q: (-q["t"]) * (-q["p"])}
    points = ({t: 1, p: 2, theta: 1, psi: 2}, {t: 3, p: 1, theta: -3, psi: -1})
    return Examination(
        sp.Implies(theta < psi, psi * theta < 0, evaluate=False),
        exact,
        by_numbers(numbers, kind="evaluated:mpmath", points=points),
        amendment=sp.And(opposite < 0, same > 0),
    )


@claim(
    "dynamic.sec4-1.projection",
    source="section 4.1, second paragraph",
    printed=r"d : \Omega_x \rightarrow 1",
    says="discriminators project the feature space to one dimension",
    expect=Verdict.INFORMAL,
    reason="a convention; as printed the projection maps into the number 1, the real line is meant",
)
def projection() -> None: ...


@claim(
    "dynamic.sec4-1.goal",
    source="section 4.1, second paragraph",
    formal=r"\frac{\partial}{\partial d}(-d) < 0,\quad \frac{\partial}{\partial d}\log(1-d) < 0",
    says="GAN losses encourage a theta that maximizes the synthetic distribution in d's "
    "projection: the generator's term of the Wasserstein loss and of (2) falls as d(xhat) rises",
    expect=Verdict.PROVED,
)
def goal() -> Examination:
    linear, entropy = sp.symbols("slope_W slope_BCE", real=True)
    d = Symbol("d", positive=True)
    exact = {linear: sp.diff(-d, d), entropy: sp.diff(sp.log(1 - d), d)}
    numbers = {
        linear: lambda place: mpmath.diff(lambda x: -x, place["d"]),
        entropy: lambda place: mpmath.diff(lambda x: mpmath.log(1 - x), place["d"]),
    }
    points = ({d: Rational(1, 3)}, {d: Rational(9, 10)})
    return Examination(
        sp.And(linear < 0, entropy < 0, eq(entropy, 1 / (d - 1))),
        exact,
        by_numbers(numbers, points=points, digits=20),
        given=d < 1,
    )


@claim(
    "dynamic.sec4-1.trivially",
    source="section 4.1, below theorem 4.1",
    printed=r"\psi\theta > 0 \implies d(\hat{x}; \psi) > d(x; \psi)",
    says="on the Dirac-GAN psi theta > 0 puts the synthetic projection above the real one",
    expect=Verdict.PROVED,
)
def trivially() -> Examination:
    fake, real, x = Symbol("d_fake", real=True), Symbol("d_real", real=True), Symbol("x", real=True)
    critic = psi * x
    exact = {fake: critic.subs(x, theta), real: critic.subs(x, 0)}
    numbers = {fake: lambda q: q["theta"] * q["psi"], real: lambda _: mpmath.mpf(0)}
    points = ({theta: 2, psi: 3}, {theta: -1, psi: Rational(-1, 2)}, {theta: 1, psi: -1})
    return Examination(
        sp.Implies(psi * theta > 0, fake > real, evaluate=False),
        exact,
        by_numbers(numbers, kind="evaluated:mpmath", points=points),
    )


@claim(
    "dynamic.sec4-1.assumptions-fail",
    source="section 4.1, below theorem 4.1",
    formal=r"\psi\theta < 0 \Rightarrow d(\hat{x}; \psi) < d(x; \psi)",
    says="where the Dirac oracle updates theta, the assumption of theorem 4.1 does not hold",
    expect=Verdict.PROVED,
)
def assumptions_fail() -> Examination:
    fake, real, x = Symbol("d_fake", real=True), Symbol("d_real", real=True), Symbol("x", real=True)
    exact = {fake: (psi * x).subs(x, theta), real: (psi * x).subs(x, 0)}
    numbers = {fake: lambda q: q["theta"] * q["psi"], real: lambda _: mpmath.mpf(0)}
    points = ({theta: 2, psi: -3}, {theta: -1, psi: Rational(1, 2)}, {theta: 1, psi: 1})
    return Examination(
        sp.Implies(psi * theta < 0, fake < real, evaluate=False),
        exact,
        by_numbers(numbers, kind="evaluated:mpmath", points=points),
    )


@claim(
    "dynamic.sec4-1.then-decreases",
    source="section 4.1, below theorem 4.1",
    formal=r"(\theta^+)^2 < t^2",
    says="and then the divergence decreases when theta is updated: judged on the Dirac-GAN with "
    "Wasserstein loss, theta = t > 0 and psi = -p < 0",
    expect=Verdict.CONDITIONAL,
    amended=r"\eta p < 2 t",
    repair="add eta |psi| < 2 |theta|, as for dynamic.shift-closer: a longer step overshoots the "
    "data and lands farther away (and the denial of a theorem's assumption does not yield the "
    "denial of its conclusion)",
)
def then_decreases() -> Examination:
    moved = after(wasserstein_game(), "V1")[0].subs({theta: t, psi: -p})
    points = (
        {t: 1, p: 3, eta: 1},
        {t: 2, p: 1, eta: Rational(1, 10)},
        {t: 2, p: 1, eta: Rational(7, 2)},
    )
    squared = Symbol("size^2", real=True)

    def measure(q: Place) -> Any:
        return (q["t"] - q["eta"] * slope(WASSERSTEIN, 0, q["t"], -q["p"])) ** 2

    return Examination(
        squared < t**2,
        {squared: sp.expand(moved**2)},
        by_numbers({squared: measure}, points=points, digits=25),
        condition=t > eta * p / 2,
        setting={eta: Rational(1, 10), t: 1, p: 1},
        steps=(
            Step("theta becomes t - eta p", moved),
            Step("the squared distance falls exactly if eta p < 2 t"),
        ),
    )

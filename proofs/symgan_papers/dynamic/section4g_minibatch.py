r"""Section 4.3: mini-batches: what can be reused, and how the thresholds are meant."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.losses import GenericLoss, exponential
from symgan_papers.dynamic.algorithm_model import after
from symgan_papers.dynamic.model import WASSERSTEIN, Place, eta, psi, slope, theta, wasserstein_game

x = Symbol("x", real=True)
d = GenericLoss
POINTS = (
    {x: 1, theta: 2, psi: -1, eta: Rational(1, 2)},
    {x: -2, theta: 1, psi: Rational(1, 3), eta: 1},
)


@claim(
    "dynamic.sec4-3.reuse",
    source="section 4.3, second paragraph",
    formal=r"d(\psi^+ x) = d(\psi x)",
    says="an update of the generator leaves the projection of real data unchanged, so the "
    "projections of the previous real batch can be reused; for any discriminator d(psi x), on "
    "the Dirac-GAN's update V_1",
    expect=Verdict.PROVED,
)
def reuse() -> Examination:
    later = Symbol("d_later", real=True)
    moved = after(wasserstein_game(), "V1")

    def measured(q: Place) -> Any:
        state = (q["theta"] - q["eta"] * slope(WASSERSTEIN, 0, q["theta"], q["psi"]), q["psi"])
        return -mpmath.exp(-state[1] * q["x"])

    return Examination(
        eq(later, d(psi * x)),
        {later: d(moved[1] * x)},
        by_numbers({later: measured}, points=POINTS, loss=exponential),
        steps=(
            Step("V_1 moves theta only; d(x; psi) does not hold theta"),
            Step("what is kept are the projections of the same batch, not those of a new one"),
        ),
    )


@claim(
    "dynamic.sec4-3.both-altered",
    source="section 4.3, second paragraph",
    formal=r"d^+(\hat{x}) - d(\hat{x}) = -\eta\theta^2,\quad d^+(x) - d(x) = -\eta\theta x",
    says="an update of the discriminator may alter the projections of both; with d = psi x and "
    "the Dirac-GAN's update V_2 it alters that of every x other than 0",
    expect=Verdict.PROVED,
)
def both_altered() -> Examination:
    fake, real = sp.symbols("change_fake change_real", real=True)
    moved = after(wasserstein_game(), "V2")[1]
    exact = {
        fake: sp.expand((moved - psi) * theta),
        real: sp.expand((moved - psi) * x),
    }

    def change(q: Place) -> Any:
        return q["eta"] * slope(WASSERSTEIN, 1, q["theta"], q["psi"])

    numbers = {fake: lambda q: change(q) * q["theta"], real: lambda q: change(q) * q["x"]}
    return Examination(
        sp.And(eq(fake, -eta * theta**2), eq(real, -eta * theta * x)),
        exact,
        by_numbers(numbers, points=POINTS, digits=25),
    )


@claim(
    "dynamic.sec4-3.unobservable",
    source="section 4.3, first and second paragraphs",
    says="the whole data set is too expensive in every iteration; a mini-batch does not show the "
    "whole distributions",
    expect=Verdict.INFORMAL,
    reason="a statement about cost and sampling; what reuse of a batch means is judged in "
    "dynamic.sec4-3.reuse",
)
def unobservable() -> None: ...

r"""Theorem 4.1, reading by reading, and what section 4.2 makes of it.

The generator descends L = E_r d - E_f d, so with one generated atom theta and a critic d
it moves by eta d'(theta). The feature-space divergence from a real atom at 0 is |theta|.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, IllPosed, Step, Verdict, by_numbers, claim, eq
from symgan.losses import GenericLoss, exponential
from symgan_papers.dynamic.algorithm_model import after
from symgan_papers.dynamic.model import (
    WASSERSTEIN,
    Place,
    eta,
    paper_game,
    psi,
    slope,
    theta,
    wasserstein_game,
)

t, p = sp.symbols("t p", positive=True)
"""|theta| and |psi| where the signs are written out."""
bend = Symbol("s", real=True)
MEAN = GenericLoss
"""E_f d as a function of theta, about which nothing is known but that it is smooth."""
PARABOLA = 3 * theta - theta**2
"""A critic on the line, as a function of the place; its maximum is at 3/2."""


def _parabola(x: Any) -> Any:
    return 3 * x - x * x


def _pushed(x: Any, rate: Any) -> Any:
    """The generator's step on numbers: along the critic's slope."""
    return x + rate * mpmath.diff(_parabola, x)


def _parabola_game() -> Any:
    """L = d(0) - d(theta) - psi^2/2: a critic whose shape the parameter psi does not change."""
    return paper_game(-PARABOLA - psi**2 / 2, "parabola")


@claim(
    "dynamic.thm4-1",
    source="theorem 4.1, main text and appendix",
    formal=r"\forall \hat{x}, x: d(\hat{x}; \psi) > d(x; \psi) \Rightarrow"
    r" \Delta \mathcal{W}(\mathbb{P}_\theta || \mathbb{P}_r) \ge 0 \text{ (generally)}",
    says="if every synthetic projection exceeds every real one, a gradient step of theta will "
    "generally not decrease the divergence",
    expect=Verdict.ILL_POSED,
    reason="'generally' is no quantifier: the hypothesis fixes the order of the values of d, the "
    "change of the divergence depends on the slope of d at the generated points, which it leaves "
    "free. Both printings have the same words; the readings are judged one by one",
)
def theorem() -> IllPosed:
    change = (theta + eta * bend) ** 2 - theta**2
    fake, real = sp.symbols("d_fake d_real", real=True)
    return IllPosed(
        statement=sp.Implies(fake > real, change >= 0, evaluate=False),
        bound=bend,
        free_side=change,
        readings=(
            "dynamic.thm4-1.always",
            "dynamic.thm4-1.sometimes",
            "dynamic.thm4-1.dirac",
            "dynamic.thm4-1.projection-space",
            "dynamic.thm4-1.projection-space.any-rate",
        ),
        steps=(
            Step("real atom 0, generated atom theta, slope s of d at theta: theta + eta s"),
            Step("squared divergence after the step, minus before", change),
        ),
    )


@claim(
    "dynamic.thm4-1.always",
    source="theorem 4.1, read 'never decreases'",
    formal=r"|\theta^+| \ge 2",
    says="in every such situation the divergence in the feature-space does not decrease; judged "
    "on the critic d(x) = 3x - x^2, real atom 0, generated atom 2: d(2) = 2 > 0 = d(0)",
    expect=Verdict.REFUTED,
    amended=r"|\theta^+| = 2 - \eta",
    repair="ask for d to rise from the real towards the generated points, as a linear critic does",
)
def always() -> Examination:
    size = Symbol("size", real=True)
    moved = after(_parabola_game(), "V1")[0].subs(theta, 2)
    numbers = {size: lambda place: abs(_pushed(mpmath.mpf(2), place["eta"]))}
    points = ({eta: 1}, {eta: Rational(1, 10)})
    return Examination(
        size >= 2,
        {size: sp.Abs(moved)},
        by_numbers(numbers, points=points, digits=25),
        given=eta < 2,
        amendment=eq(size, 2 - eta),
        steps=(Step("theta moves by eta d'(2) = -eta", moved),),
    )


@claim(
    "dynamic.thm4-1.sometimes",
    source="theorem 4.1, read 'is not sure to decrease'",
    formal=r"|\theta^+| = 1 + \eta",
    says="there are such situations in which the divergence increases, for every learning rate: "
    "the Dirac-GAN with psi = theta = 1",
    expect=Verdict.PROVED,
)
def sometimes() -> Examination:
    size = Symbol("size", real=True)
    moved = after(wasserstein_game(), "V1")[0].subs({theta: 1, psi: 1})
    numbers = {size: lambda q: abs(1 - q["eta"] * slope(WASSERSTEIN, 0, 1, 1))}
    return Examination(
        eq(size, 1 + eta),
        {size: sp.Abs(moved)},
        by_numbers(numbers, points=({eta: 1}, {eta: Rational(1, 10)}), digits=25),
    )


@claim(
    "dynamic.thm4-1.dirac",
    source="theorem 4.1 on the Dirac-GAN",
    formal=r"|\theta^+| = t + \eta p",
    says="on the Dirac-GAN with Wasserstein loss the theorem holds without 'generally': where "
    "psi theta > 0 an update of theta increases the divergence for every learning rate",
    expect=Verdict.PROVED,
)
def on_dirac() -> Examination:
    names = sp.symbols("size_plus size_minus", real=True)
    moved = after(wasserstein_game(), "V1")[0]
    signs = (1, -1)
    exact = {
        name: sp.Abs(moved.subs({theta: sign * t, psi: sign * p}))
        for name, sign in zip(names, signs, strict=True)
    }

    def size(sign: int) -> Any:
        def measure(q: Place) -> Any:
            x, y = sign * q["t"], sign * q["p"]
            return abs(x - q["eta"] * slope(WASSERSTEIN, 0, x, y))

        return measure

    numbers = {name: size(sign) for name, sign in zip(names, signs, strict=True)}
    return Examination(
        sp.And(*(eq(name, t + eta * p) for name in names)),
        exact,
        by_numbers(numbers, digits=25),
        steps=(Step("the two quadrants of psi theta > 0, with t = |theta| and p = |psi|"),),
    )


@claim(
    "dynamic.thm4-1.projection-space",
    source="theorem 4.1, divergence read in the projection-space",
    formal=r"\frac{d}{d\eta}(E_f d - E_r d) = f'(\theta)^2",
    says="for an infinitesimal rate the separation E_f d - E_r d of inverted projections does not "
    "shrink when theta descends L: it grows by the squared gradient; for every critic and "
    "generator, f being E_f d as a function of theta",
    expect=Verdict.PROVED,
)
def projection_space() -> Examination:
    rate = Symbol("rate", real=True)
    moved = after(paper_game(-MEAN(theta) - psi**2 / 2, "any-critic"), "V1")[0]
    exact = {rate: sp.diff(MEAN(moved), eta).subs(eta, 0)}

    def mean(x: Any) -> Any:
        return -mpmath.exp(-x)

    def separation(x: Any, rate: Any) -> Any:
        return mean(x + rate * mpmath.diff(mean, x))

    numbers = {
        rate: lambda q: mpmath.diff(lambda h: separation(q["theta"], h), mpmath.mpf(0)),
    }
    points = ({theta: 1}, {theta: Rational(-5, 2)})
    return Examination(
        eq(rate, MEAN(theta, 1) ** 2),
        exact,
        # A difference quotient of a difference quotient keeps about half of the digits.
        by_numbers(numbers, points=points, digits=15, loss=exponential),
        steps=(Step("E_r d does not depend on theta, which moves to", moved),),
    )


@claim(
    "dynamic.thm4-1.projection-space.any-rate",
    source="theorem 4.1, divergence read in the projection-space",
    formal=r"d(\theta^+) - d(\theta) \ge 0",
    says="the same for every learning rate; judged on d(x) = 3x - x^2, real atom 0, generated 1",
    expect=Verdict.REFUTED,
    amended=r"d(\theta^+) - d(\theta) = \eta - \eta^2",
    repair="for small learning rates (here eta <= 1): a longer step overshoots the top of d",
)
def projection_any_rate() -> Examination:
    gain = Symbol("gain", real=True)
    moved = after(_parabola_game(), "V1")[0].subs(theta, 1)
    exact = {gain: sp.expand(PARABOLA.subs(theta, moved) - PARABOLA.subs(theta, 1))}
    numbers = {
        gain: lambda q: _parabola(_pushed(mpmath.mpf(1), q["eta"])) - _parabola(mpmath.mpf(1))
    }
    points = ({eta: 2}, {eta: Rational(1, 2)})
    return Examination(
        gain >= 0, exact, by_numbers(numbers, points=points, digits=20),
        amendment=eq(gain, eta - eta**2),
    )  # fmt: skip


@claim(
    "dynamic.sec4-2.confidently",
    source="section 4.2, first paragraph",
    formal=r"|\theta^+| < 2",
    says="disjoint distributions: theta can confidently be updated so long as all synthetic "
    "projections are below all real ones; judged on d(x) = x^2 - 3x, real atom 0, generated 2: "
    "d(2) = -2 < 0 = d(0)",
    expect=Verdict.REFUTED,
    amended=r"|\theta^+| = 2 + \eta",
    repair="ask in addition that d rises from the generated towards the real points; theorem 4.1 "
    "says nothing of this case, and not even its converse is claimed",
)
def confidently() -> Examination:
    size = Symbol("size", real=True)
    moved = after(paper_game(PARABOLA - psi**2 / 2, "bowl"), "V1")[0].subs(theta, 2)
    numbers = {
        size: lambda q: abs(2 + q["eta"] * mpmath.diff(lambda x: -_parabola(x), mpmath.mpf(2)))
    }
    return Examination(
        size < 2,
        {size: sp.Abs(moved)},
        by_numbers(numbers, points=({eta: 1}, {eta: Rational(1, 10)}), digits=25),
        amendment=eq(size, 2 + eta),
        steps=(Step("theta moves by eta d'(2) = eta, away from the data, for every eta", moved),),
    )

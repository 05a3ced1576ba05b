r"""Section 4.2, last paragraph: the Dirac-GAN as a special case of theorem 4.4."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.algorithm_model import after, distance
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
PLACES = ({t: 1, p: 2, eta: 1}, {t: 3, p: Rational(1, 2), eta: Rational(1, 10)})


@claim(
    "dynamic.sec4-2.wasserstein-exact",
    source="section 4.2, last paragraph",
    printed=r"(\theta - \psi)",
    formal=r"W = \theta - \psi",
    says="on the Dirac-GAN the Wasserstein divergence in the feature-space is exactly theta - psi",
    expect=Verdict.REFUTED,
    amended=r"W = |\theta|",
    repair="write |theta|: atoms at 0 and theta; the discriminator's psi has no place in the "
    "feature-space",
)
def wasserstein_exact() -> Examination:
    W = Symbol("W", real=True)
    x = Symbol("x", real=True)
    apart = sp.Abs(sp.integrate(sp.DiracDelta(x - theta) * x, (x, -sp.oo, sp.oo)) - 0)
    points = ({theta: 1, psi: 1}, {theta: -2, psi: Rational(1, 2)}, {theta: 3, psi: 0})
    return Examination(
        eq(W, theta - psi),
        {W: apart},
        by_numbers({W: lambda q: distance([mpmath.mpf(0)], [q["theta"]])}, points=points),
        amendment=eq(W, sp.Abs(theta)),
        steps=(Step("two unit atoms: the cost of moving one onto the other"),),
    )


@claim(
    "dynamic.sec4-2.would-increase",
    source="section 4.2, last paragraph",
    printed=r"(\theta - \eta\nabla_\theta \mathcal{L}) - \psi > \theta - \psi",
    formal=r"\theta^+ - \psi > \theta - \psi",
    says="where psi theta > 0 an update of theta would increase the divergence for every "
    "learning rate, in the print's form; judged in the quadrant theta = -t, psi = -p",
    expect=Verdict.REFUTED,
    amended=r"|\theta^+| = t + \eta p",
    repair="compare |theta - eta grad L| with |theta|: for negative psi the printed inequality "
    "is reversed, though its meaning is right",
)
def would_increase() -> Examination:
    step, size = sp.symbols("theta^+ size", real=True)
    moved = after(wasserstein_game(), "V1")[0].subs({theta: -t, psi: -p})

    def measured(q: Place) -> Any:
        return -q["t"] - q["eta"] * slope(WASSERSTEIN, 0, -q["t"], -q["p"])

    return Examination(
        step - (-p) > -t - (-p),
        {step: moved, size: sp.Abs(moved)},
        by_numbers({step: measured, size: lambda q: abs(measured(q))}, points=PLACES, digits=25),
        amendment=eq(size, t + eta * p),
    )


@claim(
    "dynamic.sec4-2.never-updated",
    source="section 4.2, last paragraph",
    formal=r"\theta^+ = \theta",
    says="the Dirac oracle never updates theta where psi theta > 0",
    expect=Verdict.PROVED,
)
def never_updated() -> Examination:
    step = Symbol("theta^+", real=True)
    return Examination(
        eq(step, theta),
        {step: after(wasserstein_game(), "V2")[0]},
        by_numbers({step: _oracle_theta}, points=({theta: 2, psi: 1, eta: 1},)),
        given=sp.And(theta > 0, psi > 0, eta > 0),
    )


def _oracle_theta(q: Place) -> Any:
    """theta after one step of (7) on numbers."""
    x, y, rate = q["theta"], q["psi"], q["eta"]
    return x + rate * y if x * y < 0 else x


@claim(
    "dynamic.sec4-2.special-case",
    source="section 4.2, last paragraph",
    formal=r"|d(\hat{x}) - d(x)| = 0",
    says="the Dirac-GAN is a special case of theorem 4.4, so its projections are not disjoint; "
    "judged off the tie, where (7) decides: theta = t, psi = p",
    expect=Verdict.REFUTED,
    amended=r"|d(\hat{x}) - d(x)| = |\psi\theta| > 0,\quad"
    r" \nabla_\psi\mathcal{L} = -\theta \ne 0",
    repair="the Dirac-GAN is a case of section 4.1 (disjoint atoms); the hypotheses of theorem "
    "4.4, overlap and an optimal psi, both fail wherever (7) decides",
)
def special_case() -> Examination:
    gap, rise = sp.symbols("gap rise", real=True)
    game = wasserstein_game()
    gradient = sp.diff(game.losses[0], psi)
    exact = {gap: sp.Abs(psi * theta - psi * 0).subs({theta: t, psi: p}),
             rise: gradient.subs({theta: t, psi: p})}  # fmt: skip
    numbers = {
        gap: lambda q: distance([mpmath.mpf(0)], [q["p"] * q["t"]]),
        rise: lambda q: slope(WASSERSTEIN, 1, q["t"], q["p"]),
    }
    return Examination(
        eq(gap, 0),
        exact,
        by_numbers(numbers, points=PLACES, digits=25),
        amendment=sp.And(eq(gap, p * t), eq(rise, -t)),
    )

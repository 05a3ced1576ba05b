"""Lemma D.2 as a whole: at its bound, by its units, and by its potential."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.appendix_d3_lemma2 import POINTS, change, g, growth
from symgan_papers.dynamic.model import (
    b,
    eta,
    fields,
    image,
    psi,
    theta,
    update,
    wasserstein_game,
)
from symgan_papers.dynamic.oracle_orbits import moved

size, bound = sp.symbols("B_1 B", real=True)


@claim(
    "dynamic.lemma-d2",
    source="lemma D.2",
    printed=r"\eta \leq \frac{\theta^2 - 2\theta}{2\nabla_{\theta} \mathcal{L}(\theta, \psi)}",
    formal=r"\theta_1 + 2 + c \ge 0",
    says="a step within the lemma's bound does not move theta away from 0 (Wasserstein loss, "
    "theta = 2 + c > 2, psi = -b, the step at the bound)",
    expect=Verdict.REFUTED,
    amended=r"\theta_1 = 2 + c - \frac{(2 + c)^2 - 2(2 + c)}{2}",
    repair="the norm does not grow under V_1 exactly if eta g^2 <= 2 theta g "
    "(dynamic.lemma-d2.one-step)",
)
def lemma_d2() -> Examination:
    c, new_theta = Symbol("c", positive=True), Symbol("theta_1", real=True)
    game = wasserstein_game()
    x = 2 + c
    gradient = -fields(game)["V1"][0].subs(psi, -b)
    at_bound = (x**2 - 2 * x) / (2 * gradient)
    new = image(update(game, "V1", at_bound), x, -b)[0]

    def measured(place: Any) -> Any:
        at = 2 + place["c"]
        step = (at**2 - 2 * at) / (2 * place["b"])
        return moved((at, -place["b"]), "V1", step)[0]

    return Examination(
        new_theta + 2 + c >= 0,
        {new_theta: sp.simplify(new)},
        by_numbers({new_theta: measured}, points=({c: 1, b: 1}, {c: 2, b: 3}, {c: 8, b: 1})),
        amendment=eq(new_theta, x - (x**2 - 2 * x) / 2),
        steps=(Step("beyond theta = 6 the new theta lies below -theta"),),
    )


@claim(
    "dynamic.lemma-d2.one-step",
    source="lemma D.2, repaired",
    formal=r"-2\Delta_H = \eta (2\theta g - \eta g^2)",
    says="ours: one update of theta does not enlarge the norm exactly if eta g^2 <= 2 theta g; "
    "for the Wasserstein loss and psi theta < 0, if eta |psi| <= 2 |theta|",
    expect=Verdict.PROVED,
)
def one_step() -> Examination:
    new = theta - eta * g
    return Examination(
        eq(-2 * change, eta * (2 * theta * g - eta * g**2)),
        {change: (new**2 - theta**2) / 2},
        by_numbers({change: growth}, points=POINTS),
    )


@claim(
    "dynamic.lemma-d2.homogeneous",
    source="lemma D.2",
    formal=r"B(s\theta, s\psi) = B(\theta, \psi)",
    says="the bound is one of step sizes of the Dirac-GAN with Wasserstein loss, whose updates "
    "are linear: it does not change when the state is scaled by s",
    expect=Verdict.REFUTED,
    amended=r"B - B_1 = \frac{(1 - s)\theta^2}{2\psi}",
    repair="compare terms of one degree: theta^2 - 2 theta mixes two; the right bound "
    "2 theta/g has degree 0",
)
def homogeneous() -> Examination:
    scale = Symbol("s", positive=True)
    x, y = sp.symbols("theta psi", positive=True)

    def printed(at: Any, other: Any) -> Any:
        return (at**2 - 2 * at) / (2 * -other)

    exact = {bound: printed(scale * x, scale * y), size: printed(x, y)}
    numbers = {
        bound: lambda place: _printed(place["s"] * place["theta"], place["s"] * place["psi"]),
        size: lambda place: _printed(place["theta"], place["psi"]),
    }
    points = ({x: 1, y: 1, scale: 2}, {x: 3, y: 2, scale: sp.Rational(1, 2)})
    return Examination(
        eq(bound, size),
        exact,
        by_numbers(numbers, kind="evaluated:mpmath", points=points),
        amendment=eq(bound - size, (1 - scale) * x**2 / (2 * y)),
    )


def _printed(x: Any, y: Any) -> Any:
    return x * (2 - x) / (2 * y)


@claim(
    "dynamic.lemma-d2.potential",
    source="lemma D.2, proof, and eq. (12)",
    formal=r"(\theta^+)^2 \le \theta^2",
    says="H works for some finite step: from theta = -eta b/3, psi = b, where the oracle takes "
    "V_1, the norm does not grow",
    expect=Verdict.REFUTED,
    amended=r"(\theta^+)^2 = 4 \theta^2",
    repair="use V = theta^2 - eta |theta psi| + psi^2 (dynamic.settled.w.lyapunov): for every "
    "eta > 0 H grows wherever the oracle overshoots by more than a half",
)
def potential_fails() -> Examination:
    new = image(update(wasserstein_game(), "V1"), -eta * b / 3, b)[0]
    old, after = sp.symbols("old new", real=True)

    def measured(place: Any) -> Any:
        state = (-place["eta"] * place["b"] / 3, place["b"])
        return moved(state, "V1", place["eta"])[0] ** 2

    numbers = {
        after: measured,
        old: lambda place: (place["eta"] * place["b"] / 3) ** 2,
    }
    points = ({eta: 1, b: 1}, {eta: sp.Rational(1, 10), b: 3})
    return Examination(
        after <= old,
        {after: new**2, old: (eta * b / 3) ** 2},
        by_numbers(numbers, points=points),
        amendment=eq(after, 4 * old),
    )

r"""Appendix D: lemma D.2, the bound for finite learning rates, and its proof."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import (
    eta,
    examined,
    psi,
    theta,
    update,
    wasserstein_game,
)
from symgan_papers.dynamic.oracle_orbits import moved, square

g = Symbol("g", real=True)
"""The gradient that the update uses."""
change = Symbol("Delta_H", real=True)
POINTS = (
    {theta: 3, psi: -1, eta: 1, g: 2},
    {theta: -1, psi: 2, eta: sp.Rational(1, 10), g: -1},
    {theta: sp.Rational(1, 2), psi: -3, eta: 2, g: 1},
)


def growth(place: Any) -> Any:
    """The change of H when one coordinate moves by -eta g, in numbers."""
    new = place["theta"] - place["eta"] * place["g"]
    return (square((new, place["psi"])) - square((place["theta"], place["psi"]))) / 2


@claim(
    "dynamic.lemma-d2.square",
    source="lemma D.2, proof, display of the increment",
    printed=r"\theta - \eta \nabla_{\theta} \mathcal{L}(\theta, \psi) - \frac{\theta^2}{2}",
    formal=r"\Delta_H = \theta - \eta g - \frac{\theta^2}{2}",
    says="the increment of H under V_1 in theta, g the gradient",
    expect=Verdict.REFUTED,
    amended=r"\Delta_H = \frac{(\theta - \eta g)^2 - \theta^2}{2}",
    repair="square the new theta and halve it: H(x) is theta^2/2, not theta",
)
def square_lost() -> Examination:
    exact = {change: sp.expand((theta - eta * g) ** 2 / 2 - theta**2 / 2)}
    return Examination(
        eq(change, theta - eta * g - theta**2 / 2),
        exact,
        by_numbers({change: growth}, points=POINTS),
        amendment=eq(change, ((theta - eta * g) ** 2 - theta**2) / 2),
    )


@claim(
    "dynamic.lemma-d2.square.psi",
    source="lemma D.2, proof, display of the increment",
    printed=r"\psi + \eta \nabla_{\psi} \mathcal{L}(\theta, \psi) - \frac{\psi^2}{2}",
    formal=r"\Delta_H = \psi + \eta g - \frac{\psi^2}{2}",
    says="the increment of H under V_2 in psi, g the gradient",
    expect=Verdict.REFUTED,
    amended=r"\Delta_H = \frac{(\psi + \eta g)^2 - \psi^2}{2}",
    repair="square the new psi and halve it",
)
def square_lost_psi() -> Examination:
    exact = {change: sp.expand((psi + eta * g) ** 2 / 2 - psi**2 / 2)}

    def growth(place: Any) -> Any:
        new = place["psi"] + place["eta"] * place["g"]
        return (square((place["theta"], new)) - square((place["theta"], place["psi"]))) / 2

    return Examination(
        eq(change, psi + eta * g - psi**2 / 2),
        exact,
        by_numbers({change: growth}, points=POINTS),
        amendment=eq(change, ((psi + eta * g) ** 2 - psi**2) / 2),
    )


@claim(
    "dynamic.lemma-d2.other-player",
    source="lemma D.2, proof, display of the increment",
    printed=r"\frac{-\psi^2}{2}",
    formal=r"\Delta_H = \frac{-\psi^2}{2}",
    says="the increment of psi's part of H under V_1",
    expect=Verdict.REFUTED,
    amended=r"\Delta_H = 0",
    repair="write 0: V_1 leaves psi where it is, so its part of H does not change",
)
def other_player() -> Examination:
    return _other_player("V1", psi)


@claim(
    "dynamic.lemma-d2.other-player.theta",
    source="lemma D.2, proof, display of the increment",
    printed=r"\frac{-\theta^2}{2}",
    formal=r"\Delta_H = \frac{-\theta^2}{2}",
    says="the increment of theta's part of H under V_2",
    expect=Verdict.REFUTED,
    amended=r"\Delta_H = 0",
    repair="write 0: V_2 leaves theta where it is",
)
def other_player_theta() -> Examination:
    return _other_player("V2", theta)


def _other_player(field: str, symbol: Symbol) -> Examination:
    index = (theta, psi).index(symbol)
    new = update(wasserstein_game(), field).rhs[index]

    def measured(place: Any) -> Any:
        state = (place["theta"], place["psi"])
        return (moved(state, field, place["eta"])[index] ** 2 - state[index] ** 2) / 2

    points = tuple({k: v for k, v in p.items() if k is not g} for p in POINTS)
    return Examination(
        eq(change, -(symbol**2) / 2 + 0 * eta),
        {change: new**2 / 2 - symbol**2 / 2},
        by_numbers({change: measured}, points=tuple({**p, eta: p[eta]} for p in points)),
        amendment=eq(change, 0 * theta),
    )


@claim(
    "dynamic.lemma-d2.vacuous",
    source="lemma D.2, second conditions",
    printed=r"0 \geq \frac{-\psi^2}{2}",
    says="the second condition of the lemma holds for every psi: it asks for nothing",
    expect=Verdict.PROVED,
)
def vacuous() -> Examination:
    return examined(sp.Ge(sp.Integer(0), -(psi**2) / 2, evaluate=False), {})


u = Symbol("u", nonnegative=True)
"""Slack of the proof's inequality 0 >= theta - eta g - theta^2/2."""


@claim(
    "dynamic.lemma-d2.divide.theta",
    source="lemma D.2, proof, last display",
    printed=r"\eta \leq \frac{\theta^2 - 2\theta}{2\nabla_{\theta} \mathcal{L}(\theta, \psi)}",
    formal=r"\eta \leq \frac{\theta^2 - 2\theta}{2g}",
    says="the proof's inequality 0 >= theta - eta g - theta^2/2, solved for eta where g > 0 "
    "(its slack u is nonnegative)",
    expect=Verdict.REFUTED,
    amended=r"\eta = \frac{2\theta - \theta^2 + 2u}{2g}",
    repair="dividing -eta g by -g turns numerator and inequality: for g > 0 the inequality is "
    "eta >= (2 theta - theta^2)/(2 g), a lower bound; for g < 0 an upper bound of that value",
)
def divide_theta() -> Examination:
    step, slope = Symbol("eta", real=True), Symbol("g", positive=True)
    solved = sp.solve(sp.Eq(step * slope, theta - theta**2 / 2 + u), step)[0]
    return _divided(step, slope, solved, theta**2 - 2 * theta, 2 * theta - theta**2 + 2 * u)


@claim(
    "dynamic.lemma-d2.divide.psi",
    source="lemma D.2, proof, last display",
    printed=r"\eta \leq \frac{\psi^2 - 2\psi}{2\nabla_{\psi} \mathcal{L}(\theta, \psi)}",
    formal=r"\eta \leq \frac{\psi^2 - 2\psi}{2g}",
    says="the proof's inequality 0 >= psi + eta g - psi^2/2, solved for eta (its slack u is "
    "nonnegative)",
    expect=Verdict.CONDITIONAL,
    amended=r"g > 0",
    repair="say that the gradient is positive; where it is negative the inequality turns, and "
    "with Wasserstein loss it is negative on half of the region",
)
def divide_psi() -> Examination:
    step, slope = Symbol("eta", real=True), Symbol("g", real=True, nonzero=True)
    solved = sp.solve(sp.Eq(step * slope, psi**2 / 2 - psi - u), step)[0]
    return examined(
        step <= (psi**2 - 2 * psi) / (2 * slope),
        {step: solved},
        condition=slope > 0,
        setting={slope: 1},
    )


def _divided(step: Any, slope: Any, solved: Any, printed: Any, right: Any) -> Examination:
    return examined(
        step <= printed / (2 * slope),
        {step: solved},
        Step("eta g = theta - theta^2/2 + u", solved),
        amendment=eq(step * 1, right / (2 * slope)),
        second=by_numbers(
            {
                step: lambda place: (
                    (place["theta"] - place["theta"] ** 2 / 2 + place["u"]) / place["g"]
                )
            },
            kind="evaluated:mpmath",
            points=({theta: 1, u: 1, slope: 1}, {theta: -2, u: 0, slope: 3}),
        ),
    )

r"""Appendix D: lemma D.2, the bound for finite learning rates, and its proof."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import (
    b,
    eta,
    examined,
    fields,
    image,
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


def _growth(place: Any) -> Any:
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
        by_numbers({change: _growth}, points=POINTS),
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
        by_numbers({change: _growth}, points=POINTS),
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

r"""Appendix B, Figure 6: the fields of the three games, and which of them rest at (0, 0)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.regularizers import wgan_gp
from symgan_papers.dynamic.model import (
    BCE,
    WASSERSTEIN,
    Place,
    bce_game,
    fields,
    psi,
    slope,
    theta,
    wasserstein_game,
)

gamma = Symbol("gamma", positive=True)
"""The weight of the gradient penalty."""
POINTS = ({theta: Rational(1), psi: Rational(2)}, {theta: Rational(-3, 2), psi: Rational(1, 3)})
NEAR = mpmath.mpf(10) ** -30


def _radial(payoff: Callable[[Any, Any], Any]) -> Callable[[Place], Any]:
    """theta V_theta + psi V_psi by difference quotients of the payoff."""

    def measure(place: Place) -> Any:
        x, y = place["theta"], place["psi"]
        return -x * slope(payoff, 0, x, y) + y * slope(payoff, 1, x, y)

    return measure


@claim(
    "dynamic.fig6",
    source="Figure 6, left and middle group",
    says="the joint fields of the vanilla and the Wasserstein Dirac-GAN turn around (0, 0): they "
    "have no component towards it anywhere",
    expect=Verdict.PROVED,
)
def joint_fields_turn() -> Examination:
    games = {"BCE": (bce_game(), BCE), "W": (wasserstein_game(), WASSERSTEIN)}
    names = {key: Symbol(f"radial_{key}", real=True) for key in games}
    exact = {}
    for key, (game, _) in games.items():
        first, second = fields(game)["V3"]
        exact[names[key]] = theta * first + psi * second
    measures = {names[key]: _radial(payoff) for key, (_, payoff) in games.items()}
    # Difference quotients of 65-digit payoffs keep about half of the digits.
    return Examination(
        sp.And(*(eq(name, 0) for name in names.values()), evaluate=False),
        exact,
        by_numbers(measures, points=POINTS, digits=20),
        steps=[Step("so a step along V_3 always leads away: |x + eta V|^2 = |x|^2 + eta^2 |V|^2")],
    )


def _penalized(side: int) -> Expr:
    """The discriminator's own field at theta = 0 as psi tends to 0 from one side."""
    near = Symbol("s", positive=True)
    game = wgan_gp(wasserstein_game(), gamma)
    return sp.limit(-game.v[1].subs({theta: 0, psi: side * near}), near, 0, "+")


def _measured(side: int) -> Callable[[Place], Any]:
    """The same by a difference quotient of payoff less penalty, very near the jump."""

    def measure(place: Place) -> Any:
        def value(y: Any) -> Any:
            return WASSERSTEIN(0, y) - place["gamma"] * (abs(y) - 1) ** 2 / 2

        step = NEAR / 8
        return (value(side * NEAR + step) - value(side * NEAR - step)) / (2 * step)

    return measure


@claim(
    "dynamic.fig6.gradient-penalty",
    source="Figure 6, right group, with section 3.1; a finding of ours",
    says="with the gradient penalty (gamma/2)(|psi| - 1)^2 the field of the discriminator does not "
    "vanish at (0, 0): at theta = 0 it jumps from -gamma to gamma where psi passes 0, and drives "
    "psi away from there; (0, 0), the saddle point of the other groups, is none of this one",
    expect=Verdict.PROVED,
)
def penalty_has_no_saddle() -> Examination:
    above, below = sp.symbols("V_above V_below", real=True)
    return Examination(
        sp.And(eq(above, gamma), eq(below, -gamma), evaluate=False),
        {above: _penalized(1), below: _penalized(-1)},
        # The distance 10^-30 from the jump changes the field by 10^-30 gamma.
        by_numbers(
            {above: _measured(1), below: _measured(-1)},
            points=({gamma: Rational(1)}, {gamma: Rational(5, 2)}),
            digits=25,
        ),
    )

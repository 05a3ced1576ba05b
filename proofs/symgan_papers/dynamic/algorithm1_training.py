r"""Algorithm 1: training by a decision oracle."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.losses import GenericLoss, exponential
from symgan_papers.dynamic.algorithm_model import after
from symgan_papers.dynamic.model import (
    WASSERSTEIN,
    Place,
    eta,
    gradients,
    paper_game,
    psi,
    slope,
    theta,
    wasserstein_game,
)

POINTS = (
    {theta: 1, psi: 2, eta: sp.Rational(1, 2)},
    {theta: -1, psi: sp.Rational(1, 3), eta: 1},
)


def _exponential(t: Any, p: Any) -> Any:
    """The payoff for one concrete loss, -exp(-psi theta)."""
    return -mpmath.exp(-p * t)


@claim(
    "dynamic.alg1",
    source="Algorithm 1",
    printed=r"(\theta, \psi) \leftarrow (\theta, \psi) + \eta V(\theta, \psi)",
    says="training by any decision oracle: one field a time, chosen from what the oracle asks for",
    expect=Verdict.INFORMAL,
    reason="a definition; 'not converged' has no criterion, and the oracle no state of its own, "
    "which Algorithm 2 needs (w_LAST, V_LAST)",
)
def algorithm1() -> None: ...


@claim(
    "dynamic.alg1.directions",
    source="Algorithm 1 with eq. (3)",
    formal=r"D_1 = -(\nabla_\theta\mathcal{L})^2,\quad D_2 = (\nabla_\psi\mathcal{L})^2",
    says="adding eta V lowers L for V_1 and raises it for V_2, to first order in eta; for every "
    "smooth payoff f(psi theta) of the Dirac-GAN",
    expect=Verdict.PROVED,
)
def directions() -> Examination:
    names = sp.symbols("D_1 D_2", real=True)
    game = paper_game(GenericLoss(psi * theta), "any-loss")
    payoff, (g_theta, g_psi) = game.losses[0], gradients(game)
    exact: dict[Symbol, Any] = {}
    for name, field in zip(names, ("V1", "V2"), strict=True):
        moved = after(game, field)
        shifted = payoff.subs(dict(zip((theta, psi), moved, strict=True)), simultaneous=True)
        exact[name] = sp.diff(shifted, eta).subs(eta, 0)

    def rate(field: int) -> Any:
        def measure(place: Place) -> Any:
            t, p = place["theta"], place["psi"]
            step = slope(_exponential, field, t, p)

            def moved(h: Any) -> Any:
                return (
                    _exponential(t - h * step, p) if field == 0 else _exponential(t, p + h * step)
                )

            return mpmath.diff(moved, 0)

        return measure

    return Examination(
        sp.And(eq(names[0], -(g_theta**2)), eq(names[1], g_psi**2)),
        exact,
        # A difference quotient of a difference quotient keeps about half of the digits.
        by_numbers(
            {names[0]: rate(0), names[1]: rate(1)}, points=POINTS, digits=15, loss=exponential
        ),
        steps=(Step("the rate of change of L along its own gradient is the squared gradient"),),
    )


@claim(
    "dynamic.alg1.order",
    source="Algorithm 1; section 1 and Figure 1",
    formal=r"\theta_{12} - \theta_{21} = \eta^2 \theta",
    says="the order of updates matters: on the Dirac-GAN with Wasserstein loss, V_1 then V_2 and "
    "V_2 then V_1 differ by eta^2 theta in the generator's parameter",
    expect=Verdict.PROVED,
)
def order_matters() -> Examination:
    gap = Symbol("gap", real=True)
    game = wasserstein_game()
    exact = {gap: after(game, "V1", "V2")[0] - after(game, "V2", "V1")[0]}

    def measure(place: Place) -> Any:
        t, p, rate = place["theta"], place["psi"], place["eta"]
        generator_first = t - rate * slope(WASSERSTEIN, 0, t, p)
        p_new = p + rate * slope(WASSERSTEIN, 1, t, p)
        return generator_first - (t - rate * slope(WASSERSTEIN, 0, t, p_new))

    return Examination(
        eq(gap, eta**2 * theta), exact, by_numbers({gap: measure}, points=POINTS, digits=25)
    )

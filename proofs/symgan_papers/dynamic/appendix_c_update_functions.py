r"""Appendix C: what an oracle can and cannot do to the eigenvalues; Figure 6's caption."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.losses import GenericLoss, exponential
from symgan_papers.dynamic.algorithm_model import after
from symgan_papers.dynamic.model import (
    Place,
    eta,
    fields,
    paper_game,
    psi,
    slope,
    theta,
)

POINTS = (
    {theta: 1, psi: 2, eta: Rational(1, 10)},
    {theta: -2, psi: Rational(1, 2), eta: Rational(5, 2)},
)
STATE = (theta, psi)


def _exponential(x: Any, y: Any) -> Any:
    """The payoff for one concrete loss, -exp(-psi theta)."""
    return -mpmath.exp(-x * y)


@claim(
    "dynamic.appc.unilateral",
    source="appendix C, first sentence",
    says="earlier work assumes one update function for all initial conditions",
    expect=Verdict.INFORMAL,
    reason="a description of the literature",
)
def unilateral() -> None: ...


@claim(
    "dynamic.appc.all-iterates",
    source="appendix C, second sentence",
    formal=r"F'(\frac{3}{2}) \ge -1",
    says="the learning rate must be so small that the eigenvalues of F' are in the unit ball at "
    "all iterates; judged on L = theta^2/2 + theta^4/4 - psi^2/2, eta = 1/2, from theta = 3/2",
    expect=Verdict.REFUTED,
    amended=r"F'(\frac{3}{2}) = -\frac{23}{8},\quad"
    r" \frac{F(\theta)}{\theta} = \frac{1 - \theta^2}{2}",
    repair="at the equilibrium; elsewhere it is neither needed (here every start with "
    "theta^2 < 3 converges) nor enough for a sequence of different maps",
)
def all_iterates() -> Examination:
    expansion, ratio = sp.symbols("F'(3/2) F/theta", real=True)
    game = paper_game(theta**2 / 2 + theta**4 / 4 - psi**2 / 2, "quartic")
    moved = after(game, "V3", rate=Rational(1, 2))[0]
    exact = {
        expansion: sp.diff(moved, theta).subs(theta, Rational(3, 2)),
        ratio: sp.cancel(moved / theta),
    }

    def on(x: Any) -> Any:
        return x - mpmath.diff(lambda u: u**2 / 2 + u**4 / 4, x) / 2

    numbers = {
        expansion: lambda _: mpmath.diff(on, mpmath.mpf(3) / 2),
        ratio: lambda q: on(q["theta"]) / q["theta"],
    }
    points = ({theta: Rational(3, 2)}, {theta: -1}, {theta: Rational(1, 3)})
    return Examination(
        expansion >= -1,
        exact,
        # A difference quotient of a difference quotient keeps about half of the digits.
        by_numbers(numbers, points=points, digits=15),
        amendment=sp.And(eq(expansion, Rational(-23, 8)), eq(ratio, (1 - theta**2) / 2)),
        given=sp.Ne(theta, 0),
        steps=(
            Step("one step of Sim-GDA in theta", moved),
            Step("|1 - theta^2| < 2 for theta^2 < 3: the distance shrinks at every iterate"),
        ),
    )


@claim(
    "dynamic.appc.decomposition",
    source="appendix C, last sentence; Figure 6, caption",
    formal=r"V_1 \cdot V_2 = 0,\quad |V_3|^2 = |V_1|^2 + |V_2|^2",
    says="Figure 6 decomposes the gradient field v into orthogonal components of generator and "
    "discriminator; for every smooth payoff f(psi theta) of the Dirac-GAN",
    expect=Verdict.PROVED,
)
def decomposition() -> Examination:
    names = sp.symbols("V_1*V_2 |V_3|^2", real=True)
    game = paper_game(GenericLoss(psi * theta), "any-loss")
    one, two, both = (sp.Matrix(fields(game)[key]) for key in ("V1", "V2", "V3"))
    exact = {names[0]: one.dot(two), names[1]: sp.expand(both.dot(both))}

    def moves(q: Place) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
        """What V_1 and V_2 do to the state, an update of the learning rate 1."""
        x, y = q["theta"], q["psi"]
        by_one = (x - slope(_exponential, 0, x, y), y)
        by_two = (x, y + slope(_exponential, 1, x, y))
        return (by_one[0] - x, by_one[1] - y), (by_two[0] - x, by_two[1] - y)

    def dot(q: Place) -> Any:
        (a, b), (c, d) = moves(q)
        return a * c + b * d

    def norm(q: Place) -> Any:
        (a, b), (c, d) = moves(q)
        return (a + c) ** 2 + (b + d) ** 2

    return Examination(
        sp.And(eq(names[0], 0), eq(names[1], one.dot(one) + two.dot(two))),
        exact,
        by_numbers({names[0]: dot, names[1]: norm}, points=POINTS, digits=20, loss=exponential),
    )


@claim(
    "dynamic.appc.flexibility",
    source="appendix C, last sentence; Figure 6, caption",
    says="adaptive choice of the field gives greater flexibility; such regimes can seek saddle "
    "points more efficiently",
    expect=Verdict.INFORMAL,
    reason="'flexibility' and 'efficiently' are not measured; what the oracle gains on the "
    "Dirac-GAN is judged with theorem 3.1",
)
def flexibility() -> None: ...

r"""Section 3, item 1: rock, paper, scissors on two simplices.

The payoff is x^T A y with A = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]; the equilibrium is the
center of both simplices. In orthonormal coordinates (a_1, a_2), (b_1, b_2) of the planes of
vanishing sum it is a rotation times the square root of 3.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Matrix, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.game import Game
from symgan.rules.extragradient import extragradient
from symgan.rules.simultaneous import simultaneous
from symgan_papers.survey.model_part1 import Measure, minmax

A = Matrix([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
x_1, x_2, y_1, y_2 = sp.symbols("x_1 x_2 y_1 y_2", positive=True)
a_1, a_2, b_1, b_2 = sp.symbols("a_1 a_2 b_1 b_2", real=True)
eta = Symbol("eta", positive=True)
PLANE = Matrix([[1, -1, 0], [1, 1, -2]]).T * sp.diag(1 / sp.sqrt(2), 1 / sp.sqrt(6))
STARTS = (
    {a_1: Rational(1, 5), a_2: 0, b_1: Rational(-1, 7), b_2: Rational(1, 9), eta: Rational(1, 2)},
    {a_1: Rational(1, 8), a_2: Rational(1, 6), b_1: 0, b_2: Rational(1, 5), eta: Rational(1, 3)},
    {a_1: 0, a_2: Rational(-1, 9), b_1: Rational(1, 4), b_2: 0, eta: 2},
)


def game() -> Game:
    """The game about its equilibrium, in orthonormal coordinates."""
    x, y = (sp.ones(3, 1) / 3 + PLANE * Matrix(c) for c in ((a_1, a_2), (b_1, b_2)))
    payoff = sp.expand((x.T * A * y)[0])
    return minmax(payoff, generator=(a_1, a_2), discriminator=(b_1, b_2))


def _mixed(first: Any, second: Any) -> list[Any]:
    """Mixed strategies of three moves from plane coordinates, as plain numbers."""
    two, six = mpmath.sqrt(2), mpmath.sqrt(6)
    third = mpmath.mpf(1) / 3
    return [
        third + first / two + second / six,
        third - first / two + second / six,
        third - 2 * second / six,
    ]


def _pay(y: list[Any]) -> list[Any]:
    """A y: each move beats the one before it."""
    return [y[2] - y[1], y[0] - y[2], y[1] - y[0]]


def _step(x: list[Any], y: list[Any], at: tuple[list[Any], list[Any]], h: Any) -> Any:
    """x descends and y ascends x^T A y, with the gradients at another pair of strategies."""
    down, up = _pay(at[1]), [-g for g in _pay(at[0])]  # A^T = -A
    new = [s - h * g for s, g in zip(x, down, strict=True)]
    return new, [s + h * g for s, g in zip(y, up, strict=True)]


def _squared(x: list[Any], y: list[Any]) -> Any:
    third = mpmath.mpf(1) / 3
    return sum((s - third) ** 2 for s in (*x, *y))


def _start(place: Any) -> tuple[list[Any], list[Any]]:
    return _mixed(place["a_1"], place["a_2"]), _mixed(place["b_1"], place["b_2"])


@claim(
    "survey.problems.rock-paper-scissors",
    source="section 3, item 1",
    formal=r"\frac{d}{dt}\ln(x_1 x_2 x_3) = 3 V, \quad \frac{d}{dt}\ln(y_1 y_2 y_3) = -3 V",
    says="a min-max game between two players may not converge; a simple example is rock, paper, "
    "scissors: under the replicator dynamics the product of all six masses is conserved; it is "
    "largest at the only interior equilibrium and 0 on the boundary, so that no other start "
    "inside reaches either",
    expect=Verdict.PROVED,
)
def rock_paper_scissors() -> Examination:
    of_x, of_y = sp.symbols("of_x of_y", real=True)
    x, y = (Matrix([u, v, 1 - u - v]) for u, v in ((x_1, x_2), (y_1, y_2)))
    down, up = -A * y, A.T * x
    mean_down, mean_up = (x.T * down)[0], (y.T * up)[0]
    # x_i'/x_i = fitness - mean, for each of the six masses.
    exact = {
        of_x: sp.expand(sum(g - mean_down for g in down)),
        of_y: sp.expand(sum(g - mean_up for g in up)),
    }

    def growing(first: bool) -> Measure:
        def measured(place: Any) -> Any:
            one = [place["x_1"], place["x_2"], 1 - place["x_1"] - place["x_2"]]
            two = [place["y_1"], place["y_2"], 1 - place["y_1"] - place["y_2"]]
            masses, others = (one, two) if first else (two, one)

            def after(time: Any) -> Any:
                """log of the product after a replicator step: masses times exp(time payoff)."""
                pays = [-g for g in _pay(others)]
                raised = [m * mpmath.exp(time * g) for m, g in zip(masses, pays, strict=True)]
                return sum(mpmath.log(m / sum(raised)) for m in raised)

            return mpmath.diff(after, 0)

        return measured

    points = (
        {x_1: Rational(1, 2), x_2: Rational(1, 4), y_1: Rational(1, 5), y_2: Rational(1, 3)},
        {x_1: Rational(1, 3), x_2: Rational(1, 2), y_1: Rational(3, 5), y_2: Rational(1, 5)},
    )
    payoff = x_1 - x_2 - y_1 + y_2 + 3 * (x_2 * y_1 - x_1 * y_2)
    return Examination(
        sp.And(eq(of_x, 3 * payoff), eq(of_y, -3 * payoff)),
        exact,
        by_numbers(
            {of_x: growing(True), of_y: growing(False)},
            kind="differentiated:mpmath",
            points=points,
            digits=20,
        ),
        steps=(
            Step("the columns of A add to 0; V = x^T A y is the payoff", payoff),
            Step("x_1 x_2 x_3 <= 1/27 with equality at the center alone: the means inequality"),
        ),
    )


@claim(
    "survey.problems.rock-paper-scissors.gradient",
    source="section 3, item 1",
    formal=r"D = (1 + 3 \eta^2)(a_1^2 + a_2^2 + b_1^2 + b_2^2)",
    says="the same game by simultaneous gradient steps inside the simplices: the squared distance "
    "from the equilibrium grows by 1 + 3 eta^2 with every step",
    expect=Verdict.PROVED,
)
def gradient() -> Examination:
    after = Symbol("D", real=True)
    new = simultaneous(game(), eta).rhs
    exact = {after: sp.expand(sum(e**2 for e in new))}

    def measured(place: Any) -> Any:
        x, y = _start(place)
        return _squared(*_step(x, y, (x, y), place["eta"]))

    norm = a_1**2 + a_2**2 + b_1**2 + b_2**2
    return Examination(
        eq(after, (1 + 3 * eta**2) * norm),
        exact,
        by_numbers({after: measured}, points=STARTS),
    )


@claim(
    "survey.settled.rock-paper-scissors.extragradient",
    source="ours, to section 3, item 1",
    formal=r"D = (1 - 3 \eta^2 + 9 \eta^4)(a_1^2 + a_2^2 + b_1^2 + b_2^2)",
    says="rock, paper, scissors does converge under another rule: extragradient steps multiply "
    "the squared distance by 1 - 3 eta^2 + 9 eta^4, which is below 1 for eta < 1/sqrt(3)",
    expect=Verdict.PROVED,
)
def extragradient_converges() -> Examination:
    after = Symbol("D", real=True)
    new = extragradient(game(), eta).rhs
    exact = {after: sp.expand(sum(e**2 for e in new))}

    def measured(place: Any) -> Any:
        x, y = _start(place)
        half = _step(x, y, (x, y), place["eta"])
        return _squared(*_step(x, y, half, place["eta"]))

    norm = a_1**2 + a_2**2 + b_1**2 + b_2**2
    return Examination(
        eq(after, (1 - 3 * eta**2 + 9 * eta**4) * norm),
        exact,
        by_numbers({after: measured}, points=STARTS),
    )

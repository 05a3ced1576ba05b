"""What the methods against rotation refuse, with one sentence each."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Rational, Symbol

from symgan.errors import GameError
from symgan.game import Game, zero_sum
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear, quadratic
from symgan.losses import jensen_shannon
from symgan.rules.competitive import competitive
from symgan.rules.consensus import GAMMA, consensus, consensus_flow
from symgan.rules.gradient_norm import gradient_norm
from symgan.rules.heavy_ball import heavy_ball_flow
from symgan.rules.local_symplectic_surgery import (
    local_symplectic_surgery,
    two_timescale_surgery,
)
from symgan.rules.symplectic_adjustment import symplectic_adjustment
from symgan.rules.unrolled import unrolled
from tests.rules.examples import eta

game = bilinear()
x, y = sp.symbols("x y", real=True)
alone = Game("alone", ((x,),), (x**2,))
weighted = zero_sum(x * y + GAMMA * y**2, minimize=x, maximize=y, parameters=(GAMMA,))
tall = bilinear(sp.Matrix([[1], [2]]))
friends = Game("friends", ((x,), (y,)), (x * y, x * y), equilibrium={x: sp.S(0), y: sp.S(0)})


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: unrolled(game, eta, steps=0), "steps = 0: the opponents take a whole number"),
        (lambda: unrolled(game, eta, steps=True), "steps = True: the opponents take"),
        (lambda: unrolled(game, eta, inner=-1), "step size -1 is not positive"),
        (lambda: unrolled(alone, eta), "this game has one player"),
        (
            lambda: unrolled(dirac(jensen_shannon), eta, steps=40),
            r"\d of 41 steps make an expression of \d+ operations, more than 50000",
        ),
        (lambda: gradient_norm(alone, eta), "this game has one player"),
        (lambda: consensus(weighted, eta), "a parameter gamma of its own; give the weight gamma"),
        (lambda: consensus_flow(weighted), "a parameter gamma of its own"),
        (lambda: consensus(game, eta, gamma="1"), "weight gamma '1' is not"),
        (lambda: symplectic_adjustment(game, eta, align=True, epsilon=0), "epsilon = 0 is not"),
        (lambda: local_symplectic_surgery(game, eta, lam=-1), "lambda = -1 is negative"),
        (lambda: local_symplectic_surgery(game, eta, xi=0), "xi = 0 is not positive"),
        (
            lambda: local_symplectic_surgery(tall, eta),
            "singular at the equilibrium of 'bilinear', where local symplectic surgery needs",
        ),
        (
            lambda: local_symplectic_surgery(alone_and_idle(), eta, lam=0),
            "singular at every state tried",
        ),
        (lambda: two_timescale_surgery(game, eta, tau=0), "tau = 0 is not positive"),
        (
            lambda: competitive(friends, Rational(1)),
            "singular at the equilibrium of 'friends' for the step 1",
        ),
        (lambda: heavy_ball_flow(game, friction=-1), "friction = -1 is negative"),
        (lambda: heavy_ball_flow(game, friction=(1, 2, 3)), "3 frictions for 2 players"),
    ],
)
def test_bad_options(build: Any, sentence: str) -> None:
    with pytest.raises(GameError, match=sentence):
        build()


def alone_and_idle() -> Game:
    """The second player has no influence on anything, and no equilibrium is declared."""
    return Game("idle", ((x,), (y,)), (x**2, sp.Integer(0)))


def test_what_is_taken_instead() -> None:
    """Singular interactions, poles and taken names each have a way round.

    Beside the pole, friends have the eigenvalues 1 - eta/(1 + eta) and 1 + eta/(1 - eta).
    """
    assert local_symplectic_surgery(tall, eta, lam=1).state == tall.state
    assert two_timescale_surgery(tall, eta).visible == tall.state
    assert competitive(friends, Rational(1, 2)).jacobian().det() == Rational(2, 3) * 2
    own = Symbol("weight", positive=True)
    assert consensus(weighted, eta, gamma=own).parameters == (GAMMA, eta, own)
    assert unrolled(quadratic(1, 2, 3), Rational(1, 9), steps=40).updates == 41


def test_companions_may_be_negative() -> None:
    """A velocity has no sign where its coordinate has one."""
    positive = Symbol("x", positive=True)
    flow = heavy_ball_flow(zero_sum(positive * y, minimize=positive, maximize=y))
    assert [s.is_positive for s in flow.state] == [True, None, None, None]


@pytest.mark.parametrize("steps", ["a", None, 1.5, 10**6])
def test_unrolled_steps_are_few_whole_numbers(steps: Any) -> None:
    with pytest.raises(GameError, match=r"^steps = "):
        unrolled(quadratic(1, 2, 1), eta, steps=steps)

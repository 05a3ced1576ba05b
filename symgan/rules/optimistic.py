r"""Optimistic gradient descent: the last gradient predicts the next."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Expr, Matrix

from symgan.catalog import rule
from symgan.errors import GameError
from symgan.game import Game
from symgan.rules.steps import (
    INDEX,
    assemble,
    descent,
    field_at_start,
    remembered,
    setting,
)
from symgan.system import Map


def _first_order(game: Game, **_: Any) -> tuple[Expr, ...]:
    """That of plain descent: at the start the two gradients coincide."""
    return field_at_start(game)


@rule("optimistic", first_order=_first_order)
def optimistic(game: Game, eta: Any, *, optimism: Any = 1) -> Map:
    r"""Optimistic gradient, :math:`x_{k+1} = x_k - 2\eta\, v(x_k) + \eta\, v(x_{k-1})`.

    With a weight :math:`r` of the prediction it is
    :math:`x_{k+1} = x_k - (1 + r)\eta\, v(x_k) + r\eta\, v(x_{k-1})`. The previous iterate is
    memory; :math:`x_{-1} = x_0`, so that the first step is one of plain descent.

    Args:
        game: the game.
        eta: the step, or one step a player.
        optimism: the weight r of the prediction.

    Raises:
        GameError: wrong steps, or a negative weight.

    Source: Popov 1980; Daskalakis et al. 2018; the weight: Mokhtari et al. 2020.

    >>> from sympy import Symbol
    >>> from symgan.games.quadratic import bilinear
    >>> optimistic(bilinear(), Symbol("eta", positive=True)).rhs[0]
    2*eta*psi - eta*psi_prev + theta
    """
    r = setting(optimism, "optimism")
    if r.is_nonnegative is False:
        raise GameError(f"optimism = {r} is negative; it weighs the prediction, 1 as printed")
    memory = remembered(game, "prev")
    x, past, k, move = Matrix(game.state), Matrix(memory), INDEX, descent(game, eta)
    before = sp.Max(k - 1, 0)  # the first step is made at one time
    rhs = Matrix([x + (1 + r) * move(x, k) - r * move(past, before), x])
    return assemble(game, rhs, eta, r, memory=memory, updates=len(game.players))

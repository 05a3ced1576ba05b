r"""Simultaneous gradient descent."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Matrix

from symgan.catalog import flow, rule
from symgan.game import Game
from symgan.rules.steps import INDEX, assemble, descent, field_at_start, player_steps, spread
from symgan.system import Flow, Map


def stage(game: Game, steps: dict[int, Expr]) -> Map:
    r"""The map in which some players take one gradient step and the rest stand still.

    Args:
        game: the game.
        steps: player index -> step.
    """
    every = tuple(steps.get(i, next(iter(steps.values()))) for i in range(len(game.players)))
    moves = descent(game, every)(game.state, INDEX)
    active = spread(game, (i in steps for i in range(len(game.players))))
    rhs = [x + m if a else x for x, m, a in zip(game.state, moves, active, strict=True)]
    return assemble(game, Matrix(rhs), tuple(steps.values()), updates=len(steps))


@rule("simultaneous", first_order=field_at_start)
def simultaneous(game: Game, eta: Any) -> Map:
    r"""Simultaneous gradient descent, :math:`x^+ = x - \eta\, v(x)`.

    On a game with a drift :math:`d` it is the Euler step :math:`x^+ = x + \eta(d(k\eta) - v(x))`.

    Args:
        game: the game.
        eta: the step, or one step a player.

    Raises:
        GameError: a wrong number of steps, or a step that is not positive.

    Source: Mescheder et al. 2018, definition A.1.

    >>> from sympy import Symbol
    >>> from symgan.games.quadratic import bilinear
    >>> simultaneous(bilinear(), Symbol("eta", positive=True)).rhs
    (eta*psi + theta, -eta*theta + psi)
    """
    steps = player_steps(game, eta)
    return stage(game, dict(enumerate(steps)))


@flow("simultaneous")
def simultaneous_flow(game: Game) -> Flow:
    r"""Simultaneous gradient flow, :math:`\dot x = -v(x) + d(t)`.

    Args:
        game: the game.

    Source: Mescheder et al. 2018, section 2.

    >>> from symgan.games.quadratic import bilinear
    >>> simultaneous_flow(bilinear()).rhs
    (psi, -theta)
    """
    return game.flow()

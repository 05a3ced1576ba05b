r"""Heavy ball: gradient descent with momentum, positive or negative."""

from __future__ import annotations

from functools import reduce
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Symbol

from symgan.catalog import flow, rule
from symgan.errors import GameError
from symgan.game import Game
from symgan.rules.fields import companions, field, flowing, own
from symgan.rules.steps import (
    INDEX,
    assemble,
    descent,
    field_at_start,
    per_player,
    player_steps,
    remembered,
    spread,
)
from symgan.system import Flow, Map

BETA = Symbol("beta", real=True)
"""The momentum where none is given."""

FRICTION = Symbol("friction", positive=True)
"""The friction of the flow where none is given."""


def _momenta(game: Game, beta: Any) -> tuple[Expr, ...]:
    """One momentum a player."""
    momenta = per_player(game, beta, "momentum coefficient")
    for b in momenta:
        if b == BETA and BETA in game.parameters:
            raise GameError(
                "the game has a parameter beta of its own; give the momentum as beta=..."
            )
        if b.is_real is False or (b.is_number and abs(b) >= 1):
            raise GameError(
                f"momentum beta = {b} is not between -1 and 1: without a gradient it would not die"
            )
    return momenta


def _first_order(game: Game, *, beta: Any = BETA, alternating: bool = False) -> tuple[Expr, ...]:
    """That of plain descent: a ball at rest feels no momentum."""
    return field_at_start(game)


@rule("heavy-ball", first_order=_first_order)
def heavy_ball(game: Game, eta: Any, *, beta: Any = BETA, alternating: bool = False) -> Map:
    r"""Heavy ball, :math:`x_{k+1} = x_k - \eta\, v(x_k) + \beta\,(x_k - x_{k-1})`.

    Alternating, the players take that step in turn, each on what the others left:

    .. math:: \theta_{k+1} &= \theta_k - \eta\, v_\theta(\theta_k, \psi_k)
                              + \beta\,(\theta_k - \theta_{k-1}), \\
              \psi_{k+1} &= \psi_k - \eta\, v_\psi(\theta_{k+1}, \psi_k)
                            + \beta\,(\psi_k - \psi_{k-1}).

    The previous iterate is memory; :math:`x_{-1} = x_0`, a ball at rest.

    Args:
        game: the game.
        eta: the step, or one step a player.
        beta: the momentum, or one a player; negative momentum is below 0.
        alternating: whether the players move in turn.

    Raises:
        GameError: wrong steps, or a momentum outside (-1, 1).

    Source: Polyak 1964; Gidel et al. 2019, "Negative momentum for improved game dynamics".

    >>> from symgan.games.quadratic import bilinear
    >>> heavy_ball(bilinear(), Symbol("eta", positive=True)).rhs[0]
    beta*(theta - theta_prev) + eta*psi + theta
    """
    steps, momenta = player_steps(game, eta), _momenta(game, beta)
    everyone = range(len(game.players))
    turns = [(i,) for i in everyone] if alternating else [tuple(everyone)]
    moves = [_turn(game, steps, momenta, players) for players in turns]
    return reduce(lambda first, second: first.then(second), moves)


def _turn(game: Game, steps: Any, momenta: Any, players: tuple[int, ...]) -> Map:
    """Some players step with momentum; the rest stand still and remember what they did."""
    memory = remembered(game, "prev")
    x, past, k, move = Matrix(game.state), Matrix(memory), INDEX, descent(game, steps)
    beta = sp.diag(*spread(game, momenta))
    active = sp.diag(*spread(game, (int(i in players) for i in range(len(game.players)))))
    rhs = Matrix([x + active * (move(x, k) + beta * (x - past)), past + active * (x - past)])
    return assemble(game, rhs, steps, momenta, memory=memory, updates=len(players))


@flow("heavy-ball")
def heavy_ball_flow(game: Game, *, friction: Any = FRICTION) -> Flow:
    r"""Heavy ball with friction, :math:`\ddot x + a\dot x + v(x) = 0`, as a first-order system.

    .. math:: \dot x = u, \qquad \dot u = -a u - v(x).

    The state is enlarged by the velocities u. The map with step :math:`\eta = h^2` and momentum
    :math:`\beta = 1 - ah` is a step h of this flow to first order in h, with
    :math:`u_k = (x_k - x_{k-1})/h`; a fixed momentum has friction :math:`(1 - \beta)/h` and no
    such limit. On a game with a drift d the force is :math:`v - d`. The linearization at an
    equilibrium, with u = 0, is the flow of the linearized game.

    Args:
        game: the game, any number of players.
        friction: the friction a, or one a player; not negative.

    Raises:
        GameError: a negative friction or a wrong number of them.

    Source: Attouch, Goudou and Redont 2000, "The heavy ball with friction method"; for
    GANs Heusel et al. 2017, section 2.

    >>> from symgan.games.quadratic import bilinear
    >>> heavy_ball_flow(bilinear()).rhs
    (theta_velocity, psi_velocity, -friction*theta_velocity + psi, -friction*psi_velocity - theta)
    """
    frictions = per_player(game, own(game, friction, FRICTION, "friction"), "friction")
    for a in frictions:
        if a.is_real is False or a.is_negative:
            raise GameError(f"friction = {a} is negative; it would drive the ball")
    velocities = companions(game, "velocity")
    u = Matrix(velocities)
    force = -sp.diag(*spread(game, frictions)) * u - field(game)
    return flowing(game, -u, frictions, memory=velocities, rest=force)

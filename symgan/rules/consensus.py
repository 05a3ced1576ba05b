r"""Consensus optimization: descent on the losses and on the size of the gradient at once."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Matrix, Symbol

from symgan.catalog import flow, rule
from symgan.game import Game
from symgan.rules.fields import at_start, field, flowing, follow, own, slope
from symgan.rules.steps import setting
from symgan.system import Flow, Map

GAMMA = Symbol("gamma", positive=True)
"""The weight of the regularizer where none is given."""


def _field(game: Game, gamma: Any) -> Matrix:
    r""":math:`v + \gamma J^\top v`; the second part is the gradient of :math:`\gamma|v|^2/2`."""
    v, J = field(game), slope(game)
    return v + setting(own(game, gamma, GAMMA, "weight gamma"), "weight gamma") * J.T * v


def _first_order(game: Game, *, gamma: Any = GAMMA) -> tuple[Expr, ...]:
    """That of the flow: the regularizer has the step of the game."""
    return at_start(game, _field(game, gamma))


@rule("consensus", first_order=_first_order)
def consensus(game: Game, eta: Any, *, gamma: Any = GAMMA) -> Map:
    r"""Consensus optimization, :math:`x^+ = x - \eta\,(v + \gamma J^\top v)`.

    Its linearization at an equilibrium, :math:`I - \eta(J + \gamma J^\top J)`, is the rule on
    the linearized game. Further fixed points are where :math:`v = -\gamma J^\top v \ne 0`.

    Args:
        game: the game, any number of players.
        eta: the step, or one step a player.
        gamma: the weight of :math:`|v|^2/2`.

    Raises:
        GameError: wrong steps; the game has a parameter called gamma itself and none is given.

    Source: Mescheder, Nowozin and Geiger 2017, "The numerics of GANs", algorithm 1.

    >>> from symgan.games.quadratic import bilinear
    >>> consensus(bilinear(), Symbol("eta", positive=True)).rhs[0]
    -eta*(gamma*theta - psi) + theta
    """
    return follow(game, eta, _field(game, gamma), gamma)


@flow("consensus")
def consensus_flow(game: Game, *, gamma: Any = GAMMA) -> Flow:
    r"""Consensus flow, :math:`\dot x = -(v + \gamma J^\top v)`.

    Args:
        game: the game, any number of players.
        gamma: the weight of :math:`|v|^2/2`.

    Raises:
        GameError: the game has a parameter called gamma itself and none is given.

    Source: Mescheder, Nowozin and Geiger 2017, section 4.

    >>> from symgan.games.quadratic import bilinear
    >>> consensus_flow(bilinear()).rhs
    (-gamma*theta + psi, -gamma*psi - theta)
    """
    return flowing(game, _field(game, gamma), gamma)

r"""Gradient descent in which the players' steps have fixed ratios."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.catalog import flow, rule
from symgan.errors import GameError
from symgan.game import Game
from symgan.rules.fields import field, flowing
from symgan.rules.simultaneous import simultaneous
from symgan.rules.steps import field_at_start, player_steps, setting, spread
from symgan.system import Flow, Map

TAU = Symbol("tau", positive=True)
"""The ratio of steps where none is given."""


def _ratios(game: Game, tau: Any) -> tuple[Expr, ...]:
    """Each player's step in units of the first player's."""
    others = len(game.players) - 1
    given = tuple(tau) if isinstance(tau, tuple | list) else (tau, *(1,) * (others - 1))[:others]
    if len(given) != others:
        raise GameError(
            f"{len(given)} ratios of steps for {others} players after the first; give one each"
        )
    ratios = tuple(setting(ratio, "ratio of steps") for ratio in given)
    for ratio in ratios:
        if ratio == TAU and TAU in game.parameters:
            raise GameError("the game has a parameter tau of its own; give the ratio as tau=...")
        if ratio.is_positive is False:
            raise GameError(f"the ratio of steps tau = {ratio} is not positive")
    return (sp.Integer(1), *ratios)


def _first_order(game: Game, *, tau: Any = TAU) -> tuple[Expr, ...]:
    r"""Each player's field times its ratio, :math:`-\tau_i v_i`."""
    ratios = spread(game, _ratios(game, tau))
    return tuple(r * f for r, f in zip(ratios, field_at_start(game), strict=True))


@rule("two-timescale", first_order=_first_order)
def two_timescale(game: Game, eta: Any, *, tau: Any = TAU) -> Map:
    r"""Simultaneous descent with the steps :math:`\eta` and :math:`\tau\eta`.

    .. math:: \theta^+ = \theta - \eta\, v_\theta(\theta, \psi), \qquad
              \psi^+ = \psi - \tau\eta\, v_\psi(\theta, \psi).

    Args:
        game: the game; player 0 has the step eta.
        eta: the step of player 0.
        tau: the ratio of player 1's step to it; further players have the step eta. Or a
            tuple, one ratio each player after the first.

    Raises:
        GameError: a step or ratio that is not positive, or a wrong number of ratios.

    Source: Heusel et al. 2017.

    >>> from symgan.games.quadratic import bilinear
    >>> two_timescale(bilinear(), Symbol("eta", positive=True), tau=3).rhs
    (eta*psi + theta, -3*eta*theta + psi)
    """
    if isinstance(eta, tuple | list):
        raise GameError("two-timescale descent takes one step; its ratios give the others")
    step, *_ = player_steps(game, eta)
    return simultaneous(game, tuple(step * ratio for ratio in _ratios(game, tau)))


@flow("two-timescale")
def two_timescale_flow(game: Game, *, tau: Any = TAU) -> Flow:
    r"""Flow in which the players' rates have fixed ratios, :math:`\dot x_i = -\tau_i v_i`.

    Args:
        game: the game; player 0 has the rate 1.
        tau: the ratio of player 1's rate to it; further players have the rate 1. Or a
            tuple, one ratio each player after the first.

    Raises:
        GameError: a ratio that is not positive, or a wrong number of ratios.

    Source: Heusel et al. 2017.

    >>> from symgan.games.quadratic import bilinear
    >>> two_timescale_flow(bilinear()).rhs
    (psi, -tau*theta)
    """
    ratios = _ratios(game, tau)
    return flowing(game, sp.diag(*spread(game, ratios)) * field(game), ratios)

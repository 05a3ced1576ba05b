r"""Best response: one player descends against opponents that have answered fully."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Expr

from symgan.differentiation import jacobian
from symgan.errors import GameError
from symgan.game import Game
from symgan.implicit import ImplicitMap
from symgan.rules.fields import field
from symgan.rules.steps import new_symbols, player_steps, remembered


def best_response(game: Game, eta: Any) -> ImplicitMap:
    r"""Descent against stationary opponents, as an equation for the next state.

    .. math:: v_\psi(\theta, \psi^+) = 0, \qquad
              \theta^+ = \theta - \eta\, v_\theta(\theta, \psi^+).

    Where the answer is one of several stationary ones, which of them is not part of the
    equation: a best response is the one of smallest loss (for mixtures
    `symgan.kernels.mixture_steps` finds it). The opponents' step does not vanish with
    :math:`\eta`, so that this is no descent rule with a first-order field; the rules' catalog
    does not list it.

    Near an equilibrium with :math:`\partial_\psi v_\psi` invertible it is linear with the block
    triangular Jacobian whose part in :math:`\theta` is :math:`I - \eta(v_{\theta\theta} -
    v_{\theta\psi}v_{\psi\psi}^{-1}v_{\psi\theta})`. Where it is singular, as at the optimum of a
    mixture GAN, whose density difference is zero everywhere, the map is not differentiable.

    Args:
        game: the game; player 0 descends, all others respond.
        eta: the step, or one step a player (that of player 0 is used).

    Raises:
        GameError: wrong steps, a game of one player or of several opponents, one that depends on
            time, or one in which a response does not depend on what it should settle.

    Source: Li et al. 2018, eqs. (7), (8).

    >>> from sympy import Symbol, symbols
    >>> from symgan.game import zero_sum
    >>> x, y = symbols("x y", real=True)
    >>> game = zero_sum(x*y - y**2/2, minimize=x, maximize=y)
    >>> best_response(game, Symbol("eta", positive=True)).residual
    (eta*y_next - x + x_next, -x + y_next)
    """
    if not isinstance(game, Game):
        raise GameError(f"{game!r} is no game; give a Game")
    if len(game.players) != 2:
        raise GameError(
            f"a best response is that of one opponent, and this game has {len(game.players)} "
            "players; merge the others"
        )
    if game.time is not None:
        raise GameError("a best response to a game that depends on time is not defined; fix time")
    h = player_steps(game, eta)[0]
    theta, psi = game.players
    after = remembered(game, "next")
    answer = dict(zip(psi, after[len(theta) :], strict=True))
    v = [f.xreplace(answer) for f in field(game)]
    _require_settled(v[len(theta) :], list(answer.values()), game)
    moved = zip(theta, after, v, strict=False)
    residual: list[Expr] = [y - x + h * f for x, y, f in moved]
    return ImplicitMap(
        game.state,
        after,
        (*residual, *v[len(theta) :]),
        parameters=(*game.parameters, *new_symbols(game, h)),
        updates=1,
    )


def _require_settled(v: list[Expr], answer: list[Any], game: Game) -> None:
    """Refuse responses whose equations are singular by structure."""
    slopes = jacobian(v, answer)
    if any(slopes[i, :].is_zero_matrix for i in range(slopes.rows)) or any(
        slopes[:, j].is_zero_matrix for j in range(slopes.cols)
    ):
        raise GameError(
            f"game {game.name!r}: the opponent's field does not depend on its own parameters "
            f"{tuple(map(sp.sstr, game.players[1]))}, so that nothing settles its best response"
        )

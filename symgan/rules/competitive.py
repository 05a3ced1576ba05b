r"""Competitive gradient descent: the Nash equilibrium of a regularized bilinear local game."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Expr, Matrix

from symgan.catalog import rule
from symgan.errors import GameError
from symgan.game import Game
from symgan.rules.fields import field, follow, invertible, slope, solve
from symgan.rules.steps import field_at_start, player_steps, spread
from symgan.system import Map


def _first_order(game: Game) -> tuple[Expr, ...]:
    """That of plain descent: the players' answers to one another are of second order."""
    return field_at_start(game)


@rule("competitive", first_order=_first_order)
def competitive(game: Game, eta: Any) -> Map:
    r"""Competitive gradient descent, :math:`x^+ = x - \eta\,(I + \eta M)^{-1} v`.

    M is the Jacobian of v without its diagonal blocks: the interactions alone. The step
    is the Nash equilibrium of the game in which each loss is replaced by its bilinear
    expansion plus :math:`|\Delta_i|^2/(2\eta)`; for two players it is

    .. math:: \Delta\theta = -\eta\,(I - \eta^2 D_{\theta\psi}\ell_0\, D_{\psi\theta}\ell_1)^{-1}
              (\nabla_\theta\ell_0 - \eta\, D_{\theta\psi}\ell_0\nabla_\psi\ell_1),

    whatever the numbers of their parameters. In zero-sum games :math:`I + \eta M` is
    invertible for every step, since M is skew; in others the map may have poles. The linearization
    at an equilibrium, :math:`I - \eta\,(I + \eta M)^{-1} J`, is the rule on the linearized game.

    Args:
        game: the game; more than two players meet in pairs (polymatrix form).
        eta: the step, or one step a player.

    Raises:
        GameError: wrong steps; a step at which :math:`I + \eta M` is singular at the declared
            equilibrium or everywhere.

    Source: Schaefer and Anandkumar 2019, "Competitive gradient descent", section 2; for n
    players Ma et al. 2021, "Polymatrix competitive gradient descent".

    >>> from sympy import Symbol
    >>> from symgan.games.quadratic import bilinear
    >>> step = competitive(bilinear(), Symbol("eta", positive=True))
    >>> sp.factor(step.rhs[0])
    (eta*psi + theta)/(eta**2 + 1)
    """
    h = sp.diag(*spread(game, player_steps(game, eta)))
    A = sp.eye(len(game.state)) + interaction(game) * h
    if game.equilibrium and not invertible(A.subs(dict(game.equilibrium), simultaneous=True)):
        raise GameError(
            f"I + eta M is singular at the equilibrium of {game.name!r} for the step {eta}; a "
            "competitive step is not defined there, take another one"
        )
    return follow(game, eta, solve(A, field(game), f"I + eta M of {game.name!r}"))


def interaction(game: Game) -> Matrix:
    """The Jacobian with each player's own block put to zero.

    >>> from symgan.games.quadratic import quadratic
    >>> interaction(quadratic(2, 3, 5)).tolist()
    [[0, -3], [3, 0]]
    """
    J, owner = slope(game), spread(game, range(len(game.players)))
    n = len(owner)
    return Matrix(n, n, lambda i, j: J[i, j] if owner[i] != owner[j] else 0)

r"""The gradient-norm regularizer of Nagarajan and Kolter.

The generator descends its loss plus the squared norm of the discriminator's gradient,

.. math:: \ell_G + \gamma \|\nabla_\psi \ell_D\|^2, \qquad \ell_D \text{ as it was},

with the factor :math:`\gamma`, no half: that is how it is printed. The game is not zero-sum
any more. At a realizable equilibrium the generator's block of the Jacobian of v becomes
:math:`2\gamma K_{DG}^\top K_{DG} f'(0)^2`: curvature where there was none. Points where the
discriminator's gradient vanishes lose nothing: their generator's gradient is as before.
"""

from __future__ import annotations

from typing import Any

from symgan.catalog import regularizer
from symgan.differentiation import diff
from symgan.errors import GameError
from symgan.game import Game
from symgan.regularizers.adding import owned, penalized, square


@regularizer("gradient-norm")
def gradient_norm(game: Game, gamma: Any, *, player: int = 0, of: int = 1) -> Game:
    r"""Gradient norm: the generator's loss plus :math:`\gamma\|\nabla_\psi \ell_D\|^2`.

    Args:
        game: the game.
        gamma: the weight :math:`\gamma \ge 0`.
        player: who descends the penalty, the generator.
        of: whose gradient is looked at, the discriminator's.

    Raises:
        GameError: gamma is negative, a player does not exist, both are one, or the gradient
            jumps (hinge loss), so that its norm cannot be descended.

    Source: Nagarajan and Kolter 2017, section 4.

    >>> from sympy import Symbol
    >>> from symgan.games.dirac import dirac
    >>> from symgan.losses import wasserstein
    >>> gradient_norm(dirac(wasserstein), Symbol("gamma", positive=True)).v
    (2*gamma*theta + psi, -theta)
    """
    seen = owned(game, of)
    if player == of:
        raise GameError(
            f"player {player} cannot both descend the gradient norm and be the one it is taken "
            "of; give another player"
        )
    gradient = [diff(game.losses[of], symbol) for symbol in seen]
    return penalized(game, "gradient-norm", gamma, square(gradient), player)

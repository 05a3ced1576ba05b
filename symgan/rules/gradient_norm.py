r"""Rules that descend the size of a gradient: a penalty on the opponents', or nothing else."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Matrix, Symbol

from symgan.catalog import flow, rule
from symgan.differentiation import diff
from symgan.errors import GameError
from symgan.game import Game
from symgan.rules.fields import at_start, field, flowing, follow, own, slope
from symgan.rules.steps import setting
from symgan.system import Flow, Map

GAMMA = Symbol("gamma", positive=True)
"""The weight of the penalty where none is given."""


def _penalized(game: Game, gamma: Any) -> Matrix:
    r""":math:`v`, with :math:`\gamma\nabla_\theta|v_\psi|^2` added to player 0's part."""
    if len(game.players) < 2:
        raise GameError("the gradient norm is that of the opponents, and this game has one player")
    gamma = setting(own(game, gamma, GAMMA, "weight gamma"), "weight gamma")
    v, n = field(game), len(game.players[0])
    opponents = Matrix(v[n:])
    size = opponents.dot(opponents)
    penalty = [diff(size, s) for s in game.players[0]]
    return v + gamma * Matrix([*penalty, *([0] * (len(v) - n))])


def _first_order(game: Game, *, gamma: Any = GAMMA) -> tuple[Expr, ...]:
    """That of the flow: the penalty has the step of the game."""
    return at_start(game, _penalized(game, gamma))


@rule("gradient-norm", first_order=_first_order)
def gradient_norm(game: Game, eta: Any, *, gamma: Any = GAMMA) -> Map:
    r"""Descent in which the generator also descends the size of the discriminator's gradient.

    .. math:: \theta^+ = \theta - \eta\,(\nabla_\theta\ell_0 + \gamma\nabla_\theta|v_\psi|^2),
              \qquad \psi^+ = \psi - \eta\, v_\psi.

    The penalty :math:`2\gamma J_{\psi\theta}^\top v_\psi` vanishes at an equilibrium, and the
    linearization there is the rule on the linearized game.

    Args:
        game: the game; player 0 bears the penalty on all others.
        eta: the step, or one step a player.
        gamma: its weight, in front of the square without a half.

    Raises:
        GameError: wrong steps, a game of one player; the game has a parameter called gamma
            itself and none is given.

    Source: Nagarajan and Kolter 2017, "Gradient descent GAN optimization is locally
    stable", section 4.

    >>> from symgan.games.quadratic import bilinear
    >>> gradient_norm(bilinear(), Symbol("eta", positive=True)).rhs[0]
    -eta*(2*gamma*theta - psi) + theta
    """
    return follow(game, eta, _penalized(game, gamma), gamma)


@flow("gradient-norm")
def gradient_norm_flow(game: Game, *, gamma: Any = GAMMA) -> Flow:
    r"""Flow with the gradient-norm penalty: :math:`\dot\theta = -\nabla_\theta(\ell_0 +
    \gamma|v_\psi|^2)`, :math:`\dot\psi = -v_\psi`.

    Args:
        game: the game; player 0 bears the penalty on all others.
        gamma: its weight, in front of the square without a half.

    Raises:
        GameError: as the rule's.

    Source: Nagarajan and Kolter 2017, section 4.

    >>> from symgan.games.quadratic import bilinear
    >>> gradient_norm_flow(bilinear()).rhs
    (-2*gamma*theta + psi, -theta)
    """
    return flowing(game, _penalized(game, gamma), gamma)


def _hamiltonian_field(game: Game) -> Matrix:
    r""":math:`J^\top v`, the gradient of :math:`|v|^2/2`."""
    return slope(game).T * field(game)


def _hamiltonian_first_order(game: Game) -> tuple[Expr, ...]:
    r""":math:`-J^\top v`: the losses are descended only as far as this does it."""
    return at_start(game, _hamiltonian_field(game))


@rule("hamiltonian", first_order=_hamiltonian_first_order)
def hamiltonian(game: Game, eta: Any) -> Map:
    r"""Hamiltonian gradient descent, :math:`x^+ = x - \eta\, J^\top v`, descent on :math:`|v|^2/2`.

    It goes to stationary points of any kind, minima and maxima of the losses alike, and to
    points where :math:`J^\top v = 0` though v is not. The linearization at an
    equilibrium, :math:`I - \eta J^\top J`, is the rule on the linearized game.

    Args:
        game: the game, any number of players.
        eta: the step, or one step a player.

    Raises:
        GameError: wrong steps.

    Source: Balduzzi et al. 2018, section 2; Abernethy, Lai and Wibisono 2019.

    >>> from symgan.games.quadratic import quadratic
    >>> hamiltonian(quadratic(2, 1, 0), Symbol("eta", positive=True)).rhs[1]
    -eta*(psi - 2*theta) + psi
    """
    return follow(game, eta, _hamiltonian_field(game))


@flow("hamiltonian")
def hamiltonian_flow(game: Game) -> Flow:
    r"""Hamiltonian gradient flow, :math:`\dot x = -J^\top v`, along which :math:`|v|` decreases.

    Args:
        game: the game, any number of players.

    Source: Balduzzi et al. 2018, section 2.

    >>> from symgan.games.quadratic import bilinear
    >>> hamiltonian_flow(bilinear()).rhs
    (-theta, -psi)
    """
    return flowing(game, _hamiltonian_field(game))

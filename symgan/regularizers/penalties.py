r"""Regularizers: a game with a penalty added to the loss of one player.

Gradient penalties look at the slope :math:`\nabla_x d` of the discriminator at data. In the
Dirac family, :math:`d(x) = \psi\cdot x`, it is :math:`\psi` everywhere, so R1, R2 and the
penalty at interpolates coincide up to their target. Other games state their slopes, for
example those over atoms (`symgan.games.atoms`: ``real_slopes``, ``fake_slopes``,
``slopes_between``).

A declared equilibrium is kept only where the penalized field is defined and zero there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sympy as sp

from symgan.catalog import regularizer
from symgan.errors import GameError
from symgan.game import Game, Point
from symgan.regularizers.adding import owned, penalized
from symgan.regularizers.adding import square as sum_of_squares

Slopes = Sequence[tuple[Any, Sequence[Any]]]
"""(weight, gradient of the discriminator in x) pairs, one a data point."""


@regularizer("r1")
def r1(
    game: Game,
    gamma: Any,
    *,
    slopes: Slopes | None = None,
    square: Any = None,
    player: int = 1,
) -> Game:
    r"""R1 gradient penalty: :math:`\frac\gamma2 E_{p_D}\|\nabla_x d\|^2` for the discriminator.

    Args:
        game: the game.
        gamma: the weight :math:`\gamma \ge 0`.
        slopes: (weight, :math:`\nabla_x d`) at the real data; unless given, the player's
            own parameters, which is right for :math:`d(x) = \psi\cdot x`.
        square: :math:`E_{p_D}\|\nabla_x d\|^2` itself, in the place of slopes (of a `Gan`, its
            ``real_square``).
        player: the discriminator.

    Raises:
        GameError: gamma is negative, the player does not exist, wrong slopes.

    Source: Mescheder et al. 2018, section 4.1.

    >>> from symgan.games.dirac import dirac
    >>> from symgan.losses import wasserstein
    >>> r1(dirac(wasserstein), sp.Symbol("gamma", positive=True)).v
    (psi, gamma*psi - theta)
    """
    return _halved(game, "r1", gamma, _mean_square(game, slopes, square, player), player)


@regularizer("r2")
def r2(
    game: Game,
    gamma: Any,
    *,
    slopes: Slopes | None = None,
    square: Any = None,
    player: int = 1,
) -> Game:
    r"""R2 gradient penalty: :math:`\frac\gamma2 E_{p_\theta}\|\nabla_x d\|^2`.

    The penalty belongs to the discriminator's loss alone: the generator, whose atoms the
    slopes are taken at, does not descend it.

    Args:
        game: the game.
        gamma: the weight :math:`\gamma \ge 0`.
        slopes: (weight, :math:`\nabla_x d`) at the generated data; otherwise as `r1`.
        square: :math:`E_{p_\theta}\|\nabla_x d\|^2` itself (of a `Gan`, its ``fake_square``).
        player: the discriminator.

    Raises:
        GameError: as `r1`.

    Source: Mescheder et al. 2018, section 4.1.

    >>> from symgan.games.dirac import dirac
    >>> gamma = sp.Symbol("gamma", positive=True)
    >>> r2(dirac(), gamma).v == r1(dirac(), gamma).v
    True
    """
    return _halved(game, "r2", gamma, _mean_square(game, slopes, square, player), player)


@regularizer("wgan-gp")
def wgan_gp(
    game: Game, gamma: Any, *, target: Any = 1, slopes: Slopes | None = None, player: int = 1
) -> Game:
    r"""WGAN-GP: :math:`\frac\gamma2 E_{\hat x}(\|\nabla_x d(\hat x)\| - g_0)^2`.

    On the Dirac family the penalty is :math:`\frac\gamma2(|\psi| - g_0)^2`, whatever the
    interpolates. It has no derivative at :math:`\psi = 0` for :math:`g_0 \ne 0`: its slope
    jumps from :math:`\gamma g_0` to :math:`-\gamma g_0`, so descent is driven away from
    :math:`\psi = 0` on both sides and the former equilibrium (0, 0) is none. Nor is there
    one at :math:`|\psi| = g_0`: the generator rests only where
    :math:`\psi f'(\psi\theta) = 0`. A loss with :math:`f' \ne 0` thus leaves the Dirac-GAN
    without any equilibrium; with :math:`f'(y_0) = 0` new ones appear at
    :math:`\psi = \pm g_0,\ \theta = y_0/\psi`.

    Args:
        game: the game.
        gamma: the weight :math:`\gamma \ge 0`.
        target: :math:`g_0`, the norm that the gradient is drawn to.
        slopes: (weight, :math:`\nabla_x d`) at the interpolates; otherwise as `r1`.
        player: the discriminator.

    Raises:
        GameError: as `r1`.

    Source: Gulrajani et al. 2017, equation (3), with :math:`\lambda = \gamma/2`; Mescheder
        et al. 2018, section 3.

    >>> from symgan.games.dirac import dirac
    >>> game = wgan_gp(dirac(), sp.Symbol("gamma", positive=True))
    >>> game.v[1], game.equilibrium
    (gamma*(Abs(psi) - 1)*sign(psi) - theta*f'(psi*theta), None)
    """
    target = sp.sympify(target)
    norms = [(w, sp.sqrt(sum_of_squares(g))) for w, g in _slopes(game, slopes, player)]
    penalty = sp.Add(*(w * (norm - target) ** 2 for w, norm in norms))
    smooth = target == 0 or all(_nonzero(norm, game.equilibrium) for _, norm in norms)
    found = _halved(game, "wgan-gp", gamma, penalty, player)
    return found if smooth else replace(found, equilibrium=None)


@regularizer("weight-decay")
def weight_decay(game: Game, gamma: Any, *, player: int = 1) -> Game:
    r"""Weight decay: :math:`\frac\gamma2\|x_i\|^2` for one player.

    Args:
        game: the game.
        gamma: the weight :math:`\gamma \ge 0`.
        player: whose parameters decay.

    Raises:
        GameError: gamma is negative, or the player does not exist.

    >>> from symgan.games.quadratic import bilinear
    >>> weight_decay(bilinear(), 3, player=0).v
    (-psi + 3*theta, theta)
    """
    return _halved(game, "weight-decay", gamma, sum_of_squares(owned(game, player)), player)


def _mean_square(game: Game, slopes: Slopes | None, square: Any, player: int) -> Any:
    """The mean squared slope, given or from the slopes."""
    if square is None:
        return sp.Add(*(w * sum_of_squares(g) for w, g in _slopes(game, slopes, player)))
    if slopes is not None:
        raise GameError("give a gradient penalty either slopes or their mean square, not both")
    return sp.sympify(square)


def _slopes(game: Game, slopes: Slopes | None, player: int) -> list[tuple[Any, tuple[Any, ...]]]:
    if slopes is None:
        return [(sp.Integer(1), owned(game, player))]
    found = [(sp.sympify(w), tuple(map(sp.sympify, g))) for w, g in slopes]
    if not found or any(w.is_negative for w, _ in found):
        raise GameError("a gradient penalty needs at least one slope, with weights that are >= 0")
    return found


def _halved(game: Game, name: str, gamma: Any, penalty: Any, player: int) -> Game:
    """The game with gamma/2 times a penalty in one player's loss."""
    return penalized(game, name, gamma, penalty / 2, player)


def _nonzero(norm: Any, point: Point | None) -> bool:
    """Whether a norm is certainly not zero at a point."""
    return point is not None and norm.subs(dict(point), simultaneous=True).is_positive is True

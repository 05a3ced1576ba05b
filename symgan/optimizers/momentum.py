r"""Gradient descent with momentum as PyTorch writes it, with the step outside the momentum."""

from __future__ import annotations

from typing import Any

from symgan.catalog import optimizer
from symgan.game import Game
from symgan.optimizers.near import momentum_near
from symgan.optimizers.turns import MOMENTUM, Order
from symgan.system import Map


@optimizer("momentum", near=momentum_near)
def momentum(
    game: Game,
    eta: Any,
    *,
    momentum: Any = MOMENTUM,
    nesterov: bool = False,
    weight_decay: Any = 0,
    order: Order = None,
) -> Map:
    r"""Momentum, :math:`b_{k+1} = \mu b_k + g_k`, :math:`x_{k+1} = x_k - \eta\, b_{k+1}`.

    Nesterov's form steps along :math:`g_k + \mu b_{k+1}`. The ball starts at rest, so that after
    the first step it is the gradient. For one step size this is the heavy ball of
    `symgan.rules`, with :math:`b_k = (x_{k-1} - x_k)/\eta`; a step that changes along the way is
    not, since here it multiplies all of the momentum.

    Args:
        game: the game, without drift and time.
        eta: the step, or one step a player.
        momentum: :math:`\mu`.
        nesterov: whether to look ahead.
        weight_decay: w, which adds w x to the gradient.
        order: as in `adam`.

    Raises:
        GameError: wrong steps, options out of range, or an order that leaves a player out.

    Source: Polyak 1964; Sutskever et al. 2013; ``torch.optim.SGD`` with ``dampening=0``.

    >>> from sympy import Rational, Symbol
    >>> from symgan.games.quadratic import bilinear
    >>> momentum(bilinear(), Symbol("eta", positive=True), momentum=Rational(1, 2)).rhs[::2]
    (-eta*(-psi + theta_ball/2) + theta, -psi + theta_ball/2)
    """
    return momentum_near(
        game, eta, momentum=momentum, nesterov=nesterov, weight_decay=weight_decay, order=order
    )

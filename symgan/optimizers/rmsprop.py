r"""RMSProp: the gradient divided by the root of a running mean of its squares."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Expr, Integer

from symgan.catalog import optimizer
from symgan.game import Game
from symgan.optimizers.near import rmsprop_near
from symgan.optimizers.turns import (
    ALPHA,
    BALL,
    CENTER,
    EPS,
    SQUARE,
    Entry,
    Order,
    along,
    decay_rate,
    nonnegative,
    optimized,
)
from symgan.system import Map


@optimizer("rmsprop", near=rmsprop_near)
def rmsprop(
    game: Game,
    eta: Any,
    *,
    alpha: Any = ALPHA,
    eps: Any = EPS,
    momentum: Any = 0,
    centered: bool = False,
    weight_decay: Any = 0,
    order: Order = None,
) -> Map:
    r"""RMSProp, :math:`x_{k+1} = x_k - \eta\, g_k/(\sqrt{s_{k+1}} + \epsilon)`.

    .. math:: s_{k+1} = \alpha s_k + (1 - \alpha)\, g_k^2

    Centered, the root is of :math:`s_{k+1} - a_{k+1}^2` with
    :math:`a_{k+1} = \alpha a_k + (1 - \alpha)\, g_k`. With a momentum the quotient drives a ball,
    :math:`b_{k+1} = \mu b_k + g_k/(\dots)`, :math:`x_{k+1} = x_k - \eta\, b_{k+1}`. Nothing is
    corrected for memory that starts at 0: the first step has length
    :math:`\eta/\sqrt{1 - \alpha}` where eps is 0.

    Args:
        game: the game, without drift and time.
        eta: the step, or one step a player.
        alpha: the decay of the mean of squares.
        eps: added outside the root.
        momentum: :math:`\mu`.
        centered: whether squares are taken about the mean.
        weight_decay: w, which adds w x to the gradient.
        order: as in `adam`.

    Raises:
        GameError: wrong steps, options out of range, or an order that leaves a player out.

    Source: Tieleman and Hinton 2012; centered: Graves 2013; ``torch.optim.RMSprop``.

    >>> from sympy import Symbol
    >>> from symgan.games.quadratic import bilinear
    >>> rmsprop(bilinear(), Symbol("eta", positive=True), alpha=0, eps=0).rhs[0]
    eta*psi/Abs(psi) + theta
    """
    a, e, mu = decay_rate(alpha, "alpha"), nonnegative(eps, "eps"), decay_rate(momentum, "momentum")

    def update(entry: Entry) -> tuple[Expr, ...]:
        square = a * entry.memory[0] + (1 - a) * entry.g**2
        centers = [a * center + (1 - a) * entry.g for center in entry.memory[1 : 1 + centered]]
        root = sp.sqrt(square - sum((c**2 for c in centers), Integer(0)))
        x, *ball = along(entry, entry.g / (root + e), entry.memory[1 + centered :], mu)
        return (x, square, *centers, *ball)

    kinds = (SQUARE, *((CENTER,) if centered else ()), *(() if mu == 0 else (BALL,)))
    w = nonnegative(weight_decay, "weight_decay")
    return optimized(game, eta, update, kinds, a, e, mu, order=order, decay=w, indexed=False)

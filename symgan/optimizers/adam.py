r"""Adam and its relatives: running means of gradients and of their squares, without bias."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Expr, Integer

from symgan.catalog import optimizer
from symgan.game import Game
from symgan.optimizers.near import adam_near, adamw_near, optimistic_adam_near
from symgan.optimizers.turns import (
    BEFORE,
    BETA1,
    BETA2,
    DECAY,
    EPS,
    MEAN,
    SQUARE,
    Entry,
    Order,
    Update,
    decay_rate,
    nonnegative,
    optimized,
)
from symgan.system import Map


@optimizer("adam", near=adam_near)
def adam(
    game: Game,
    eta: Any,
    *,
    beta1: Any = BETA1,
    beta2: Any = BETA2,
    eps: Any = EPS,
    weight_decay: Any = 0,
    bias_correction: bool = True,
    order: Order = None,
) -> Map:
    r"""Adam, :math:`x_{k+1} = x_k - \eta\,\hat m_{k+1}/(\sqrt{\hat s_{k+1}} + \epsilon)`.

    With g = v + w x the gradient, w the weight decay, entry by entry

    .. math:: m_{k+1} &= \beta_1 m_k + (1 - \beta_1)\, g_k, &
              \hat m_{k+1} &= m_{k+1}/(1 - \beta_1^{k+1}), \\
              s_{k+1} &= \beta_2 s_k + (1 - \beta_2)\, g_k^2, &
              \hat s_{k+1} &= s_{k+1}/(1 - \beta_2^{k+1}).

    Memory starts at 0. A player with several turns a round counts its own steps.

    Args:
        game: the game, without drift and time.
        eta: the step, or one step a player.
        beta1, beta2: the decay of the two means.
        eps: added outside the root.
        weight_decay: w.
        bias_correction: whether means are divided by what they lack at the start; without it
            the map is autonomous, and is what Adam tends to as k grows.
        order: the players in the order of their turns in a round, with repetitions, each on
            what the others left; None moves all at once.

    Raises:
        GameError: wrong steps, options out of range, or an order that leaves a player out.

    Source: Kingma and Ba 2015, algorithm 1; ``torch.optim.Adam``.

    >>> from sympy import Symbol
    >>> from symgan.games.quadratic import bilinear
    >>> step = adam(bilinear(), Symbol("eta", positive=True), beta1=0, beta2=0, eps=0)
    >>> step.rhs[0], step.index
    (eta*psi/Abs(psi) + theta, k)
    """
    options = _options(beta1, beta2, eps)
    w = nonnegative(weight_decay, "weight_decay")

    def update(entry: Entry) -> tuple[Expr, ...]:
        direction, mean, square = _direction(entry, *options, bias_correction)
        return entry.x - entry.eta * direction, mean, square

    return _map(game, eta, update, (MEAN, SQUARE), options, order, w, bias_correction)


@optimizer("adamw", near=adamw_near)
def adamw(
    game: Game,
    eta: Any,
    *,
    beta1: Any = BETA1,
    beta2: Any = BETA2,
    eps: Any = EPS,
    weight_decay: Any = DECAY,
    bias_correction: bool = True,
    order: Order = None,
) -> Map:
    r"""AdamW: `adam` with the weight decay beside the gradient instead of in it.

    .. math:: x_{k+1} = (1 - \eta w)\, x_k - \eta\,\hat m_{k+1}/(\sqrt{\hat s_{k+1}} + \epsilon)

    Args:
        game, eta, beta1, beta2, eps, weight_decay, bias_correction, order: as in `adam`.

    Raises:
        GameError: as `adam`.

    Source: Loshchilov and Hutter 2019, "Decoupled weight decay regularization";
    ``torch.optim.AdamW``.

    >>> from sympy import Symbol
    >>> from symgan.games.quadratic import bilinear
    >>> step = adamw(bilinear(), Symbol("eta", positive=True), beta1=0, beta2=0, eps=0)
    >>> step.rhs[0]
    eta*psi/Abs(psi) + theta*(1 - eta/100)
    """
    options = _options(beta1, beta2, eps)
    w = nonnegative(weight_decay, "weight_decay")

    def update(entry: Entry) -> tuple[Expr, ...]:
        direction, mean, square = _direction(entry, *options, bias_correction)
        return (1 - entry.eta * w) * entry.x - entry.eta * direction, mean, square

    none = Integer(0)
    return _map(game, eta, update, (MEAN, SQUARE), (*options, w), order, none, bias_correction)


@optimizer("optimistic-adam", near=optimistic_adam_near)
def optimistic_adam(
    game: Game,
    eta: Any,
    *,
    beta1: Any = BETA1,
    beta2: Any = BETA2,
    eps: Any = EPS,
    bias_correction: bool = True,
    order: Order = None,
) -> Map:
    r"""Optimistic Adam, :math:`x_{k+1} = x_k - 2\eta\,u_{k+1} + \eta\,u_k`, with Adam's direction

    .. math:: u_{k+1} = \hat m_{k+1}/(\sqrt{\hat s_{k+1}} + \epsilon), \qquad u_0 = 0.

    Args:
        game, eta, beta1, beta2, eps, bias_correction, order: as in `adam`.

    Raises:
        GameError: as `adam`.

    Source: Daskalakis et al. 2018, "Training GANs with optimism", algorithm 1, whose moments,
    and so the direction before the first step, are 0.

    >>> from sympy import Symbol
    >>> from symgan.games.quadratic import bilinear
    >>> step = optimistic_adam(bilinear(), Symbol("eta", positive=True), beta1=0, beta2=0, eps=0)
    >>> step.rhs[0]
    -eta*(-2*psi/Abs(psi) - theta_before) + theta
    """
    options = _options(beta1, beta2, eps)

    def update(entry: Entry) -> tuple[Expr, ...]:
        direction, mean, square = _direction(entry, *options, bias_correction)
        return entry.x - entry.eta * (2 * direction - entry.memory[2]), mean, square, direction

    kinds = (MEAN, SQUARE, BEFORE)
    return _map(game, eta, update, kinds, options, order, Integer(0), bias_correction)


def _options(beta1: Any, beta2: Any, eps: Any) -> tuple[Expr, Expr, Expr]:
    return decay_rate(beta1, "beta1"), decay_rate(beta2, "beta2"), nonnegative(eps, "eps")


def _direction(
    entry: Entry, beta1: Expr, beta2: Expr, eps: Expr, bias_correction: bool
) -> tuple[Expr, Expr, Expr]:
    r""":math:`\hat m/(\sqrt{\hat s} + \epsilon)`, and the two means."""
    mean = beta1 * entry.memory[0] + (1 - beta1) * entry.g
    square = beta2 * entry.memory[1] + (1 - beta2) * entry.g**2
    lack1, lack2 = (1 - b**entry.count if bias_correction else 1 for b in (beta1, beta2))
    return mean / lack1 / (sp.sqrt(square) / sp.sqrt(lack2) + eps), mean, square


def _map(
    game: Game,
    eta: Any,
    update: Update,
    kinds: tuple[str, ...],
    options: tuple[Expr, ...],
    order: Order,
    decay: Expr,
    indexed: bool,
) -> Map:
    return optimized(game, eta, update, kinds, *options, order=order, decay=decay, indexed=indexed)

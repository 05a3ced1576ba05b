r"""Optimizers near an equilibrium, where what they divide by is :math:`\epsilon`.

Let v vanish at x, with memory at rest there: all of it 0. For :math:`\epsilon > 0` Adam's map has
a derivative at that point, though none is found by differentiating its formula, since roots of
squares do not have one. With m the mean of gradients and s that of squares, both after the step
and free of bias,

.. math:: \frac{m}{\sqrt s + \epsilon} = \frac m\epsilon
          - \frac{m \sqrt s}{\epsilon(\sqrt s + \epsilon)}, \qquad
          \Big|\frac{m \sqrt s}{\epsilon(\sqrt s + \epsilon)}\Big|
          \le \frac{|m| \sqrt s}{\epsilon^2}.

At a distance r from the point in all of the state, m and s are at most a constant times r, and
the last term at most a constant times :math:`r^{3/2}`, in every iteration alike. So the derivative
is that of the map with :math:`\epsilon` for the denominator, which is smooth. Squares follow and
do not act back: they bring the eigenvalue :math:`\beta_2` and nothing else. The bias correction
multiplies the step by :math:`1/(1 - \beta_1^{k+1})`, which tends to 1 geometrically.

Hence: the equilibrium is exponentially stable under Adam if all eigenvalues of the smooth map's
Jacobian are inside the unit circle, and unstable if one is outside; `symgan.step_bound` of the
smooth map gives the exact steps. On a loss with the second derivative h it is

.. math:: \eta < \frac{2\,\epsilon\,(1 + \beta_1)}{h\,(1 - \beta_1)},

which with PyTorch's defaults is :math:`3.8 \cdot 10^{-7}/h`. At an ordinary step the equilibrium is
unstable, and Adam comes near it all the same: squares remember larger gradients, and divide by
more than :math:`\epsilon`. Once their root has decayed to
:math:`\eta h(1 - \beta_1)/(2(1 + \beta_1))`, what is left of the distance grows again. Where
squares forget slowly, as with PyTorch's :math:`\beta_2`, that may be less than the smallest
floating-point number, and rounding decides whether the orbit ever returns.

With :math:`\epsilon = 0` nothing is stable at all: the first step moves every entry with a
gradient by :math:`\eta` exactly.

The same holds for the others: the quotient of RMSProp, centered or not, differs from
:math:`v/\epsilon` by :math:`O(r^{3/2})`; momentum is smooth, and its own map is returned.

Source: derived here; for the bound on preconditioned curvature away from equilibria see Cohen
et al. 2022, "Adaptive gradient methods at the edge of stability".
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer

from symgan.game import Game
from symgan.optimizers.turns import (
    ALPHA,
    BALL,
    BEFORE,
    BETA1,
    BETA2,
    DECAY,
    EPS,
    MEAN,
    MOMENTUM,
    Entry,
    Order,
    along,
    decay_rate,
    nonnegative,
    optimized,
    positive_eps,
)
from symgan.system import Map


def adam_near(
    game: Game,
    eta: Any,
    *,
    beta1: Any = BETA1,
    beta2: Any = BETA2,
    eps: Any = EPS,
    weight_decay: Any = 0,
    order: Order = None,
) -> Map:
    r"""Adam near an equilibrium: momentum with the step :math:`\eta/\epsilon`.

    .. math:: m^+ = \beta_1 m + (1 - \beta_1)\, v(x), \qquad x^+ = x - (\eta/\epsilon)\, m^+

    The step set of this map is that of Adam, whatever :math:`\beta_2` is.

    Args:
        game, eta, beta1, eps, weight_decay, order: as in `adam`; eps is positive.
        beta2: of no influence.

    Raises:
        GameError: as `adam`, or eps = 0.

    >>> from sympy import Symbol
    >>> from symgan.games.quadratic import bilinear
    >>> adam_near(bilinear(), Symbol("eta", positive=True), beta1=0, eps=1).rhs[:2]
    (eta*psi + theta, -eta*theta + psi)
    """
    b, below = decay_rate(beta1, "beta1"), positive_eps(eps)
    decay_rate(beta2, "beta2")

    def update(entry: Entry) -> tuple[Expr, ...]:
        mean = b * entry.memory[0] + (1 - b) * entry.g
        return entry.x - entry.eta / below * mean, mean

    w = nonnegative(weight_decay, "weight_decay")
    return optimized(game, eta, update, (MEAN,), b, below, order=order, decay=w, indexed=False)


def adamw_near(
    game: Game,
    eta: Any,
    *,
    beta1: Any = BETA1,
    beta2: Any = BETA2,
    eps: Any = EPS,
    weight_decay: Any = DECAY,
    order: Order = None,
) -> Map:
    r"""AdamW near a point where both v and w x vanish: `adam_near` with a shrinking state.

    .. math:: x^+ = (1 - \eta w)\, x - (\eta/\epsilon)\, m^+

    Where v does not vanish at a fixed point, AdamW without bias correction is smooth there, and
    its own Jacobian answers.

    Args:
        game, eta, beta1, eps, weight_decay, order: as in `adamw`; eps is positive.
        beta2: of no influence.

    Raises:
        GameError: as `adamw`, or eps = 0.
    """
    b, below = decay_rate(beta1, "beta1"), positive_eps(eps)
    decay_rate(beta2, "beta2")
    w = nonnegative(weight_decay, "weight_decay")

    def update(entry: Entry) -> tuple[Expr, ...]:
        mean = b * entry.memory[0] + (1 - b) * entry.g
        return (1 - entry.eta * w) * entry.x - entry.eta / below * mean, mean

    none = Integer(0)
    return optimized(
        game, eta, update, (MEAN,), b, below, w, order=order, decay=none, indexed=False
    )


def optimistic_adam_near(
    game: Game,
    eta: Any,
    *,
    beta1: Any = BETA1,
    beta2: Any = BETA2,
    eps: Any = EPS,
    order: Order = None,
) -> Map:
    r"""Optimistic Adam near an equilibrium: averaged gradients with the step :math:`\eta/\epsilon`.

    .. math:: m^+ = \beta_1 m + (1 - \beta_1)\, v(x), \quad u^+ = m^+/\epsilon, \quad
              x^+ = x - 2\eta\, u^+ + \eta\, u

    Args:
        game, eta, beta1, eps, order: as in `optimistic_adam`; eps is positive.
        beta2: of no influence.

    Raises:
        GameError: as `optimistic_adam`, or eps = 0.
    """
    b, below = decay_rate(beta1, "beta1"), positive_eps(eps)
    decay_rate(beta2, "beta2")

    def update(entry: Entry) -> tuple[Expr, ...]:
        mean, before = entry.memory
        mean = b * mean + (1 - b) * entry.g
        return entry.x - entry.eta * (2 * mean / below - before), mean, mean / below

    none = Integer(0)
    return optimized(
        game, eta, update, (MEAN, BEFORE), b, below, order=order, decay=none, indexed=False
    )


def rmsprop_near(
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
    r"""RMSProp near an equilibrium: momentum descent with the step :math:`\eta/\epsilon`.

    .. math:: b^+ = \mu b + v(x)/\epsilon, \qquad x^+ = x - \eta\, b^+

    Args:
        game, eta, eps, momentum, weight_decay, order: as in `rmsprop`; eps is positive.
        alpha, centered: of no influence.

    Raises:
        GameError: as `rmsprop`, or eps = 0.

    >>> from sympy import Symbol
    >>> from symgan.games.quadratic import bilinear
    >>> rmsprop_near(bilinear(), Symbol("eta", positive=True), eps=1).rhs
    (eta*psi + theta, -eta*theta + psi)
    """
    mu, below = decay_rate(momentum, "momentum"), positive_eps(eps)
    decay_rate(alpha, "alpha")
    del centered

    def update(entry: Entry) -> tuple[Expr, ...]:
        return along(entry, entry.g / below, entry.memory, mu)

    w, kinds = nonnegative(weight_decay, "weight_decay"), () if mu == 0 else (BALL,)
    return optimized(game, eta, update, kinds, mu, below, order=order, decay=w, indexed=False)


def momentum_near(
    game: Game,
    eta: Any,
    *,
    momentum: Any = MOMENTUM,
    nesterov: bool = False,
    weight_decay: Any = 0,
    order: Order = None,
) -> Map:
    r"""Momentum near an equilibrium: the map itself, which is smooth and autonomous.

    Args:
        game, eta, momentum, nesterov, weight_decay, order: as in `momentum`.

    Raises:
        GameError: as `momentum`.
    """
    mu = decay_rate(momentum, "momentum")

    def update(entry: Entry) -> tuple[Expr, ...]:
        ball = mu * entry.memory[0] + entry.g
        return entry.x - entry.eta * (entry.g + mu * ball if nesterov else ball), ball

    w = nonnegative(weight_decay, "weight_decay")
    return optimized(game, eta, update, (BALL,), mu, order=order, decay=w, indexed=False)

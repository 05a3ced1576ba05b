r"""The tiny-GAN, autonomous and annealed.

Real data sits at one point :math:`\alpha`, the generator makes one point
:math:`\theta`, the discriminator is linear, :math:`D_\psi(x) = \psi x`:

.. math:: L(\theta, \psi, \alpha) = f(\psi\theta) + f(-\psi\alpha).

Annealing moves :math:`\alpha` along a schedule; with the switch :math:`\lambda = 1` the
data point also takes part in the game.

Source: the annealed paper, equations (4)-(7).
"""

from __future__ import annotations

from typing import Any, Literal

import sympy as sp
from sympy import Expr, Symbol

from symgan.catalog import game
from symgan.differentiation import diff
from symgan.game import Game, zero_sum
from symgan.losses import ScalarLoss, wasserstein

theta, psi, alpha = sp.symbols("theta psi alpha", real=True)
alpha_r, alpha_0 = sp.symbols("alpha_r alpha_0", real=True)
T, tau = sp.symbols("T tau", positive=True)
t = Symbol("t", nonnegative=True)

Side = Literal["generator", "discriminator"]


@game("tiny-gan")
def tiny_gan(loss: ScalarLoss = wasserstein, location: Any = alpha_r) -> Game:
    r"""Autonomous tiny-GAN, :math:`L(\theta, \psi) = f(\psi\theta) + f(-\psi\alpha_r)`.

    Args:
        loss: the scalar loss f.
        location: where the real data sits.

    Source: annealed, equations (4) and (5).

    >>> tiny_gan().flow().rhs
    (-psi, -alpha_r + theta)
    """
    location = sp.sympify(location)
    payoff = loss(psi * theta) + loss(-psi * location)
    return zero_sum(
        payoff,
        minimize=theta,
        maximize=psi,
        name="tiny-gan",
        parameters=_parameters(payoff, state=(theta, psi)),
        equilibrium={theta: location, psi: sp.Integer(0)},
        source="annealed, eqs. (4)-(5)",
    )


def _parameters(*expressions: Expr, state: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
    """The symbols of a game that are neither state nor time."""
    found: set[Any] = set().union(*(e.free_symbols for e in expressions))
    return tuple(sorted(found - set(state), key=str))


def exponential_schedule(start: Any = alpha_0, target: Any = alpha_r, scale: Any = T) -> Expr:
    r"""The exponential schedule :math:`\alpha(t) = (\alpha_0 - \alpha_r)e^{-t/T} + \alpha_r`.

    Source: annealed, equation (6).

    >>> exponential_schedule().subs(t, 0)
    alpha_0
    """
    start, target = sp.sympify(start), sp.sympify(target)
    return (start - target) * sp.exp(-t / scale) + target


def linear_ramp(start: Any = alpha_0, target: Any = alpha_r, duration: Any = tau) -> Expr:
    r"""A linear ramp from start to target over :math:`0 \le t \le \tau`, constant after.

    >>> linear_ramp(1, 3, 2).subs(t, 1)
    2
    """
    start, target = sp.sympify(start), sp.sympify(target)
    rising = start + (target - start) * t / duration
    return sp.Piecewise((rising, t < duration), (target, True))


@game("annealed")
def annealed(
    loss: ScalarLoss = wasserstein,
    *,
    switch: Any = 0,
    side: Side = "generator",
    schedule: Expr | None = None,
) -> Game:
    r"""Annealed tiny-GAN: the data point follows a schedule, and the game if the switch is on.

    The data point is a third player. With ``side="generator"`` it descends
    :math:`\lambda L` (the "SGD update" that Figure 1(b) needs), with
    ``side="discriminator"`` it ascends (the sign that equation (7) prints):

    .. math:: \dot\alpha = \pm\lambda\,\psi f'(-\psi\alpha) + \dot\alpha_{\text{schedule}}(t).

    Args:
        loss: the scalar loss f.
        switch: :math:`\lambda`, 0 (beta-GAN), 1 (beta'-GAN) or a symbol.
        side: with whom the data point plays when the switch is on.
        schedule: :math:`\alpha(t)` in the symbol `t`; exponential unless given. Its
            derivative is the drift.

    Source: annealed, equation (7).

    >>> annealed().flow().rhs[:2]
    (-psi, -alpha + theta)
    """
    switch = sp.sympify(switch)
    schedule = exponential_schedule() if schedule is None else schedule
    payoff = loss(psi * theta) + loss(-psi * alpha)
    sign = 1 if side == "generator" else -1
    drift = diff(schedule, t)
    fixed = _parameters(payoff, switch, drift, state=(theta, psi, alpha, t))
    return Game(
        name="annealed",
        players=((theta,), (psi,), (alpha,)),
        losses=(payoff, -payoff, sign * switch * payoff),
        parameters=fixed,
        time=t,
        drift=(sp.Integer(0), sp.Integer(0), drift),
        source="annealed, eq. (7)",
    )

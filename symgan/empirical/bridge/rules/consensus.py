r"""Rules :math:`x^+ = x - \eta F(x)` whose F is made of v and products with its Jacobian."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symgan.empirical.bridge.fields import Linearization
from symgan.empirical.bridge.nests import dot, plus, times, zeros
from symgan.empirical.bridge.players import Parameters, Players, Times
from symgan.empirical.bridge.rules.steps import Descent, descent, positive, setting, torch_rule
from symgan.empirical.bridge.update import Moved, Update
from symgan.errors import GameError


def _follow(players: Players, step: Descent, F: Callable[[Linearization], Parameters]) -> Update:
    def advance(x: Parameters, memory: Any, k: int, draw: Any) -> Moved:
        def at(now: Times) -> Moved:
            field = F(step.line(x, now, draw(0)))
            return Moved(plus(x, times(field, [-h for h in step.steps])))

        return step.at_clocks(k, at)

    return Update(players, advance, updates=len(step.steps))


@torch_rule("consensus")
def consensus(players: Players, eta: Any, *, gamma: Any) -> Update:
    r"""Consensus optimization, :math:`x^+ = x - \eta\,(v + \gamma J^\top v)`.

    Args:
        players: who moves.
        eta: the step, or one step a player.
        gamma: the weight of :math:`|v|^2/2`.

    Raises:
        GameError: wrong steps or no weight.

    Source: Mescheder, Nowozin and Geiger 2017, "The numerics of GANs", algorithm 1.
    """
    weight = setting(gamma, "weight gamma")
    return _follow(
        players, descent(players, eta), lambda at: plus(at.field, at.vjp(at.field), weight)
    )


@torch_rule("hamiltonian")
def hamiltonian(players: Players, eta: Any) -> Update:
    r"""Hamiltonian gradient descent, :math:`x^+ = x - \eta\, J^\top v`, descent on :math:`|v|^2/2`.

    Args:
        players: who moves.
        eta: the step, or one step a player.

    Raises:
        GameError: wrong steps.

    Source: Balduzzi et al. 2018, section 2; Abernethy, Lai and Wibisono 2019.
    """
    return _follow(players, descent(players, eta), lambda at: at.vjp(at.field))


@torch_rule("gradient-norm")
def gradient_norm(players: Players, eta: Any, *, gamma: Any) -> Update:
    r"""Descent in which the generator also descends the size of the discriminator's gradient.

    .. math:: \theta^+ = \theta - \eta\,(\nabla_\theta\ell_0 + \gamma\nabla_\theta|v_\psi|^2),
              \qquad \psi^+ = \psi - \eta\, v_\psi.

    Args:
        players: who moves; player 0 bears the penalty on all others.
        eta: the step, or one step a player.
        gamma: its weight, in front of the square without a half.

    Raises:
        GameError: wrong steps, or one player alone.

    Source: Nagarajan and Kolter 2017, "Gradient descent GAN optimization is locally
    stable", section 4.
    """
    if len(players.parameters) < 2:
        raise GameError("the gradient norm is that of the opponents, and this game has one player")
    weight = 2 * setting(gamma, "weight gamma")

    def F(at: Linearization) -> Parameters:
        first, *others = at.field
        pulled = at.vjp((zeros((first,))[0], *others))[0]
        return (plus((first,), (pulled,), weight)[0], *others)

    return _follow(players, descent(players, eta), F)


@torch_rule("symplectic-adjustment")
def symplectic_adjustment(
    players: Players, eta: Any, *, lam: Any = 1, align: bool = False, epsilon: Any = 0.1
) -> Update:
    r"""Symplectic gradient adjustment, :math:`x^+ = x - \eta\,(v + \lambda A^\top v)`.

    Here :math:`A = (J - J^\top)/2`. Aligned, :math:`\lambda` takes the sign of
    :math:`\langle v, J^\top v\rangle\langle A^\top v, J^\top v\rangle + \varepsilon`.

    Args:
        players: who moves.
        eta: the step, or one step a player.
        lam: the weight :math:`\lambda`, of either sign.
        align: whether its sign follows the state.
        epsilon: what decides the sign where the products are zero, positive.

    Raises:
        GameError: wrong steps, or an epsilon that is not positive.

    Source: Balduzzi et al. 2018, "The mechanics of n-player differentiable games",
    definition 3 and algorithm 1.
    """
    weight, least = setting(lam, "weight lambda"), positive(epsilon, "epsilon") if align else 0.0

    def F(at: Linearization) -> Parameters:
        v, uphill = at.field, at.vjp(at.field)
        turned = at.rotation(v)
        sign = 1.0
        if align:
            sign = float((dot(v, uphill) * dot(turned, uphill) + least).sign())
        return plus(v, turned, weight * sign)

    return _follow(players, descent(players, eta), F)

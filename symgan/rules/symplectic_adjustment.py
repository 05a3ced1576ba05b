r"""Symplectic gradient adjustment: the rotating part of the Jacobian bends the gradient."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Rational

from symgan.catalog import flow, rule
from symgan.errors import GameError
from symgan.game import Game
from symgan.rules.fields import at_start, field, flowing, follow, slope
from symgan.rules.steps import setting
from symgan.system import Flow, Map

EPSILON = Rational(1, 10)
"""What decides the sign of an aligned adjustment where the products are zero."""


def _field(game: Game, lam: Any, align: bool, epsilon: Any) -> Matrix:
    r""":math:`v + \lambda A^\top v` with :math:`A = (J - J^\top)/2`."""
    v, J = field(game), slope(game)
    A = (J - J.T) / 2
    return v + _weight(lam) * _alignment(v, J, A, align, epsilon) * A.T * v


def _alignment(v: Matrix, J: Matrix, A: Matrix, align: bool, epsilon: Any) -> Expr:
    r"""1, or :math:`\operatorname{sign}(\langle v, J^\top v\rangle
    \langle A^\top v, J^\top v\rangle + \varepsilon)`."""
    if not align:
        return sp.Integer(1)
    epsilon = setting(epsilon, "epsilon")
    if epsilon.is_positive is False:
        raise GameError(f"epsilon = {epsilon} is not positive; the sign would be open at rest")
    uphill = J.T * v
    return sp.sign(v.dot(uphill) * (A.T * v).dot(uphill) + epsilon)


def _weight(lam: Any) -> Expr:
    return setting(lam, "weight lambda")


def _first_order(
    game: Game, *, lam: Any = 1, align: bool = False, epsilon: Any = EPSILON
) -> tuple[Expr, ...]:
    """That of the flow: the adjustment has the step of the game."""
    return at_start(game, _field(game, lam, align, epsilon))


@rule("symplectic-adjustment", first_order=_first_order)
def symplectic_adjustment(
    game: Game, eta: Any, *, lam: Any = 1, align: bool = False, epsilon: Any = EPSILON
) -> Map:
    r"""Symplectic gradient adjustment, :math:`x^+ = x - \eta\,(v + \lambda A^\top v)`.

    Here :math:`A = (J - J^\top)/2`. Aligned, :math:`\lambda` takes the sign of
    :math:`\langle v, J^\top v\rangle\langle A^\top v, J^\top v\rangle + \varepsilon`, which turns
    the field towards stable equilibria and away from unstable ones; at an equilibrium it is
    :math:`+1`. The linearization there, :math:`I - \eta(J + \lambda A^\top J)`, is the rule
    on the linearized game.

    Args:
        game: the game, any number of players.
        eta: the step, or one step a player.
        lam: the weight :math:`\lambda`, of either sign.
        align: whether its sign follows the state.
        epsilon: what decides the sign where the products are zero, positive.

    Raises:
        GameError: wrong steps, or an epsilon that is not positive.

    Source: Balduzzi et al. 2018, "The mechanics of n-player differentiable games",
    definition 3 and algorithm 1.

    >>> from sympy import Symbol
    >>> from symgan.games.quadratic import bilinear
    >>> symplectic_adjustment(bilinear(), Symbol("eta", positive=True), lam=2).rhs[0]
    -eta*(-psi + 2*theta) + theta
    """
    return follow(game, eta, _field(game, lam, align, epsilon), lam, *_used(align, epsilon))


@flow("symplectic-adjustment")
def symplectic_adjustment_flow(
    game: Game, *, lam: Any = 1, align: bool = False, epsilon: Any = EPSILON
) -> Flow:
    r"""Symplectically adjusted flow, :math:`\dot x = -(v + \lambda A^\top v)`.

    Args:
        game: the game, any number of players.
        lam: the weight :math:`\lambda`, of either sign.
        align: whether its sign follows the state.
        epsilon: what decides the sign where the products are zero, positive.

    Raises:
        GameError: an epsilon that is not positive.

    Source: Balduzzi et al. 2018, section 3.

    >>> from symgan.games.quadratic import bilinear
    >>> symplectic_adjustment_flow(bilinear()).rhs
    (psi - theta, -psi - theta)
    """
    return flowing(game, _field(game, lam, align, epsilon), lam, *_used(align, epsilon))


def _used(align: bool, epsilon: Any) -> tuple[Any, ...]:
    return (epsilon,) if align else ()

r"""Extragradient: look ahead along the gradient, then step with the gradient found there."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Matrix

from symgan.catalog import rule
from symgan.errors import GameError
from symgan.game import Game
from symgan.rules.steps import (
    INDEX,
    assemble,
    descent,
    field_at_start,
    remembered,
    setting,
)
from symgan.system import Map


def _first_order(game: Game, **_: Any) -> tuple[Expr, ...]:
    """That of plain descent: extrapolation shows from the second order on."""
    return field_at_start(game)


def _extrapolation(value: Any) -> Expr:
    value = setting(value, "extrapolation")
    if value.is_positive is False:
        raise GameError(
            f"extrapolation = {value} is not positive; it is the ratio of two steps, 1 as printed"
        )
    return value


@rule("extragradient", first_order=_first_order)
def extragradient(game: Game, eta: Any, *, extrapolation: Any = 1) -> Map:
    r"""Extragradient, :math:`x^+ = x - \eta\, v(x - \eta\, v(x))`.

    On a game with time the half-step stands for the next iteration: there the field is
    taken at :math:`(k + 1)\eta`.

    Args:
        game: the game.
        eta: the step, or one step a player.
        extrapolation: the extrapolating step in units of eta.

    Raises:
        GameError: wrong steps, or an extrapolation that is not positive.

    Source: Korpelevich 1976.

    >>> from sympy import Symbol, expand
    >>> from symgan.games.quadratic import bilinear
    >>> step = extragradient(bilinear(), Symbol("eta", positive=True))
    >>> tuple(expand(f) for f in step.rhs)
    (-eta**2*theta + eta*psi + theta, -eta**2*psi - eta*theta + psi)
    """
    extrapolation = _extrapolation(extrapolation)
    x, k, move = Matrix(game.state), INDEX, descent(game, eta)
    half = x + extrapolation * move(x, k)
    rhs = x + move(half, k + 1)
    return assemble(game, rhs, eta, extrapolation, updates=2 * len(game.players))


@rule("past-extragradient", first_order=_first_order)
def past_extragradient(game: Game, eta: Any, *, extrapolation: Any = 1) -> Map:
    r"""Extragradient that extrapolates with the gradient of the previous half-step.

    .. math:: y_k = x_k - \eta\, v(y_{k-1}), \qquad x_{k+1} = x_k - \eta\, v(y_k).

    One fresh gradient an iteration. The half-step is memory; :math:`y_{-1} = x_0`.

    Args:
        game: the game.
        eta: the step, or one step a player.
        extrapolation: the extrapolating step in units of eta.

    Raises:
        GameError: wrong steps, or an extrapolation that is not positive.

    Source: Popov 1980; Gidel et al. 2019, "A variational inequality perspective on GANs".

    >>> from sympy import Symbol
    >>> from symgan.games.quadratic import bilinear
    >>> past_extragradient(bilinear(), Symbol("eta", positive=True)).state
    (theta, psi, theta_half, psi_half)
    """
    extrapolation = _extrapolation(extrapolation)
    memory = remembered(game, "half")
    x, last, k, move = Matrix(game.state), Matrix(memory), INDEX, descent(game, eta)
    half = x + extrapolation * move(last, k)
    rhs = Matrix([x + move(half, k + 1), half])
    return assemble(game, rhs, eta, extrapolation, memory=memory, updates=len(game.players))

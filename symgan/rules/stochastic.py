r"""Noisy descent with decaying steps, one sequence a player: the two-time-scale recursion."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Matrix, Symbol

from symgan.errors import GameError
from symgan.game import Game
from symgan.rules.steps import INDEX, new_symbols, per_player, spread
from symgan.system import Map


def stochastic(game: Game, steps: Any, *, noise: Any = 1) -> Map:
    r"""Descent with noise, :math:`x_i^+ = x_i - a_i(k)\,(v_i(x) + \sigma_i\xi_i)`.

    No rule of the catalog: its map draws noise, one symbol ``xi_x`` a state symbol x, and its
    steps depend on the iteration. With :math:`a_k = o(b_k)` for the players' steps a and b it
    is the two-time-scale recursion.

    Args:
        game: the game, without time.
        steps: one expression in the iteration ``INDEX``, or one a player; positive.
        noise: the standard deviation :math:`\sigma`, or one a player; the :math:`\xi` have
            mean zero and variance one.

    Raises:
        GameError: a game with time, a wrong number of steps, or a step that is not positive at
            the first iteration.

    Source: Borkar 1997, "Stochastic approximation with two time scales"; Heusel et al. 2017,
    equation (1).

    >>> from symgan.games.quadratic import bilinear
    >>> stochastic(bilinear(), (1/(INDEX + 1), sp.Integer(1)/10), noise=0).rhs
    (psi/(k + 1) + theta, psi - theta/10)
    """
    if game.time is not None:
        raise GameError("noisy descent with its own step sequence needs a game without time")
    sizes = per_player(game, steps, "step size")
    deviations = per_player(game, noise, "noise level")
    for size in sizes:
        if size.subs(INDEX, 0).is_positive is False or size.subs(INDEX, 0).has(sp.zoo, sp.nan):
            raise GameError(f"the step {size} is not positive at iteration 0; shift its index")
    draws = tuple(Symbol(f"xi_{s.name}", real=True) for s in game.state)
    pairs = zip(
        game.state, spread(game, sizes), game.v, spread(game, deviations), draws, strict=True
    )
    rhs = Matrix([x - a * (v + sigma * xi) for x, a, v, sigma, xi in pairs])
    settings = [e.subs(INDEX, 0) for e in (*sizes, *deviations)]
    return Map(
        game.state,
        tuple(rhs),
        parameters=(*game.parameters, *new_symbols(game, *settings)),
        index=INDEX,
        noise=draws,
        updates=len(game.players),
    )

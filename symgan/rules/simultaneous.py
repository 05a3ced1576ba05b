r"""Simultaneous gradient descent."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.catalog import rule
from symgan.errors import GameError
from symgan.game import Game
from symgan.system import Map

INDEX = Symbol("k", integer=True, nonnegative=True)


def player_steps(game: Game, eta: Any) -> tuple[Expr, ...]:
    """One step a player from a step or a tuple of steps.

    Raises:
        GameError: the number of steps is not the number of players, or a step is a
            number that is not positive.
    """
    steps = tuple(eta) if isinstance(eta, tuple | list) else (eta,) * len(game.players)
    if len(steps) != len(game.players):
        raise GameError(
            f"{len(steps)} step sizes for {len(game.players)} players; give one, or one a player"
        )
    steps = tuple(sp.sympify(step) for step in steps)
    for step in steps:
        if step.is_positive is False:
            raise GameError(f"the step size {step} is not positive; give a positive step")
    return steps


def stage(game: Game, steps: dict[int, Expr], *, clock: Expr | None = None) -> Map:
    r"""The map in which some players take one gradient step and the rest stand still.

    Args:
        game: the game.
        steps: player index -> step.
        clock: the time between two iterations, for games that depend on time; the
            player's own step unless given. The drift advances by its player's step.
    """
    owner = {s: i for i, player in enumerate(game.players) for s in player}
    now = {} if game.time is None else {game.time: INDEX * (clock or next(iter(steps.values())))}
    field = (d - v for v, d in zip(game.v, game.moving, strict=True))
    rhs = tuple(
        symbol + steps[owner[symbol]] * f.subs(now) if owner[symbol] in steps else symbol
        for symbol, f in zip(game.state, field, strict=True)
    )
    symbols = {s for step in steps.values() for s in step.free_symbols if isinstance(s, Symbol)}
    new = sorted(symbols - set(game.parameters), key=str)
    index = None if game.time is None else INDEX
    return Map(
        game.state, rhs, parameters=(*game.parameters, *new), index=index, updates=len(steps)
    )


def _field(game: Game) -> tuple[Expr, ...]:
    at_start = {} if game.time is None else {game.time: sp.Integer(0)}
    return tuple((d - v).subs(at_start) for v, d in zip(game.v, game.moving, strict=True))


@rule("simultaneous", first_order=_field)
def simultaneous(game: Game, eta: Any) -> Map:
    r"""Simultaneous gradient descent, :math:`x^+ = x - \eta\, v(x)`.

    On a game with a drift :math:`d` it is the Euler step :math:`x^+ = x + \eta(d(k\eta) - v(x))`.

    Args:
        game: the game.
        eta: the step, or one step a player.

    Raises:
        GameError: a wrong number of steps, or a step that is not positive.

    Source: Mescheder et al. 2018, definition A.1.

    >>> from symgan.games.quadratic import bilinear
    >>> simultaneous(bilinear(), Symbol("eta", positive=True)).rhs
    (eta*psi + theta, -eta*theta + psi)
    """
    steps = player_steps(game, eta)
    return stage(game, dict(enumerate(steps)))

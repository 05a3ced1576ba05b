r"""Alternating gradient descent."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from numbers import Integral
from typing import Any

from sympy import Expr

from symgan.catalog import rule
from symgan.errors import GameError
from symgan.game import Game
from symgan.program import Program
from symgan.rules.simultaneous import stage
from symgan.rules.steps import (
    field_at_start,
    is_affine,
    player_steps,
    refuse_growth,
    spread,
)
from symgan.system import Map

MOST_TURNS = 200
"""Of one player in a round: the time to compose them grows with the square of their number."""


def _turns(game: Game, n_d: int, n_g: int, order: tuple[int, ...] | None) -> tuple[int, ...]:
    """The players in the order in which they move within one round."""
    for what, count in (("n_g", n_g), ("n_d", n_d)):
        if isinstance(count, bool) or not isinstance(count, Integral) or int(count) < 1:
            raise GameError(
                f"{what} = {count}: every player moves a whole number of times, 1 or more"
            )
        if count > MOST_TURNS:
            raise GameError(f"{what} = {count}: more than {MOST_TURNS} turns a round; take fewer")
    players = tuple(range(len(game.players)))
    if order is not None and (not isinstance(order, tuple | list) or set(order) != set(players)
                              or len(order) != len(players)):  # fmt: skip
        raise GameError(f"order = {order} is not a permutation of the players 0..{players[-1]}")
    order = players if order is None else tuple(order)
    repeats = {0: n_g, 1: n_d}
    return tuple(player for player in order for _ in range(int(repeats.get(player, 1))))


def _first_order(
    game: Game, *, n_d: int = 1, n_g: int = 1, order: tuple[int, ...] | None = None
) -> tuple[Expr, ...]:
    r"""Player i's field is taken as often as it moves: :math:`-n_i v_i + n_i d_i(0)`."""
    turns = _turns(game, n_d, n_g, order)
    counts = spread(game, (turns.count(i) for i in range(len(game.players))))
    return tuple(n * f for n, f in zip(counts, field_at_start(game), strict=True))


@rule("alternating", first_order=_first_order)
def alternating(
    game: Game,
    eta: Any,
    *,
    n_d: int = 1,
    n_g: int = 1,
    order: tuple[int, ...] | None = None,
) -> Map:
    r"""Alternating gradient descent: players move in turn, each on what the others left.

    One round with the generator (player 0) first is

    .. math:: \theta^+ = \theta - \eta\, v_\theta(\theta, \psi), \qquad
              \psi^+ = \psi - \eta\, v_\psi(\theta^+, \psi).

    Args:
        game: the game; player 0 is the generator, player 1 the discriminator.
        eta: the step, or one step a player.
        n_d: updates of player 1 a round.
        n_g: updates of player 0 a round.
        order: the players in the order of their turns; 0, 1, ... unless given.

    Raises:
        GameError: wrong steps, counts below one, an order that is no permutation, or turns
            that grow a nonlinear map beyond use.

    Source: Mescheder et al. 2018, definition A.2.

    >>> from sympy import Symbol
    >>> from symgan.games.quadratic import bilinear
    >>> eta = Symbol("eta", positive=True)
    >>> alternating(bilinear(), eta).rhs
    (eta*psi + theta, -eta*(eta*psi + theta) + psi)
    """
    steps = player_steps(game, eta)
    moves = [stage(game, {player: steps[player]}) for player in _turns(game, n_d, n_g, order)]
    if len(moves) > len(game.players) and all(map(is_affine, moves)):
        return reduce(_then_expanded, moves)
    refuse_growth(moves)
    return reduce(lambda first, second: first.then(second), moves)


def alternating_program(
    game: Game,
    eta: Any,
    *,
    n_d: int = 1,
    n_g: int = 1,
    order: tuple[int, ...] | None = None,
) -> Program:
    r"""`alternating` as straight-line code, whose length grows with the number of turns.

    Many turns of the discriminator on a nonlinear game are no map of a size that one can use.

    Args:
        game, eta, n_d, n_g, order: as `alternating`.

    Raises:
        GameError: as `alternating`, but for growth.

    >>> from sympy import Symbol
    >>> from symgan.games.quadratic import bilinear
    >>> eta = Symbol("eta", positive=True)
    >>> [f.expand() for f in alternating_program(bilinear(), eta, n_d=2).map().rhs]
    [eta*psi + theta, -2*eta**2*psi - 2*eta*theta + psi]
    """
    steps = player_steps(game, eta)
    stages = {
        player: Program.of(stage(game, {player: steps[player]})) for player in range(len(steps))
    }
    turns = (stages[player] for player in _turns(game, n_d, n_g, order))
    return reduce(lambda first, second: first.then(second), turns)


def _then_expanded(first: Map, second: Map) -> Map:
    """The composition, expanded: repeated turns of an affine game stay affine to look at."""
    both = first.then(second)
    return replace(both, rhs=tuple(f.expand() for f in both.rhs))

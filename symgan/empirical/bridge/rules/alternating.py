"""Alternating gradient descent."""

from __future__ import annotations

from typing import Any

from symgan.empirical.bridge.players import Parameters, Players
from symgan.empirical.bridge.rules.steps import count, descent, torch_rule
from symgan.empirical.bridge.update import Moved, Update
from symgan.errors import GameError


def turns(players: Players, n_d: int, n_g: int, order: tuple[int, ...] | None) -> tuple[int, ...]:
    """The players in the order in which they move within one round.

    Args:
        players: who moves.
        n_d: turns of player 1.
        n_g: turns of player 0.
        order: a permutation of the players; 0, 1, ... unless given.

    Raises:
        GameError: counts below one, or an order that is no permutation.
    """
    everyone = tuple(range(len(players.parameters)))
    if order is not None and (
        not isinstance(order, tuple | list) or sorted(order) != list(everyone)
    ):
        raise GameError(f"order = {order} is not a permutation of the players 0..{everyone[-1]}")
    repeats = {0: count(n_g, "n_g"), 1: count(n_d, "n_d")}
    order = everyone if order is None else tuple(order)
    return tuple(player for player in order for _ in range(repeats.get(player, 1)))


def with_turn(x: Parameters, player: int, own: tuple[Any, ...]) -> Parameters:
    """A nest with another part of one player.

    Args:
        x: the nest.
        player: whose part.
        own: the part.
    """
    return tuple(own if i == player else part for i, part in enumerate(x))


@torch_rule("alternating")
def alternating(
    players: Players,
    eta: Any,
    *,
    n_d: int = 1,
    n_g: int = 1,
    order: tuple[int, ...] | None = None,
) -> Update:
    r"""Alternating gradient descent: players move in turn, each on what the others left.

    .. math:: \theta^+ = \theta - \eta\, v_\theta(\theta, \psi), \qquad
              \psi^+ = \psi - \eta\, v_\psi(\theta^+, \psi).

    Each turn may have a batch of its own.

    Args:
        players: who moves; player 0 is the generator, player 1 the discriminator.
        eta: the step, or one step a player.
        n_d: updates of player 1 a round.
        n_g: updates of player 0 a round.
        order: the players in the order of their turns; 0, 1, ... unless given.

    Raises:
        GameError: wrong steps, counts below one, or an order that is no permutation.

    Source: Mescheder et al. 2018, definition A.2.
    """
    step, moving = descent(players, eta), turns(players, n_d, n_g, order)

    def advance(x: Parameters, memory: Any, k: int, draw: Any) -> Moved:
        for number, i in enumerate(moving):
            move = step.turn(x, i, k, draw(number))
            x = with_turn(x, i, tuple(a + m for a, m in zip(x[i], move, strict=True)))
        return Moved(x)

    return Update(players, advance, updates=len(moving), draws=len(moving))

"""Adding a term to one player's loss: what all penalties do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sympy as sp
from sympy import Expr

from symgan.errors import GameError
from symgan.game import Game
from symgan.system import System


def owned(game: Game, player: int) -> tuple[Any, ...]:
    """The parameters of a player.

    Raises:
        GameError: there is no such player.
    """
    if player not in range(len(game.players)):
        raise GameError(f"game {game.name!r} has players 0..{len(game.players) - 1}, not {player}")
    return game.players[player]


def setting(game: Game | System, value: Any, what: str) -> Expr:
    """An option as an exact expression; text is refused, since reading it would run it.

    Raises:
        GameError: text, no finite expression, or one that moves with the state.
    """
    found: Any = value if isinstance(value, str) else sp.sympify(value)
    if not isinstance(found, Expr) or found.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        raise GameError(f"the {what} {value!r} is not a finite number or symbol")
    moving = found.free_symbols & set(game.state)
    if moving:
        raise GameError(f"the {what} holds {min(moving, key=str)}, a state symbol; rename it")
    return found


def square(vector: Sequence[Any]) -> Expr:
    """The sum of squares."""
    return sp.Add(*(entry**2 for entry in vector))


def penalized(game: Game, name: str, weight: Any, penalty: Any, player: int) -> Game:
    """The game with a weight times a penalty in one player's loss.

    Raises:
        GameError: the weight is negative or no setting, or there is no such player.
    """
    weight = setting(game, weight, "weight of a penalty")
    if weight.is_negative:
        raise GameError(f"the weight {weight} of a penalty is negative; give gamma >= 0")
    owned(game, player)
    losses = list(game.losses)
    losses[player] = losses[player] + weight * penalty
    return changed(game, name, losses)


def changed(game: Game, name: str, losses: Sequence[Any]) -> Game:
    """The game with other losses; a declared equilibrium stays where it still rests."""
    clock = set() if game.time is None else {game.time}
    known = {*game.state, *game.parameters, *clock}
    found: set[Any] = set().union(*(loss.free_symbols for loss in losses))
    made = replace(
        game,
        name=f"{game.name}+{name}",
        losses=tuple(losses),
        parameters=(*game.parameters, *sorted(found - known, key=str)),
        equilibrium=None,
    )
    return replace(made, equilibrium=game.equilibrium) if rests(made, game) else made


def rests(found: Game, before: Game) -> bool:
    """Whether a game is at rest at the equilibrium that another declares."""
    if before.equilibrium is None:
        return False
    at = dict(before.equilibrium)
    moves = zip(found.v, found.moving, strict=True)
    return all(sp.expand((v - d).subs(at, simultaneous=True)) == 0 for v, d in moves)

r"""What optimizers are written in: one entry's update, made into a map of the whole state.

An optimizer acts on every entry of the state by itself, given that entry's gradient. Players
move at once, or in turn, each on what the others left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy as sp
from sympy import Expr, Integer, Rational, Symbol

from symgan.errors import GameError
from symgan.game import Game
from symgan.rules.steps import (
    INDEX,
    new_symbols,
    player_steps,
    refuse_growth,
    remembered,
    setting,
    spread,
)
from symgan.system import Map

MEAN, SQUARE, CENTER, BALL, BEFORE = "mean", "square", "center", "ball", "before"
"""Kinds of memory: a mean of gradients, of squares, of gradients to center the squares with, a
momentum, the direction of the last step."""

BETA1, BETA2, EPS = Rational(9, 10), Rational(999, 1000), Rational(1, 10**8)
ALPHA, DECAY = Rational(99, 100), Rational(1, 100)
"""PyTorch's defaults, as exact numbers; `DECAY` is that of AdamW."""
MOMENTUM = Rational(9, 10)
"""What most people take; PyTorch's default is 0, which keeps no memory."""

Order = Sequence[int] | None
"""The players in the order of their turns in a round, with repetitions; None: all at once."""


@dataclass(frozen=True)
class Entry:
    """One entry of the state as an optimizer sees it.

    Attributes:
        x: its value.
        g: the gradient, weight decay included.
        eta: the step of its player.
        count: which step of its player this is, 1 for the first.
        memory: what is remembered of it, one value a kind.
    """

    x: Expr
    g: Expr
    eta: Expr
    count: Expr
    memory: tuple[Expr, ...]


Update = Callable[[Entry], tuple[Expr, ...]]
"""The next value of an entry, then that of its memory."""


def optimized(
    game: Game,
    eta: Any,
    update: Update,
    kinds: Sequence[str],
    *settings: Any,
    order: Order,
    decay: Expr,
    indexed: bool,
) -> Map:
    r"""The map of an optimizer; memory starts at 0.

    Args:
        game: the game.
        eta: the step, or one a player.
        update: of one entry.
        kinds: of memory, in the order in which ``update`` takes and returns them.
        *settings: the options, whose symbols become parameters.
        order: the players in the order of their turns in a round; None moves all at once.
        decay: w, which adds w x to the gradient.
        indexed: whether the update depends on the count.

    Raises:
        GameError: wrong steps or order, or a game with a drift or time of its own.
    """
    _refuse_clocks(game)
    turns = _turns(game, order)
    memory = [_symbols(game, kind) for kind in kinds]
    state = (*game.state, *(s for row in memory for s in row))
    steps = spread(game, player_steps(game, eta))
    fixed = {
        "parameters": (*game.parameters, *new_symbols(game, eta, decay, *settings)),
        "index": INDEX if indexed else None,
        "memory": tuple((s, Integer(0)) for row in memory for s in row),
    }

    def after(number: int, now: Mapping[Any, Expr]) -> dict[Any, Expr]:
        """All values after a turn, from the expressions that stand before it."""
        found = dict(now)
        for i, (x, v) in enumerate(zip(game.state, game.v, strict=True)):
            if (player := owners[i]) in turns[number]:
                own = (x, *(row[i] for row in memory))
                gradient = v.xreplace(now) + decay * now[x]
                count = _count(turns, number, player)
                held = tuple(now[s] for s in own[1:])
                entry = Entry(now[x], gradient, steps[i], count, held)
                found |= zip(own, update(entry), strict=True)
        return found

    owners, at_rest = spread(game, range(len(game.players))), {s: s for s in state}
    alone = [tuple(after(number, at_rest).values()) for number in range(len(turns))]
    stages = tuple(
        Map(state, rhs, updates=len(active), **fixed)
        for rhs, active in zip(alone, turns, strict=True)
    )
    if len(stages) == 1:
        return stages[0]
    refuse_growth(stages)
    whole = reduce(lambda now, number: after(number, now), range(len(turns)), at_rest)
    updates = sum(map(len, turns))
    return Map(state, tuple(whole.values()), stages=stages, updates=updates, **fixed)


def along(entry: Entry, force: Expr, balls: Sequence[Expr], mu: Expr) -> tuple[Expr, ...]:
    """The value after a step along a force, or along the ball that it drives; then the ball."""
    balls = tuple(mu * ball + force for ball in balls)
    return (entry.x - entry.eta * (balls[0] if balls else force), *balls)


def decay_rate(value: Any, what: str) -> Expr:
    """A rate of forgetting as an exact expression.

    Raises:
        GameError: a number outside [0, 1).
    """
    found = setting(value, what)
    if found.is_negative or (found.is_number and found >= 1):
        raise GameError(f"{what} = {found} is outside [0, 1); the memory would never fade")
    return found


def nonnegative(value: Any, what: str) -> Expr:
    """An option that is not negative, as an exact expression.

    Raises:
        GameError: a negative number.
    """
    found = setting(value, what)
    if found.is_negative:
        raise GameError(f"{what} = {found} is negative; give 0 or more")
    return found


def positive_eps(value: Any) -> Expr:
    r""":math:`\epsilon` where the map near an equilibrium is asked for.

    Raises:
        GameError: it is 0 or less.
    """
    found = setting(value, "eps")
    if found.is_positive is False:
        raise GameError(
            f"with eps = {found} no equilibrium is at rest: the first step moves every entry by a "
            "length that does not shrink with the gradient; give a positive eps"
        )
    return found


def _refuse_clocks(game: Game) -> None:
    if game.time is not None or game.drift is not None:
        raise GameError(
            f"game {game.name!r} has a drift or time of its own, and an optimizer sees gradients "
            "alone; take a rule of symgan.rules"
        )


def _turns(game: Game, order: Order) -> tuple[tuple[int, ...], ...]:
    """The players that move at each turn of a round."""
    everyone = tuple(range(len(game.players)))
    if order is None:
        return (everyone,)
    if not isinstance(order, tuple | list) or set(order) != set(everyone):
        raise GameError(
            f"order = {order} is no sequence of turns that holds each of the players "
            f"0..{everyone[-1]}; None moves all at once"
        )
    return tuple((int(player),) for player in order)


def _count(turns: Sequence[tuple[int, ...]], number: int, player: int) -> Expr:
    """Which step of its own a player makes at a turn of round k."""
    mine = [player in active for active in turns]
    return sum(mine) * INDEX + sum(mine[: number + 1])


def _symbols(game: Game, kind: str) -> tuple[Symbol, ...]:
    """Memory of one kind; squares are not negative, other memory has either sign."""
    sign = {"nonnegative": True} if kind == SQUARE else {"real": True}
    return tuple(sp.Symbol(s.name, **sign) for s in remembered(game, kind))

r"""What update rules are written in: one descent step, players' options, memory.

A rule's code then reads like its formula: with ``move = descent(game, eta)`` the
extragradient step is ``half = x + move(x, k)``, ``x + move(half, k + 1)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Symbol

from symgan.errors import GameError
from symgan.game import Game
from symgan.system import Map

INDEX = Symbol("k", integer=True, nonnegative=True)

LARGEST = 50_000
"""Operations beyond which a composition is refused: each further step of a nonlinear map
multiplies them, each of an affine one with parameters adds many, and no analysis of the
result would end."""

Move = Callable[[Any, Any], Matrix]
"""State (as a column) and iteration -> the increment of one descent step there."""


def descent(game: Game, eta: Any) -> Move:
    r"""One descent step, :math:`(x, k) \mapsto -\eta\, v(x)`, with drift :math:`+\eta\, d(k\eta)`.

    On a game with time every player's clock is its own step: player i is at
    :math:`t = k\eta_i`, so that a drift adds up to what the schedule says.

    Args:
        game: the game.
        eta: the step, or one step a player.

    Raises:
        GameError: a wrong number of steps, or a step that is not positive.
    """
    eta = spread(game, player_steps(game, eta))
    field = [d - v for v, d in zip(game.v, game.moving, strict=True)]

    def move(x: Any, k: Any) -> Matrix:
        here = dict(zip(game.state, x, strict=True))
        clocks = ({} if game.time is None else {game.time: k * h} for h in eta)
        pairs = zip(eta, field, clocks, strict=True)
        return Matrix([h * f.xreplace({**here, **now}) for h, f, now in pairs])

    return move


def field_at_start(game: Game) -> tuple[Expr, ...]:
    r"""The first-order field of plain descent, :math:`-v(x) + d(0)`."""
    now = {} if game.time is None else {game.time: sp.Integer(0)}
    return tuple((d - v).subs(now) for v, d in zip(game.v, game.moving, strict=True))


def player_steps(game: Game, eta: Any) -> tuple[Expr, ...]:
    """One step a player from a step or a tuple of steps.

    Raises:
        GameError: the number of steps is not the number of players, or a step is a
            number that is not positive.
    """
    steps = per_player(game, eta, "step size")
    for step in steps:
        if step.is_positive is False:
            raise GameError(f"the step size {step} is not positive; give a positive step")
    return steps


def per_player(game: Game, value: Any, what: str) -> tuple[Expr, ...]:
    """One value a player from one value or a tuple of them.

    Raises:
        GameError: their number is not the number of players.
    """
    n = len(game.players)
    values = tuple(value) if isinstance(value, tuple | list) else (value,) * n
    if len(values) != n:
        raise GameError(f"{len(values)} {what}s for {n} players; give one, or one a player")
    return tuple(setting(v, what) for v in values)


def setting(value: Any, what: str) -> Expr:
    """An option as an exact expression; text is refused, since reading it would run it.

    Raises:
        GameError: text, or no finite expression.
    """
    found: Any = value if isinstance(value, str) else sp.sympify(value)
    if not isinstance(found, Expr) or found.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        raise GameError(f"the {what} {value!r} is not a finite number or symbol")
    return found


def spread(game: Game, values: Iterable[Any]) -> tuple[Any, ...]:
    """One value a state symbol from one a player."""
    pairs = zip(game.players, values, strict=True)
    return tuple(value for player, value in pairs for _ in player)


def remembered(game: Game, suffix: str) -> tuple[Symbol, ...]:
    """Symbols that remember the players' parameters, with the assumptions of these.

    >>> from symgan.games.quadratic import bilinear
    >>> remembered(bilinear(), "prev")
    (theta_prev, psi_prev)
    """
    clock = () if game.time is None else (game.time,)
    taken = {symbol.name for symbol in (*game.state, *game.parameters, *clock)}

    def free(name: str) -> str:
        return free(name + "_") if name in taken else name

    return tuple(Symbol(free(f"{s.name}_{suffix}"), **s.assumptions0) for s in game.state)


def assemble(
    game: Game,
    rhs: Matrix,
    *settings: Any,
    updates: int,
    memory: tuple[Symbol, ...] = (),
) -> Map:
    """The map of a rule: its parameters are the game's and the symbols of its settings.

    Args:
        game: the game.
        rhs: the next state, then the next memory.
        settings: the rule's options (steps, momenta); their symbols become parameters.
        updates: fresh single-player gradients an iteration.
        memory: symbols that remember the state; they start at the current one.
    """
    parameters = (*game.parameters, *new_symbols(game, *settings))
    return Map(
        (*game.state, *memory),
        tuple(rhs),
        parameters=parameters,
        index=None if game.time is None else INDEX,
        memory=tuple(zip(memory, game.state, strict=True)) if memory else (),
        updates=updates,
    )


def new_symbols(game: Game, *settings: Any) -> tuple[Symbol, ...]:
    """Symbols of a rule's options that are not the game's parameters.

    Raises:
        GameError: a symbol is called like one of the game's and is another.
    """
    found: set[Any] = set()
    for given in settings:
        values = given if isinstance(given, tuple | list) else (given,)
        found |= set().union(*(sp.sympify(value).free_symbols for value in values))
    new = tuple(sorted(found - set(game.parameters), key=str))
    clock = () if game.time is None else (game.time,)
    taken = {symbol.name for symbol in (*game.state, *game.parameters, *clock)}
    for symbol in new:
        if symbol.name in taken:
            raise GameError(f"the option {symbol} is called like a symbol of the game; rename it")
    return new


def is_affine(system: Map) -> bool:
    """Whether a map is affine in its state."""
    slopes = system.jacobian()
    return not slopes.free_symbols & set(system.state)


def refuse_growth(maps: Sequence[Map]) -> None:
    """Refuse a composition that would grow too large.

    Its size follows from how often each symbol stands in each map; nothing is composed.

    Raises:
        GameError: says after how many maps, and the remedy.
    """
    sizes = [0] * len(maps[0].state)
    for number, system in enumerate(maps, 1):
        sizes = [
            f.count_ops() + sum(f.count(s) * n for s, n in zip(system.state, sizes, strict=True))
            for f in system.rhs
        ]
        refuse_size(sum(sizes), number, len(maps))


def refuse_size(operations: int, done: int, wanted: int) -> None:
    """Refuse an expression of too many operations.

    Raises:
        GameError: it is one.
    """
    if operations > LARGEST:
        raise GameError(
            f"{done} of {wanted} steps make an expression of {operations} operations, more than "
            f"{LARGEST}; compose fewer of them, or give numbers for parameters"
        )

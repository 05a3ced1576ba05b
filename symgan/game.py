r"""Games: players, their losses, and the vector field of simultaneous descent.

Every player descends its own loss. With losses :math:`\ell_i(x)` and
:math:`x = (x_1, \dots, x_n)` the simultaneous gradient is

.. math:: v(x) = (\nabla_{x_1}\ell_1(x), \dots, \nabla_{x_n}\ell_n(x)),

the flow is :math:`\dot x = -v(x) + d(t)` with a drift :math:`d` for what moves by
itself (annealing is not a gradient).

Source: Balduzzi et al. 2018, "The mechanics of n-player differentiable games".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import sympy as sp
from sympy import Expr, Integer, Matrix, Symbol

from symgan.differentiation import diff, jacobian
from symgan.errors import GameError
from symgan.system import Flow, require_declared

Point = Mapping[Symbol, Expr]
"""A point of the state space: symbol -> value."""


@dataclass(frozen=True)
class Game:
    r"""A differentiable n-player game.

    Args:
        name: what the game is called.
        players: each player's own parameters, a tuple of symbols a player.
        losses: one scalar loss a player, in the same order.
        parameters: symbols that are data (a location, a temperature), not state.
        time: the time symbol, where the losses or the drift depend on it.
        drift: one expression a state symbol, added to the flow.
        equilibrium: a known rest point, symbol -> value, possibly with free
            parameters; contracts apply where it is declared.
        source: bibliography key and equation.

    Raises:
        GameError: a player without parameters, players that share a symbol, a
            number of losses that is not the number of players, an undeclared
            symbol, a loss that is not real or not differentiable.

    >>> theta, psi = sp.symbols("theta psi", real=True)
    >>> game = zero_sum(-theta*psi, minimize=theta, maximize=psi, name="bilinear")
    >>> game.v
    (-psi, theta)
    """

    name: str
    players: tuple[tuple[Symbol, ...], ...]
    losses: tuple[Expr, ...]
    parameters: tuple[Symbol, ...] = ()
    time: Symbol | None = None
    drift: tuple[Expr, ...] | None = None
    equilibrium: Point | None = None
    source: str = ""

    def __post_init__(self) -> None:
        players = tuple(_symbols(player) for player in self.players)
        losses = tuple(_expression(loss) for loss in self.losses)
        object.__setattr__(self, "players", players)
        object.__setattr__(self, "losses", losses)
        object.__setattr__(self, "parameters", tuple(self.parameters))
        if self.drift is not None:
            object.__setattr__(self, "drift", tuple(_expression(d) for d in self.drift))
        _check(self)

    @property
    def state(self) -> tuple[Symbol, ...]:
        """All players' symbols, player after player."""
        return tuple(symbol for player in self.players for symbol in player)

    @property
    def v(self) -> tuple[Expr, ...]:
        r"""The simultaneous gradient :math:`v(x)`, one entry a state symbol."""
        return tuple(
            diff(loss, symbol)
            for player, loss in zip(self.players, self.losses, strict=True)
            for symbol in player
        )

    @property
    def moving(self) -> tuple[Expr, ...]:
        """The drift with its default, zero, filled in."""
        return self.drift if self.drift is not None else (Integer(0),) * len(self.state)

    @property
    def J(self) -> Matrix:
        r"""The Jacobian of :math:`v` (of the game, not of the flow, which is :math:`-J`)."""
        return jacobian(self.v, self.state)

    def subs(self, values: Point) -> Game:
        """The same game with numbers, or expressions in its other parameters, for some.

        >>> x, y, k = sp.symbols("x y k", real=True)
        >>> game = zero_sum(k*x*y, minimize=x, maximize=y, parameters=(k,))
        >>> game.subs({k: 3}).v
        (3*y, -3*x)
        """
        put = {s: sp.sympify(value) for s, value in values.items()}
        new = {s for value in put.values() for s in value.free_symbols}
        left = tuple(dict.fromkeys((*(p for p in self.parameters if p not in put), *new)))
        drift, rest = self.drift, self.equilibrium
        return replace(
            self,
            losses=tuple(loss.subs(put, simultaneous=True) for loss in self.losses),
            parameters=left,
            drift=drift and tuple(d.subs(put, simultaneous=True) for d in drift),
            equilibrium=rest and {s: sp.sympify(x).subs(put) for s, x in rest.items()},
        )

    def linearized(self, at: Point | None = None) -> Game:
        r"""The quadratic game with the same Jacobian at an equilibrium.

        Each loss becomes :math:`\frac12 (x - x^*)^\top H_i (x - x^*)` with its Hessian at
        :math:`x^*`. Update rules evaluate v alone, so the linearization of a rule at the
        equilibrium is the rule on this game.

        Args:
            at: the equilibrium, not checked; the declared one unless given.

        Raises:
            GameError: no equilibrium is given or declared, or the game depends on time.

        >>> x, y = sp.symbols("x y", real=True)
        >>> game = zero_sum(sp.sin(x*y), minimize=x, maximize=y, equilibrium={x: 0, y: 0})
        >>> game.linearized().v
        (y, -x)
        """
        if self.time is not None:
            raise GameError("a game that depends on time has no one linearization; fix the time")
        point = at if at is not None else self.equilibrium
        if point is None:
            raise GameError(f"game {self.name!r} declares no equilibrium; give the point")
        values = {s: sp.sympify(value) for s, value in point.items()}
        away = Matrix([s - values[s] for s in self.state])
        halves = (
            (away.T * sp.hessian(loss, self.state).subs(values, simultaneous=True) * away)[0] / 2
            for loss in self.losses
        )
        losses = tuple(sp.expand(half) for half in halves)
        return replace(self, losses=losses, equilibrium=point)

    def flow(self) -> Flow:
        r"""The flow :math:`\dot x = -v(x) + d(t)`.

        >>> theta, psi = sp.symbols("theta psi", real=True)
        >>> zero_sum(-theta*psi, minimize=theta, maximize=psi).flow().rhs
        (psi, -theta)
        """
        rhs = tuple(d - v for v, d in zip(self.v, self.moving, strict=True))
        return Flow(self.state, rhs, parameters=self.parameters, time=self.time)


def zero_sum(payoff: Any, *, minimize: Any, maximize: Any, name: str = "", **fields: Any) -> Game:
    r"""The game in which one player minimizes a payoff and the other maximizes it.

    The losses are ``payoff`` and ``-payoff``: every player descends its own loss.

    Args:
        payoff: a real expression.
        minimize: the symbol, or symbols, of the minimizing player.
        maximize: the symbol, or symbols, of the maximizing player.
        name: what the game is called.
        **fields: further fields of `Game`.

    Raises:
        GameError: as `Game`.

    >>> x, y = sp.symbols("x y", real=True)
    >>> zero_sum(x*y, minimize=x, maximize=y).losses
    (x*y, -x*y)
    """
    payoff = _expression(payoff)
    players = (_symbols(minimize), _symbols(maximize))
    return Game(name=name, players=players, losses=(payoff, -payoff), **fields)


def _symbols(symbols: Any) -> tuple[Symbol, ...]:
    return (symbols,) if isinstance(symbols, Symbol) else tuple(symbols)


def _expression(value: Any) -> Any:
    """The value as a scalar expression; text is refused, since reading it would run it."""
    if isinstance(value, str):
        raise GameError(
            f"the loss {value!r} is text; build it from symbols, or read it with "
            "symgan.parse.expression"
        )
    found = sp.sympify(value)
    if not isinstance(found, Expr) or found.is_Matrix:
        raise GameError(f"{value!r} is not a scalar expression; a loss is one number a point")
    return found


def _check(game: Game) -> None:
    title = f"game {game.name!r}" if game.name else "game"
    if len(game.players) != len(game.losses):
        raise GameError(
            f"{title} has {len(game.players)} players and {len(game.losses)} losses; "
            "give each player one loss"
        )
    _check_players(title, game.players)
    if game.drift is not None and len(game.drift) != len(game.state):
        raise GameError(
            f"{title} has {len(game.state)} state symbols and a drift of "
            f"{len(game.drift)} entries; give one entry a symbol, 0 where nothing moves"
        )
    known = {*game.state, *game.parameters} | ({game.time} if game.time else set())
    require_declared(title, "loss", game.losses, known)
    require_declared(title, "drift", game.drift or (), known)
    for number, loss in enumerate(game.losses, 1):
        _check_loss(f"loss {number} of {title}", loss, game.state)


def _check_players(title: str, players: tuple[tuple[Symbol, ...], ...]) -> None:
    seen: set[Symbol] = set()
    for number, player in enumerate(players, 1):
        if not player:
            raise GameError(
                f"player {number} of {title} has no parameters; give it at least one symbol"
            )
        for symbol in player:
            if not isinstance(symbol, Symbol):
                raise GameError(
                    f"player {number} of {title} holds {symbol!r}, which is not a SymPy Symbol"
                )
            if symbol.is_real is False:
                raise GameError(
                    f"symbol {symbol} of {title} is not real; declare it with real=True"
                )
            if symbol in seen:
                raise GameError(
                    f"symbol {symbol} belongs to two players of {title} (or twice to one); "
                    "a symbol has one owner"
                )
            seen.add(symbol)


def _check_loss(title: str, loss: Any, state: Iterable[Symbol]) -> None:
    if loss.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        raise GameError(f"{title} holds an infinity or an undefined value: {loss}")
    if loss.has(sp.I) or loss.is_real is False:
        raise GameError(f"{title} is not real: {loss}; a loss must be a real expression")
    for symbol in state:
        slope = diff(loss, symbol)
        unknown = slope.atoms(sp.Derivative)
        if unknown or slope.has(sp.DiracDelta, sp.nan, sp.zoo):
            raise GameError(
                f"{title} cannot be differentiated in {symbol}: {loss}; use functions with "
                "known derivatives and symbols with real=True (losses.GenericLoss is a free loss)"
            )
    for piecewise in loss.atoms(sp.Piecewise):
        _check_jumps(title, piecewise, set(state))


def _check_jumps(title: str, piecewise: sp.Piecewise, state: set[Symbol]) -> None:
    """Refuse a jump between neighboring branches, where one is certain.

    The boundary is solved for a state symbol that stands linearly in it; a corner, where
    the branches meet, is allowed (a hinge), and so is what cannot be decided.
    """
    for (first, condition), (second, _) in pairwise(piecewise.args):
        if not isinstance(condition, sp.core.relational.Relational):
            continue
        gap = condition.lhs - condition.rhs
        for symbol in sorted(gap.free_symbols & state, key=str):
            slope = diff(gap, symbol)
            if slope == 0 or symbol in slope.free_symbols:
                continue
            edge = -gap.subs(symbol, 0) / slope
            if (first - second).subs(symbol, edge).equals(0) is False:
                raise GameError(
                    f"{title} jumps at {symbol} = {edge} and cannot be differentiated there: "
                    f"{piecewise}; let its branches meet"
                )

r"""A symgan game as a torch module: its losses, printed, are the whole model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
import torch
from sympy import Symbol
from torch import Tensor, nn

from symgan.empirical.bridge.players import Parameters, Times
from symgan.empirical.bridge.printer import Compiled, compiled
from symgan.errors import BadData
from symgan.game import Game


class TorchGame(nn.Module):
    r"""Players whose losses are those of a symgan game.

    Each player has one parameter, the vector of its symbols. Losses are printed from the game's
    expressions; gradients come from autograd, not from SymPy. `parameters` lists them by player;
    `named_parameters` is that of any module.

    Args:
        game: the game.
        values: symbol or name -> number, for every symbol of the state and every parameter.
        dtype: of the tensors.
        device: of the tensors.

    Raises:
        BadData: a symbol without a value, a value without a symbol, or one that is no finite
            number.
        KernelError: a loss that no kernel knows, such as a free one.

    >>> from symgan.games.quadratic import bilinear
    >>> game = TorchGame(bilinear(), {"theta": 3, "psi": 5})
    >>> [float(loss.detach()) for loss in game.losses(game.parameters)]
    [-15.0, 15.0]
    """

    def __init__(
        self,
        game: Game,
        values: Mapping[Any, Any],
        *,
        dtype: torch.dtype = torch.float64,
        device: torch.device | str = "cpu",
    ) -> None:
        super().__init__()
        numbers = _numbers(game, values)
        self.game = game
        self.values: dict[Symbol, float] = {p: numbers[p] for p in game.parameters}
        self._moving = _printed(game, game.moving)
        self._losses = _printed(game, game.losses)
        self._own = nn.ParameterList(
            nn.Parameter(torch.tensor([numbers[s] for s in own], dtype=dtype, device=device))
            for own in game.players
        )

    @property
    def parameters(self) -> Parameters:  # pyright: ignore[reportIncompatibleMethodOverride]
        """One vector a player, in the order of its symbols."""
        return tuple((p,) for p in self._own)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget gradients, as any module does."""
        for _, parameter in self.named_parameters():
            parameter.grad = None if set_to_none else torch.zeros_like(parameter)

    @property
    def equilibrium(self) -> Parameters | None:
        """The declared equilibrium at these values; None where there is none, or a continuum."""
        if self.game.equilibrium is None:
            return None
        put = {p: sp.Float(v, 30) for p, v in self.values.items()}
        rest = {s: sp.sympify(x).subs(put) for s, x in self.game.equilibrium.items()}
        if any(x.free_symbols for x in rest.values()):
            return None
        like = self._own[0]
        return tuple(
            (torch.tensor([float(rest[s]) for s in own], dtype=like.dtype, device=like.device),)
            for own in self.game.players
        )

    @property
    def timed(self) -> bool:
        """Whether the game depends on time."""
        return self.game.time is not None

    def losses(self, parameters: Parameters, batch: Any = None) -> tuple[Tensor, ...]:
        """One scalar a player, at time 0; the batch is not looked at.

        Args:
            parameters: one vector a player.
            batch: nothing that matters to a game without data.
        """
        del batch
        return self.at((0.0,) * len(parameters)).losses(parameters)

    def at(self, times: Times) -> GameAt:
        """The players with the clocks at these times.

        Args:
            times: one a player.
        """
        return GameAt(self, times)

    def drift(self, parameters: Parameters, times: Times) -> Parameters:
        """The drift of the game, each player at its own clock.

        Args:
            parameters: one vector a player.
            times: one a player.
        """
        found: list[tuple[Tensor, ...]] = []
        first = 0
        for own, now in zip(parameters, times, strict=True):
            entries = self.evaluate(self._moving, parameters, now)[first : first + len(own[0])]
            found.append((torch.stack(entries),))
            first += len(own[0])
        return tuple(found)

    def loss_at(self, player: int, parameters: Parameters, now: float) -> Tensor:
        """One player's loss at a time.

        Args:
            player: which.
            parameters: one vector a player.
            now: the time.
        """
        return self.evaluate(self._losses, parameters, now)[player]

    def evaluate(
        self, function: Compiled, parameters: Parameters, now: float = 0.0, *more: float
    ) -> tuple[Tensor, ...]:
        """A compiled function of the state, the parameters and the time, as `printed` makes one.

        Args:
            function: of the symbols that `printed` gives it.
            parameters: one vector a player.
            now: the time.
            *more: values of the further symbols.
        """
        clock = () if self.game.time is None else (now,)
        entries = (x for (own,) in parameters for x in own.unbind())
        return function(*entries, *self.values.values(), *clock, *more)

    def printed(self, expressions: Any, *more: Symbol) -> Compiled:
        """Further expressions in the symbols of the game, such as the conditions of an oracle.

        Args:
            expressions: in the state, the parameters and the time.
            *more: further symbols.

        Raises:
            KernelError: other symbols, or a function that no kernel knows.
        """
        return _printed(self.game, expressions, *more)


@dataclass(frozen=True)
class GameAt:
    """A game with its clocks at some time; see `TorchGame.at`.

    Attributes:
        game: the players.
        times: one a player.
    """

    game: TorchGame
    times: Times

    @property
    def parameters(self) -> Parameters:
        """Those of the game."""
        return self.game.parameters

    def losses(self, parameters: Parameters, batch: Any = None) -> tuple[Tensor, ...]:
        """One scalar a player, each at its own clock.

        Args:
            parameters: one vector a player.
            batch: nothing that matters to a game without data.
        """
        del batch
        if len(set(self.times)) == 1 or self.game.game.time is None:
            return self.game.evaluate(self.game._losses, parameters, self.times[0])
        return tuple(self.game.loss_at(i, parameters, t) for i, t in enumerate(self.times))


def _printed(game: Game, expressions: Any, *more: Symbol) -> Compiled:
    clock = () if game.time is None else (game.time,)
    return compiled(expressions, (*game.state, *game.parameters, *clock, *more))


def _numbers(game: Game, values: Mapping[Any, Any]) -> dict[Symbol, float]:
    """The values by their symbols, as floats."""
    symbols = (*game.state, *game.parameters)
    named = {str(key): value for key, value in values.items()}
    known = {s.name for s in symbols}
    if missing := [s.name for s in symbols if s.name not in named]:
        raise BadData(f"no value for {', '.join(missing)} of game {game.name!r}; give one to each")
    if unknown := sorted(set(named) - known):
        raise BadData(
            f"game {game.name!r} has no symbol {', '.join(unknown)}; it has "
            f"{', '.join(s.name for s in symbols)}"
        )
    return {s: _number(s, named[s.name]) for s in symbols}


def _number(symbol: Symbol, value: Any) -> float:
    try:
        found = float(value)
    except (TypeError, ValueError):
        raise BadData(f"{symbol} = {value!r} is not a number") from None
    if found != found or found in (float("inf"), float("-inf")):
        raise BadData(f"{symbol} = {value!r} is not finite")
    return found

"""Games run by optimizers of torch, and how far a step of theirs is from that of a map."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import sympy as sp
import torch
from mpmath import mpf
from torch import Tensor

from symgan.game import Game
from symgan.kernels.evaluate import sized
from symgan.system import Map

ULP = mpf(2) ** -52


def _on_numbers_too(function: Any) -> Any:
    """A function of torch, which takes no plain numbers, made to take them."""
    return lambda value: function(torch.as_tensor(value, dtype=torch.float64))


FUNCTIONS = {name: _on_numbers_too(getattr(torch, name)) for name in ("exp", "log", "tanh", "erf")}

Make = Callable[[list[Tensor]], torch.optim.Optimizer]
"""Tensors -> their optimizer."""

KEYS = {
    "mean": ("exp_avg",),
    "square": ("exp_avg_sq", "square_avg"),
    "center": ("grad_avg",),
    "ball": ("momentum_buffer",),
    "before": ("direction",),
}
"""Kinds of memory of the maps -> what optimizers of torch call them."""


@dataclass
class TorchRun:
    """The players of a game as tensors of one entry, each player with an optimizer of its own.

    Attributes:
        game: with numbers for its parameters.
        make: the optimizer.
        order: turns; None for all at once.
    """

    game: Game
    make: Make
    order: Sequence[int] | None = None

    def __post_init__(self) -> None:
        self.losses = sp.lambdify(self.game.state, self.game.losses, modules=[FUNCTIONS, "math"])

    def start(self, values: Mapping[str, float]) -> None:
        """Tensors at these values, and optimizers without memory."""
        self.x = {
            s.name: torch.tensor([values[s.name]], dtype=torch.float64, requires_grad=True)
            for s in self.game.state
        }
        self.optimizers = [self.make([self.x[s.name] for s in p]) for p in self.game.players]

    def remember(self, values: Mapping[str, float], steps: Sequence[int]) -> None:
        """Memory as it is after so many steps of each player."""
        for player, optimizer in enumerate(self.optimizers):
            for x in self.own(player):
                state = optimizer.state[self.x[x]]
                state["step"] = torch.tensor(float(steps[player]))
                for kind, keys in KEYS.items():
                    if f"{x}_{kind}" in values:
                        held = torch.tensor([values[f"{x}_{kind}"]], dtype=torch.float64)
                        state.update((key, held) for key in keys)

    def own(self, player: int) -> list[str]:
        """The names of a player's parameters."""
        return [s.name for s in self.game.players[player]]

    @property
    def turns(self) -> list[tuple[int, ...]]:
        """The players that move at each turn of a round."""
        everyone = tuple(range(len(self.game.players)))
        return [everyone] if self.order is None else [(player,) for player in self.order]

    def turn(self, active: Sequence[int]) -> None:
        """Some players' step, each on its gradient at what stands before it."""
        for player in active:
            self.pull(player)
        for player in active:
            self.optimizers[player].step()

    def pull(self, player: int) -> None:
        """The gradient of a player's own loss in its own parameters."""
        mine = [self.x[name] for name in self.own(player)]
        loss = self.losses(*self.x.values())[player]
        for x, g in zip(mine, torch.autograd.grad(loss.sum(), mine), strict=True):
            x.grad = g

    def state(self, system: Map) -> dict[str, float]:
        """What a map calls its state, read from the tensors and the optimizers."""
        found = {name: x.item() for name, x in self.x.items()}
        for player, optimizer in enumerate(self.optimizers):
            for x in self.own(player):
                state = optimizer.state[self.x[x]]
                for kind, keys in KEYS.items():
                    for key in keys:
                        if isinstance(state.get(key), Tensor):
                            found[f"{x}_{kind}"] = state[key].item()
        return {s.name: found[s.name] for s in system.state}


def worst_entry(
    system: Map,
    before: Mapping[str, float],
    after: Mapping[str, float],
    place: Mapping[Any, float],
    entries: Sequence[Any] | None = None,
) -> float:
    """The largest error of one step, in ulp of the sum of the magnitudes of its terms.

    Args:
        system: the map.
        before, after: name -> value before the step, and as computed.
        place: values of parameters and index, taken as exact.
        entries: the state symbols that are compared; all unless given.
    """
    with mpmath.workdps(60):
        here = {s: mpf(before[s.name]) for s in system.state}
        here |= {s: mpf(value) for s, value in place.items()}
        worst = mpf(0)
        rhs = dict(zip(system.state, system.rhs, strict=True))
        for s in entries or system.state:
            exact = sized(rhs[s], here)
            gap = abs(mpf(after[s.name]) - exact.value)
            if exact.magnitude == 0:
                assert gap == 0, s
            else:
                worst = max(worst, gap / exact.magnitude / ULP)
        return float(worst)

"""One player of every member: a network, its stacked weights, and the optimizer's memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import torch
from torch import Tensor

from symgan.empirical.gans.networks import MLP
from symgan.empirical.updates import Update


class Player:
    """The weights of all members in one tensor (members, entries), with views a layer.

    Args:
        network: what the weights are of.
        weights: initial weights, (members, *shape) each.
        update: the optimizer.
    """

    def __init__(self, network: MLP, weights: Sequence[Tensor], update: Update) -> None:
        self.network = network
        self.update = update
        self.flat = torch.cat([w.flatten(1) for w in weights], 1)
        self.memory = update.init([self.flat])

    def weights(self, members: Tensor | None = None) -> list[Tensor]:
        """The weights of some members (None: views of all), layer by layer."""
        return self.split(self.flat if members is None else self.flat.index_select(0, members))

    def split(self, flat: Tensor) -> list[Tensor]:
        """A tensor (members, entries) as weights, layer by layer."""
        shapes = self.network.shapes
        parts = flat.split([prod(shape) for shape in shapes], 1)
        return [p.unflatten(1, s) for p, s in zip(parts, shapes, strict=True)]

    def descend(self, gradients: Tensor, rate: float, members: Tensor | None) -> None:
        """One step of the optimizer for some members; gradients (members, entries) are theirs."""
        self.update.step([self.flat], [gradients], self.memory, rate, members)

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        return {"flat": self.flat, "memory": self.memory}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what a checkpoint kept."""
        self.flat.copy_(state["flat"])
        for name, kept in state["memory"].items():
            mine = self.memory[name]
            if isinstance(mine, list):
                for t, value in zip(mine, kept, strict=True):
                    t.copy_(value)
            else:
                self.memory[name] = kept.to(mine.device) if isinstance(mine, Tensor) else kept

"""An optimizer of torch on the parameters of a `TorchGame` makes the step of the map."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import torch

from symgan.empirical.bridge import TorchGame, gradient
from tests.empirical.optimizers.cases import CASES, COARSE, GAMES
from tests.empirical.optimizers.test_maps import ULPS, place_of
from tests.empirical.optimizers.torch_runs import worst_entry

MEMORY = {"exp_avg": "mean", "exp_avg_sq": "square", "momentum_buffer": "ball"}


def rounds(name: str, title: str, number: int) -> list[dict[str, float]]:
    """States of the map, read after each round from the module and its optimizer."""
    game = GAMES[title]
    values = {s: 0.5 - 0.3 * i for i, s in enumerate(game.state)}
    module = TorchGame(game, values)
    leaves = [p for own in module.parameters for p in own]
    optimizer = CASES[name].make(COARSE, "foreach")(leaves)
    found = [_read(game, leaves, optimizer)]
    for _ in range(number):
        pulled = [g for own in gradient(module, module.parameters) for g in own]
        for p, g in zip(leaves, pulled, strict=True):
            p.grad = g.detach()
        optimizer.step()
        found.append(_read(game, leaves, optimizer))
    return found


def _read(game: Any, leaves: list[torch.Tensor], optimizer: Any) -> dict[str, float]:
    """All players' entries, and what is remembered of each; 0 before the first step."""
    found = {}
    for player, p in zip(game.players, leaves, strict=True):
        for key, kind in MEMORY.items():
            held = optimizer.state[p].get(key, torch.zeros_like(p))
            found |= {f"{s}_{kind}": x for s, x in zip(player, held.tolist(), strict=True)}
        found |= {s.name: x for s, x in zip(player, p.tolist(), strict=True)}
    return found


@pytest.mark.parametrize(
    ("name", "title"),
    [("adam", "dirac-non-saturating"), ("adam", "linear-quadratic"), ("nesterov", "four-player")],
)
def test_rounds_are_steps_of_the_map(name: str, title: str) -> None:
    system, states = CASES[name].map(title), rounds(name, title, 3)
    for k, (before, after) in enumerate(pairwise(states)):
        assert worst_entry(system, before, after, place_of(system, COARSE, k)) < ULPS


def test_rounds_counted_wrongly_are_not() -> None:
    system, states = CASES["adam"].map("bilinear"), rounds("adam", "bilinear", 2)
    place = place_of(system, COARSE, 1)
    assert worst_entry(system, states[1], states[2], place) < ULPS
    late = place_of(system, COARSE, 2)
    assert worst_entry(system, states[1], states[2], late) > 1e9

"""Training from random weights on mini-batches of the ring: no equilibrium is near, or known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from symgan.empirical import data
from symgan.empirical.data.seeds import derived_seed, stream
from symgan.empirical.metrics.sliced import even_directions, sliced_wasserstein
from symgan.empirical.predictions.near import Found, stepper
from symgan.empirical.predictions.players import DOUBLE, Members, gan, kind
from symgan.empirical.predictions.trials import RING_BATCH, RING_RATE, RING_STEPS, Trial

POINTS = 500
"""Generated and real points that distances are between."""
DIRECTIONS = 16
LOST = 1e6
"""A distance beyond it, or none, counts as this: the ring has radius 1."""


def run(trial: Trial, seeds: Sequence[int], iterations: int = RING_STEPS) -> Found:
    """How far training comes: the distance from the data at the end over that at the start.

    Args:
        trial: whose question is ``ring``.
        seeds: one a member: of initial weights, mini-batches and latent draws, the same for
            every rule.
        iterations: of the rule.
    """
    source, found, count = data.named("ring"), kind(trial.network), len(seeds)
    streams = [
        (
            data.batches(source, RING_BATCH, s, dtype=DOUBLE),
            data.latents(found.latent, RING_BATCH, s, dtype=DOUBLE),
        )
        for s in seeds
    ]
    nest = tuple(
        tuple(
            w.requires_grad_()
            for w in net.init([derived_seed(s, f"ring {role}") for s in seeds], dtype=DOUBLE)
        )
        for role, net in (("generator", found.generator), ("discriminator", found.discriminator))
    )
    blank = torch.zeros(count, 1, 1, dtype=DOUBLE)
    steps = torch.full((2, count), RING_RATE, dtype=DOUBLE)
    players = Members(gan(trial.loss), found, nest, blank, blank, steps)
    advance = stepper(trial.rule, trial.options, players, None)
    first = _distances(players, seeds)
    for k in range(iterations):
        pairs = [(real.at(k), latent.at(k)) for real, latent in streams]
        real, latent = (torch.stack(part) for part in zip(*pairs, strict=True))
        advance((real, latent))
        if k % 64 == 0 and not torch.isfinite(players.parameters[0][-1]).any():
            break
    empty = np.full(count, np.nan)
    return Found(empty, empty, empty, (_distances(players, seeds) / first).numpy())


@torch.no_grad()
def _distances(players: Members, seeds: Sequence[int]) -> Tensor:
    source, found = data.named("ring"), []
    for m, seed in enumerate(seeds):
        real = source.sample(POINTS, stream(seed, "ring points"), DOUBLE).reshape(POINTS, -1)
        z = torch.randn(
            1, POINTS, players.kind.latent, generator=stream(seed, "ring latents"), dtype=DOUBLE
        )
        made = players.kind.generator([w[m : m + 1] for w in players.parameters[0]], z)[0]
        whole = bool(torch.isfinite(made).all())
        distance = (
            float(sliced_wasserstein(made, real, even_directions(DIRECTIONS))) if whole else LOST
        )
        found.append(min(distance, LOST))
    return torch.tensor(found, dtype=DOUBLE)

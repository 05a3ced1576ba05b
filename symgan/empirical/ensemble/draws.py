"""What members draw, iteration by iteration: shared where configurations share it.

Latent draws, instance noise and mixing depend on the seed alone, mini-batches on the data set and
the seed, initial weights on the seed and the player; never on the order, the GAN or the other
members.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from symgan.empirical import data
from symgan.empirical.data.normal import normal
from symgan.empirical.data.seeds import stream
from symgan.empirical.data.source import Source
from symgan.empirical.data.streams import BLOCK, Stream
from symgan.empirical.ensemble.iteration import Drawn
from symgan.empirical.ensemble.settings import Member, Settings
from symgan.empirical.gans.gans import Gan


@dataclass(frozen=True, eq=False, kw_only=True)
class Noise(Stream):
    """Standard normal instance noise for real and generated points: (batch, 2, dimension)."""

    dimension: int

    def _draw(self, number: int) -> Tensor:
        generator = stream(self.seed, "instance noise", number)
        found = normal((BLOCK, self.batch, 2, self.dimension), generator)
        return found.to(self.device, self.dtype)


@dataclass(frozen=True, eq=False, kw_only=True)
class Mix(Stream):
    """Uniform shares of real data in mixed points: (batch,)."""

    def _draw(self, number: int) -> Tensor:
        generator = stream(self.seed, "mix", number)
        found = torch.rand((BLOCK, self.batch), generator=generator, dtype=torch.float64)
        return found.to(self.device, self.dtype)


class Draws:
    """The draws of a stack of members.

    Args:
        members: the configurations.
        sources: their data sets by name, of one shape.
        gan: what all of them are.
        settings: of the ensemble.
        device: where the draws are used.
    """

    def __init__(
        self,
        members: Sequence[Member],
        sources: dict[str, Source],
        gan: Gan,
        settings: Settings,
        device: torch.device,
    ) -> None:
        seeds = sorted({m.seed for m in members})
        pairs = sorted({(m.data, m.seed) for m in members})
        self._seed = torch.tensor([seeds.index(m.seed) for m in members], device=device)
        self._pair = torch.tensor([pairs.index((m.data, m.seed)) for m in members], device=device)
        self._gan, self._settings = gan, settings
        self._first = -1
        shared = {
            "batch": settings.batch,
            "dtype": getattr(torch, settings.dtype),
            "device": device,
        }
        size = next(iter(sources.values())).dimension
        self._latents = [data.latents(settings.latent, seed=s, **shared) for s in seeds]
        self._batches = [data.batches(sources[name], seed=s, **shared) for name, s in pairs]
        self._noises = [Noise(seed=s, dimension=size, **shared) for s in seeds if gan.noise]
        self._mixes = [Mix(seed=s, **shared) for s in seeds if gan.needs_mix]

    def at(self, k: int) -> Drawn:
        """What iteration k draws."""
        first = k - k % BLOCK
        if first != self._first:
            self._read(first)
        i, seed = k - first, self._seed
        real = self._real[i][self._pair]
        noise_real = noise_fake = None
        if self._noises:
            deviation = self._gan.variance(k / self._settings.iterations) ** 0.5
            noise_real, noise_fake = (deviation * n[i][seed] for n in self._noise)
        mix = self._mix[i][seed] if self._mixes else None
        return Drawn(self._latent[i][seed], real, noise_real, noise_fake, mix)

    def into(self, k: int, latent: Tensor, real: Tensor) -> None:
        """Write what iteration k draws of inputs and data to (members, features, batch)."""
        first = k - k % BLOCK
        if first != self._first:
            self._read(first)
        torch.index_select(self._latent[k - first], 0, self._seed, out=latent)
        torch.index_select(self._real[k - first], 0, self._pair, out=real)

    def _read(self, first: int) -> None:
        """The draws of a block, iterations before members and features before the batch."""
        self._latent = _featured([s.block(first) for s in self._latents])
        self._real = _featured([s.block(first).flatten(2) for s in self._batches])
        if self._noises:
            blocks = [s.block(first) for s in self._noises]
            self._noise = [_featured([b[:, :, side] for b in blocks]) for side in (0, 1)]
        if self._mixes:
            self._mix = torch.stack([s.block(first) for s in self._mixes], 1)
        self._first = first


def _featured(blocks: Sequence[Tensor]) -> Tensor:
    """(iterations, batch, features) a stream to (iterations, streams, features, batch)."""
    return torch.stack([b.transpose(1, 2) for b in blocks], 1).contiguous()

r"""A GAN with given weights, as players: the losses that training descends, as functions of both.

Training takes generated points as constants in the discriminator's step. The field is the same;
its derivative is not: here the discriminator's loss is a function of the generator's weights
too, without which J would have a block of zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from symgan.empirical.bridge.players import Parameters
from symgan.empirical.gans.gans import Gan
from symgan.empirical.gans.gradients import Draws, perturbed, scorer
from symgan.empirical.gans.networks import MLP, Weights
from symgan.empirical.gans.penalties import penalty_value
from symgan.errors import BadData


@dataclass(frozen=True, eq=False)
class GanBatch:
    """What losses are means over.

    Attributes:
        real: points (B, ...).
        latent: generator inputs (B, latent).
        draws: further random numbers of stabilizers, each with a leading axis of length 1.
        progress: the share of training done, for annealed noise.
    """

    real: Tensor
    latent: Tensor
    draws: Draws
    progress: float = 0.0


@dataclass(frozen=True, eq=False)
class GanPlayers:
    r"""Generator (player 0) and discriminator (player 1) of a GAN.

    Weight clipping is not part of a field and is left out. Spectral normalization divides by the
    exact spectral norm, which power iteration approaches: what training treats as constants
    would give the field, but not its derivative.

    Attributes:
        gan: what the players descend.
        generator: its network.
        discriminator: its network.
        parameters: the weights, without the axis of members.
    """

    gan: Gan
    generator: MLP
    discriminator: MLP
    parameters: Parameters

    @classmethod
    def of(
        cls,
        gan: Gan,
        generator: MLP,
        discriminator: MLP,
        weights: Sequence[Sequence[Tensor]],
        *,
        dtype: torch.dtype = torch.float64,
    ) -> GanPlayers:
        """Players with copies of weights, in double precision unless told otherwise."""
        nest = tuple(
            tuple(w.detach().to(dtype).clone().requires_grad_() for w in own) for own in weights
        )
        return cls(gan, generator, discriminator, nest)

    def losses(self, parameters: Parameters, batch: Any = None) -> tuple[Tensor, ...]:
        """Of generator and discriminator.

        Args:
            parameters: the weights.
            batch: a `GanBatch`.

        Raises:
            BadData: no batch.
        """
        if not isinstance(batch, GanBatch):
            raise BadData("the losses of a GAN are means over data; give a GanBatch")
        theta, psi = ([w[None] for w in own] for own in parameters)
        gan, draws = self.gan, batch.draws
        variance = gan.variance(batch.progress)
        if gan.spectral:
            psi, gan = _divided(psi), replace(gan, spectral=False)
        real = perturbed(batch.real[None], draws.real_noise, variance)
        fake = perturbed(self.generator(theta, batch.latent[None]), draws.fake_noise, variance)
        score = scorer(gan, self.discriminator, psi)
        on_fake = score(fake)
        descended = gan.loss.real(score(real)).mean() + gan.loss.fake(on_fake).mean()
        if gan.penalty is not None:
            descended = descended + penalty_value(gan.penalty, score, real, fake, draws.mix).sum()
        return gan.loss.generator(on_fake).mean(), descended


def _divided(weights: Weights) -> list[Tensor]:
    return [
        w / torch.linalg.matrix_norm(w, 2)[:, None, None] if w.ndim == 3 else w for w in weights
    ]

r"""Losses of both players and their gradients by autograd, all members at once.

The members' losses are summed before the backward pass: no term joins two members, so the
gradient in a member's weights is that of its own loss. Random numbers come in as `Draws` and are
never drawn here. This is the general path; penalties are differentiated through a second
backward pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from symgan.empirical.gans.gans import Gan
from symgan.empirical.gans.gran import Gran
from symgan.empirical.gans.networks import Network, Weights
from symgan.empirical.gans.penalties import Score, norm, penalty_value, slopes
from symgan.empirical.gans.spectral import PowerState, normalized
from symgan.errors import BadData

Gradient = tuple[Tensor, list[Tensor]]
"""The losses (M,) and the gradients, one (M, *shape) a weight."""


@dataclass(frozen=True)
class Draws:
    """The random numbers that a step needs beyond data and latents.

    Args:
        mix: uniform in [0, 1), shape (M, B): the real point's share in a point between.
        real_noise: standard normal, the shape of the real data.
        fake_noise: standard normal, the shape of the generated data.
    """

    mix: Tensor | None = None
    real_noise: Tensor | None = None
    fake_noise: Tensor | None = None


def scorer(gan: Gan, network: Network, weights: Weights, state: PowerState | None = None) -> Score:
    r"""The discriminator d as a function of points, with what is built into its architecture.

    Args:
        gan: says what is built in: spectral and gradient normalization.
        network: with one output.
        weights: its weights; d is differentiable in them.
        state: of the power iteration, where `gan.spectral`.

    Raises:
        BadData: spectral normalization without a state.
    """
    if gan.spectral and state is None:
        raise BadData(
            f"the GAN {gan.name!r} needs the state of its power iteration: spectral.start"
        )
    seen = normalized(weights, state) if gan.spectral and state is not None else weights

    def plain(x: Tensor) -> Tensor:
        return network(seen, x).squeeze(-1)

    return plain if gan.gran is None else _gradient_normalized(plain, gan.gran)


def _gradient_normalized(f: Score, gran: Gran) -> Score:
    """f divided by its slope, through which autograd can go again."""

    def score(x: Tensor) -> Tensor:
        values, gradients = slopes(f, x)
        return gran.normalized(values, norm(gradients))

    return score


@torch.no_grad()
def project(
    gan: Gan, network: Network, weights: Weights, x: Tensor, state: PowerState | None = None
) -> Tensor:
    """The projections d(x), shape (M, B), that Dynamic-GDA decides by; no graph is kept.

    Args:
        gan: with `decide_plain` (appendix F), normalizations of the architecture are off.
        network: the discriminator.
        weights: its weights.
        x: points (M, B, ...).
        state: of the power iteration; needed only with the normalizations on.
    """
    if gan.decide_plain:
        return network(weights, x).squeeze(-1)
    return scorer(gan, network, weights, state)(x).detach()


def discriminator_loss(
    gan: Gan,
    network: Network,
    weights: Weights,
    real: Tensor,
    fake: Tensor,
    draws: Draws | None = None,
    *,
    state: PowerState | None = None,
    progress: float = 0.0,
) -> Tensor:
    """What the discriminator descends, shape (M,), its penalty included."""
    draws, variance = draws or Draws(), gan.variance(progress)
    real = perturbed(real, draws.real_noise, variance)
    fake = perturbed(fake.detach(), draws.fake_noise, variance)
    score = scorer(gan, network, weights, state)
    loss = gan.loss.real(score(real)).mean(1) + gan.loss.fake(score(fake)).mean(1)
    if gan.penalty is None:
        return loss
    return loss + penalty_value(gan.penalty, score, real, fake, draws.mix)


def generator_loss(
    gan: Gan,
    generator: Network,
    discriminator: Network,
    theta: Weights,
    psi: Weights,
    z: Tensor,
    draws: Draws | None = None,
    *,
    state: PowerState | None = None,
    progress: float = 0.0,
) -> Tensor:
    """What the generator descends, shape (M,)."""
    draws = draws or Draws()
    fake = perturbed(generator(theta, z), draws.fake_noise, gan.variance(progress))
    return gan.loss.generator(scorer(gan, discriminator, psi, state)(fake)).mean(1)


@torch.enable_grad()
def discriminator_gradient(
    gan: Gan,
    network: Network,
    weights: Weights,
    real: Tensor,
    fake: Tensor,
    draws: Draws | None = None,
    *,
    state: PowerState | None = None,
    progress: float = 0.0,
) -> Gradient:
    """The discriminators' losses and their gradients.

    Args:
        gan: the kind of GAN.
        network: the discriminator, with one output.
        weights: its weights, stacked over M members.
        real: real data (M, B, ...).
        fake: generated data (M, B, ...); taken as constants.
        draws: `mix` for the penalty ``gp``, both noises for instance noise.
        state: of the power iteration for spectral normalization, a constant here; `advance` it
            once before each discriminator step.
        progress: the share of training done, for annealed noise.

    Returns:
        the losses (M,), penalties included, and one gradient ``(M, *shape)`` a weight.

    Raises:
        BadData: random numbers or a state that the GAN needs are missing.
    """
    leaves = _leaves(weights)
    loss = discriminator_loss(
        gan, network, leaves, real, fake, draws, state=state, progress=progress
    )
    return _gradient(loss, leaves)


@torch.enable_grad()
def generator_gradient(
    gan: Gan,
    generator: Network,
    discriminator: Network,
    theta: Weights,
    psi: Weights,
    z: Tensor,
    draws: Draws | None = None,
    *,
    state: PowerState | None = None,
    progress: float = 0.0,
) -> Gradient:
    """The generators' losses and their gradients; penalties are the discriminators' alone.

    Args:
        gan: the kind of GAN.
        generator: the generator.
        discriminator: the discriminator, with one output.
        theta: the generators' weights, stacked over M members.
        psi: the discriminators' weights; constants.
        z: latents (M, B, ...).
        draws: `fake_noise` for instance noise.
        state: as in `discriminator_gradient`; not advanced for a generator step.
        progress: the share of training done.

    Returns:
        the losses (M,), and one gradient ``(M, *shape)`` a weight.

    Raises:
        BadData: random numbers or a state that the GAN needs are missing.
    """
    leaves, fixed = _leaves(theta), [weight.detach() for weight in psi]
    loss = generator_loss(
        gan, generator, discriminator, leaves, fixed, z, draws, state=state, progress=progress
    )
    return _gradient(loss, leaves)


def clipped(gan: Gan, weights: Weights) -> list[Tensor]:
    """The weights after clipping; as they are where the GAN does not clip.

    >>> from symgan.empirical.gans.gans import named
    >>> clipped(named("WGAN"), [torch.tensor([[-1.0, 0.005]])])
    [tensor([[-0.0100,  0.0050]])]
    """
    if gan.clip is None:
        return list(weights)
    return [weight.clamp(-gan.clip, gan.clip) for weight in weights]


def perturbed(x: Tensor, noise: Tensor | None, variance: float) -> Tensor:
    r"""Points with normal noise of this variance: :math:`x + \sigma n`.

    Raises:
        BadData: a variance above 0 without draws, or draws of another shape.
    """
    if variance == 0:
        return x
    if noise is None or noise.shape != x.shape:
        raise BadData(f"instance noise needs standard normal draws of shape {tuple(x.shape)}")
    return x + variance**0.5 * noise


def _leaves(weights: Weights) -> list[Tensor]:
    return [weight.detach().requires_grad_() for weight in weights]


def _gradient(loss: Tensor, leaves: Sequence[Tensor]) -> Gradient:
    return loss.detach(), list(torch.autograd.grad(loss.sum(), leaves))

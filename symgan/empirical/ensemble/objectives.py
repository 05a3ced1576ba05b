r"""Losses of a GAN as functions of outputs d and squared slopes :math:`\|\nabla_x d\|^2`.

The penalties stand in `symgan.empirical.gans.penalties` as well, by two backward passes: neither
uses the other, so that a test of both gradients means something. This is all that
`symgan.empirical.ensemble.steps` differentiates automatically.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from symgan.empirical.gans.gans import Gan
from symgan.empirical.gans.penalties import Penalty

Squared = Tensor | None


def slopes_at(gan: Gan) -> tuple[bool, bool, bool]:
    """Whether the discriminator's loss has slopes in it at real, generated and mixed points."""
    kind = "" if gan.penalty is None else gan.penalty.kind
    normalized = gan.gran is not None
    return normalized or kind in ("r1", "js"), normalized or kind in ("r2", "js"), kind == "gp"


def norm(s: Tensor) -> Tensor:
    r""":math:`\sqrt s`, with derivative 0 at 0, where the root has none."""
    positive = s > 0
    return torch.where(positive, torch.where(positive, s, 1.0).sqrt(), 0.0)


def score(gan: Gan, d: Tensor, s: Squared) -> Tensor:
    """What the loss reads: the output, normalized by its slope where the GAN does so."""
    if gan.gran is None:
        return d
    assert s is not None
    return gan.gran.normalized(d, norm(s))


def discriminator_objective(gan: Gan) -> Callable[..., Tensor]:
    """The loss (members,) of outputs and squared slopes at real, generated and mixed points."""

    def objective(
        real: Tensor, s_real: Squared, fake: Tensor, s_fake: Squared, *mixed: Squared
    ) -> Tensor:
        on_real = gan.loss.real(score(gan, real, s_real)).mean(1)
        on_fake = gan.loss.fake(score(gan, fake, s_fake)).mean(1)
        if gan.penalty is None:
            return on_real + on_fake
        s_mixed = mixed[1] if mixed else None
        return on_real + on_fake + _penalty(gan.penalty, real, s_real, fake, s_fake, s_mixed)

    return objective


def generator_objective(gan: Gan) -> Callable[..., Tensor]:
    """The loss (members,) of outputs and squared slopes at generated points."""
    return lambda fake, s_fake: gan.loss.generator(score(gan, fake, s_fake)).mean(1)


def _penalty(
    penalty: Penalty, real: Tensor, s_real: Squared, fake: Tensor, s_fake: Squared, s_mixed: Squared
) -> Tensor:
    found = real.new_zeros(len(real))
    if penalty.kind == "r1" and s_real is not None:
        found = s_real.mean(1)
    elif penalty.kind == "r2" and s_fake is not None:
        found = s_fake.mean(1)
    elif penalty.kind == "gp" and s_mixed is not None:
        found = (norm(s_mixed) - penalty.target).square().mean(1)
    elif penalty.kind == "js" and s_real is not None and s_fake is not None:
        sure, fooled = torch.sigmoid(-real), torch.sigmoid(fake)
        found = (sure.square() * s_real).mean(1) + (fooled.square() * s_fake).mean(1)
    return penalty.factor * found

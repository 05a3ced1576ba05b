"""GANs: networks, losses, stabilizers and their gradients, for many members at once."""

from __future__ import annotations

from symgan.empirical.gans.gans import STUDY, Gan, adjusted, catalog, named
from symgan.empirical.gans.gradients import (
    Draws,
    clipped,
    discriminator_gradient,
    generator_gradient,
    project,
)
from symgan.empirical.gans.gran import Gran
from symgan.empirical.gans.networks import MLP, Network
from symgan.empirical.gans.penalties import Penalty

__all__ = [
    "MLP",
    "STUDY",
    "Draws",
    "Gan",
    "Gran",
    "Network",
    "Penalty",
    "adjusted",
    "catalog",
    "clipped",
    "discriminator_gradient",
    "generator_gradient",
    "named",
    "project",
]

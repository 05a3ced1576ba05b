r"""Convolutional networks for images: DCGAN's, for sides 8, 16, 32, 64, ...

The generator starts from 4 x 4 and doubles the side by transposed convolutions; the discriminator
mirrors it. Members run side by side through `torch.func.vmap` over a functional call.

Normalization between the convolutions is an option:

- ``group``, the default: statistics of one image alone (one group: of all its channels). An
  image's value then depends on that image only, so that its slope is well defined (gradient
  penalties, GraN), samples do not depend on who is drawn with them, and projections can be
  reused. No state is kept from step to step.
- ``batch``: DCGAN's own, with the statistics of the batch at hand, in training and sampling
  alike. There are no running statistics: they would be hidden state, and would make a member's
  loss depend on the steps before.
- ``none``: what spectral normalization asks for; gains of a normalization would undo its bound.

Source: Radford et al. 2015; Gulrajani et al. 2017, section 4, on batch statistics and penalties.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from symgan.empirical.gans.networks import Weights, stacked
from symgan.errors import BadData, UnknownName

NORMALIZATIONS = ("group", "batch", "none")


@dataclass(frozen=True)
class _Convolutional(ABC):
    """What both networks share: arguments, initial weights, and the call over members."""

    size: int = 32
    channels: int = 3
    width: int = 64
    normalization: str = "group"
    groups: int = 1

    def __post_init__(self) -> None:
        if self.size < 8 or self.size & (self.size - 1):
            raise BadData(
                f"images of side {self.size}; these networks need 8, 16, 32, 64, ...: pad or crop, "
                "or use an MLP"
            )
        if self.normalization not in NORMALIZATIONS:
            known = ", ".join(NORMALIZATIONS)
            raise UnknownName(
                f"unknown normalization {self.normalization!r}; choose one of: {known}"
            )
        if min(self.channels, self.width, self.groups) < 1 or self.width % self.groups:
            raise BadData(
                f"{self.channels} channels, width {self.width} in {self.groups} groups: all must "
                "be positive, and the width a multiple of the groups"
            )

    @abstractmethod
    def _layers(self) -> list[nn.Module]:
        """The layers, in the order of the call."""

    @property
    def widths(self) -> tuple[int, ...]:
        """The channels of the discriminator's hidden layers, from the image on."""
        stages = self.size.bit_length() - 3  # halvings from the image to 4 x 4
        return tuple(self.width << stage for stage in range(stages))

    @cached_property
    def _module(self) -> nn.Module:
        with torch.device("meta"):  # a skeleton without values: the weights come with each call
            return nn.Sequential(*self._layers())

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of one member's weights, in the order of the layers."""
        return tuple(tuple(weight.shape) for weight in self._module.parameters())

    def init(
        self,
        seeds: Sequence[int],
        *,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> list[Tensor]:
        """Initial weights: kernels N(0, 0.02^2), gains N(1, 0.02^2), offsets 0.

        Draws are made as in `networks.MLP.init`.

        Args:
            seeds: one a member.
            dtype: of the weights.
            device: of the weights.
        """
        return stacked([self._draw(seed) for seed in seeds], dtype=dtype, device=device)

    def _draw(self, seed: int) -> list[Tensor]:
        generator = torch.Generator().manual_seed(seed)
        found = []
        for name, weight in self._module.named_parameters():
            gain, offset = weight.ndim == 1 and name.endswith("weight"), name.endswith("bias")
            noise = torch.randn(weight.shape, generator=generator, dtype=torch.float64)
            found.append(torch.zeros_like(noise) if offset else float(gain) + 0.02 * noise)
        return found

    def _call(self, weights: Weights, x: Tensor) -> Tensor:
        names = [name for name, _ in self._module.named_parameters()]

        def one(own: Weights, points: Tensor) -> Tensor:
            return functional_call(self._module, dict(zip(names, own, strict=True)), (points,))

        return vmap(one)(list(weights), x)

    def _normalize(self, width: int) -> list[nn.Module]:
        if self.normalization == "batch":
            return [nn.BatchNorm2d(width, track_running_stats=False)]
        return [nn.GroupNorm(self.groups, width)] if self.normalization == "group" else []

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name != "_module"}


@dataclass(frozen=True)
class Generator(_Convolutional):
    r"""The generator, from latents (M, B, latent) to images (M, B, channels, size, size).

    Args:
        size: the side of an image, a power of 2 from 8 on.
        channels: 1 or 3.
        width: the channels of the layer next to the image, doubled towards 4 x 4.
        normalization: ``group``, ``batch`` or ``none``.
        groups: of ``group``.
        latent: the dimension of a latent.

    Raises:
        BadData: a side that is no power of 2 from 8 on, or a number that is not positive.
        UnknownName: an unknown normalization.

    >>> network = Generator(size=8, channels=1, latent=5, width=4)
    >>> network(network.init([0, 1]), torch.zeros(2, 3, 5)).shape
    torch.Size([2, 3, 1, 8, 8])
    """

    latent: int = 100

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.latent < 1:
            raise BadData(f"a latent of dimension {self.latent}; it must be at least 1")

    def _layers(self) -> list[nn.Module]:
        widths, free = self.widths[::-1], self.normalization == "none"
        layers: list[nn.Module] = [
            nn.Unflatten(1, (self.latent, 1, 1)),
            nn.ConvTranspose2d(self.latent, widths[0], 4, bias=free),
            *self._normalize(widths[0]),
            nn.ReLU(),
        ]
        for wide, narrow in pairwise(widths):
            up = nn.ConvTranspose2d(wide, narrow, 4, stride=2, padding=1, bias=free)
            layers += [up, *self._normalize(narrow), nn.ReLU()]
        last = nn.ConvTranspose2d(widths[-1], self.channels, 4, stride=2, padding=1)
        return [*layers, last, nn.Tanh()]

    def __call__(self, weights: Weights, x: Tensor) -> Tensor:
        """The images (M, B, channels, size, size) of latents (M, B, latent)."""
        return self._call(weights, x)


@dataclass(frozen=True)
class Discriminator(_Convolutional):
    r"""The discriminator, from images (M, B, channels, size, size) to values (M, B, 1).

    The arguments are those of `Generator`, without the latent. Activations are leaky ReLUs of
    slope 0.2. The layer next to the image is not normalized.

    >>> network = Discriminator(size=8, channels=1, width=4)
    >>> network(network.init([0, 1]), torch.zeros(2, 3, 1, 8, 8)).shape
    torch.Size([2, 3, 1])
    """

    def _layers(self) -> list[nn.Module]:
        widths, free = self.widths, self.normalization == "none"
        layers: list[nn.Module] = [
            nn.Conv2d(self.channels, widths[0], 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
        ]
        for narrow, wide in pairwise(widths):
            down = nn.Conv2d(narrow, wide, 4, stride=2, padding=1, bias=free)
            layers += [down, *self._normalize(wide), nn.LeakyReLU(0.2)]
        return [*layers, nn.Conv2d(widths[-1], 1, 4), nn.Flatten()]

    def __call__(self, weights: Weights, x: Tensor) -> Tensor:
        """The values (M, B, 1) of images (M, B, channels, size, size)."""
        return self._call(weights, x)

"""What a GAN is trained on: something that can be sampled, and sets of images in memory."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch

from symgan.errors import BadData


@runtime_checkable
class Source(Protocol):
    """A law that can be sampled.

    One sample has shape (2,) for points and (channels, height, width) for images.
    """

    @property
    def name(self) -> str:
        """That of the catalog."""
        ...

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one sample."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers in a sample."""
        ...

    def sample(
        self,
        n: int,
        generator: torch.Generator,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> torch.Tensor:
        """Independent draws, shape ``(n, *shape)``, from a CPU generator, which advances.

        Drawing n and then m gives the bits of drawing n + m.
        """
        ...


@dataclass(frozen=True, eq=False)
class Images:
    r"""A finite set of images in memory, as the law that is uniform on it.

    Attributes:
        name: that of the catalog.
        pixels: shape (n, channels, height, width), unsigned 8-bit, 0 ... levels; not written to.
        labels: shape (n,) of classes, or (n, attributes) of truth values; None without any.
        levels: the value of a white pixel; it becomes 1, and 0 becomes -1. For 255 this is
            :math:`(x/255 - 0.5)/0.5`, the normalization of GAN training.

    Raises:
        BadData: no images, or shapes or types that do not fit.

    >>> tiny = Images("tiny", torch.tensor([[[[0, 255]]], [[[51, 102]]]], dtype=torch.uint8))
    >>> tiny.shape, tiny.dimension, len(tiny)
    ((1, 1, 2), 2, 2)
    >>> tiny.take(torch.tensor([1, 0])).flatten().tolist()
    [-0.6000000238418579, -0.20000000298023224, -1.0, 1.0]
    """

    name: str
    pixels: torch.Tensor
    labels: torch.Tensor | None = None
    levels: int = 255

    def __post_init__(self) -> None:
        if self.pixels.dtype != torch.uint8 or self.pixels.ndim != 4 or not len(self.pixels):
            found = f"{self.pixels.dtype} of shape {tuple(self.pixels.shape)}"
            raise BadData(f"{self.name}: images are torch.uint8 (n, c, h, w), not {found}")
        if self.labels is not None and len(self.labels) != len(self.pixels):
            raise BadData(f"{self.name}: {len(self.pixels)} images, {len(self.labels)} labels")

    @property
    def shape(self) -> tuple[int, ...]:
        """(channels, height, width)."""
        return tuple(self.pixels.shape[1:])

    @property
    def dimension(self) -> int:
        """Numbers in an image."""
        return math.prod(self.shape)

    def __len__(self) -> int:
        return len(self.pixels)

    def take(
        self,
        positions: torch.Tensor,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> torch.Tensor:
        """The images at some positions, values in [-1, 1]: shape ``(*positions.shape, c, h, w)``.

        Each value is (2x - levels)/levels, rounded once.
        """
        raw = self.pixels[positions.to(self.pixels.device)].to(device)
        return raw.to(dtype).mul_(2).sub_(self.levels).div_(self.levels)

    def sample(
        self,
        n: int,
        generator: torch.Generator,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> torch.Tensor:
        """Images drawn uniformly with replacement, shape (n, c, h, w)."""
        return self.take(positions((n,), len(self), generator), dtype, device)


def positions(shape: tuple[int, ...], size: int, generator: torch.Generator) -> torch.Tensor:
    """Uniform positions in range(size), with replacement; each from 53 random bits.

    >>> positions((2, 3), 10, torch.Generator().manual_seed(0)).shape
    torch.Size([2, 3])
    """
    uniform = torch.rand(shape, generator=generator, dtype=torch.float64)
    return (uniform * size).long().clamp_(max=size - 1)  # u n may round up to n

"""What turns images into the points that FID, KID, precision and recall compare."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor


class Features(Protocol):
    """Any function from images to feature vectors; pass yours where a metric's features go.

    A feature network is deterministic, works on each image alone, and takes images as
    generators make them: values in [-1, 1].
    """

    def __call__(self, images: Tensor, /) -> Tensor:
        """Features of shape (n, d) for images of shape (n, channels, height, width)."""
        ...


def pixels(images: Tensor) -> Tensor:
    """The features that are the values themselves, shape (n, channels * height * width).

    >>> pixels(torch.zeros(2, 1, 3, 3)).shape
    torch.Size([2, 9])
    """
    return images.flatten(1)


def in_parts(network: Features, images: Tensor, size: int) -> Tensor:
    """The features of many images, `size` of them at a time, without gradients.

    >>> in_parts(pixels, torch.zeros(5, 1, 2, 2), size=2).shape
    torch.Size([5, 4])
    """
    with torch.no_grad():
        return torch.cat([network(part) for part in images.split(size)])

r"""InceptionV3 features from a local weights file, for images of any size.

Values of FID from different libraries differ mostly by how they resize images. The conventions
of three of them stand here by name; state which one a printed value used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from types import MappingProxyType

import torch
from torch import Tensor
from torch.nn import functional

from symgan.empirical.metrics.features import in_parts
from symgan.empirical.metrics.inception_network import (
    SIDE,
    InceptionNetwork,
    expected_shapes,
    unset,
)
from symgan.errors import BadData, UnknownName

FILES = "pt_inception-2015-12-05-6726825d.pth or weights-inception-2015-12-05-6726825d.pth"
"""The names under which pytorch-fid and torch-fidelity publish their weights."""
_SPARE = ("fc.", "AuxLogits.")
"""Parts of such files that features do not need."""


@dataclass(frozen=True, eq=False)
class Inception:
    """InceptionV3's last pooling layer as a feature network.

    Attributes:
        network: with its weights, on the device it computes on.
        convention: how images are brought to its input.
        batch: images at a time.
    """

    network: InceptionNetwork
    convention: str
    batch: int = 50

    def __call__(self, images: Tensor) -> Tensor:
        """Features of shape (n, 2048), float32.

        Args:
            images: in [-1, 1], shape (n, 3, height, width), or one channel for gray.

        Raises:
            BadData: images of another shape.
        """
        if images.ndim != 4 or images.shape[1] not in (1, 3):
            raise BadData(
                f"images have the shape {tuple(images.shape)}; Inception takes (n, 3, height, "
                "width) or (n, 1, height, width)"
            )
        prepare = conventions()[self.convention]
        weight = self.network.get_parameter("Conv2d_1a_3x3.conv.weight")

        def network(part: Tensor) -> Tensor:
            colored = part.to(weight).expand(-1, 3, -1, -1)
            return self.network(prepare(eight_bit(colored)))

        return in_parts(network, images, self.batch)


def inception(
    path: str | Path, convention: str = "pytorch-fid", device: torch.device | str = "cpu"
) -> Inception:
    """The feature network whose weights a local file holds. Nothing is downloaded.

    Args:
        path: a state dictionary saved by PyTorch, with the names of `inception_network`.
        convention: ``pytorch-fid``, ``torchmetrics`` or ``clean-fid``: how images are resized.
        device: where it computes.

    Raises:
        BadData: the file is missing or is no such dictionary; the message names the first tensor
            that is missing or has another shape.
        UnknownName: another convention.
    """
    if convention not in conventions():
        known = ", ".join(conventions())
        raise UnknownName(f"no convention {convention!r}; choose one of: {known}")
    weights = _read(Path(path))
    network = unset()
    network.load_state_dict(weights, assign=True)
    return Inception(network.to(device).eval().requires_grad_(False), convention)


def eight_bit(images: Tensor) -> Tensor:
    """Values in [-1, 1] as the whole numbers 0 ... 255 that an image file would hold.

    >>> eight_bit(torch.tensor([-1.0, 0.0, 1.5]))
    tensor([  0., 128., 255.])
    """
    return ((images + 1) * 127.5).round().clamp(0, 255)


def conventions() -> Mapping[str, Callable[[Tensor], Tensor]]:
    """How values 0 ... 255, shape (n, 3, h, w), become the network's input, by library.

    ``pytorch-fid``: bilinear by pixel centers, to [-1, 1]. ``torchmetrics``: bilinear by pixel
    corners as TensorFlow 1 does, (x - 128) / 128. ``clean-fid``: bicubic, smoothed where it
    shrinks, as Pillow does, (x - 128) / 128.

    Source: Parmar, Zhang and Zhu, On aliased resizing and surprising subtleties in GAN
    evaluation (2022).

    >>> list(conventions())
    ['pytorch-fid', 'torchmetrics', 'clean-fid']
    """
    return MappingProxyType(
        {"pytorch-fid": _centers, "torchmetrics": _corners, "clean-fid": _smoothed}
    )


def _centers(levels: Tensor) -> Tensor:
    small = functional.interpolate(levels / 255, (SIDE, SIDE), mode="bilinear", align_corners=False)
    return 2 * small - 1


def _corners(levels: Tensor) -> Tensor:
    """Output pixel i lies at input i * (size / 299), between its whole neighbors."""
    for axis in (2, 3):
        size = levels.shape[axis]
        places = torch.arange(SIDE, dtype=torch.float64, device=levels.device) * (size / SIDE)
        low = places.floor().long()
        share = (places - low).to(levels.dtype)
        share = share[:, None] if axis == 2 else share
        one, other = (levels.index_select(axis, i.clamp(max=size - 1)) for i in (low, low + 1))
        levels = one + share * (other - one)
    return (levels - 128) / 128


def _smoothed(levels: Tensor) -> Tensor:
    resized = functional.interpolate(
        levels, (SIDE, SIDE), mode="bicubic", align_corners=False, antialias=True
    )
    return (resized.clamp(0, 255) - 128) / 128


def _read(path: Path) -> dict[str, Tensor]:
    """The tensors of a weights file that the network needs."""
    if not path.is_file():
        raise BadData(f"no Inception weights at {path}; put {FILES} there, or use digit_features")
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, UnpicklingError, EOFError, OSError, ValueError, KeyError) as error:
        raise BadData(f"{path} is no state dictionary of PyTorch; it should be {FILES}") from error
    if not isinstance(found, Mapping):
        raise BadData(f"{path} holds a {type(found).__name__}, not a state dictionary")
    expected = expected_shapes()
    for name, shape in expected.items():
        if name not in found:
            raise BadData(f"{path} has no tensor {name}; it should be {FILES}")
        if not isinstance(found[name], Tensor):
            raise BadData(f"{path}: {name} is no tensor; the file should be {FILES}")
        if tuple(found[name].shape) != shape:
            raise BadData(f"{path}: {name} has the shape {tuple(found[name].shape)}, not {shape}")
    for name in found:
        known = name in expected or name.endswith(".num_batches_tracked")
        if not known and not name.startswith(_SPARE):
            raise BadData(f"{path} has a tensor {name} that InceptionV3 does not know")
    return {name: found[name] for name in expected}

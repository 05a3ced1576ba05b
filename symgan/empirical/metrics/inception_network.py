r"""InceptionV3 up to its last pooling, as the graph that FID's weights come from has it.

Units and blocks carry the names of the public weights files (of pytorch-fid and
torch-fidelity, which TorchMetrics uses), which are torchvision's. Against torchvision, average
pools leave the padding out and the last block pools by the maximum.

Source: Szegedy et al., Rethinking the Inception architecture (2016), table 1 and figures 5 to 10;
the TensorFlow graph of 2015-12-05 that Heusel et al. (2017) use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

SIDE = 299
"""Pixels of a side of an input."""
FEATURES = 2048
_EPSILON = 1e-3

Kernel = int | tuple[int, int]
Unit = tuple[str, int, Kernel]
"""A convolution: its name, output channels and kernel."""
Chain = tuple[Unit | tuple[Unit, Unit], ...]
"""Units one after another; a pair of units has one input, and its outputs stand side by side."""


@dataclass(frozen=True)
class Layout:
    """What a block is made of.

    Attributes:
        chains: on the block's input, side by side in the output.
        pooled: channels of a convolution after the block's pool; None halves the size: the pool
            is a maximum without a convolution, and the last unit of each chain has stride 2.
        maximum: whether a pool that keeps the size takes the maximum instead of the mean.
    """

    chains: tuple[Chain, ...]
    pooled: int | None
    maximum: bool = False


class Normalization(nn.Module):
    """Batch normalization by stored statistics."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        for name in ("weight", "bias", "running_mean", "running_var"):
            self.register_buffer(name, torch.empty(channels))

    def forward(self, x: Tensor) -> Tensor:
        """Normalize along the channels."""
        mean, variance, weight, bias = (
            self.get_buffer(name) for name in ("running_mean", "running_var", "weight", "bias")
        )
        return functional.batch_norm(x, mean, variance, weight, bias, eps=_EPSILON)


class Convolution(nn.Module):
    """A convolution without bias, normalized, rectified; padded, stride 1 keeps the size."""

    def __init__(
        self, inputs: int, outputs: int, kernel: Kernel, stride: int = 1, padded: bool = True
    ) -> None:
        super().__init__()
        sides = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        padding = (sides[0] // 2, sides[1] // 2) if padded else (0, 0)
        self.conv = nn.Conv2d(inputs, outputs, sides, stride, padding, bias=False)
        self.bn = Normalization(outputs)

    def forward(self, x: Tensor) -> Tensor:
        """One layer."""
        return self.bn(self.conv(x)).relu()


class Block(nn.Module):
    """Parallel chains and a pool."""

    def __init__(self, inputs: int, layout: Layout) -> None:
        super().__init__()
        self.layout = layout
        self.outputs = layout.pooled or inputs
        for chain in layout.chains:
            self.outputs += self._add(inputs, chain)
        if layout.pooled:
            self.branch_pool = Convolution(inputs, layout.pooled, 1)

    def forward(self, x: Tensor) -> Tensor:
        """All chains and the pool, side by side."""
        parts = [self._run(chain, x) for chain in self.layout.chains]
        return torch.cat([*parts, self._pool(x)], dim=1)

    def _add(self, inputs: int, chain: Chain) -> int:
        """Make the units of a chain; the channels that leave it."""
        for place, step in enumerate(chain):
            units = _units(step)
            halving = self.layout.pooled is None and place == len(chain) - 1
            for name, outputs, kernel in units:
                unit = Convolution(inputs, outputs, kernel, 1 + halving, padded=not halving)
                self.add_module(name, unit)
            inputs = sum(outputs for _, outputs, _ in units)
        return inputs

    def _run(self, chain: Chain, x: Tensor) -> Tensor:
        for step in chain:
            x = torch.cat([self.get_submodule(name)(x) for name, _, _ in _units(step)], dim=1)
        return x

    def _pool(self, x: Tensor) -> Tensor:
        if self.layout.pooled is None:
            return functional.max_pool2d(x, 3, 2)
        if self.layout.maximum:
            return self.branch_pool(functional.max_pool2d(x, 3, 1, 1))
        return self.branch_pool(functional.avg_pool2d(x, 3, 1, 1, count_include_pad=False))


def _units(step: Unit | tuple[Unit, Unit]) -> tuple[Unit, ...]:
    single = isinstance(step[0], str)  # which the type of a tuple cannot say
    return cast("tuple[Unit, ...]", (step,) if single else step)


def _grid_35(pooled: int) -> Layout:
    """Figure 5: 5 x 5 and two 3 x 3 on the 35 x 35 grid."""
    five = (("branch5x5_1", 48, 1), ("branch5x5_2", 64, 5))
    three = (("branch3x3dbl_1", 64, 1), ("branch3x3dbl_2", 96, 3), ("branch3x3dbl_3", 96, 3))
    return Layout(((("branch1x1", 64, 1),), five, three), pooled)


def _to_17() -> Layout:
    """Figure 10: from the 35 x 35 to the 17 x 17 grid."""
    three = (("branch3x3dbl_1", 64, 1), ("branch3x3dbl_2", 96, 3), ("branch3x3dbl_3", 96, 3))
    return Layout(((("branch3x3", 384, 3),), three), None)


def _grid_17(inner: int) -> Layout:
    """Figure 6: factorized 7 x 7 on the 17 x 17 grid."""
    wide, tall = (1, 7), (7, 1)
    seven = (
        ("branch7x7_1", inner, 1),
        ("branch7x7_2", inner, wide),
        ("branch7x7_3", 192, tall),
    )
    double = (
        ("branch7x7dbl_1", inner, 1),
        ("branch7x7dbl_2", inner, tall),
        ("branch7x7dbl_3", inner, wide),
        ("branch7x7dbl_4", inner, tall),
        ("branch7x7dbl_5", 192, wide),
    )
    return Layout(((("branch1x1", 192, 1),), seven, double), 192)


def _to_8() -> Layout:
    """From the 17 x 17 to the 8 x 8 grid."""
    three = (("branch3x3_1", 192, 1), ("branch3x3_2", 320, 3))
    seven = (
        ("branch7x7x3_1", 192, 1),
        ("branch7x7x3_2", 192, (1, 7)),
        ("branch7x7x3_3", 192, (7, 1)),
        ("branch7x7x3_4", 192, 3),
    )
    return Layout((three, seven), None)


def _grid_8(maximum: bool) -> Layout:
    """Figure 7: 3 x 3 split into 1 x 3 beside 3 x 1 on the 8 x 8 grid."""
    split = (("branch3x3_2a", 384, (1, 3)), ("branch3x3_2b", 384, (3, 1)))
    double = (("branch3x3dbl_3a", 384, (1, 3)), ("branch3x3dbl_3b", 384, (3, 1)))
    chains: tuple[Chain, ...] = (
        (("branch1x1", 320, 1),),
        (("branch3x3_1", 384, 1), split),
        (("branch3x3dbl_1", 448, 1), ("branch3x3dbl_2", 384, 3), double),
    )
    return Layout(chains, 192, maximum)


def _layouts() -> dict[str, Layout]:
    """The mixed blocks in their order."""
    return {
        "Mixed_5b": _grid_35(32),
        "Mixed_5c": _grid_35(64),
        "Mixed_5d": _grid_35(64),
        "Mixed_6a": _to_17(),
        "Mixed_6b": _grid_17(128),
        "Mixed_6c": _grid_17(160),
        "Mixed_6d": _grid_17(160),
        "Mixed_6e": _grid_17(192),
        "Mixed_7a": _to_8(),
        "Mixed_7b": _grid_8(maximum=False),
        "Mixed_7c": _grid_8(maximum=True),
    }


class InceptionNetwork(nn.Module):
    """The network, its weights not set: from (n, 3, 299, 299), about [-1, 1], to (n, 2048)."""

    def __init__(self) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = Convolution(3, 32, 3, stride=2, padded=False)
        self.Conv2d_2a_3x3 = Convolution(32, 32, 3, padded=False)
        self.Conv2d_2b_3x3 = Convolution(32, 64, 3)
        self.Conv2d_3b_1x1 = Convolution(64, 80, 1)
        self.Conv2d_4a_3x3 = Convolution(80, 192, 3, padded=False)
        channels = 192
        for name, layout in _layouts().items():
            block = Block(channels, layout)
            self.add_module(name, block)
            channels = block.outputs

    def forward(self, x: Tensor) -> Tensor:
        """The pooled features."""
        x = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x)))
        x = self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(functional.max_pool2d(x, 3, 2)))
        x = functional.max_pool2d(x, 3, 2)
        for name in _layouts():
            x = self.get_submodule(name)(x)
        return x.mean((2, 3))


def expected_shapes() -> dict[str, tuple[int, ...]]:
    """The shape of every tensor that a weights file must hold, by name.

    >>> expected_shapes()["Mixed_7c.branch_pool.conv.weight"]
    (192, 2048, 1, 1)
    """
    return {name: tuple(tensor.shape) for name, tensor in unset().state_dict().items()}


def unset() -> InceptionNetwork:
    """The network without memory for its weights: no time, no random numbers."""
    with torch.device("meta"):
        return InceptionNetwork()

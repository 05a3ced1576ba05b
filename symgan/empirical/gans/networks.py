r"""Networks as frozen descriptions; their weights are stacked over members.

A member is one GAN of an ensemble. Weights carry the member as first axis, ``(M, *shape)``, and
points are ``(M, B, ...)``: B of them a member. One call evaluates all members, each on its own
points with its own weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from symgan.errors import BadData, UnknownName

Weights = Sequence[Tensor]
"""The weights of a network, one stacked tensor ``(M, *shape)`` each."""


class Network(Protocol):
    """What losses, penalties and training need of a network."""

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of one member's weights, in the order of the calls."""
        ...

    def init(
        self,
        seeds: Sequence[int],
        *,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> list[Tensor]:
        """Initial weights, one seed a member."""
        ...

    def __call__(self, weights: Weights, x: Tensor) -> Tensor:
        """The outputs at points x of shape (M, B, ...)."""
        ...


ACTIVATIONS: dict[str, Callable[[Tensor, float], Tensor]] = {
    "relu": lambda x, slope: functional.relu(x),
    "leaky-relu": lambda x, slope: functional.leaky_relu(x, slope),
    "tanh": lambda x, slope: torch.tanh(x),
    "softplus": lambda x, slope: functional.softplus(x),
    "identity": lambda x, slope: x,
}
"""Activations by name, as functions of the values and the slope on the negative side."""

PIECEWISE_LINEAR = frozenset({"relu", "leaky-relu", "identity"})
"""Activations for which a network is piecewise linear in its input."""


@dataclass(frozen=True)
class MLP:
    r"""A multilayer perceptron :math:`x \mapsto W_L\,a(\dots a(W_1 x + b_1)\dots) + b_L`.

    Args:
        inputs: the dimension of a point.
        hidden: the widths of the hidden layers.
        outputs: the dimension of the output.
        activation: a, by its name in `ACTIVATIONS`.
        slope: the slope of a leaky ReLU on the negative side.
        final: an activation of the output: ``identity``, or ``tanh`` for images in [-1, 1].

    Raises:
        BadData: a width that is not positive, or a slope outside [0, 1].
        UnknownName: an unknown activation.

    >>> network = MLP(2, (16, 16), 1)
    >>> network.shapes
    ((16, 2), (16,), (16, 16), (16,), (1, 16), (1,))
    >>> network(network.init([0, 1, 2]), torch.zeros(3, 5, 2)).shape
    torch.Size([3, 5, 1])
    """

    inputs: int
    hidden: tuple[int, ...]
    outputs: int
    activation: str = "leaky-relu"
    slope: float = 0.2
    final: str = "identity"

    def __post_init__(self) -> None:
        if any(width < 1 for width in self.widths):
            raise BadData(f"a network of widths {self.widths}; each must be at least 1")
        if not 0 <= self.slope <= 1:
            raise BadData(f"slope = {self.slope} of a leaky ReLU; choose one in [0, 1]")
        for name in (self.activation, self.final):
            if name not in ACTIVATIONS:
                known = ", ".join(ACTIVATIONS)
                raise UnknownName(f"unknown activation {name!r}; choose one of: {known}")

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths of all layers, the input's and the output's included."""
        return (self.inputs, *self.hidden, self.outputs)

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Shapes (out, in), (out,), layer by layer."""
        pairs = pairwise(self.widths)
        return tuple(shape for width, out in pairs for shape in ((out, width), (out,)))

    @property
    def piecewise_linear(self) -> bool:
        """Whether the network is piecewise linear in its input."""
        return {self.activation, self.final} <= PIECEWISE_LINEAR

    def init(
        self,
        seeds: Sequence[int],
        *,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> list[Tensor]:
        r"""Initial weights as `torch.nn.Linear` draws them: all uniform on
        :math:`\pm 1/\sqrt{\text{in}}`, each layer's matrix before its offset.

        A member draws from a generator of its own, on the CPU and in float64: it starts alike
        alone and in an ensemble, in float32 and float64 (up to rounding), on any device. Give the
        two players of a GAN different seeds; with the same one they share their draws.

        Args:
            seeds: one a member.
            dtype: of the weights.
            device: of the weights.

        Returns:
            one tensor ``(M, *shape)`` a shape.
        """
        return stacked([self._draw(seed) for seed in seeds], dtype=dtype, device=device)

    def _draw(self, seed: int) -> list[Tensor]:
        generator = torch.Generator().manual_seed(seed)
        bounds = [1 / math.sqrt(width) for width in self.widths[:-1] for _ in range(2)]
        return [
            torch.empty(shape, dtype=torch.float64).uniform_(-bound, bound, generator=generator)
            for shape, bound in zip(self.shapes, bounds, strict=True)
        ]

    def __call__(self, weights: Weights, x: Tensor) -> Tensor:
        """The outputs (M, B, outputs) at points (M, B, inputs).

        Args:
            weights: stacked as `init` gives them.
            x: the points.
        """
        activate = ACTIVATIONS[self.activation]
        last = len(self.hidden)
        for layer in range(last + 1):
            matrix, offset = weights[2 * layer], weights[2 * layer + 1]
            x = torch.baddbmm(offset.unsqueeze(1), x, matrix.transpose(1, 2))
            x = activate(x, self.slope) if layer < last else x
        return ACTIVATIONS[self.final](x, self.slope)


def stacked(
    members: Sequence[Sequence[Tensor]], *, dtype: torch.dtype, device: torch.device | str
) -> list[Tensor]:
    """Each member's weights, stacked over the members.

    Raises:
        BadData: there is no member.
    """
    if not members:
        raise BadData("an ensemble without members; give at least one seed")
    rows = zip(*members, strict=True)
    return [torch.stack(tuple(row)).to(device=device, dtype=dtype) for row in rows]

r"""Networks with piecewise-linear activations, differentiated by hand.

With :math:`a_l = W_l h_{l-1} + b_l`, :math:`h_l = \sigma(a_l)` and an output :math:`a_L`, the
signals :math:`\delta_L = \partial E/\partial a_L`, :math:`\delta_{l-1} = \sigma'(a_{l-1}) W_l^T
\delta_l` give

.. math:: \frac{\partial E}{\partial W_l} = \sum_b \delta_l h_{l-1}^T, \qquad
    \frac{\partial E}{\partial b_l} = \sum_b \delta_l .

For :math:`\sigma(a) = a` where :math:`a > 0`, else :math:`s a`, the slope depends on signs alone,
so that :math:`\nabla_x a_L` has derivatives almost everywhere through the weights only: with
tangents :math:`t_0 = u`, :math:`t_l = \sigma'(a_l) W_l t_{l-1}` and signals for :math:`\delta_L =
1`,

.. math:: \frac{\partial}{\partial W_l} \sum_b u \cdot \nabla_x a_L = \sum_b \delta_l t_{l-1}^T .

Arrays hold features before the batch, (members, features, batch), so that a layer is one product of
matrices a member. Who computes them is a `Passes`: PyTorch here, machine code in `machine`.
`symgan.empirical.gans.gradients` finds the same by automatic differentiation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

Weights = Sequence[Tensor]
"""W_1, b_1, W_2, b_2, ...: (members, out, in) and (members, out)."""


@dataclass(frozen=True)
class Trace:
    """What a pass forward leaves behind.

    Attributes:
        inputs: of each layer, h_0 to h_{L-1}: (members, features, batch).
        output: a_L: (members, outputs, batch).
        whole: whether these are the rows of all members, or of those alone that are meant.
    """

    inputs: tuple[Tensor, ...]
    output: Tensor
    whole: bool = True

    def outputs(self, members: Tensor | None) -> Tensor:
        """The output of some members; None: of all."""
        return chosen((self.output,), members if self.whole else None)[0]

    def of(self, members: Tensor | None) -> Trace:
        """The trace of some members; None: of all."""
        if members is None or not self.whole:
            return self
        *inputs, output = chosen((*self.inputs, self.output), members)
        return Trace(tuple(inputs), output, whole=False)


class Passes(Protocol):
    """Passes through a network of all members, or of some.

    Weights, and traces that are whole, are those of all members; ``members`` says by index which
    are meant (None: all), and what else is given, or returned, is theirs in this order.
    """

    def forward(self, weights: Weights, x: Tensor, members: Tensor | None = None) -> Trace:
        """A pass forward of inputs x (members, features, batch): the trace of those members."""
        ...

    def signals(
        self, weights: Weights, trace: Trace, output: Tensor, members: Tensor | None = None
    ) -> list[Tensor]:
        r"""The signals :math:`\delta_1, \dots, \delta_L` from :math:`\delta_L = ` ``output``."""
        ...

    def backward(
        self, weights: Weights, trace: Trace, output: Tensor, members: Tensor | None = None
    ) -> Tensor:
        r"""The gradients of all layers, (members, entries), from :math:`\delta_L = ` ``output``."""
        ...

    def pulled(
        self, weights: Weights, trace: Trace, output: Tensor, members: Tensor | None = None
    ) -> Tensor:
        r"""The gradient in the inputs, from :math:`\delta_L = ` ``output``."""
        ...

    def input_gradient(
        self, weights: Weights, delta: Sequence[Tensor], members: Tensor | None = None
    ) -> Tensor:
        r"""What a pass backward says of the inputs: :math:`W_1^T \delta_1`."""
        ...

    def tangents(
        self, weights: Weights, trace: Trace, u: Tensor, members: Tensor | None = None
    ) -> list[Tensor]:
        r"""The tangents :math:`t_0, \dots, t_{L-1}` in a direction u (members, features, batch)."""
        ...

    def gradients(
        self,
        trace: Trace,
        delta: Sequence[Tensor],
        members: Tensor | None = None,
        share: Tensor | None = None,
    ) -> Tensor:
        r"""Gradients of all layers in one tensor (members, entries), as `Player.flat` has them.

        Args:
            trace: its inputs are multiplied with the signals.
            delta: signals of those meant.
            members: which.
            share: what multiplies the signals for the biases, (members, batch); None: 1.
        """
        ...


@dataclass(frozen=True)
class TorchPasses:
    """Passes by PyTorch's batched products, on any device.

    Args:
        slope: s of the activation below zero, at least 0; 0 is the ReLU.
    """

    slope: float

    def forward(self, weights: Weights, x: Tensor, members: Tensor | None = None) -> Trace:
        """See `Passes.forward`."""
        inputs, last = [x], len(weights) // 2 - 1
        for layer in range(last + 1):
            W, b = chosen(weights[2 * layer : 2 * layer + 2], members)
            a = torch.baddbmm(b.unsqueeze(2), W, inputs[-1])
            if layer == last:
                return Trace(tuple(inputs), a, whole=members is None)
            inputs.append(torch.nn.functional.leaky_relu_(a, self.slope))
        raise AssertionError("a network has a layer")

    def signals(
        self, weights: Weights, trace: Trace, output: Tensor, members: Tensor | None = None
    ) -> list[Tensor]:
        """See `Passes.signals`."""
        found, h = [output], trace.of(members).inputs
        for layer in range(len(weights) // 2 - 1, 0, -1):
            (W,) = chosen((weights[2 * layer],), members)
            found.append(self._sloped(torch.bmm(W.transpose(1, 2), found[-1]), h[layer]))
        return found[::-1]

    def backward(
        self, weights: Weights, trace: Trace, output: Tensor, members: Tensor | None = None
    ) -> Tensor:
        """See `Passes.backward`."""
        return self.gradients(trace, self.signals(weights, trace, output, members), members)

    def pulled(
        self, weights: Weights, trace: Trace, output: Tensor, members: Tensor | None = None
    ) -> Tensor:
        """See `Passes.pulled`."""
        delta = self.signals(weights, trace, output, members)
        return self.input_gradient(weights, delta, members)

    def input_gradient(
        self, weights: Weights, delta: Sequence[Tensor], members: Tensor | None = None
    ) -> Tensor:
        """See `Passes.input_gradient`."""
        (W,) = chosen(weights[:1], members)
        return torch.bmm(W.transpose(1, 2), delta[0])

    def tangents(
        self, weights: Weights, trace: Trace, u: Tensor, members: Tensor | None = None
    ) -> list[Tensor]:
        """See `Passes.tangents`."""
        found, h = [u], trace.of(members).inputs
        for layer in range(len(weights) // 2 - 1):
            (W,) = chosen((weights[2 * layer],), members)
            found.append(self._sloped(torch.bmm(W, found[-1]), h[layer + 1]))
        return found

    def gradients(
        self,
        trace: Trace,
        delta: Sequence[Tensor],
        members: Tensor | None = None,
        share: Tensor | None = None,
    ) -> Tensor:
        """See `Passes.gradients`."""
        found = []
        for h, d in zip(trace.of(members).inputs, delta, strict=True):
            bias = d if share is None else d * share.unsqueeze(1)
            found += [torch.bmm(d, h.transpose(1, 2)).flatten(1), bias.sum(2)]
        return torch.cat(found, 1)

    def _sloped(self, back: Tensor, activation: Tensor) -> Tensor:
        r"""Times :math:`\sigma'`, read from the signs of :math:`h = \sigma(a)`, which are a's.

        At a = 0 the slope is s, as PyTorch's derivative has it.
        """
        return torch.ops.aten.leaky_relu_backward(back, activation, self.slope, True)


def chosen(stacks: Sequence[Tensor], members: Tensor | None) -> list[Tensor]:
    """The rows of some members; None: of all."""
    return list(stacks) if members is None else [s.index_select(0, members) for s in stacks]

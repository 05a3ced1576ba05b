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
matrices a member. `symgan.empirical.gans.gradients` finds the same by automatic differentiation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    """

    inputs: tuple[Tensor, ...]
    output: Tensor

    def of(self, members: Tensor | None) -> Trace:
        """The trace of some members; None: of all."""
        if members is None:
            return self
        chosen = [h.index_select(0, members) for h in (*self.inputs, self.output)]
        return Trace(tuple(chosen[:-1]), chosen[-1])


def of(weights: Weights, members: Tensor | None) -> list[Tensor]:
    """The weights of some members; None: of all."""
    return list(weights) if members is None else [w.index_select(0, members) for w in weights]


def forward(weights: Weights, x: Tensor, slope: float) -> Trace:
    r"""A pass forward.

    Args:
        weights: of the layers.
        x: inputs (members, features, batch).
        slope: s of the activation below zero, at least 0; 0 is the ReLU.
    """
    inputs, last = [x], len(weights) // 2 - 1
    for layer in range(last + 1):
        W, b = weights[2 * layer : 2 * layer + 2]
        a = torch.baddbmm(b.unsqueeze(2), W, inputs[-1])
        if layer == last:
            return Trace(tuple(inputs), a)
        inputs.append(torch.nn.functional.leaky_relu_(a, slope))
    raise AssertionError("a network has a layer")


def signals(weights: Weights, trace: Trace, output: Tensor, slope: float) -> list[Tensor]:
    r"""The signals :math:`\delta_1, \dots, \delta_L` of a pass backward.

    Args:
        weights: of the layers.
        trace: of the pass forward.
        output: :math:`\delta_L`, (members, outputs, batch).
        slope: as in `forward`.
    """
    found = [output]
    for layer in range(len(weights) // 2 - 1, 0, -1):
        back = torch.bmm(weights[2 * layer].transpose(1, 2), found[-1])
        found.append(_sloped(back, trace.inputs[layer], slope))
    return found[::-1]


def input_gradient(weights: Weights, delta: Sequence[Tensor]) -> Tensor:
    r"""What a pass backward says of the inputs: :math:`W_1^T \delta_1`."""
    return torch.bmm(weights[0].transpose(1, 2), delta[0])


def gradients(trace: Trace, delta: Sequence[Tensor]) -> list[Tensor]:
    """The gradients of weights and biases, summed over the batch."""
    found = []
    for h, d in zip(trace.inputs, delta, strict=True):
        found += [torch.bmm(d, h.transpose(1, 2)), d.sum(2)]
    return found


def tangents(weights: Weights, trace: Trace, u: Tensor, slope: float) -> list[Tensor]:
    r"""The tangents :math:`t_0, \dots, t_{L-1}` in a direction u (members, features, batch)."""
    found = [u]
    for layer in range(len(weights) // 2 - 1):
        moved = torch.bmm(weights[2 * layer], found[-1])
        found.append(_sloped(moved, trace.inputs[layer + 1], slope))
    return found


def mixed_gradients(delta: Sequence[Tensor], tangent: Sequence[Tensor]) -> list[Tensor]:
    r"""The gradient of :math:`\sum_b u \cdot \nabla_x a_L`; that of the biases is 0."""
    found = []
    for d, t in zip(delta, tangent, strict=True):
        found += [torch.bmm(d, t.transpose(1, 2)), d.new_zeros(d.shape[:2])]
    return found


def _sloped(back: Tensor, activation: Tensor, slope: float) -> Tensor:
    r"""Times :math:`\sigma'`, read from the signs of :math:`h = \sigma(a)`, which are those of a.

    At a = 0 the slope is s, as PyTorch's derivative has it.
    """
    return torch.ops.aten.leaky_relu_backward(back, activation, slope, True)

r"""Gradients of both players, by hand, for piecewise-linear discriminators with one output.

A discriminator loss is a mean over the batch of a function of the output :math:`d_b` and of the
squared norm :math:`s_b = \|\nabla_x d_b\|^2` at real, generated and interpolated points. With
:math:`q_b = \partial E/\partial d_b`, :math:`p_b = \partial E/\partial s_b` and the signals
:math:`\delta` of the output itself,

.. math:: \frac{\partial E}{\partial W_l} = \sum_b \delta_{l,b} (q_b h_{l-1,b} + t_{l-1,b})^T,
    \qquad \frac{\partial E}{\partial b_l} = \sum_b q_b \delta_{l,b},

where t are the tangents in the direction :math:`u_b = 2 p_b \nabla_x d_b`. Only the small functions
of (d, s) are differentiated automatically.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor

from symgan.empirical.ensemble.layers import (
    Trace,
    Weights,
    gradients,
    input_gradient,
    signals,
    tangents,
)

Objective = Callable[..., Tensor]
"""Of outputs and squared norms, (members, batch) each, to a loss a member."""


@dataclass(frozen=True)
class Points:
    """A batch that the discriminator has looked at.

    Attributes:
        trace: of the pass forward.
        slopes: whether the loss depends on the gradient in the points.
    """

    trace: Trace
    slopes: bool = False


def discriminator(
    weights: Weights, batches: Sequence[Points], objective: Objective, slope: float
) -> tuple[Tensor, list[Tensor]]:
    """The loss of each member's discriminator, and its gradients.

    Args:
        weights: of the discriminator.
        batches: what it has looked at.
        objective: takes, for each batch in turn, outputs and squared norms (None where it does
            not depend on them), and returns a loss a member.
        slope: of the activation below zero.
    """
    looked = [_looked(weights, points, slope) for points in batches]
    losses, rates = _rates(objective, looked)
    total = [
        _contribution(weights, one, q, p, slope) for one, (q, p) in zip(looked, rates, strict=True)
    ]
    return losses, [reduce(torch.add, parts) for parts in zip(*total, strict=True)]


def through(
    weights: Weights, batch: Points, objective: Objective, slope: float
) -> tuple[Tensor, Tensor]:
    r"""The loss of each member's generator, and its gradient in the generated points.

    The squared norm s does not change with the point almost everywhere, so that it is a constant
    here.

    Returns:
        The losses (members,) and gradients (members, features, batch).
    """
    looked = _looked(weights, batch, slope)
    losses, ((q, _),) = _rates(objective, [looked])
    assert q is not None
    if looked.delta is None:
        delta = signals(weights, looked.trace, q.unsqueeze(1), slope)
        return losses, input_gradient(weights, delta)
    assert looked.gradient is not None
    return losses, looked.gradient * q.unsqueeze(1)


@dataclass(frozen=True)
class _Looked:
    trace: Trace
    delta: list[Tensor] | None = None
    gradient: Tensor | None = None

    @property
    def norms(self) -> Tensor | None:
        return None if self.gradient is None else self.gradient.square().sum(1)


def _looked(weights: Weights, points: Points, slope: float) -> _Looked:
    if not points.slopes:
        return _Looked(points.trace)
    ones = torch.ones_like(points.trace.output)
    delta = signals(weights, points.trace, ones, slope)
    return _Looked(points.trace, delta, input_gradient(weights, delta))


@torch.enable_grad()
def _rates(
    objective: Objective, looked: Sequence[_Looked]
) -> tuple[Tensor, list[tuple[Tensor | None, Tensor | None]]]:
    """The losses, and for each batch the derivatives in outputs and squared norms."""
    given: list[Tensor | None] = []
    for one in looked:
        given += [one.trace.output.squeeze(1), one.norms]
    leaves = [None if g is None else g.detach().requires_grad_() for g in given]
    losses = objective(*leaves)
    inputs = [leaf for leaf in leaves if leaf is not None]
    found = iter(torch.autograd.grad(losses.sum(), inputs, allow_unused=True))
    rates = [None if leaf is None else next(found) for leaf in leaves]
    return losses.detach(), list(zip(rates[::2], rates[1::2], strict=True))


def _contribution(
    weights: Weights, one: _Looked, q: Tensor | None, p: Tensor | None, slope: float
) -> list[Tensor]:
    if one.delta is None or one.gradient is None:
        assert q is not None
        return gradients(one.trace, signals(weights, one.trace, q.unsqueeze(1), slope))
    inputs: Sequence[Tensor]
    if p is None:
        p = torch.zeros_like(one.gradient[:, 0])
    inputs = tangents(weights, one.trace, one.gradient * (2 * p).unsqueeze(1), slope)
    if q is not None:
        q = q.unsqueeze(1)
        inputs = [torch.addcmul(t, q, h) for t, h in zip(inputs, one.trace.inputs, strict=True)]
    found = []
    for d, h in zip(one.delta, inputs, strict=True):
        bias = torch.zeros_like(d[:, :, 0]) if q is None else (d * q).sum(2)
        found += [torch.bmm(d, h.transpose(1, 2)), bias]
    return found

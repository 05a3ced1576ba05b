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

from symgan.empirical.ensemble.layers import Passes, Trace, Weights
from symgan.empirical.ensemble.rates import Rate

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


@dataclass(frozen=True)
class Network:
    """A network of all members, of which some are meant.

    Attributes:
        weights: of all members.
        passes: who computes.
        members: which members are meant; None: all.
    """

    weights: Weights
    passes: Passes
    members: Tensor | None = None

    def forward(self, x: Tensor) -> Trace:
        """See `Passes.forward`."""
        return self.passes.forward(self.weights, x, self.members)

    def signals(self, trace: Trace, output: Tensor) -> list[Tensor]:
        """See `Passes.signals`."""
        return self.passes.signals(self.weights, trace, output, self.members)

    def backward(self, trace: Trace, output: Tensor) -> Tensor:
        """See `Passes.backward`."""
        return self.passes.backward(self.weights, trace, output, self.members)

    def pulled(self, trace: Trace, output: Tensor) -> Tensor:
        """See `Passes.pulled`."""
        return self.passes.pulled(self.weights, trace, output, self.members)

    def input_gradient(self, delta: Sequence[Tensor]) -> Tensor:
        """See `Passes.input_gradient`."""
        return self.passes.input_gradient(self.weights, delta, self.members)

    def tangents(self, trace: Trace, u: Tensor) -> list[Tensor]:
        """See `Passes.tangents`."""
        return self.passes.tangents(self.weights, trace, u, self.members)

    def gradients(
        self, trace: Trace, delta: Sequence[Tensor], share: Tensor | None = None
    ) -> Tensor:
        """See `Passes.gradients`."""
        return self.passes.gradients(trace, delta, self.members, share)


def discriminator(
    network: Network, batches: Sequence[Points], objective: Objective
) -> tuple[Tensor, Tensor]:
    """The loss of each member's discriminator, and its gradients.

    Args:
        network: the discriminator.
        batches: what it has looked at.
        objective: takes, for each batch in turn, outputs and squared norms (None where it does
            not depend on them), and returns a loss a member.

    Returns:
        Losses (members,), gradients (members, entries).
    """
    looked = [_looked(network, points) for points in batches]
    losses, rates = _rates(objective, looked)
    total = [_contribution(network, one, q, p) for one, (q, p) in zip(looked, rates, strict=True)]
    return losses, reduce(torch.add, total)


def descent(network: Network, traces: Sequence[Trace], rates: Sequence[Rate]) -> Tensor:
    """The gradients of each member's discriminator where its loss reads outputs alone.

    Args:
        network: the discriminator.
        traces: of the points that it has looked at.
        rates: the loss's derivative in the outputs at each of them.
    """
    found = (
        network.backward(trace, rate(trace.outputs(network.members)))
        for trace, rate in zip(traces, rates, strict=True)
    )
    return reduce(torch.add, found)


def through(network: Network, batch: Points, objective: Objective) -> tuple[Tensor, Tensor]:
    r"""The loss of each member's generator, and its gradient in the generated points.

    The squared norm s does not change with the point almost everywhere, so that it is a constant
    here.

    Returns:
        The losses (members,) and gradients (members, features, batch).
    """
    looked = _looked(network, batch)
    losses, ((q, _),) = _rates(objective, [looked])
    assert q is not None
    if looked.gradient is None:
        return losses, network.pulled(batch.trace, q.unsqueeze(1))
    return losses, looked.gradient * q.unsqueeze(1)


@dataclass(frozen=True)
class _Looked:
    """A batch, with signals of the output itself and gradients in the points where needed."""

    trace: Trace
    output: Tensor
    delta: list[Tensor] | None = None
    gradient: Tensor | None = None

    @property
    def norms(self) -> Tensor | None:
        return None if self.gradient is None else self.gradient.square().sum(1)


def _looked(network: Network, points: Points) -> _Looked:
    output = points.trace.outputs(network.members)
    if not points.slopes:
        return _Looked(points.trace, output)
    delta = network.signals(points.trace, torch.ones_like(output))
    return _Looked(points.trace, output, delta, network.input_gradient(delta))


@torch.enable_grad()
def _rates(
    objective: Objective, looked: Sequence[_Looked]
) -> tuple[Tensor, list[tuple[Tensor | None, Tensor | None]]]:
    """The losses, and for each batch the derivatives in outputs and squared norms."""
    given: list[Tensor | None] = []
    for one in looked:
        given += [one.output.squeeze(1), one.norms]
    leaves = [None if g is None else g.detach().requires_grad_() for g in given]
    losses = objective(*leaves)
    inputs = [leaf for leaf in leaves if leaf is not None]
    found = iter(torch.autograd.grad(losses.sum(), inputs, allow_unused=True))
    rates = [None if leaf is None else next(found) for leaf in leaves]
    return losses.detach(), list(zip(rates[::2], rates[1::2], strict=True))


def _contribution(network: Network, one: _Looked, q: Tensor | None, p: Tensor | None) -> Tensor:
    if one.delta is None or one.gradient is None:
        assert q is not None
        return network.backward(one.trace, q.unsqueeze(1))
    if p is None:
        p = torch.zeros_like(one.gradient[:, 0])
    inputs = network.tangents(one.trace, one.gradient * (2 * p).unsqueeze(1))
    if q is None:
        share = torch.zeros_like(p)
    else:
        share, h = q, one.trace.of(network.members).inputs
        inputs = [torch.addcmul(t, q.unsqueeze(1), a) for t, a in zip(inputs, h, strict=True)]
    return network.gradients(Trace(tuple(inputs), one.output, whole=False), one.delta, share)

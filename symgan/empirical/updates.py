r"""Optimizers with memory for a stack of networks: M members, each with steps of its own.

A parameter of an ensemble is one tensor of shape (M, \*shape), member after member. An update
changes the members that it is given, in place, and leaves the others with all their memory as
they are; every member counts its own steps, which Adam's bias correction needs. Parameters and
gradients may as well be one flat tensor (M, P) each, with views for the layers: optimizers act
on entries, and one long tensor is faster than many short ones.

A member's numbers do not depend on which others are updated with it: its bits are those of
``torch.optim`` without ``fused`` on the CPU (but for `SGD` with a rate a member, whose products
with the gradient are rounded on their own).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from symgan.empirical.stacks import (
    Block,
    Stacks,
    State,
    as_double,
    blocks,
    corrections,
    count,
    started,
)
from symgan.errors import BadData


class Update(Protocol):
    """What an ensemble needs of an optimizer."""

    def init(self, parameters: Stacks) -> State:
        """The memory of members that have not moved."""
        ...

    def step(
        self,
        parameters: Stacks,
        gradients: Stacks,
        state: State,
        rate: float | Tensor,
        members: Tensor | None = None,
    ) -> None:
        """One step of some members, in place.

        Args:
            parameters: (M, *shape) each.
            gradients: (m, *shape) each, those of the m members alone and in their order.
            state: as `init` returns it.
            rate: the step size, or one a member, shape (m,).
            members: indices of different members, shape (m,); None for all, m = M.
        """


@dataclass(frozen=True)
class Adam:
    r"""Adam, :math:`x^+ = x - \eta\,\hat m/(\sqrt{\hat s} + \epsilon)`.

    .. math:: m^+ = \beta_1 m + (1 - \beta_1) g, \quad s^+ = \beta_2 s + (1 - \beta_2) g^2, \quad
              \hat m = \frac{m^+}{1 - \beta_1^{k}}, \quad \hat s = \frac{s^+}{1 - \beta_2^{k}},

    where this is the member's k-th step.

    Args:
        betas: the decay of the mean of gradients and of their squares.
        eps: added outside the root.

    Raises:
        BadData: betas outside [0, 1) or a negative eps.

    Source: Kingma and Ba 2015, algorithm 1; operations in the order of ``torch.optim.Adam``.

    >>> x = torch.tensor([[1.0], [2.0]])
    >>> adam = Adam()
    >>> state = adam.init([x])
    >>> adam.step([x], [torch.tensor([[3.0]])], state, 0.5, torch.tensor([1]))
    >>> x.tolist(), state["counts"].tolist()
    ([[1.0], [1.5]], [0, 1])
    """

    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8

    def __post_init__(self) -> None:
        _require_decays(self.betas)
        _require_eps(self.eps)

    def init(self, parameters: Stacks) -> State:
        """Zero moments, no steps."""
        return started(parameters, "mean", "square")

    @torch.no_grad()
    def step(
        self,
        parameters: Stacks,
        gradients: Stacks,
        state: State,
        rate: float | Tensor,
        members: Tensor | None = None,
    ) -> None:
        """One step of some members, in place; see `Update.step`."""
        first, second = corrections(state, members, self.betas)
        steps = -as_double(rate, first) / first
        stacks = (parameters, state["mean"], state["square"])
        for block in blocks(members, gradients, *stacks):
            x, mean, square = block.kept
            _average(mean, square, block.gradient, self.betas)
            below = square.sqrt().div_(block.factor(second)).add_(self.eps)
            x.addcdiv_(mean * block.factor(steps), below)


@dataclass(frozen=True)
class OptimisticAdam:
    r"""Optimistic Adam, :math:`x^+ = x - 2\eta\,u_k + \eta\,u_{k-1}`, with Adam's direction

    .. math:: u_k = \hat m/(\sqrt{\hat s} + \epsilon), \qquad u_0 = 0.

    Args:
        betas, eps: as in `Adam`, and refused alike.

    Source: Daskalakis et al. 2018, "Training GANs with optimism", algorithm 1.

    >>> x = torch.zeros(1, 1, dtype=torch.float64)
    >>> update = OptimisticAdam(eps=0.0)
    >>> state = update.init([x])
    >>> for _ in range(2):
    ...     update.step([x], [torch.ones(1, 1, dtype=torch.float64)], state, 0.25)
    >>> round(x.item(), 12)
    -0.75
    """

    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8

    def __post_init__(self) -> None:
        _require_decays(self.betas)
        _require_eps(self.eps)

    def init(self, parameters: Stacks) -> State:
        """Zero moments and no direction before."""
        return started(parameters, "mean", "square", "before")

    @torch.no_grad()
    def step(
        self,
        parameters: Stacks,
        gradients: Stacks,
        state: State,
        rate: float | Tensor,
        members: Tensor | None = None,
    ) -> None:
        """One step of some members, in place; see `Update.step`."""
        first, second = corrections(state, members, self.betas)
        stacks = (parameters, state["mean"], state["square"], state["before"])
        for block in blocks(members, gradients, *stacks):
            x, mean, square, before = block.kept
            _average(mean, square, block.gradient, self.betas)
            below = square.sqrt().div_(block.factor(second)).add_(self.eps)
            now = (mean / block.factor(first)).div_(below)
            _descend(block, x, 2 * now - before, rate)
            before.copy_(now)


@dataclass(frozen=True)
class RMSProp:
    r"""RMSProp, :math:`x^+ = x - \eta\, g/(\sqrt{s^+} + \epsilon)`, without a bias correction.

    .. math:: s^+ = \alpha s + (1 - \alpha) g^2

    Args:
        alpha: the decay of the mean of squares.
        eps: added outside the root.

    Raises:
        BadData: alpha outside [0, 1) or a negative eps.

    Source: Tieleman and Hinton 2012; operations in the order of ``torch.optim.RMSprop``.

    >>> x = torch.tensor([[1.0]])
    >>> update = RMSProp(alpha=0.75, eps=0.0)
    >>> update.step([x], [torch.tensor([[3.0]])], update.init([x]), 0.25)
    >>> x.item()
    0.5
    """

    alpha: float = 0.99
    eps: float = 1e-8

    def __post_init__(self) -> None:
        _require_decays((self.alpha,))
        _require_eps(self.eps)

    def init(self, parameters: Stacks) -> State:
        """Zero squares."""
        return started(parameters, "square")

    @torch.no_grad()
    def step(
        self,
        parameters: Stacks,
        gradients: Stacks,
        state: State,
        rate: float | Tensor,
        members: Tensor | None = None,
    ) -> None:
        """One step of some members, in place; see `Update.step`."""
        steps = -as_double(rate, count(state, members))
        for block in blocks(members, gradients, parameters, state["square"]):
            (x, square), g = block.kept, block.gradient
            square.mul_(self.alpha).addcmul_(g, g, value=1 - self.alpha)
            x.addcdiv_(g * block.factor(steps), square.sqrt().add_(self.eps))


@dataclass(frozen=True)
class SGD:
    r"""Gradient descent with momentum, :math:`b^+ = \mu b + g`, :math:`x^+ = x - \eta\, b^+`.

    Args:
        momentum: :math:`\mu`; 0 keeps no memory.
        nesterov: whether to step along :math:`g + \mu b^+` instead.

    Raises:
        BadData: a momentum outside [0, 1).

    Source: Sutskever et al. 2013, with the step outside the momentum as in ``torch.optim.SGD``.

    >>> x = torch.tensor([[1.0]])
    >>> update = SGD(momentum=0.5)
    >>> state = update.init([x])
    >>> for _ in range(2):
    ...     update.step([x], [torch.tensor([[1.0]])], state, 0.25)
    >>> x.item()
    0.375
    """

    momentum: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        _require_decays((self.momentum,))

    def init(self, parameters: Stacks) -> State:
        """A ball at rest, no steps."""
        return started(parameters, *(("ball",) if self.momentum else ()))

    @torch.no_grad()
    def step(
        self,
        parameters: Stacks,
        gradients: Stacks,
        state: State,
        rate: float | Tensor,
        members: Tensor | None = None,
    ) -> None:
        """One step of some members, in place; see `Update.step`."""
        count(state, members)
        for block in blocks(members, gradients, parameters, *self._balls(state)):
            (x, *memory), g = block.kept, block.gradient
            along = g
            for ball in memory:
                ball.mul_(self.momentum).add_(g)
                along = g.add(ball, alpha=self.momentum) if self.nesterov else ball
            _descend(block, x, along, rate)

    def _balls(self, state: State) -> tuple[Stacks, ...]:
        return (state["ball"],) if self.momentum else ()


def _average(mean: Tensor, square: Tensor, g: Tensor, betas: tuple[float, float]) -> None:
    """The running means of gradients and squares."""
    mean.lerp_(g, 1 - betas[0])
    square.mul_(betas[1]).addcmul_(g, g, value=1 - betas[1])


def _descend(block: Block, x: Tensor, along: Tensor, rate: float | Tensor) -> None:
    """One step along a direction; for one rate the product is fused as ``torch.optim.SGD`` does."""
    if isinstance(rate, Tensor):
        x.addcmul_(along, block.factor(-rate))
    else:
        x.add_(along, alpha=-rate)


def _require_decays(decays: Sequence[float]) -> None:
    for decay in decays:
        if not 0 <= decay < 1:
            raise BadData(f"a decay of {decay} is outside [0, 1); its memory would never fade")


def _require_eps(eps: float) -> None:
    if not 0 <= eps < float("inf"):
        raise BadData(f"eps = {eps} is not a number from 0 up")

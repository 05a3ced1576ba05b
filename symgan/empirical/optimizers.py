"""Optimizers that ``torch.optim`` does not have."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from symgan.errors import BadData


class OptimisticAdam(Optimizer):
    r"""Optimistic Adam, :math:`x_{k+1} = x_k - 2\eta\,u_{k+1} + \eta\,u_k`, with Adam's direction

    .. math:: u_{k+1} = \hat m_{k+1}/(\sqrt{\hat s_{k+1}} + \epsilon), \qquad u_0 = 0.

    The last direction predicts the next, so that one gradient a step does what extrapolation
    takes two for. The map is `symgan.optimizers.adam.optimistic_adam`. All memory, that direction
    included, is in ``state_dict``.

    Args:
        params: tensors, or groups of them, as for every optimizer.
        lr: the step size.
        betas: the decay of the mean of gradients and of their squares.
        eps: added outside the root.

    Raises:
        BadData: a step size or eps below 0, or betas outside [0, 1).

    Source: Daskalakis et al. 2018, "Training GANs with optimism", algorithm 1.

    >>> x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    >>> optimizer = OptimisticAdam([x], lr=0.25, eps=0.0)
    >>> for _ in range(2):
    ...     optimizer.zero_grad()
    ...     x.sum().backward()
    ...     optimizer.step()
    >>> round(x.item(), 12)
    -0.75
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        if not 0 <= lr < float("inf") or not 0 <= eps < float("inf"):
            raise BadData(f"lr = {lr}, eps = {eps}: give numbers from 0 up")
        if not all(0 <= beta < 1 for beta in betas):
            raise BadData(f"betas = {betas} are not in [0, 1); their memory would never fade")
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps})

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """One step of every tensor that has a gradient.

        Args:
            closure: computes the loss and its gradients anew, where it is given.

        Returns:
            What the closure returns, or None.
        """
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        with torch.no_grad():
            for group in self.param_groups:
                for x in group["params"]:
                    if x.grad is not None:
                        _step(x, x.grad, self.state[x], group)
        return loss


def _step(x: Tensor, g: Tensor, state: dict[str, Any], group: dict[str, Any]) -> None:
    """One step of one tensor, in place."""
    if not state:
        state["step"] = torch.zeros((), dtype=torch.float64)
        for kind in ("exp_avg", "exp_avg_sq", "direction"):
            state[kind] = torch.zeros_like(x)
    state["step"] += 1
    k, (beta1, beta2) = state["step"].item(), group["betas"]
    mean, square, before = (state[kind] for kind in ("exp_avg", "exp_avg_sq", "direction"))
    mean.lerp_(g, 1 - beta1)
    square.mul_(beta2).addcmul_(g, g, value=1 - beta2)
    root = square.sqrt().div_((1 - beta2**k) ** 0.5).add_(group["eps"])
    now = (mean / (1 - beta1**k)).div_(root)
    x.add_(2 * now - before, alpha=-group["lr"])
    before.copy_(now)

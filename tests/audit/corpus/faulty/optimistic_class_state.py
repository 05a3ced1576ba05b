"""Optimistic descent whose last gradients belong to the class."""

import torch


class OMD(torch.optim.Optimizer):
    last_gradients = {}  # noqa: RUF012

    def __init__(self, params, lr=0.1):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self, closure=None):
        if closure is not None:
            with torch.enable_grad():
                closure()
        for group in self.param_groups:
            for i, p in enumerate(group["params"]):
                if p.grad is None:
                    continue
                last = self.last_gradients.get(i, p.grad)
                p.add_(2 * p.grad - last, alpha=-group["lr"])
                self.last_gradients[i] = p.grad.clone()

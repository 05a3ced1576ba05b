"""Optimistic descent that takes 0 for the gradient before the first."""

import torch


class OMD(torch.optim.Optimizer):
    def __init__(self, params, lr=0.1):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self, closure=None):
        if closure is not None:
            with torch.enable_grad():
                closure()
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                last = state.get("last", torch.zeros_like(p))
                p.add_(2 * p.grad - last, alpha=-group["lr"])
                state["last"] = p.grad.clone()

"""Extragradient that extrapolates by half a step."""

import torch


class ExtraGradient(torch.optim.Optimizer):
    def __init__(self, params, lr=0.1):
        super().__init__(params, {"lr": lr})

    def step(self, closure):
        tensors = [(p, g["lr"]) for g in self.param_groups for p in g["params"]]
        closure()
        tensors = [(p, lr) for p, lr in tensors if p.grad is not None]
        here = [p.detach().clone() for p, _ in tensors]
        with torch.no_grad():
            for p, lr in tensors:
                p.sub_(lr / 2 * p.grad)
        loss = closure()
        with torch.no_grad():
            for (p, lr), x in zip(tensors, here, strict=True):
                p.copy_(x - lr * p.grad)
        return loss

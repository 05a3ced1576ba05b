"""Optimistic Adam: twice this direction, less the last."""

import math

import torch


class OptimisticAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if not s:
                    s.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                    s["old"] = torch.zeros_like(p)
                s["t"] += 1
                s["m"].lerp_(p.grad, 1 - b1)
                s["v"].lerp_(p.grad.square(), 1 - b2)
                root = (s["v"] / (1 - math.pow(b2, s["t"]))).sqrt() + group["eps"]
                new = s["m"] / (1 - math.pow(b1, s["t"])) / root
                p.add_(-2 * group["lr"] * new).add_(group["lr"] * s["old"])
                s["old"] = new

"""Lookahead around gradient descent; slow weights are part of the state."""

import torch


class Lookahead(torch.optim.Optimizer):
    def __init__(self, params, lr=0.1, k=2, alpha=0.5):
        super().__init__(params, {"lr": lr, "k": k, "alpha": alpha})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["slow"], state["count"] = p.clone(), 0
                p.sub_(p.grad, alpha=group["lr"])
                state["count"] += 1
                if state["count"] % group["k"] == 0:
                    state["slow"].add_(p - state["slow"], alpha=group["alpha"])
                    p.copy_(state["slow"])

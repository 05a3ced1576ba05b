"""RMSProp with eps outside the root."""

import torch


class RMSprop(torch.optim.Optimizer):
    def __init__(self, params, lr=0.01, alpha=0.99, eps=1e-8):
        super().__init__(params, {"lr": lr, "alpha": alpha, "eps": eps})

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "square_avg" not in state:
                    state["square_avg"] = torch.zeros_like(p.data)
                s = state["square_avg"]
                s.copy_(group["alpha"] * s + (1 - group["alpha"]) * p.grad.data**2)
                p.data = p.data - group["lr"] * p.grad.data / (torch.sqrt(s) + group["eps"])

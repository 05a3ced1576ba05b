"""The heavy ball that remembers the parameter itself and not a copy."""

import torch


class HeavyBall(torch.optim.Optimizer):
    def __init__(self, params, lr=0.1, momentum=0.5):
        super().__init__(params, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                now = p.data
                move = -group["lr"] * p.grad
                if "previous" in state:
                    move = move + group["momentum"] * (p - state["previous"])
                p += move
                state["previous"] = now

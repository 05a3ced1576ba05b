"""AdamW that adds eps to the root before the bias correction."""

import torch


class AdamW(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            (b1, b2), lr = group["betas"], group["lr"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["t"] = 0
                    state["m"], state["s"] = torch.zeros_like(p), torch.zeros_like(p)
                state["t"] += 1
                p.mul_(1 - lr * group["weight_decay"])
                state["m"].mul_(b1).add_((1 - b1) * p.grad)
                state["s"].mul_(b2).add_((1 - b2) * p.grad.square())
                unbiased = (1 - b2 ** state["t"]) ** 0.5 / (1 - b1 ** state["t"])
                eps = group["eps"]
                p.sub_(lr * unbiased * state["m"] / (state["s"].sqrt() + eps))

"""Extrapolates every second parameter alone."""

import torch


class Extragradient(torch.optim.Optimizer):
    def __init__(self, params, lr=0.1):
        super().__init__(params, {"lr": lr})
        self.copies = []

    @torch.no_grad()
    def extrapolation(self):
        for group in self.param_groups:
            for p in group["params"]:
                self.copies.append(p.clone())
                if p.grad is not None and len(self.copies) % 2:
                    p -= group["lr"] * p.grad

    @torch.no_grad()
    def step(self):
        copies = iter(self.copies)
        for group in self.param_groups:
            for p in group["params"]:
                back = next(copies)
                if p.grad is not None:
                    p.copy_(back - group["lr"] * p.grad)
        self.copies = []

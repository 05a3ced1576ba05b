"""Whether spectra at the equilibrium would have shown what an optimizer does wrong."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from sympy import Rational

from symgan.audit import Verdict
from symgan.audit.torch_optimizers import audit_optimizer
from symgan.games.dirac import dirac
from symgan.losses import jensen_shannon

TENTH = Rational(1, 10)


class _Descent(torch.optim.Optimizer):
    """Gradient descent with a fault of its own."""

    def __init__(self, params: Any, lr: float) -> None:
        super().__init__(params, {"lr": lr})

    def direction(self, g: torch.Tensor) -> torch.Tensor:
        raise NotImplementedError

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override] - without a loss
        for group in self.param_groups:
            for p in group["params"]:
                p.sub_(self.direction(p.grad), alpha=group["lr"])


class Halved(_Descent):
    def direction(self, g: torch.Tensor) -> torch.Tensor:
        return g / 2


class Squared(_Descent):
    def direction(self, g: torch.Tensor) -> torch.Tensor:
        return g + g**2 / 100


class Clipped(_Descent):
    def direction(self, g: torch.Tensor) -> torch.Tensor:
        return g.clamp(-0.5, 0.5)


class MixedDecays(torch.optim.Optimizer):
    """Adam whose squares grow by 1 - beta1: near rest it is the momentum that Adam is there."""

    inside = False

    def __init__(self, params: Any, lr: float, betas: Any = (0.9, 0.999), eps: float = 1e-8):
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override] - without a loss
        for group in self.param_groups:
            (b1, b2), eps = group["betas"], group["eps"]
            for p in group["params"]:
                s = self.state[p]
                s["k"] = s.get("k", 0) + 1
                s["m"] = b1 * s.get("m", torch.zeros_like(p)) + (1 - b1) * p.grad
                weight = 1 - b2 if self.inside else 1 - b1
                s["v"] = b2 * s.get("v", torch.zeros_like(p)) + weight * p.grad**2
                root = s["v"] / (1 - b2 ** s["k"])
                below = (root + eps).sqrt() if self.inside else root.sqrt() + eps
                p.sub_(s["m"] / (1 - b1 ** s["k"]) / below, alpha=group["lr"])


class EpsInside(MixedDecays):
    """Adam with eps inside the root: at rest it steps by eta/sqrt(eps), not eta/eps."""

    inside = True


@pytest.mark.parametrize(
    ("make", "rule", "hides"),
    [
        (Halved, "simultaneous", False),
        (Squared, "simultaneous", True),
        (Clipped, "simultaneous", True),
        (MixedDecays, "adam", True),
        (EpsInside, "adam", False),
    ],
)
def test_whether_the_linearization_would_have_hidden_it(make: Any, rule: str, hides: bool) -> None:
    found = audit_optimizer(make, dirac(jensen_shannon), rule, eta=TENTH)
    assert found.verdict is Verdict.DIFFERS
    assert found.hidden is not None
    assert (found.hidden.holds, found.hidden.exact) == (hides, False)

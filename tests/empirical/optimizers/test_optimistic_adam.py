"""`OptimisticAdam` as an optimizer of torch: its state, closures and groups."""

from __future__ import annotations

import io
from typing import Any

import torch

from symgan.empirical.optimizers import OptimisticAdam


def run(optimizer: Any, x: torch.Tensor, steps: int) -> None:
    """Steps on a quartic."""
    for _ in range(steps):
        optimizer.zero_grad()
        ((x - 1) ** 4).sum().backward()
        optimizer.step()


def start() -> torch.Tensor:
    return torch.linspace(-1, 2, 5, dtype=torch.float64).requires_grad_()


def test_a_checkpoint_goes_on_with_the_same_bits() -> None:
    x = start()
    optimizer = OptimisticAdam([x], lr=0.1)
    run(optimizer, x, 4)
    file = io.BytesIO()
    torch.save({"x": x.detach(), "optimizer": optimizer.state_dict()}, file)
    run(optimizer, x, 4)
    file.seek(0)
    kept = torch.load(file, weights_only=True)
    y = kept["x"].clone().requires_grad_()
    again = OptimisticAdam([y], lr=7.0)
    forgetful = OptimisticAdam([z := kept["x"].clone().requires_grad_()], lr=0.1)
    again.load_state_dict(kept["optimizer"])
    run(again, y, 4)
    run(forgetful, z, 4)
    assert torch.equal(x, y)
    assert not torch.equal(x, z)


def test_groups_have_steps_of_their_own_and_tensors_without_gradient_stay() -> None:
    x, y, still = start(), start(), start()
    optimizer = OptimisticAdam([{"params": [x]}, {"params": [y, still], "lr": 0.5}], lr=0.1)
    (x.sum() + y.sum()).backward()
    optimizer.step()
    torch.testing.assert_close(start() - x, torch.full_like(x, 0.2))  # the first step is doubled
    torch.testing.assert_close(start() - y, torch.full_like(y, 1.0))
    assert torch.equal(still, start())


def test_a_closure_computes_the_gradient() -> None:
    x = start()
    optimizer = OptimisticAdam([x], lr=0.1)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = (x**2).sum()
        loss.backward()
        return loss

    found = optimizer.step(closure)
    assert found.item() == (start() ** 2).sum().item()
    assert not torch.equal(x, start())

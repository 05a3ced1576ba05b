"""Small GANs on eight points, full batch, at equilibria that Newton's method finds."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from symgan.empirical.bridge import rules
from symgan.empirical.bridge.fields import flatten, unflatten
from symgan.empirical.bridge.players import Parameters
from symgan.empirical.spectra import GameJacobian

DATA = (-1.2, -1.0, -0.9, -0.2, 0.1, 0.8, 1.3, 2.0)


class TinyGan:
    """Non-saturating GAN with weight decay; both networks have a few tanh units."""

    def __init__(self, seed: int, decay: float, hidden: int = 2) -> None:
        generator = torch.Generator().manual_seed(seed)
        self.decay = decay
        self.parameters: Parameters = (_weights(generator, hidden), _weights(generator, hidden))
        self.latent = torch.linspace(-1.5, 1.5, 8, dtype=torch.float64)[:, None]
        self.real = torch.tensor(DATA, dtype=torch.float64)[:, None]

    def losses(self, parameters: Parameters, batch: Any = None) -> tuple[Tensor, Tensor]:
        theta, psi = parameters
        softplus = torch.nn.functional.softplus
        on_fake, on_real = _net(psi, _net(theta, self.latent)), _net(psi, self.real)
        return (
            softplus(-on_fake).mean() + self._size(theta),
            softplus(-on_real).mean() + softplus(on_fake).mean() + self._size(psi),
        )

    def _size(self, weights: tuple[Tensor, ...]) -> Tensor:
        return self.decay / 2 * torch.stack([w.square().sum() for w in weights]).sum()


def _weights(generator: torch.Generator, hidden: int) -> tuple[Tensor, ...]:
    shapes = (((hidden, 1), 1.0), ((hidden,), 0.5), ((1, hidden), 0.7), ((1,), 0.1))
    return tuple(
        (scale * torch.randn(shape, generator=generator, dtype=torch.float64)).requires_grad_()
        for shape, scale in shapes
    )


def _net(weights: tuple[Tensor, ...], x: Tensor) -> Tensor:
    w, b, c, d = weights
    return torch.tanh(x @ w.T + b) @ c.T + d


def put(players: Any, values: np.ndarray[Any, Any]) -> None:
    with torch.no_grad():
        new = unflatten(torch.from_numpy(values), players.parameters)
        for own, others in zip(players.parameters, new, strict=True):
            for tensor, value in zip(own, others, strict=True):
                tensor.copy_(value)


@cache
def _equilibrium(decay: float, hidden: int) -> tuple[float, ...]:
    players = TinyGan(0, decay, hidden)
    training = rules.named("extragradient")(players, 1.0)
    for _ in range(300):
        training.step()
    for _ in range(30):
        J = GameJacobian(players)
        if np.linalg.norm(J.field) < 1e-13:
            return tuple(flatten(players.parameters).tolist())
        away = np.linalg.solve(J.dense(), J.field)
        shorter = min(1.0, 0.5 / float(np.linalg.norm(away)))
        put(players, flatten(players.parameters).detach().numpy() - shorter * away)
    raise AssertionError("Newton's method found no equilibrium")


def stable() -> TinyGan:
    """At rest, |v| < 1e-13, where the flow is stable; 14 parameters."""
    return _at_rest(0.01, 2)


def expanding() -> TinyGan:
    """At rest, where a complex pair has a small negative real part; 20 parameters."""
    return _at_rest(0.03, 3)


def _at_rest(decay: float, hidden: int) -> TinyGan:
    players = TinyGan(0, decay, hidden)
    put(players, np.array(_equilibrium(decay, hidden)))
    return players

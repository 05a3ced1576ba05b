"""Gradients by hand against automatic differentiation, for every GAN."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from symgan.empirical import gans, orders
from symgan.empirical.ensemble import iteration
from symgan.empirical.ensemble.ensemble import named_passes
from symgan.empirical.ensemble.iteration import Drawn, Stack
from symgan.empirical.ensemble.player import Player
from symgan.empirical.ensemble.settings import Settings
from symgan.empirical.gans import MLP, gradients, spectral
from symgan.empirical.updates import SGD

M, B = 5, 12
CLOSE = 1e-12
"""Of the largest entry: a thousand roundings of sums of some hundred terms in double precision."""


def stack(gan: gans.Gan, slope: float, final: str = "identity", engine: str = "torch") -> Stack:
    """Members in random states, a power iteration that has not converged."""
    draw = torch.Generator().manual_seed(3)
    settings = Settings(latent=3, hidden=(7, 5), slope=slope, batch=B, dtype="float64")
    players: list[Player] = []
    for network in (
        MLP(3, (7, 5), 2, slope=slope, final=final),
        MLP(2, (7, 5), 1, slope=slope),
    ):
        weights = network.init(range(M), dtype=torch.float64)
        weights = [w + torch.randn(w.shape, generator=draw, dtype=w.dtype) / 3 for w in weights]
        players.append(Player(network, weights, SGD()))
    vectors = spectral.start(players[1].weights(), range(M), iterations=1) if gan.spectral else None
    both = [orders.Fixed((orders.BOTH,))] * M
    _, passes = named_passes(engine, settings, torch.device("cpu"))
    return Stack(gan, both, settings, players[0], players[1], passes, vectors)


def drawn(gan: gans.Gan) -> Drawn:
    draw = torch.Generator().manual_seed(4)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=draw, dtype=torch.float64)

    first, second = (0.3 * normal(M, 2, B) if gan.noise else None for _ in range(2))
    mix = torch.rand((M, B), generator=draw, dtype=torch.float64) if gan.needs_mix else None
    return Drawn(normal(M, 3, B), normal(M, 2, B), first, second, mix)


def automatic(gan: gans.Gan, one: Stack, draws: Drawn) -> tuple[list[Tensor], list[Tensor]]:
    """The discriminators' and the generators' gradients by the general path."""
    G, D = one.generator, one.discriminator
    scale = gan.noise**0.5 if gan.noise else 1.0
    noises = [None if n is None else n.mT / scale for n in (draws.noise_real, draws.noise_fake)]
    passed = gradients.Draws(draws.mix, noises[0], noises[1])
    z, real = draws.latent.mT, draws.real.mT
    fake = G.network(G.weights(), z)
    common: dict[str, Any] = {"draws": passed, "state": one.vectors}
    _, psi = gans.discriminator_gradient(gan, D.network, D.weights(), real, fake, **common)
    _, theta = gans.generator_gradient(
        gan, G.network, D.network, G.weights(), D.weights(), z, **common
    )
    return psi, theta


def distance(found: Tensor, layers: list[Tensor]) -> float:
    """The largest difference, relative to the largest entry of all layers."""
    expected = torch.cat([layer.flatten(1) for layer in layers], 1)
    return float((found - expected).abs().max() / expected.abs().max())


@pytest.mark.parametrize("engine", ["torch", "machine"])
@pytest.mark.parametrize("slope", [0.2, 0.0])
@pytest.mark.parametrize("name", gans.catalog())
def test_both_gradients_equal_the_automatic_ones(name: str, slope: float, engine: str) -> None:
    gan = gans.named(name)
    one, draws = stack(gan, slope, engine=engine), drawn(gan)
    psi, theta = automatic(gan, one, draws)
    moves = iteration.Moves(one, draws)
    assert distance(moves.discriminator(None), psi) < CLOSE
    assert distance(moves.generator(None), theta) < CLOSE
    some = torch.tensor([3, 0])
    assert distance(moves.discriminator(some), [p[some] for p in psi]) < CLOSE
    assert distance(moves.generator(some), [t[some] for t in theta]) < CLOSE


@pytest.mark.parametrize("name", gans.catalog())
def test_another_gan_has_other_gradients(name: str) -> None:
    """What distinguishes the GANs reaches the gradients: no two agree where they differ."""
    gan = gans.named(name)
    one, draws = stack(gan, 0.2), drawn(gan)
    found = iteration.Moves(one, draws).discriminator(None)
    bare = gans.Gan("bare", gan.loss)
    other = automatic(bare, stack(bare, 0.2), drawn(bare))[0]
    differs = bool(gan.noise or gan.penalty or gan.spectral or gan.gran)
    assert (distance(found, other) > 1e-3) == differs


def test_generators_of_images_end_in_tanh() -> None:
    gan = gans.named("unsat-bce")
    one, draws = stack(gan, 0.2, "tanh"), drawn(gan)
    psi, theta = automatic(gan, one, draws)
    moves = iteration.Moves(one, draws)
    assert distance(moves.discriminator(None), psi) < CLOSE
    assert distance(moves.generator(None), theta) < CLOSE
    assert distance(moves.generator(None), automatic(gan, stack(gan, 0.2), draws)[1]) > 1e-3

"""Convolutional networks: torch's own modules a member, and whose statistics an image sees."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from symgan.empirical.gans.dcgan import NORMALIZATIONS, Discriminator, Generator
from symgan.empirical.gans.gans import named
from symgan.empirical.gans.gradients import (
    Draws,
    discriminator_gradient,
    discriminator_loss,
    generator_gradient,
)
from symgan.empirical.gans.penalties import slopes
from symgan.empirical.gans.spectral import start
from symgan.errors import BadData, UnknownName

KIND: dict[str, Any] = {"dtype": torch.float64}
# Sums of up to 16 x 64 products in another order, through at most five layers.
CLOSE: dict[str, Any] = {"rtol": 1e-11, "atol": 1e-13}


def normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), **KIND)


def same_norm(kind: str, width: int) -> list[nn.Module]:
    found = {"batch": nn.BatchNorm2d(width, **KIND), "group": nn.GroupNorm(2, width, **KIND)}
    return [found[kind]] if kind in found else []


def plain_generator(kind: str) -> nn.Sequential:
    """32 x 32 from 10 latents and width 4, written out."""
    free = kind == "none"
    return nn.Sequential(
        nn.ConvTranspose2d(10, 16, 4, 1, 0, bias=free, **KIND), *same_norm(kind, 16), nn.ReLU(),
        nn.ConvTranspose2d(16, 8, 4, 2, 1, bias=free, **KIND), *same_norm(kind, 8), nn.ReLU(),
        nn.ConvTranspose2d(8, 4, 4, 2, 1, bias=free, **KIND), *same_norm(kind, 4), nn.ReLU(),
        nn.ConvTranspose2d(4, 3, 4, 2, 1, **KIND), nn.Tanh(),
    )  # fmt: skip


def plain_discriminator(kind: str) -> nn.Sequential:
    free = kind == "none"
    return nn.Sequential(
        nn.Conv2d(3, 4, 4, 2, 1, **KIND), nn.LeakyReLU(0.2),
        nn.Conv2d(4, 8, 4, 2, 1, bias=free, **KIND), *same_norm(kind, 8), nn.LeakyReLU(0.2),
        nn.Conv2d(8, 16, 4, 2, 1, bias=free, **KIND), *same_norm(kind, 16), nn.LeakyReLU(0.2),
        nn.Conv2d(16, 1, 4, **KIND), nn.Flatten(),
    )  # fmt: skip


def loaded(module: nn.Sequential, weights: list[Tensor], member: int) -> nn.Sequential:
    with torch.no_grad():
        for own, weight in zip(module.parameters(), weights, strict=True):
            own.copy_(weight[member])
    return module.train()  # batch normalization with the batch's own statistics


@pytest.mark.parametrize("kind", NORMALIZATIONS)
def test_members_are_torch_modules(kind: str) -> None:
    g = Generator(32, 3, 4, kind, groups=2, latent=10)
    d = Discriminator(32, 3, 4, kind, groups=2)
    theta, psi = g.init([1, 2], **KIND), d.init([3, 4], **KIND)
    images = g(theta, normal(2, 3, 10))
    values = d(psi, images)
    assert images.shape == (2, 3, 3, 32, 32)
    assert values.shape == (2, 3, 1)
    for m in range(2):
        own = loaded(plain_generator(kind), theta, m)(normal(2, 3, 10)[m].reshape(3, 10, 1, 1))
        torch.testing.assert_close(images[m], own, **CLOSE)
        found = loaded(plain_discriminator(kind), psi, m)(images[m])
        torch.testing.assert_close(values[m], found, **CLOSE)
        other = loaded(plain_discriminator(kind), psi, 1 - m)(images[m])
        assert not torch.allclose(values[m], other, rtol=1e-3)


@pytest.mark.parametrize("size", [8, 64])
def test_other_sides(size: int) -> None:
    g, d = Generator(size, 1, 2, latent=3), Discriminator(size, 1, 2)
    assert [w.shape[1:] for w in g.init([0])] == [torch.Size(s) for s in g.shapes]
    images = g(g.init([0]), torch.zeros(1, 2, 3))
    assert images.shape == (1, 2, 1, size, size)
    assert images.abs().max() <= 1
    assert d(d.init([1]), images).shape == (1, 2, 1)
    top = 2 << (size.bit_length() - 4)
    assert g.shapes[0] == (3, top, 4, 4)
    assert d.shapes[-2] == (1, top, 4, 4)


@pytest.mark.parametrize("kind", NORMALIZATIONS)
def test_whose_statistics_an_image_sees(kind: str) -> None:
    """Only batch statistics make a value depend on the images beside it."""
    d = Discriminator(16, 1, 4, kind)
    psi, x = d.init([0], **KIND), normal(1, 4, 1, 16, 16)
    beside = torch.cat([x[:, :1], 5 * x[:, 1:]], 1)
    alike = torch.allclose(d(psi, x)[0, 0], d(psi, beside)[0, 0], rtol=1e-12)
    assert alike == (kind != "batch")

    def slope(points: Tensor) -> Tensor:
        return slopes(lambda p: d(psi, p).squeeze(-1), points)[1][0, 0]

    assert torch.allclose(slope(x), slope(x[:, :1]), rtol=1e-10) == (kind != "batch")


def test_initial_weights() -> None:
    """Kernels N(0, 0.02^2), gains N(1, 0.02^2), offsets 0; within five standard errors."""
    g = Generator(16, 3, 16, latent=50)
    kernel, gain, offset, *_ = g.init([5], **KIND)
    assert float(kernel.std()) == pytest.approx(0.02, rel=5 / (2 * kernel.numel()) ** 0.5)
    assert abs(float(kernel.mean())) < 5 * 0.02 / kernel.numel() ** 0.5
    assert abs(float(gain.mean()) - 1) < 5 * 0.02 / gain.numel() ** 0.5
    assert not offset.any()
    assert gain.std() != 0
    together = g.init([4, 5])
    assert all(torch.equal(a[1:], b) for a, b in zip(together, g.init([5]), strict=True))
    assert not torch.equal(together[0][:1], together[0][1:])


@pytest.mark.parametrize("name", ["unsat-bce", "wgan-gp", "reg-js-gan", "sn-gan", "piecewise-gp"])
def test_gradients_go_through_convolutions(name: str) -> None:
    """A directional derivative by differences; both players, two members."""
    gan = named(name)
    g, d = Generator(16, 1, 3, latent=2), Discriminator(16, 1, 3, "none")
    theta = g.init([0, 1], **KIND)
    psi = [10 * w for w in d.init([2, 3], **KIND)]  # away from slopes that are nearly 0
    real, z, state = normal(2, 3, 1, 16, 16), normal(2, 3, 2), start(psi, [0, 1])
    draws, fake = Draws(mix=torch.full((2, 3), 0.25, **KIND)), g(theta, z)
    _, found = discriminator_gradient(gan, d, psi, real, fake, draws, state=state)
    along = [normal(*w.shape, seed=i) for i, w in enumerate(psi)]

    def at(t: float) -> Tensor:
        moved = [w + t * u for w, u in zip(psi, along, strict=True)]
        return discriminator_loss(gan, d, moved, real, fake, draws, state=state)

    slope = (at(1e-6) - at(-1e-6)) / 2e-6
    dot = torch.stack([(a * b).flatten(1).sum(1) for a, b in zip(found, along, strict=True)]).sum(0)
    # Second differences with step 1e-6 in float64: rounding 1e-10, no kink within the step.
    torch.testing.assert_close(slope, dot, rtol=1e-6, atol=1e-8)
    assert not torch.allclose(slope, -dot, rtol=1e-2)
    _, own = generator_gradient(gan, g, d, theta, psi, z, draws, state=state)
    assert [w.shape for w in own] == [w.shape for w in theta]
    assert all(w.isfinite().all() for w in own)
    assert all(float(w.abs().max()) > 0 for w in own[::3])


def test_descriptions_are_values() -> None:
    network = Generator(8, 1, 4, latent=5)
    before = network.shapes
    for twin in (pickle.loads(pickle.dumps(network)), copy.deepcopy(network)):
        assert twin == network
        assert twin.shapes == before
    assert Generator(8, 1, 4, latent=6) != network


def test_bad_networks_are_refused() -> None:
    for size in (4, 24, 28, 0, 33):
        with pytest.raises(BadData, match="8, 16, 32, 64"):
            Discriminator(size)
    with pytest.raises(UnknownName, match="group, batch, none"):
        Generator(normalization="layer")
    with pytest.raises(BadData, match="multiple"):
        Generator(width=6, groups=4)
    with pytest.raises(BadData, match="latent"):
        Generator(latent=0)

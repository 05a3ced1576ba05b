"""Gradients of networks: finite differences, one member against many, and what is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
import torch
from torch import Tensor

from symgan.empirical.gans.gans import Gan, catalog, named
from symgan.empirical.gans.gradients import (
    Draws,
    discriminator_gradient,
    discriminator_loss,
    generator_gradient,
    generator_loss,
    project,
    scorer,
)
from symgan.empirical.gans.networks import MLP, Weights
from symgan.empirical.gans.penalties import slopes
from symgan.empirical.gans.spectral import PowerState, start
from symgan.errors import BadData

MEMBERS, BATCH = 3, 6
# A smooth activation, so that differences converge; all second derivatives are at work.
G, D = MLP(4, (7, 5), 2, "tanh"), MLP(2, (8, 6), 1, "tanh")
ALL = [pytest.param(gan, id=name) for name, gan in catalog().items()]


@dataclass(frozen=True)
class Batch:
    theta: list[Tensor]
    psi: list[Tensor]
    real: Tensor
    z: Tensor
    draws: Draws
    state: PowerState

    def discriminator(self, gan: Gan) -> tuple[Tensor, list[Tensor]]:
        fake = G(self.theta, self.z)
        return discriminator_gradient(
            gan, D, self.psi, self.real, fake, self.draws, state=self.state
        )

    def generator(self, gan: Gan) -> tuple[Tensor, list[Tensor]]:
        return generator_gradient(
            gan, G, D, self.theta, self.psi, self.z, self.draws, state=self.state
        )

    def member(self, m: int) -> Batch:
        def one(x: Tensor | None) -> Tensor:
            assert x is not None
            return x[m : m + 1]

        return Batch(
            [one(w) for w in self.theta],
            [one(w) for w in self.psi],
            one(self.real),
            one(self.z),
            Draws(one(self.draws.mix), one(self.draws.real_noise), one(self.draws.fake_noise)),
            PowerState(tuple(map(one, self.state.left)), tuple(map(one, self.state.right))),
        )


def batch(dtype: torch.dtype = torch.float64) -> Batch:
    source = torch.Generator().manual_seed(5)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=source, dtype=torch.float64).to(dtype)

    seeds = list(range(MEMBERS))
    psi = D.init([100 + s for s in seeds], dtype=dtype)
    mix = torch.rand(MEMBERS, BATCH, generator=source, dtype=torch.float64).to(dtype)
    draws = Draws(mix, normal(MEMBERS, BATCH, 2), normal(MEMBERS, BATCH, 2))
    real, z = normal(MEMBERS, BATCH, 2), normal(MEMBERS, BATCH, 4)
    return Batch(G.init(seeds, dtype=dtype), psi, real, z, draws, start(psi, seeds))


def derivative(loss: Callable[[Weights], Tensor], weights: Weights, along: Weights) -> Tensor:
    """A central difference of fourth order: its error is h^4/30 times a fifth derivative."""

    def at(t: float) -> Tensor:
        moved = [w + t * u for w, u in zip(weights, along, strict=True)]
        return loss(moved).detach()

    step = 2e-4
    return (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step)


def dots(gradients: Weights, along: Weights) -> Tensor:
    """The inner product of gradient and direction, one a member."""
    pairs = zip(gradients, along, strict=True)
    return torch.stack([(g * u).flatten(1).sum(1) for g, u in pairs]).sum(0)


def direction(weights: Weights, seed: int) -> list[Tensor]:
    source = torch.Generator().manual_seed(seed)
    return [torch.randn(w.shape, generator=source, dtype=w.dtype) for w in weights]


def close(a: Tensor, b: Tensor) -> bool:
    """Within 1e-9: the worst difference, 6e-11, is that of the norm in WGAN-GP, whose higher
    derivatives grow where slopes are small; rounding leaves 1e-12."""
    return torch.allclose(a, b, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("gan", ALL)
def test_gradients_are_the_slopes_of_the_losses(gan: Gan) -> None:
    b = batch()
    fake = G(b.theta, b.z)
    value, gradients = b.discriminator(gan)
    own, of_generator = b.generator(gan)

    def critic(psi: Weights) -> Tensor:
        return discriminator_loss(gan, D, psi, b.real, fake, b.draws, state=b.state)

    def maker(theta: Weights) -> Tensor:
        return generator_loss(gan, G, D, theta, b.psi, b.z, b.draws, state=b.state)

    assert torch.equal(value, critic(b.psi).detach())
    assert torch.equal(own, maker(b.theta).detach())
    along, also = direction(b.psi, 1), direction(b.theta, 2)
    assert close(derivative(critic, b.psi, along), dots(gradients, along))
    assert close(derivative(maker, b.theta, also), dots(of_generator, also))
    assert not close(derivative(critic, b.psi, along), dots(gradients, direction(b.psi, 3)))


@pytest.mark.parametrize("gan", [g for g in ALL if g.id not in ("unsat-bce", "hinge", "wgan")])
def test_every_stabilizer_changes_the_gradient(gan: Gan) -> None:
    """Its finite differences reject the gradient of the same GAN without it."""
    b = batch()
    fake = G(b.theta, b.z)
    bare = replace(gan, penalty=None, noise=0.0, gran=None, spectral=False)
    along = direction(b.psi, 1)
    stabilized = gan != bare

    def critic(psi: Weights) -> Tensor:
        return discriminator_loss(gan, D, psi, b.real, fake, b.draws, state=b.state)

    same = close(derivative(critic, b.psi, along), dots(b.discriminator(bare)[1], along))
    assert same != stabilized


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("gan", ALL)
def test_a_member_is_the_same_alone(gan: Gan, dtype: torch.dtype) -> None:
    """Within 16 ulp of a gradient's largest entry; 4 is the worst seen, and 0 is usual.

    An exponential may be rounded otherwise in another place of the processor's vectors, which is
    1 ulp in a logistic slope before it is summed; sums may be taken in another order.
    """
    b = batch(dtype)
    together = [b.discriminator(gan), b.generator(gan)]
    bound = 16 * torch.finfo(dtype).eps
    for m in range(MEMBERS):
        one = b.member(m)
        for (losses, many), (loss, alone) in zip(
            together, [one.discriminator(gan), one.generator(gan)], strict=True
        ):
            assert abs(losses[m] - loss[0]) <= bound * (1 + abs(loss[0]))
            assert losses.shape == (MEMBERS,)
            scale = max(float(g.abs().max()) for g in alone)
            for g, h in zip(many, alone, strict=True):
                assert float((g[m] - h[0]).abs().max()) <= bound * scale
            assert any(
                float((g[(m + 1) % MEMBERS] - h[0]).abs().max()) > bound * scale
                for g, h in zip(many, alone, strict=True)
            )


@pytest.mark.parametrize("gan", ALL)
def test_no_member_sees_another(gan: Gan) -> None:
    """Bitwise: NaN in the last member's data and weights changes nothing in the others."""
    b, broken = batch(), batch()
    broken.real[-1], broken.z[-1] = torch.nan, torch.nan
    broken.psi[0][-1], broken.theta[0][-1] = torch.nan, torch.nan
    pairs = [(b.discriminator(gan), broken.discriminator(gan))]
    pairs += [(b.generator(gan), broken.generator(gan))]
    for (losses, gradients), (found, others) in pairs:
        assert torch.equal(losses[:-1], found[:-1])
        assert found[-1].isnan()
        for g, h in zip(gradients, others, strict=True):
            assert torch.equal(g[:-1], h[:-1])


@pytest.mark.parametrize("gan", ALL)
def test_inputs_are_left_alone_and_no_graph_is_needed(gan: Gan) -> None:
    b = batch()
    for leaf in (*b.psi, *b.theta):
        leaf.requires_grad_()
    with torch.no_grad():
        quiet = b.discriminator(gan), b.generator(gan)
    loud = b.discriminator(gan), b.generator(gan)
    for (loss, gradients), (other, others) in zip(quiet, loud, strict=True):
        assert not loss.requires_grad
        assert torch.equal(loss, other)
        assert all(torch.equal(g, h) for g, h in zip(gradients, others, strict=True))
        assert not any(g.requires_grad for g in others)
    assert all(leaf.grad is None for leaf in (*b.psi, *b.theta, b.real, b.z))
    assert not b.real.requires_grad
    fake = G(b.theta, b.z)
    loss = discriminator_loss(gan, D, b.psi, b.real, fake, b.draws, state=b.state)
    with pytest.raises(RuntimeError, match="not have been used"):
        torch.autograd.grad(loss.sum(), fake)


def test_decisions_are_made_without_the_architecture() -> None:
    b = batch()
    plain = D(b.psi, b.real).squeeze(-1)
    for name in ("sn-gan", "piecewise-gp", "wgan"):
        assert torch.equal(project(named(name), D, b.psi, b.real), plain)
    for name in ("sn-gan", "piecewise-gp"):
        gan = replace(named(name), decide_plain=False)
        seen = project(gan, D, b.psi, b.real, b.state)
        assert torch.equal(seen, scorer(gan, D, b.psi, b.state)(b.real).detach())
        assert not torch.allclose(seen, plain, rtol=1e-3)
        assert not seen.requires_grad


def test_a_kink_at_slope_zero_has_slope_zero() -> None:
    """WGAN-GP and GraN at a constant discriminator: no NaN where the norm has no derivative."""
    b = batch()
    flat = [torch.zeros_like(w) for w in b.psi]
    for name in ("wgan-gp", "piecewise-gp", "reg-js-gan"):
        fake = G(b.theta, b.z)
        _, gradients = discriminator_gradient(named(name), D, flat, b.real, fake, b.draws)
        assert all(g.isfinite().all() for g in gradients)


def test_missing_random_numbers_are_refused() -> None:
    b = batch()
    fake = G(b.theta, b.z).detach()
    for name, draws, needed in (
        ("wgan-gp", Draws(), "mix"),
        ("instance-noise", Draws(real_noise=b.real), "normal draws"),
        ("instance-noise", Draws(real_noise=b.real[:, :2], fake_noise=b.real), "normal draws"),
        ("sn-gan", Draws(), "power iteration"),
    ):
        with pytest.raises(BadData, match=needed):
            discriminator_gradient(named(name), D, b.psi, b.real, fake, draws)
    with pytest.raises(BadData, match="normal draws"):
        generator_gradient(named("instance-noise"), G, D, b.theta, b.psi, b.z)


def test_slopes_of_a_known_function() -> None:
    x = torch.tensor([[[1.0, 2.0], [3.0, -1.0]]], dtype=torch.float64)
    values, found = slopes(lambda p: p.square().sum(-1) + p[..., 0], x)
    assert values.tolist() == [[6.0, 13.0]]
    assert found.tolist() == [[[3.0, 4.0], [7.0, -2.0]]]
    assert not x.requires_grad

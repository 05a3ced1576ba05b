"""Spectral normalization against singular values, and what bounds the discriminator's slope."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from symgan.empirical.gans.gans import named
from symgan.empirical.gans.gradients import clipped, scorer
from symgan.empirical.gans.gran import Gran
from symgan.empirical.gans.networks import MLP
from symgan.empirical.gans.penalties import Score, norm, slopes
from symgan.empirical.gans.spectral import (
    PowerState,
    advance,
    matrices,
    normalized,
    norms,
    start,
)

D = MLP(2, (16, 16), 1)
seeds = st.integers(0, 2**32)


def weights(seed: int, scale: float = 5.0) -> list[Tensor]:
    """Weights of two members, steep enough that the bounds are at work."""
    return [scale * w for w in D.init([seed, seed + 1], dtype=torch.float64)]


def true_norms(found: list[Tensor]) -> list[Tensor]:
    return [torch.linalg.matrix_norm(w, 2) for w in matrices(found)]


def steepest(score: Score, seed: int = 0) -> Tensor:
    """The largest slope at 400 points, one a member."""
    source = torch.Generator().manual_seed(seed)
    x = torch.randn(2, 400, 2, generator=source, dtype=torch.float64)
    return norm(slopes(score, x)[1]).detach().amax(1)


@settings(max_examples=8, deadline=None)
@given(seeds)
def test_estimates_rise_to_the_largest_singular_value(seed: int) -> None:
    w = weights(seed)
    state = start(w, [seed, seed + 1])
    previous = [torch.zeros_like(s) for s in norms(w, state)]
    for _ in range(6):
        state = advance(w, state)
        found = norms(w, state)
        for now, before, true in zip(found, previous, true_norms(w), strict=True):
            # Power iteration on W W^T cannot fall and stays below; rounding adds a few ulp.
            assert (now >= before * (1 - 1e-14)).all()
            assert (now <= true * (1 + 1e-14)).all()
        previous = found
    for vector in (*state.left, *state.right):
        torch.testing.assert_close(vector.norm(dim=-1), torch.ones(2, dtype=torch.float64))


def test_members_keep_their_own_vectors() -> None:
    w = weights(3)
    state = start(w, [7, 8])
    alone = start([x[1:] for x in w], [8])
    for many, one in zip((*state.left, *state.right), (*alone.left, *alone.right), strict=True):
        torch.testing.assert_close(many[1:], one, rtol=1e-14, atol=1e-14)
        assert not torch.allclose(many[:1], one)
    kept = [u.clone() for u in state.left]
    advance(w, state, iterations=3)
    assert all(torch.equal(u, v) for u, v in zip(kept, state.left, strict=True))


def test_one_round_a_step_follows_moving_weights() -> None:
    """Weights that drift by 0.1 % a step: the carried estimate stays within 1 % of the norm, a
    single round from scratch does not."""
    w, drift = weights(11), weights(12)
    state = start(w, [0, 1], iterations=200)
    for _ in range(100):
        w = [a + 1e-3 * b for a, b in zip(w, drift, strict=True)]
        state = advance(w, state)
    scratch = advance(w, start(w, [0, 1]))
    true = true_norms(w)
    assert all((s > 0.99 * t).all() for s, t in zip(norms(w, state), true, strict=True))
    assert any((s < 0.99 * t).any() for s, t in zip(norms(w, scratch), true, strict=True))


@settings(max_examples=8, deadline=None)
@given(seeds)
def test_a_normalized_network_has_slopes_up_to_1(seed: int) -> None:
    """Leaky ReLUs have slopes up to 1, so the product of the layers' norms, 1, is a bound.

    1e-6 is left for power iteration where the two largest singular values are close.
    """
    w = weights(seed)
    state = start(w, [seed, seed + 1], iterations=500)
    gan = named("sn-gan")
    assert (steepest(scorer(gan, D, w, state)) <= 1 + 1e-6).all()


def test_the_bound_needs_the_normalization() -> None:
    w = weights(1)
    state = start(w, [1, 2], iterations=500)
    gan = named("sn-gan")
    assert (steepest(scorer(replace(gan, spectral=False), D, w)) > 1).all()
    halved = PowerState(tuple(u / 2 for u in state.left), state.right)
    assert (steepest(scorer(gan, D, w, halved)) > 1).any()


@pytest.mark.parametrize("form", ["squared", "plain"])
@settings(max_examples=8, deadline=None)
@given(seed=seeds, epsilon=st.sampled_from([1e-6, 0.1, 3.0]))
def test_gradient_normalization_bounds_every_piece(form: str, seed: int, epsilon: float) -> None:
    """The slope is below K on each piece, and near K on steep ones, whatever the weights."""
    gran = Gran(0.83, epsilon, form)
    gan = replace(named("piecewise-gp"), gran=gran)
    for scale in (0.1, 5.0, 100.0):
        assert (steepest(scorer(gan, D, weights(seed, scale))) < 0.83 * (1 + 1e-12)).all()
    steep = steepest(scorer(gan, D, weights(seed, 1e4)))
    assert (steep > 0.82).all()


def test_gradient_normalization_bounds_no_smooth_network() -> None:
    """With a bent activation the slope of |grad f| enters, and K is no bound any more."""
    bent = MLP(2, (16, 16), 1, "softplus")
    w = [5 * x for x in bent.init([4, 5], dtype=torch.float64)]
    gan = replace(named("piecewise-gp"), gran=Gran(0.83, 0.1))
    assert (steepest(scorer(gan, bent, w)) > 0.83).any()


def test_clipping_bounds_the_slope_by_the_layers_norms() -> None:
    """A matrix with entries up to c has a norm up to c sqrt(in out): slopes up to 4e-4 here."""
    w = clipped(named("wgan"), weights(2))
    bound = 0.01**3 * (2 * 16) ** 0.5 * 16 * 16**0.5
    assert (steepest(scorer(named("wgan"), D, w)) <= bound).all()
    assert (steepest(scorer(named("wgan"), D, weights(2))) > bound).all()


def test_gradients_pass_through_the_norm() -> None:
    r"""Autograd against (G - <G, W/s> u v^T)/s, equation (12) of Miyato et al. 2018."""
    w = [x.requires_grad_() for x in weights(6)]
    state = start(w, [0, 1], iterations=3)
    source = torch.Generator().manual_seed(9)
    inner = [torch.randn(x.shape, generator=source, dtype=x.dtype) for x in w]
    value = sum((g * x).sum() for g, x in zip(inner, normalized(w, state), strict=True))
    assert isinstance(value, Tensor)
    found = torch.autograd.grad(value, w)
    for layer, sigma in enumerate(norms(w, state)):
        matrix, outer = w[2 * layer], inner[2 * layer]
        s, u, v = sigma.reshape(-1, 1, 1), state.left[layer], state.right[layer]
        along = (outer * matrix / s).sum((1, 2), keepdim=True)
        expected = (outer - along * u.unsqueeze(2) * v.unsqueeze(1)) / s
        torch.testing.assert_close(found[2 * layer], expected, rtol=1e-12, atol=1e-12)
        assert not torch.allclose(found[2 * layer], outer / s, rtol=1e-3)
        assert torch.equal(found[2 * layer + 1], inner[2 * layer + 1])


def test_kernels_count_as_matrices() -> None:
    source = torch.Generator().manual_seed(0)
    kernel = torch.randn(2, 5, 3, 4, 4, generator=source, dtype=torch.float64)
    gains = torch.ones(2, 5, dtype=torch.float64)
    state = start([kernel, gains], [0, 1], iterations=500)
    found = normalized([kernel, gains], state)
    torch.testing.assert_close(
        torch.linalg.matrix_norm(found[0].flatten(2), 2), torch.ones(2, dtype=torch.float64)
    )
    assert torch.equal(found[1], gains)

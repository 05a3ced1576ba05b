"""Sliced Wasserstein distances: closed forms, the exact integral, and the bound by the full one."""

from __future__ import annotations

from math import gamma, pi, sqrt

import pytest
import torch
from hypothesis import given, settings
from torch import Tensor

from symgan.empirical.metrics.one_dimensional import wasserstein_1d
from symgan.empirical.metrics.sliced import (
    even_directions,
    random_directions,
    sliced_wasserstein,
    sliced_wasserstein_plane,
)
from symgan.empirical.metrics.transport import wasserstein
from symgan.errors import BadData
from tests.empirical.metrics.points import EPSILON, extent, normal, samples


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("dimension", [1, 2, 5])
def test_a_shift_has_the_mean_length_of_its_shadows(dimension: int) -> None:
    """E|<u, s>| = |s| Gamma(d/2) / (sqrt(pi) Gamma((d+1)/2)), E<u, s>^2 = |s|^2 / d."""
    x, shift = normal(0, 20, dimension), normal(1, 1, dimension)
    directions = random_directions(40_000, dimension, seeded(2))
    length = float(shift.norm())
    mean = length * gamma(dimension / 2) / (sqrt(pi) * gamma((dimension + 1) / 2))
    shadows = (directions @ shift.T).abs()
    error = 4 * float(shadows.std()) / sqrt(len(directions)) + 1e-12  # four standard errors
    assert abs(float(sliced_wasserstein(x, x + shift, directions)) - mean) <= error
    found = float(sliced_wasserstein(x, x + shift, directions, 2)) ** 2
    error = 4 * float(shadows.square().std()) / sqrt(len(directions)) + 1e-12
    assert abs(found - length**2 / dimension) <= error


def test_directions_cover_the_sphere_evenly() -> None:
    """A uniform u has E u u^T = I / d; four standard errors of an entry are 4 / sqrt(count)."""
    u = random_directions(20_000, 3, seeded(0))
    assert float((u.T @ u / len(u) - torch.eye(3) / 3).abs().max()) < 4 / sqrt(len(u))
    cube = torch.rand(20_000, 3, generator=seeded(0), dtype=torch.float64)  # the false neighbor
    cube = cube / cube.norm(dim=1, keepdim=True)
    assert float((cube.T @ cube / len(u) - torch.eye(3) / 3).abs().max()) > 4 / sqrt(len(u))


@settings(max_examples=25)
@given(samples(4, 2), samples(3, 2))
def test_the_exact_integral_is_the_limit_of_even_directions(x: Tensor, y: Tensor) -> None:
    """The integrand is Lipschitz with |z| the largest norm, so the midpoint rule errs < L h / 2."""
    exact = float(sliced_wasserstein_plane(x, y))
    bound = 2 * sqrt(2) * extent(x, y) * (pi / 2000) / 2
    assert abs(float(sliced_wasserstein(x, y, even_directions(2000))) - exact) <= bound


@pytest.mark.parametrize(("n", "m"), [(1, 1), (6, 6), (7, 4)])
def test_even_directions_converge_quadratically(n: int, m: int) -> None:
    x, y = normal(3, n, 2), normal(4, m, 2)
    exact = float(sliced_wasserstein_plane(x, y))
    coarse, fine = (
        abs(float(sliced_wasserstein(x, y, even_directions(k))) - exact) for k in (400, 40_000)
    )
    assert fine < coarse / 1000 + 1e-13  # 1e-4 for quadratic, 1e-2 for linear convergence
    assert coarse > 1e-9


def test_a_single_pair_has_its_closed_form() -> None:
    x, y = torch.tensor([[1.0, 2.0]]), torch.tensor([[4.0, 6.0]])
    assert float(sliced_wasserstein_plane(x, y)) == pytest.approx(10 / pi, rel=8 * EPSILON)
    repeated = sliced_wasserstein_plane(x.repeat(3, 1), y.repeat(2, 1))
    assert float(repeated) == pytest.approx(10 / pi, rel=40 * EPSILON)


@settings(max_examples=20)
@given(samples(5, 2), samples(5, 2), samples(5, 2))
def test_it_is_a_metric_below_the_full_one(x: Tensor, y: Tensor, z: Tensor) -> None:
    slack = 100 * EPSILON * extent(x, y, z)
    d = sliced_wasserstein_plane
    assert abs(float(d(x, y) - d(y, x))) <= slack
    assert float(d(x, z)) <= float(d(x, y) + d(y, z)) + slack
    assert float(d(x, y)) <= float(wasserstein(x, y)) * 2 / pi + slack  # mean |<u, s>| = 2|s|/pi
    assert float(d(x, x.flip(0))) <= slack


@pytest.mark.parametrize("order", [1, 2])
def test_parts_and_batches_change_nothing(order: int, monkeypatch: pytest.MonkeyPatch) -> None:
    x, y, directions = normal(5, 3, 9, 2), normal(6, 6, 2), even_directions(25)
    found = sliced_wasserstein(x, y, directions, order)
    by_hand = wasserstein_1d((x @ directions.T).mT, (y @ directions.T).mT, order)
    alone = torch.stack([sliced_wasserstein(entry, y, directions, order) for entry in x])
    monkeypatch.setattr("symgan.empirical.metrics.sliced._ENTRIES", 60)
    parted = sliced_wasserstein(x, y, directions, order)
    for other in (by_hand.pow(order).mean(-1).pow(1 / order), alone, parted):
        torch.testing.assert_close(found, other, rtol=1e-14, atol=0)  # sums in another order
    exact = sliced_wasserstein_plane(x, y)
    assert torch.equal(exact, torch.stack([sliced_wasserstein_plane(entry, y) for entry in x]))


def test_bad_input_is_named() -> None:
    x = torch.zeros(2, 3)
    with pytest.raises(BadData, match=r"\(4, 2\); they need \(L, 3\)"):
        sliced_wasserstein(x, x, even_directions(4))
    with pytest.raises(BadData, match="the plane has 2"):
        sliced_wasserstein_plane(x, x)

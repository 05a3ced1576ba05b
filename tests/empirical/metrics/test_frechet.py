"""The Frechet distance between Gaussians, against closed forms and 50 digits."""

from __future__ import annotations

from math import sqrt

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from torch import Tensor

from symgan.empirical.metrics.frechet import Gaussian, fid, fitted, frechet, gaussian
from symgan.errors import BadData
from tests.empirical.metrics.points import EPSILON, extent, normal, samples


def between(cov_p: Tensor, cov_q: Tensor) -> float:
    """The distance of centered Gaussians."""
    zero = torch.zeros(len(cov_p))
    return frechet(gaussian(zero, cov_p), gaussian(zero, cov_q))


def covariance(seed: int, dimension: int, rank: int | None = None) -> Tensor:
    root = normal(seed, rank or dimension, dimension)
    return root.T @ root


def by_eigenvalues(p: Tensor, q: Tensor) -> float:
    """The usual route: the spread by roots of the eigenvalues of the product of covariances."""
    roots = torch.linalg.eigvals(p @ q).sqrt().real.sum()
    return float(p.trace() + q.trace() - 2 * roots)


def in_fifty_digits(p: Tensor, q: Tensor) -> float:
    with mpmath.workdps(50):
        one, other = (mpmath.matrix(c.tolist()) for c in (p, q))
        roots = sum(mpmath.sqrt(e).real for e in mpmath.eig(one * other, left=False, right=False))
        return float(sum(one[i, i] + other[i, i] for i in range(len(p))) - 2 * roots)


def test_on_the_line_it_is_the_difference_of_means_and_deviations() -> None:
    p, q = gaussian([1.0], [[9.0]]), gaussian([-3.0], [[0.25]])
    assert frechet(p, q) == pytest.approx(4**2 + 2.5**2, rel=8 * EPSILON)


def test_commuting_covariances_have_their_closed_form() -> None:
    turn = torch.linalg.qr(normal(0, 4, 4)).Q
    a, b = torch.tensor([4.0, 1.0, 0.0, 9.0]).double(), torch.tensor([1.0, 1.0, 4.0, 0.25]).double()
    p, q = (turn @ torch.diag(s) @ turn.T for s in (a, b))
    closed = float((a.sqrt() - b.sqrt()).square().sum())
    assert between(p, q) == pytest.approx(closed, rel=1e-14)
    assert abs(float((a - b).square().sum()) - closed) > 1  # without the roots


def test_in_the_plane_the_root_of_the_product_has_a_closed_form() -> None:
    """tr M^(1/2) = (tr M + 2 det(M)^(1/2))^(1/2) for M = S_p S_q, which need not commute."""
    p, q = covariance(1, 2), covariance(2, 2)
    product = p @ q
    trace = sqrt(float(product.trace()) + 2 * sqrt(float(product.det())))
    assert float((product - product.T).abs().max()) > 0.1
    closed = float(p.trace() + q.trace()) - 2 * trace
    assert between(p, q) == pytest.approx(closed, abs=1e-14 * float(p.trace() + q.trace()))


@pytest.mark.parametrize("dimension", [3, 6])
def test_it_has_the_digits_of_a_fifty_digit_reference(dimension: int) -> None:
    p, q = covariance(3, dimension), covariance(4, dimension)
    scale = float(p.trace() + q.trace())
    assert abs(between(p, q) - in_fifty_digits(p, q)) <= 20 * EPSILON * scale
    assert by_eigenvalues(p, q) == pytest.approx(between(p, q), rel=1e-10)  # well-conditioned


def test_singular_covariances_keep_their_digits() -> None:
    """Samples in a subspace have the distance of their coordinates in it."""
    x, y = normal(5, 12, 3), normal(6, 15, 3) * 2
    basis = torch.linalg.qr(normal(7, 40, 3)).Q.T
    inside, outside = fid(x, y), fid(x @ basis, y @ basis)
    assert outside == pytest.approx(inside, rel=1e-13)
    p, q = (fitted(z @ basis).covariance for z in (x, x))
    assert abs(by_eigenvalues(p, q)) > 1e-9  # the usual route: roots of rounding errors
    assert fid(x @ basis, x @ basis) <= 40 * EPSILON * float(p.trace())


@pytest.mark.parametrize("n", [2, 5, 6, 40])
def test_fitted_covariances_are_unbiased_ones(n: int) -> None:
    x = normal(8, n, 5) + 3
    found, reference = fitted(x).covariance, np.cov(x.numpy().T)
    assert float((found - torch.tensor(reference)).abs().max()) <= 1e-14
    assert float((found - torch.tensor(np.cov(x.numpy().T, ddof=0))).abs().max()) > 1e-3
    assert torch.equal(fitted(x).mean, x.mean(0))
    assert len(fitted(x).factor) == min(n, 5)


@settings(max_examples=25)
@given(samples(4, 2), samples(5, 2), samples(3, 2))
def test_its_root_is_a_metric_between_fitted_gaussians(x: Tensor, y: Tensor, z: Tensor) -> None:
    xy, yx, yz, xz = fid(x, y), fid(y, x), fid(y, z), fid(x, z)
    slack = 200 * EPSILON * extent(x, y, z) ** 2
    assert abs(xy - yx) <= slack
    assert min(xy, yz, xz) >= 0
    assert sqrt(xz) <= sqrt(xy) + sqrt(yz) + sqrt(slack)
    assert fid(x, x.flip(0)) <= slack


def test_the_square_is_no_metric() -> None:
    p, q, r = (gaussian([float(k)], [[1.0]]) for k in range(3))
    assert frechet(p, r) > frechet(p, q) + frechet(q, r) + 1


def test_motions_keep_it_and_scales_square() -> None:
    x, y = normal(9, 30, 4), normal(10, 20, 4) * 2 + 1
    turn, shift = torch.linalg.qr(normal(11, 4, 4)).Q, normal(12, 1, 4)
    assert fid(x @ turn + shift, y @ turn + shift) == pytest.approx(fid(x, y), rel=1e-13)
    assert fid(3 * x, 3 * y) == pytest.approx(9 * fid(x, y), rel=1e-13)
    assert fid(x, 2 * y) != pytest.approx(fid(x, y), rel=0.1)


def test_large_samples_of_gaussians_come_near_the_closed_form() -> None:
    """At n = 20,000 in two dimensions the error of a variance is about sqrt(2/n) = 1 %."""
    n = 20_000
    x, y = normal(13, n, 2), normal(14, n, 2) * torch.tensor([2.0, 3.0]) + 1
    assert fid(x, y) == pytest.approx(2 + 1 + 4, rel=0.04)


def test_small_samples_of_one_law_are_apart() -> None:
    distances = [fid(normal(20 + k, 30, 8), normal(40 + k, 30, 8)) for k in range(8)]
    assert min(distances) > 0.5


def test_any_factor_of_a_covariance_will_do() -> None:
    square = gaussian([0.0, 0.0], [[2.0, 1.0], [1.0, 2.0]])
    tall = Gaussian(torch.zeros(2).double(), torch.tensor([[1.0, 1], [1, 0], [0, 1]]).double())
    assert frechet(square, tall) <= 20 * EPSILON
    assert frechet(Gaussian(tall.mean, tall.factor[:2]), tall) > 0.01


def test_a_mean_far_away_costs_no_more_than_its_own_digits() -> None:
    x, y = normal(15, 50, 3), normal(16, 50, 3)
    far = 1e6
    assert fid(x + far, y + far) == pytest.approx(fid(x, y), abs=100 * EPSILON * far)


@pytest.mark.parametrize(
    ("mean", "matrix", "says"),
    [
        ([0.0, 0.0], [[1.0, 0.5], [0.0, 1.0]], "not symmetric"),
        ([0.0, 0.0], [[1.0, 2.0], [2.0, 1.0]], "semidefinite"),
        ([0.0], [[1.0, 0.0], [0.0, 1.0]], r"shapes \(1,\), \(2, 2\)"),
        ([0.0, 0.0], [[1.0, 0.0], [0.0, float("nan")]], "covariance row 1 is not finite"),
        ([0.0, float("inf")], [[1.0, 0.0], [0.0, 1.0]], "mean row 0 is not finite"),
    ],
)
def test_bad_gaussians_are_named(mean: list[float], matrix: list[list[float]], says: str) -> None:
    with pytest.raises(BadData, match=says):
        gaussian(mean, matrix)


def test_bad_samples_are_named() -> None:
    with pytest.raises(BadData, match="n >= 2"):
        fid(torch.zeros(1, 2), torch.zeros(3, 2))
    with pytest.raises(BadData, match="dimension 2 and y has 3"):
        fid(torch.zeros(3, 2), torch.zeros(3, 3))
    with pytest.raises(BadData, match=r"needs \(n, d\)"):
        fid(torch.zeros(4, 3, 2), torch.zeros(3, 2))

"""What two samples of one law are apart: the exact expectation on a segment, and its rate."""

from __future__ import annotations

from fractions import Fraction
from math import comb, sqrt

import pytest
import torch

from symgan.empirical.data import named, stream
from symgan.empirical.metrics.baseline import Baseline, baseline
from symgan.empirical.metrics.transport import wasserstein
from symgan.errors import BadData


def expected_on_the_unit_interval(n: int) -> Fraction:
    """E W_1 of two samples of the uniform law: the integral of E|B - B'| / n, binomial in t.

    The integral of C(n,i) C(n,j) t^(i+j) (1-t)^(2n-i-j) is C(n,i) C(n,j) / ((2n+1) C(2n,i+j)).
    """
    terms = (
        Fraction(abs(i - j) * comb(n, i) * comb(n, j), n * (2 * n + 1) * comb(2 * n, i + j))
        for i in range(n + 1)
        for j in range(n + 1)
    )
    return sum(terms, Fraction(0))


def test_two_single_points_are_a_third_apart() -> None:
    assert expected_on_the_unit_interval(1) == Fraction(1, 3)


@pytest.mark.parametrize("n", [1, 20])
def test_on_the_line_it_is_its_exact_expectation(n: int) -> None:
    found = baseline(named("line"), n, seed=0, repeats=400)
    exact = sqrt(2) * float(expected_on_the_unit_interval(n))
    assert abs(found.mean - exact) <= 4 * found.error
    assert abs(found.mean - exact / sqrt(2)) > 4 * found.error  # a segment of length 1


def test_it_is_not_the_least_possible_mean() -> None:
    """A constant generator, held against one sample: 1/4 of the length, not 1/3."""
    points = named("line").sample(3000, stream(0, "test"), torch.float64)
    distances = wasserstein(points[:, None], torch.zeros(1, 2))
    error = float(distances.std()) / sqrt(len(distances))
    assert abs(float(distances.mean()) - sqrt(2) / 4) <= 4 * error < sqrt(2) / 3 - sqrt(2) / 4


@pytest.mark.parametrize("name", ["ring", "circle", "spiral", "line"])
def test_it_is_positive_and_falls_with_the_size(name: str) -> None:
    small, large = (baseline(named(name), n, seed=1, repeats=8) for n in (25, 100))
    assert min(large.distances) > 0
    assert 1.3 < small.mean / large.mean < 2.9  # 2 for a rate of n^-1/2


def test_draws_follow_from_the_seed_and_the_law() -> None:
    first = baseline(named("circle"), 10, seed=3, repeats=3)
    assert first == baseline(named("circle"), 10, seed=3, repeats=3)
    assert first.distances == baseline(named("circle"), 10, seed=3, repeats=5).distances[:3]
    assert first.distances != baseline(named("circle"), 10, seed=4, repeats=3).distances
    assert len(set(first.distances)) == 3


def test_the_order_is_that_of_the_distance() -> None:
    first, second = (baseline(named("ring"), 30, seed=5, repeats=3, order=k) for k in (1, 2))
    assert all(w1 < w2 for w1, w2 in zip(first.distances, second.distances, strict=True))
    assert (first.order, second.order) == (1, 2)


def test_its_figures_are_those_of_the_distances() -> None:
    found = Baseline("x", 5, 1, (1.0, 2.0, 3.0, 6.0))
    variance = (4 + 1 + 0 + 9) / 3
    assert (found.mean, found.deviation) == (3.0, pytest.approx(sqrt(variance)))
    assert found.error == pytest.approx(sqrt(variance / 4))


def test_images_are_points_too() -> None:
    assert baseline(named("digits"), 12, seed=0, repeats=2).mean > 1


@pytest.mark.parametrize(("n", "repeats"), [(0, 5), (5, 1)])
def test_bad_numbers_are_named(n: int, repeats: int) -> None:
    with pytest.raises(BadData, match=f"n = {n} and repeats = {repeats}"):
        baseline(named("line"), n, seed=0, repeats=repeats)

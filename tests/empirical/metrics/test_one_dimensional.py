"""Wasserstein distances on the line, against SciPy and against exact fractions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import lcm

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import wasserstein_distance
from torch import Tensor

from symgan.empirical.metrics.one_dimensional import quantile_pieces, wasserstein_1d
from symgan.errors import BadData
from tests.empirical.metrics.points import EPSILON, extent, normal, samples

sizes = st.integers(1, 7)


def exact_power(x: Tensor, y: Tensor, order: int) -> Fraction:
    """W_p^p in fractions: both samples repeated to a common size, sorted, paired."""
    size = lcm(len(x), len(y))
    one, other = (
        sorted(Fraction(v) for v in sample.tolist() for _ in range(size // len(sample)))
        for sample in (x, y)
    )
    return sum((abs(a - b) ** order for a, b in zip(one, other, strict=True)), Fraction(0)) / size


def error(distance: Tensor, x: Tensor, y: Tensor, order: int) -> float:
    """|distance - exact|, relative to the largest coordinate."""
    exact = float(exact_power(x, y, order)) ** (1 / order)
    return abs(float(distance) - exact) / extent(x, y)


TOLERANCE = 40 * EPSILON
"""A dozen roundings of a value, its power, its weight, the sum of 13 terms, and the root."""


@settings(max_examples=40)
@given(samples(sizes, 1), samples(sizes, 1), st.sampled_from([1, 2, 3]))
@example(torch.zeros(1, 1).double(), torch.ones(7, 1).double(), 1)
def test_the_integral_of_quantiles_is_exact(x: Tensor, y: Tensor, order: int) -> None:
    x, y = x[:, 0], y[:, 0]
    assert error(wasserstein_1d(x, y, order), x, y, order) <= TOLERANCE


@settings(max_examples=30)
@given(samples(sizes, 1), samples(sizes, 1))
def test_it_agrees_with_scipy(x: Tensor, y: Tensor) -> None:
    x, y = x[:, 0], y[:, 0]
    reference = wasserstein_distance(x.numpy(), y.numpy())
    assert abs(float(wasserstein_1d(x, y)) - reference) <= TOLERANCE * extent(x, y)


def unsorted(x: Tensor, y: Tensor) -> Tensor:
    return (x[: len(y)] - y[: len(x)]).abs().mean()


def cut_short(x: Tensor, y: Tensor) -> Tensor:
    least = min(len(x), len(y))
    return (x.sort().values[:least] - y.sort().values[:least]).abs().mean()


@pytest.mark.parametrize("wrong", [unsorted, cut_short])
def test_false_neighbors_are_rejected(wrong: Callable[[Tensor, Tensor], Tensor]) -> None:
    x, y = normal(0, 6), normal(1, 4)
    assert error(wrong(x, y), x, y, 1) > 0.01


@pytest.mark.parametrize(("n", "m"), [(1, 1), (4, 6), (5, 7), (128, 96)])
def test_pieces_fill_the_unit_interval_and_respect_both_grids(n: int, m: int) -> None:
    i, j, weights = quantile_pieces(n, m, torch.device("cpu"))
    counts = (weights * n * m).round().long()  # lengths are whole multiples of 1 / (n m)
    assert int(counts.sum()) == n * m
    assert torch.bincount(i, counts.double()).eq(m).all()
    assert torch.bincount(j, counts.double()).eq(n).all()


@pytest.mark.parametrize("m", [9, 6])
@pytest.mark.parametrize("order", [1, 2])
def test_a_batch_holds_what_its_entries_give_alone(m: int, order: int) -> None:
    x, y = normal(2, 5, 1, 9), normal(3, 4, m)
    found = wasserstein_1d(x, y, order)
    alone = [[wasserstein_1d(x[i, 0], y[j], order) for j in range(4)] for i in range(5)]
    assert torch.equal(found, torch.tensor(alone, dtype=torch.float64))


def test_the_dtype_stays_and_gradients_are_those_of_the_pairing() -> None:
    x = torch.tensor([3.0, 0.0], requires_grad=True)
    distance = wasserstein_1d(x, torch.tensor([1.0, 1.0]))
    assert distance.dtype == torch.float32
    distance.backward()
    assert x.grad is not None
    assert torch.equal(x.grad, torch.tensor([0.5, -0.5]))  # sign of the difference, over n


@pytest.mark.parametrize("m", [2, 3])
def test_nan_stays_visible_in_its_entry_alone(m: int) -> None:
    x = torch.tensor([[0.0, torch.nan], [0.0, 1.0]])
    assert wasserstein_1d(x, torch.zeros(m)).isnan().tolist() == [True, False]


@pytest.mark.parametrize(
    ("x", "order", "says"),
    [
        (torch.zeros(0), 1, r"x has the shape \(0,\)"),
        (torch.tensor(1.0), 1, "x has the shape"),
        (torch.zeros(2), 0, "order = 0"),
    ],
)
def test_bad_input_is_named(x: Tensor, order: int, says: str) -> None:
    with pytest.raises(BadData, match=says):
        wasserstein_1d(x, torch.zeros(2), order)

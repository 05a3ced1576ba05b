"""Modes and curves, by brute force and against the law of exact samples."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import cos, exp, log, pi, sin, sqrt

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from symgan.empirical.metrics.coverage import (
    classes_reached,
    distance_to_circle,
    distance_to_path,
    modes,
)
from symgan.errors import BadData
from tests.empirical.metrics.points import EPSILON, extent, normal, samples

SHARES = {0.02: Fraction(1, 50), 0.1: Fraction(1, 10), 0.25: Fraction(1, 4), 1.0: Fraction(1)}
RING = torch.tensor([[cos(k * pi / 4), sin(k * pi / 4)] for k in range(8)], dtype=torch.float64)


def counted(points: Tensor, centers: Tensor, radius: float) -> list[int]:
    """High-quality samples of each center, one by one."""
    counts = [0] * len(centers)
    for point in points:
        gaps = [float((point - center).norm()) for center in centers]
        counts[gaps.index(min(gaps))] += min(gaps) <= radius
    return counts


@settings(max_examples=30)
@given(samples(6, 2), samples(3, 2), st.sampled_from([0.25, 1.0, 4.0]))
def test_counts_are_those_of_brute_force(points: Tensor, centers: Tensor, deviation: float) -> None:
    found = modes(points, centers, deviation, reach=2)
    assert found.counts.tolist() == counted(points, centers, 2 * deviation)


def test_exact_samples_have_the_share_of_the_rayleigh_law() -> None:
    n, deviation = 16_000, 0.02
    points = RING[torch.arange(n) % 8] + deviation * normal(0, n, 2)
    share = 1 - exp(-4.5)
    slack = 4 * sqrt(share * (1 - share) / n)  # four standard errors of a binomial share
    found = modes(points, RING, deviation)
    assert int(found.covered) == 8
    assert abs(float(found.high_quality) - share) <= slack
    assert float(found.imbalance) < 1e-3
    taken_for_the_variance = modes(points, RING, deviation**2)
    assert abs(float(taken_for_the_variance.high_quality) - share) > slack


def test_collapse_and_dropped_modes_are_seen() -> None:
    collapsed = modes(RING[:1].repeat(50, 1), RING, 0.05)
    assert (int(collapsed.covered), float(collapsed.high_quality)) == (1, 1.0)
    assert float(collapsed.imbalance) == pytest.approx(log(8), rel=1e-12)
    half = modes(RING[:4].repeat(5, 1), RING, 0.05)
    assert float(half.imbalance) == pytest.approx(log(2), rel=1e-12)
    away = modes(RING + 9, RING, 0.05)
    assert int(away.covered) == 0
    assert bool(away.imbalance.isnan())


def test_a_mode_needs_as_many_samples_as_asked() -> None:
    points = torch.cat([RING, RING[:3]])
    assert [int(modes(points, RING, 0.1, least=k).covered) for k in (1, 2, 3)] == [8, 3, 0]


def test_the_edge_of_a_mode_belongs_to_it() -> None:
    points = torch.tensor([[1.5, 0.0], [1.5000001, 0.0]]).double()
    assert modes(points, [[0.0, 0.0]], 0.5).counts.tolist() == [1]


def test_a_batch_holds_what_its_entries_give_alone() -> None:
    points = normal(1, 2, 3, 40, 2)
    found = modes(points, RING, 0.2)
    alone = [[modes(points[i, j], RING, 0.2).counts.tolist() for j in range(3)] for i in range(2)]
    assert found.counts.tolist() == alone
    assert found.covered.shape == found.high_quality.shape == found.imbalance.shape == (2, 3)


def to_path(point: Tensor, vertices: Tensor) -> float:
    """The least distance to segments, by the three cases of each."""
    least = float("inf")
    for a, b in pairwise(vertices):
        along, offset = b - a, point - a
        t = float(offset @ along) / float(along @ along) if float(along @ along) > 0 else 0.0
        foot = a if t <= 0 else b if t >= 1 else a + t * along
        least = min(least, float((point - foot).norm()))
    return least


@settings(max_examples=30)
@given(samples(4, 2), samples(st.integers(2, 5), 2))
def test_distances_to_a_path_are_those_of_each_segment(points: Tensor, vertices: Tensor) -> None:
    found = distance_to_path(points, vertices)
    reference = torch.tensor([to_path(p, vertices) for p in points], dtype=torch.float64)
    assert float((found - reference).abs().max()) <= 40 * EPSILON * extent(points, vertices)


def test_the_nearest_vertex_is_a_false_neighbor() -> None:
    points, vertices = normal(2, 9, 2), torch.tensor([[-3.0, 0.0], [3.0, 0.0]]).double()
    nearest = torch.cdist(points, vertices).min(1).values
    assert float((distance_to_path(points, vertices) - nearest).abs().max()) > 1


@pytest.mark.parametrize("vertices", [50, 500])
def test_a_drawn_curve_is_within_the_stated_bound(vertices: int) -> None:
    """A circle of radius 1/2 has curvature 2 and pieces of length pi / (vertices - 1)."""
    angles = torch.linspace(0, 2 * pi, vertices, dtype=torch.float64)
    drawn = torch.stack([angles.cos(), angles.sin()], dim=1) / 2
    points = normal(3, 400, 2)
    exact = distance_to_circle(points, torch.zeros(1, 2), 0.5)
    error = float((distance_to_path(points, drawn) - exact).abs().max())
    bound = 2 * (pi / (vertices - 1)) ** 2 / 8
    assert 0.5 * bound < error <= bound * (1 + 1e-6)


def test_many_points_go_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    points, path = normal(4, 3, 11, 2), normal(5, 6, 2)
    whole = distance_to_path(points, path)
    monkeypatch.setattr("symgan.empirical.metrics.coverage._ENTRIES", 24)
    assert torch.equal(distance_to_path(points, path), whole)
    assert whole.shape == (3, 11)


def test_bad_input_is_named() -> None:
    x = torch.zeros(3, 2)
    with pytest.raises(BadData, match=r"centers have the shape \(1, 3, 2\)"):
        modes(x, x[None], 1.0)
    with pytest.raises(BadData, match="deviation = 0"):
        modes(x, x, 0)
    with pytest.raises(BadData, match="deviation = nan"):
        modes(x, x, float("nan"))
    with pytest.raises(BadData, match="radius = -1"):
        distance_to_circle(x, x[:1], -1)
    with pytest.raises(BadData, match="n >= 2"):
        distance_to_path(x, x[:1])
    with pytest.raises(BadData, match=r"vertices have the shape \(1, 3, 2\)"):
        distance_to_path(x, x[None])


@given(st.lists(st.integers(0, 4), min_size=1, max_size=60), st.sampled_from(sorted(SHARES)))
def test_classes_reached_are_those_of_a_share(labels: list[int], least: float) -> None:
    found = classes_reached(torch.tensor(labels), 5, least=least)
    wanted = [k for k in range(5) if Fraction(labels.count(k), len(labels)) >= SHARES[least]]
    assert found == len(wanted)
    assert classes_reached(torch.tensor(labels), 9, least=least) == found


@pytest.mark.parametrize(
    ("labels", "least", "words"),
    [
        (torch.tensor([3]), 0.5, "a label is outside 0 to 2"),
        (torch.tensor([-1, 0]), 0.5, "a label is outside 0 to 2"),
        (torch.tensor([], dtype=torch.int64), 0.5, "labels of shape"),
        (torch.tensor([[0]]), 0.5, "labels of shape"),
        (torch.tensor([0]), 0.0, "least = 0"),
        (torch.tensor([0]), 1.5, "least = 1.5"),
    ],
)
def test_classes_that_cannot_be_counted(labels: torch.Tensor, least: float, words: str) -> None:
    with pytest.raises(BadData, match=words):
        classes_reached(labels, 3, least=least)

"""Precision and recall, by brute force on grids with ties, and on sets made to fail them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.empirical.metrics.manifold import PrecisionRecall, precision_recall
from symgan.errors import BadData
from tests.empirical.metrics.points import normal

Point = tuple[int, int]


def squared(u: Point, v: Point) -> int:
    return (u[0] - v[0]) ** 2 + (u[1] - v[1]) ** 2


def radius(points: Sequence[Point], i: int, k: int) -> int:
    """The squared distance to the k-th nearest other point."""
    return sorted(squared(points[i], other) for j, other in enumerate(points) if j != i)[k - 1]


def by_hand(real: Sequence[Point], made: Sequence[Point], k: int) -> tuple[float, ...]:
    """Precision, recall, density, coverage; squared distances are whole numbers."""
    balls = [[squared(y, x) <= radius(real, i, k) for i, x in enumerate(real)] for y in made]
    others = [[squared(x, y) <= radius(made, j, k) for j, y in enumerate(made)] for x in real]
    return (
        sum(map(any, balls)) / len(made),
        sum(map(any, others)) / len(real),
        sum(map(sum, balls)) / (k * len(made)),
        sum(map(any, zip(*balls, strict=True))) / len(real),
    )


def figures(found: PrecisionRecall) -> tuple[float, ...]:
    return (found.precision, found.recall, found.density, found.coverage)


grid = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=4, max_size=7)


@settings(max_examples=50)
@given(grid, grid, st.integers(1, 3))
def test_it_is_what_brute_force_counts(real: list[Point], made: list[Point], k: int) -> None:
    found = precision_recall(torch.tensor(real), torch.tensor(made), k)
    assert figures(found) == pytest.approx(by_hand(real, made, k), abs=1e-15)
    assert found.neighbors == k


def test_a_neighbor_too_many_is_seen() -> None:
    real, made = [(0, 0), (1, 0), (4, 0), (9, 0)], [(2, 0), (6, 0), (20, 0)]
    assert by_hand(real, made, 1) != by_hand(real, made, 2)
    assert figures(precision_recall(torch.tensor(real), torch.tensor(made), 1)) == by_hand(
        real, made, 1
    )


def test_a_set_is_on_its_own_manifold() -> None:
    x = normal(0, 40, 3)
    assert figures(precision_recall(x, x.flip(0)))[:2] == (1.0, 1.0)


def test_dropped_modes_cost_recall_and_bad_samples_precision() -> None:
    real = torch.cat([normal(1, 60, 2), normal(2, 60, 2) + 50])
    one_mode = precision_recall(real, normal(3, 120, 2))
    assert one_mode.precision > 0.8
    assert one_mode.recall < 0.6 > one_mode.coverage
    half_bad = precision_recall(real, torch.cat([real + 0.01, normal(4, 120, 2) - 50]))
    assert half_bad.recall > 0.9
    assert half_bad.precision == pytest.approx(0.5, abs=0.02)


def test_an_outlier_deceives_precision_but_not_density() -> None:
    real, made = normal(5, 200, 2), 20 * normal(6, 200, 2)
    deceived = torch.cat([real, torch.tensor([[300.0, 300.0]])])
    before, after = precision_recall(real, made), precision_recall(deceived, made)
    assert after.precision > before.precision + 0.4
    assert after.density < before.density + 0.2
    assert after.coverage <= before.coverage + 0.01


def test_parts_and_motions_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    real, made = normal(7, 30, 4), normal(8, 25, 4)
    whole = precision_recall(real, made)
    turn = torch.linalg.qr(normal(9, 4, 4)).Q
    assert precision_recall(3 * real @ turn + 1, 3 * made @ turn + 1) == whole
    monkeypatch.setattr("symgan.empirical.metrics.manifold._ENTRIES", 100)
    assert precision_recall(real, made) == whole
    stretched = torch.tensor([100.0, 1, 1, 1]).double()
    assert precision_recall(real * stretched, made * stretched) != whole


def test_exchanging_the_sets_exchanges_precision_and_recall() -> None:
    real, made = normal(10, 30, 2), normal(11, 20, 2) + 1
    one, other = precision_recall(real, made), precision_recall(made, real)
    assert (one.precision, one.recall) == (other.recall, other.precision)


def test_bad_input_is_named() -> None:
    with pytest.raises(BadData, match="generated has the shape"):
        precision_recall(torch.zeros(9, 2), torch.zeros(3, 2), 3)
    with pytest.raises(BadData, match="neighbors = 0"):
        precision_recall(torch.zeros(9, 2), torch.zeros(9, 2), 0)

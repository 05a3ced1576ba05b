"""The exact Wasserstein distance: every method against enumeration, and as a metric."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from math import lcm

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import Tensor

from symgan.empirical.metrics import transport
from symgan.empirical.metrics.one_dimensional import wasserstein_1d
from symgan.empirical.metrics.transport import solver_names, wasserstein
from symgan.errors import BadData, MissingExtra, Undecided, UnknownName
from tests.empirical.metrics.points import EPSILON, extent, normal, samples

SOLVERS = solver_names()
TOLERANCE = 100 * EPSILON
"""Costs with a relative error of a few units, summed over at most 12 pairs, and a root."""

Distance = Callable[[Tensor, Tensor], float]


def w1(x: Tensor, y: Tensor) -> float:
    return float(wasserstein(x, y))


def by_enumeration(x: Tensor, y: Tensor, order: int) -> float:
    """The least mean cost over all pairings of samples of equal size."""
    costs = (x[:, None] - y[None]).norm(dim=-1) ** order
    rows = torch.arange(len(x))
    least = min(costs[rows, list(p)].mean() for p in permutations(range(len(y))))
    return float(least) ** (1 / order)


@pytest.mark.parametrize("method", SOLVERS)
@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_every_method_finds_the_best_pairing(method: str, order: int, dimension: int) -> None:
    for seed in range(3):
        x, y = normal(seed, 5, dimension), normal(seed + 50, 5, dimension)
        found = float(wasserstein(x, y, order, method=method))
        assert found == pytest.approx(by_enumeration(x, y, order), rel=TOLERANCE)


@pytest.mark.parametrize("method", ["auto", "pot", "highs"])
@pytest.mark.parametrize(("n", "m"), [(3, 4), (1, 5), (6, 4)])
def test_unequal_sizes_are_equal_sizes_of_repeated_points(method: str, n: int, m: int) -> None:
    x, y = normal(1, n, 2), normal(2, m, 2)
    size = lcm(n, m)
    repeated = x.repeat(size // n, 1), y.repeat(size // m, 1)
    reference = float(wasserstein(*repeated, method="assignment"))
    assert float(wasserstein(x, y, method=method)) == pytest.approx(reference, rel=TOLERANCE)


@pytest.mark.parametrize("method", ["auto", "pot", "highs"])
def test_whole_weights_are_repetitions(method: str) -> None:
    x, y = normal(3, 3, 2), normal(4, 2, 2)
    repeated = x.repeat_interleave(torch.tensor([1, 2, 3]), 0), y.repeat_interleave(3, 0)
    found = wasserstein(x, y, weights=([1, 2, 3], torch.tensor([5.0, 5.0])), method=method)
    reference = float(wasserstein(*repeated, method="assignment"))
    assert float(found) == pytest.approx(reference, rel=TOLERANCE)
    assert abs(float(wasserstein(x, y)) - reference) > 0.01  # weights do matter here


@pytest.mark.parametrize("method", ["assignment", "highs"])
@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_methods_agree_on_more_points_at_every_scale(method: str, scale: float) -> None:
    x, y = scale * normal(5, 40, 2), scale * (normal(6, 40, 2) + 1)
    reference = float(wasserstein(x, y, method="pot"))
    assert float(wasserstein(x, y, method=method)) == pytest.approx(reference, rel=TOLERANCE)


def test_on_the_line_transport_is_sorting() -> None:
    x, y = normal(7, 30), normal(8, 20)
    found = wasserstein(x[:, None], y[:, None], 2, method="pot")
    assert float(found) == pytest.approx(float(wasserstein_1d(x, y, 2)), rel=TOLERANCE)


@settings(max_examples=25)
@given(samples(5, 2), samples(1, 2), st.sampled_from([1, 2]))
@example(torch.tensor([[0.0, 0.0]] * 4 + [[0.0, 1e-9]]).double(), torch.zeros(1, 2).double(), 2)
def test_a_shift_costs_its_length(x: Tensor, shift: Tensor, order: int) -> None:
    moved = float(wasserstein(x, x + shift, order)) ** order
    slack = TOLERANCE * extent(x, shift) ** order  # relative to the largest cost
    assert abs(moved - float(shift.norm()) ** order) <= 4**order * slack


@settings(max_examples=25)
@given(samples(4, 2), samples(4, 2), samples(4, 2))
def test_it_is_a_metric(x: Tensor, y: Tensor, z: Tensor) -> None:
    slack = TOLERANCE * extent(x, y, z)
    assert w1(x, x[[2, 0, 3, 1]]) <= slack
    assert asymmetry(w1, x, y) <= slack
    assert detour(w1, x, y, z) >= -slack


def asymmetry(distance: Distance, x: Tensor, y: Tensor) -> float:
    return abs(distance(x, y) - distance(y, x))


def detour(distance: Distance, x: Tensor, y: Tensor, z: Tensor) -> float:
    """What going through y costs more; negative against the triangle inequality."""
    return distance(x, y) + distance(y, z) - distance(x, z)


def nearest(x: Tensor, y: Tensor) -> float:
    """The mean distance to the nearest point: it forgets modes, and is not symmetric."""
    return float(torch.cdist(x, y).min(1).values.mean())


def squared(x: Tensor, y: Tensor) -> float:
    return float(wasserstein(x, y, 2)) ** 2


def test_false_neighbors_are_no_metrics() -> None:
    x, y, z = normal(0, 4, 2), normal(1, 4, 2) + 1, normal(2, 4, 2) + 2
    assert asymmetry(nearest, x, y) > 0.1
    assert detour(squared, x, y, z) < -0.1


@settings(max_examples=25)
@given(samples(4, 2), samples(5, 2), st.floats(-7, 7), st.sampled_from([-3.0, 1e-6, 1e6]))
def test_motions_keep_it_and_scales_scale_it(x: Tensor, y: Tensor, angle: float, c: float) -> None:
    turn = torch.tensor([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    slack = TOLERANCE * extent(x, y)
    assert abs(w1(x @ turn.T, y @ turn.T) - w1(x, y)) <= slack
    assert abs(w1(c * x, c * y) - abs(c) * w1(x, y)) <= abs(c) * slack
    shear = torch.tensor([[1.0, 1.0], [0.0, 1.0]]).double()
    apart = torch.tensor([[0.0, 0.0]]).double(), torch.tensor([[0.0, 1.0]]).double()
    assert w1(apart[0] @ shear.T, apart[1] @ shear.T) > 1.4 * w1(*apart)  # no motion, no scale


def test_between_gaussian_samples_it_is_near_the_closed_form() -> None:
    """|W(P_n, Q_n) - W(P, Q)| <= W(P_n, P) + W(Q_n, Q), each at most W(P_n, P'_n) on average."""
    n, spread = 300, torch.tensor([4.0, 1.0]).double()
    x, y = normal(0, n, 2) * spread, normal(1, n, 2) * spread.flip(0)
    closed = float((spread - spread.flip(0)).norm())  # Gaussians with commuting covariances
    bound = sum(
        float(wasserstein(normal(2 + k, n, 2) * s, normal(4 + k, n, 2) * s, 2))
        for k, s in enumerate((spread, spread.flip(0)))
    )
    found = float(wasserstein(x, y, 2))
    assert abs(found - closed) <= bound < 0.35 * closed
    assert abs(found - closed / 2**0.5) > bound  # the root of half the squared distance


def test_a_batch_holds_what_its_entries_give_alone() -> None:
    x, y = normal(9, 3, 1, 8, 2), normal(10, 2, 6, 2).float()
    found = wasserstein(x, y)
    alone = [[w1(x[i, 0], y[j]) for j in range(2)] for i in range(3)]
    assert torch.equal(found, torch.tensor(alone, dtype=torch.float64))
    assert wasserstein(x[0, 0].numpy(), y[0].tolist()).shape == ()


@pytest.mark.parametrize(
    ("x", "says"),
    [
        (torch.zeros(2, 3), "x has dimension 3 and y has 2"),
        (torch.zeros(0, 2), r"x has the shape \(0, 2\)"),
        (torch.zeros(2), r"x has the shape \(2,\)"),
        (torch.zeros(3, 4, 2).index_fill(1, torch.tensor(1), torch.nan), r"row 1 of entry \(0,\)"),
        (torch.full((2, 2), torch.inf), "x row 0 is not finite"),
        (torch.zeros(4, 2, 2), "must broadcast"),
    ],
)
def test_bad_samples_are_named(x: Tensor, says: str) -> None:
    with pytest.raises(BadData, match=says):
        wasserstein(x, torch.zeros(3, 2, 2))


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ([1.0, 1.0, 1.0], r"shape \(3,\), not \(2,\)"),
        ([1.0, -1.0], "finite values >= 0"),
        ([0.0, 0.0], "not all 0"),
        ([1.0, torch.nan], "finite values"),
    ],
)
def test_bad_weights_are_named(weights: list[float], says: str) -> None:
    with pytest.raises(BadData, match=says):
        wasserstein(torch.zeros(2, 2), torch.zeros(2, 2), weights=(weights, None))


def test_methods_that_do_not_fit_are_named() -> None:
    x, y = torch.zeros(2, 2), torch.zeros(3, 2)
    with pytest.raises(UnknownName, match="auto, pot, assignment, highs"):
        wasserstein(x, y, method="sinkhorn")
    with pytest.raises(BadData, match="equal size"):
        wasserstein(x, y, method="assignment")
    with pytest.raises(BadData, match="uniform weights"):
        wasserstein(x, x, weights=([1, 2], None), method="assignment")
    with pytest.raises(BadData, match="order = 0"):
        wasserstein(x, y, 0)


def test_a_solver_that_stops_early_gives_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "PIVOTS", 1)
    with pytest.raises(Undecided, match="stopped early"):
        wasserstein(normal(0, 50, 2), normal(1, 50, 2), method="pot")


def test_without_pot_scipy_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = normal(0, 20, 2), normal(1, 20, 2)
    weights = torch.arange(20), None
    with_pot = w1(x, y), w1(x, y[:15]), float(wasserstein(x, y, weights=weights))
    monkeypatch.setitem(__import__("sys").modules, "ot", None)
    monkeypatch.setattr(transport.importlib.util, "find_spec", lambda name: None)
    without = w1(x, y), w1(x, y[:15]), float(wasserstein(x, y, weights=weights))
    assert without == pytest.approx(with_pot, rel=TOLERANCE)
    with pytest.raises(MissingExtra, match="POT"):
        wasserstein(x, y, method="pot")

"""Batched mixtures at the edges of float64: weights that cancel, means that nearly coincide."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational

from symgan.analysis.total_variation import total_variation as exact_distance
from symgan.kernels.errors import KernelError
from symgan.kernels.mixture_steps import optimal_ends, optimal_iterate, optimal_step
from symgan.kernels.mixtures import sign_changes, total_variation
from symgan.kernels.philox import normals


def test_weights_that_cancel_but_for_their_rounding_leave_one_mixture() -> None:
    """1 - 1/3 - 1/3 - 1/3 is 1.1e-16 in float64; the mixtures are one."""
    third = [0.0, 0.0, 0.0]
    for truth, means in (([0.0], third), (third, [0.0])):
        found = sign_changes(truth, means)
        assert (int(found.first_sign), int(found.count)) == (0, 0)
        assert optimal_step(truth, means, 0.3).tolist() == means


def test_weights_that_differ_little_keep_their_distance() -> None:
    """TV of p N(0) + (1 - p) N(9) for two p apart by d is d TV(N(0), N(9)), exact by linearity."""
    d = 1e-13
    found = float(
        total_variation(
            [0.0, 9.0], [0.0, 9.0], truth_weights=[0.5 + d, 0.5 - d], weights=[0.5, 0.5]
        )
    )
    exact = ((0.5 + d) - 0.5) * float(total_variation([0.0], [9.0]))
    # the weights of 1/2 + d and 1/2 - d are rounded to 1e-16, a thousandth of their difference
    assert abs(found - exact) < 2e-3 * exact


def test_means_that_run_off_end_in_nan_without_a_warning() -> None:
    """A noise of 1e308 leaves float64 in two steps; warnings are errors here."""
    found = optimal_iterate([0.0], [[1.0], [2.0]], 0.3, 3, noise=1e308)
    assert not np.all(np.isfinite(found))


@pytest.mark.parametrize("exponent", [-310, -200, -60, -40, -22, -17, -16, -15, -14, -12, -9, -6])
@pytest.mark.parametrize("other", [-1.0, 1.0, 30.0])
@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_mean_that_nearly_meets_a_true_one(exponent: int, other: float, side: float) -> None:
    """N(0) against half N(d) and half N(c): TV(N(0), N(c))/2, but for d phi(0) at most."""
    d = side * 10.0**exponent
    found = float(total_variation([0.0], [d, other]))
    exact = float(total_variation([0.0], [other])) / 2
    assert abs(found - exact) <= 0.4 * abs(d) + 1e-15  # phi(0) < 0.4; rounding of masses below 1
    # with equal weights, those that nearly meet cancel, and half of N(1) against N(other) is left
    pair = float(total_variation([0.0, 1.0], [d, other]))
    exact = float(total_variation([1.0], [other])) / 2
    assert abs(pair - exact) <= 0.4 * abs(d) + 1e-15


@pytest.mark.parametrize(
    ("truth", "means"),
    [
        ([0.5000000000000001, -1e-05, -2.690726442797709, 0.499999], [-1e-10, 0.5, 0.5]),
        (
            [0.5, -0.03552759777931458],
            [1.2386587276187662, 0.0, 0.5, -0.03552759777931448],
        ),
    ],
)
def test_clusters_of_means_against_the_exact_distance(truth: list[float], means: Any) -> None:
    """Means one to ten ulp apart, of other weights, among means 1e-10 and 1e-5 apart."""
    p, q = ([Rational(mean) for mean in side] for side in (truth, means))
    exact = exact_distance(p, q)
    # the exact interval is 1e-12 wide; means nearer than 2^-50 count as one, which moves 1e-15
    assert abs(float(total_variation(truth, means)) - float(exact.middle)) < 2e-12


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: total_variation([0.0], [np.nan]), "nan or infinity; give finite ones"),
        (lambda: total_variation([np.inf], [0.0]), "nan or infinity; give finite ones"),
        (lambda: total_variation(0.0, [0.0]), "no axis of modes"),
        (lambda: total_variation([0.0], [0.0, 1.0], weights=[1.0]), "weights have shape"),
        (lambda: total_variation([0.0], [0.0, 1.0], weights=[0.4, 0.4]), "not positive with sum 1"),
        (lambda: total_variation([0.0], [0.0, 1.0], weights=[1.5, -0.5]), "not positive"),
        (lambda: total_variation(np.zeros((2, 1)), np.zeros((3, 1))), "do not broadcast"),
        (lambda: total_variation([0.0], np.zeros((0, 2))), "empty batch"),
        (lambda: optimal_ends([0.0], [0.0], intervals=0), "intervals must be a whole number"),
        (lambda: optimal_step([0.0], [0.0], -1), "not a finite number from 0 on"),
        (lambda: optimal_iterate([0.0], [0.0], 1, 1, noise=np.nan), "not a finite number"),
        (
            lambda: optimal_iterate([0.0], [[0.0]], 1, 1, noise=1, streams=[1, 2]),
            "streams of shape",
        ),
        (lambda: normals(-1, [0], 0, 1), "seed must be a whole number"),
        (lambda: normals("a", [0], 0, 1), "seed must be a whole number"),  # type: ignore[arg-type]
        (lambda: normals(1 << 64, [0], 0, 1), "must be below 2.64"),
        (lambda: normals(1, [0], 0, 1.5), "count must be a whole number"),  # type: ignore[arg-type]
        (lambda: optimal_iterate([0.0], [0.0], 1, 1, first_step="a"), "first_step must be a whole"),  # type: ignore[arg-type]
        (lambda: optimal_iterate([0.0], [0.0], 1, 1, seed=0.5), "seed must be a whole"),  # type: ignore[arg-type]
        (lambda: optimal_iterate([0.0], [[0.0]], 1, 1, streams=[0.5]), "no whole numbers"),
        (lambda: total_variation([1e200], [0.0]), "go beyond 1e.60"),
        (lambda: normals(1, [0.5], 0, 1), "whole numbers from 0"),
    ],
)
def test_bad_input_is_refused(call: Any, message: str) -> None:
    with pytest.raises(KernelError, match=message):
        call()


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 11), max_size=3, unique=True).map(sorted), st.integers(1, 3))
def test_noise_belongs_to_trajectories_not_to_batches(cuts: list[int], workers: int) -> None:
    mu = np.linspace(-1, 1, 24).reshape(12, 2)
    options: dict[str, Any] = {"noise": 1e-2, "seed": 9}
    whole = optimal_iterate([-0.5, 0.5], mu, 0.3, 6, **options, workers=workers)
    edges = [0, *cuts, 12]
    parts = [
        optimal_iterate([-0.5, 0.5], mu[a:b], 0.3, 6, **options, streams=np.arange(a, b))
        for a, b in pairwise(edges)
    ]
    assert np.array_equal(np.concatenate(parts), whole)
    half = optimal_iterate([-0.5, 0.5], mu, 0.3, 2, **options)
    assert np.array_equal(
        optimal_iterate([-0.5, 0.5], half, 0.3, 4, **options, first_step=2), whole
    )
    assert not np.array_equal(optimal_iterate([-0.5, 0.5], half, 0.3, 4, **options), whole)

"""Step sequences: the exact conditions against sums that are really added up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational

from symgan.analysis.integral_test import partial_sum_bounds, tail_bounds
from symgan.analysis.step_sequences import (
    Geometric,
    PowerLog,
    negligible,
    robbins_monro,
    sequence,
    two_time_scale,
)
from symgan.errors import GameError, Undecided

p, q, r = sp.symbols("p q r", real=True)
k = sp.Symbol("k", positive=True)
edges = st.sampled_from([Rational(n, 4) for n in range(-2, 9)])


def grows_without_bound(power: Any, logs: Any) -> bool:
    r"""Cauchy condensation: :math:`\sum 2^j a(2^j)`, then once more where p = 1.

    :math:`2^j a(2^j) = 2^{j(1-p)} (j\log 2)^{-q}`; for p = 1 condensing again leaves
    :math:`2^{i(1-q)}`. A geometric sequence is summable where its ratio is below one.
    """
    if power != 1:
        return 2.0 ** float(1 - power) > 1
    return 2.0 ** float(1 - logs) >= 1


@settings(deadline=None, max_examples=40)
@given(edges, edges)
def test_divergence_against_condensation(power: Any, logs: Any) -> None:
    steps = PowerLog(1, power, logs)
    assert (steps.diverges() == sp.true) == grows_without_bound(power, logs)
    symbolic = PowerLog(1, p, q).diverges().subs({p: power, q: logs})
    assert bool(symbolic) == grows_without_bound(power, logs)
    square = steps.squared().diverges() == sp.true
    assert square == grows_without_bound(2 * power, 2 * logs)


@settings(deadline=None, max_examples=30)
@given(edges, edges, edges, edges)
def test_ratios_against_far_terms(p1: Any, q1: Any, p2: Any, q2: Any) -> None:
    """At log k = 1e6 the larger power wins by e^(250000), the larger log power by 31."""
    one, other = PowerLog(1, p1, q1), PowerLog(1, p2, q2)
    u = 1e6
    logarithm = -float(p1 - p2) * u - float(q1 - q2) * np.log(u)
    assert (negligible(one, other) == sp.true) == (logarithm < -1)


@pytest.mark.parametrize(
    ("steps", "holds"),
    [
        (PowerLog(1, 1), True),
        (PowerLog(1, 1, 1), True),
        (PowerLog(1, 1, Rational(5, 4)), False),
        (PowerLog(1, Rational(1, 2)), False),
        (PowerLog(1, Rational(1, 2), Rational(1, 2)), False),
        (PowerLog(1, Rational(1, 2), Rational(3, 4)), True),
        (PowerLog(1, Rational(3, 4), -5), True),
        (PowerLog(1, 0), False),
        (Geometric(1, Rational(9, 10)), False),
        (Geometric(1, 2), False),
    ],
)
def test_robbins_monro(steps: Any, holds: bool) -> None:
    assert (robbins_monro(steps).holds == sp.true) == holds


def test_the_symbolic_condition_is_the_strip() -> None:
    """Without logarithms it is 1/2 < p <= 1."""
    condition = robbins_monro(PowerLog(1, p)).holds
    inside = {Rational(n, 8): Rational(1, 2) < Rational(n, 8) <= 1 for n in range(-4, 17)}
    assert {value: bool(condition.subs(p, value)) for value in inside} == inside


def test_two_time_scales() -> None:
    slow, fast = PowerLog(2, 1), PowerLog(3, Rational(2, 3))
    assert two_time_scale(slow, fast).holds == sp.true
    assert two_time_scale(fast, slow).separated == sp.false
    assert two_time_scale(PowerLog(1, 1, 1), PowerLog(1, 1)).holds == sp.true
    constant = two_time_scale(PowerLog(Rational(1, 10), 0), PowerLog(1, 0))
    assert constant.separated == sp.false
    assert constant.slow.holds == sp.false


def test_powers_against_geometric_sequences() -> None:
    half, double = Geometric(1, Rational(1, 2)), Geometric(1, 2)
    assert negligible(half, PowerLog(1, 5)) == sp.true
    assert negligible(PowerLog(1, 5), half) == sp.false
    assert negligible(PowerLog(1, -5), double) == sp.true
    assert negligible(double, PowerLog(1, -5)) == sp.false
    one = Geometric(1, 1)
    assert negligible(one, PowerLog(1, -1)) == sp.true
    assert negligible(PowerLog(1, 1), one) == sp.true
    assert negligible(one, PowerLog(1, 1)) == sp.false


def test_reading_sequences() -> None:
    c = sp.Symbol("c", positive=True)
    assert sequence(c * k**-p, k) == PowerLog(c, p)
    assert sequence(4 / (2 * k + 1), k) == PowerLog(2, 1)
    assert sequence(c / (sp.sqrt(k) * sp.log(k + 1) ** 2), k) == PowerLog(c, Rational(1, 2), 2)
    assert sequence(Rational(1, 10), k) == PowerLog(Rational(1, 10), 0)
    assert sequence(3 * Rational(1, 2) ** (k + 1), k) == Geometric(Rational(3, 2), Rational(1, 2))
    assert sequence(sp.exp(-2 * k), k) == Geometric(1, sp.exp(-2))
    for wrong in (sp.sin(k), k**2 + k, 1 / (1 - k), sp.log(sp.log(k)), k * 2**-k, -1 / k):
        with pytest.raises(GameError):
            sequence(wrong, k)


@pytest.mark.parametrize("steps", [PowerLog(3, 2), PowerLog(1, Rational(3, 2)), PowerLog(1, 2, 1)])
def test_tails_against_added_terms(steps: PowerLog) -> None:
    low, high = (float(b) for b in tail_bounds(steps, 20))
    indices = np.arange(20.0, 2e6)
    terms = float(steps.scale) * indices ** -float(steps.power)
    total = (terms * np.log(indices) ** -float(steps.logs)).sum()
    rest = [float(b) for b in tail_bounds(steps, 2_000_000)]
    assert low < total + rest[1]
    assert total + rest[0] < high
    assert not low < (total + rest[0]) / 2  # half the tail is outside the bounds


@pytest.mark.parametrize("steps", [PowerLog(1, 1), PowerLog(1, 1, 1), PowerLog(2, Rational(1, 3))])
def test_partial_sums(steps: PowerLog) -> None:
    total = sum(steps.value(j).evalf() for j in range(3, 201))
    low, high = partial_sum_bounds(steps, 3, 200)
    assert low.evalf() < total < high.evalf()
    assert high.evalf() < 2 * total


def test_refusals() -> None:
    with pytest.raises(GameError, match="not positive"):
        PowerLog(-1, 1)
    with pytest.raises(GameError, match="must be positive"):
        Geometric(1, -1)
    with pytest.raises(GameError, match="converge"):
        tail_bounds(PowerLog(1, 1, 1), 10)
    with pytest.raises(GameError, match="decrease"):
        partial_sum_bounds(PowerLog(1, 1, -9), 3, 9)
    with pytest.raises(GameError, match="index of 2"):
        partial_sum_bounds(PowerLog(1, 1), 1, 9)
    with pytest.raises(Undecided, match="numbers"):
        partial_sum_bounds(PowerLog(1, p), 2, 9)

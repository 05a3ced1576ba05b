"""Fields with kinks: no step over one, sliding refused, coinciding surfaces met together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.games.annealed import annealed, linear_ramp
from symgan.kernels.integrate import solve
from symgan.kernels.integrate_error import trajectory_error
from symgan.kernels.trajectories import Event
from symgan.losses import hinge, jensen_shannon
from symgan.system import Flow

x, y, a = sp.symbols("x y a", real=True)
t = sp.Symbol("t", nonnegative=True)
BOTH = pytest.mark.parametrize("method", ["heyoka", "scipy"])
EXACT = 1e-10
"""Errors of 1e-12 a step over at most 50 steps, and of locating a crossing, 1e-14."""

CROSSED: dict[str, tuple[Any, float, float, float]] = {
    # field, start, time, exact state
    "heaviside": (-1 - sp.Heaviside(x - sp.Rational(1, 2)), 1.0, 1.0, -0.25),
    "sign": (-1 - (sp.sign(2 * x - 1) + 1) / 2, 1.0, 1.0, -0.25),
    "absolute value": (-sp.Abs(x) - 1, 1.0, 3.0, 1 - np.exp(3) / 2),
    "maximum": (-1 - sp.Max(-x, 0), 1.0, 2.0, 1 - np.exp(1)),
    "piecewise": (sp.Piecewise((-2, x >= 0), (-1, True)), 1.0, 2.0, -1.5),
    "both ways round": (-1 - sp.Heaviside(x) - sp.Heaviside(2 * x), 3.0, 2.0, -1.0),
    "mirrored guards": (-1 - sp.Heaviside(x) + sp.Heaviside(-x) / 2, 2.0, 2.0, -0.5),
    "begun on it": (-1 - sp.Heaviside(x), 0.0, 1.0, -1.0),
    "a breakpoint in time": (sp.Piecewise((1, t < 1), (-x, True)), 0.0, 2.0, np.exp(-1)),
    "disjunction": (sp.Piecewise((-1, (x > 2) | (x < 1)), (-2, True)), 3.0, 2.0, 0.5),
    "conjunction": (sp.Piecewise((-2, (x < 2) & (x > 1)), (-1, True)), 3.0, 2.0, 0.5),
}


@BOTH
@pytest.mark.parametrize("name", sorted(CROSSED))
def test_kinks_are_crossed(name: str, method: str) -> None:
    field, start, end, exact = CROSSED[name]
    found = solve(Flow((x,), (field,), time=t), [start], [end], method=method)
    assert not found.failed, found.reason()
    assert abs(float(found.final[0]) - exact) <= EXACT * max(1, abs(exact))


@BOTH
def test_nested_kinks(method: str) -> None:
    """||x| - 1|: three surfaces, of which two count on each side of the third."""
    flow = Flow((x,), (-sp.Abs(sp.Abs(x) - 1) - 1,))
    found = solve(flow, [[3.0], [0.5]], [1.0, 2.0, 2.5], method=method)
    assert trajectory_error(flow, [[3.0], [0.5]], found, dps=20).error <= EXACT


@BOTH
def test_sliding_is_said(method: str) -> None:
    found = solve(Flow((x,), (-sp.sign(x),)), [[1.0], [-2.0], [0.0]], [1.5], method=method)
    assert found.failed.tolist() == [True, False, True]
    assert "Filippov" in found.reason(0)
    assert np.abs(found.ended - [1.0, 1.5, 0.0]).max() <= 1e-12
    apart = solve(Flow((x,), (sp.sign(x),)), [[1.0], [0.0]], [1.5], method=method)
    assert apart.failed.tolist() == [False, True]  # from the surface it may leave either way


@BOTH
def test_events_on_a_switching_surface(method: str) -> None:
    """An event that is the guard itself is found once at each crossing."""
    flow = Flow((x, y), (-y - sp.Heaviside(x) / 2, x))
    found = solve(flow, [2.0, 0.0], [12.0], events=[x, Event(2 * x, 1)], method=method)
    times = found.events[0].times
    assert len(times) == 4
    assert np.diff(times).min() > 1
    assert np.abs(found.events[0].states[:, 0]).max() <= EXACT
    assert len(found.events[1].times) == 2
    ended = solve(flow, [2.0, 0.0], [12.0], events=[Event(x, 0, terminal=True)], method=method)
    assert ended.ended == pytest.approx(times[0], abs=1e-10)
    assert not ended.failed


@settings(max_examples=3)
@given(st.floats(0.1, 4.9), st.floats(-1, 1), st.floats(-1, 1))
def test_a_ramp_that_ends(duration: float, theta: float, psi: float) -> None:
    """The annealed game with a linear ramp: a kink in time at each member's own instant."""
    flow = annealed(jensen_shannon, schedule=linear_ramp()).flow()
    values = {"alpha_0": 2.0, "alpha_r": 1.0, "tau": [duration, 2 * duration]}
    x0 = [theta, psi, 2.0]
    found = solve(flow, x0, [5.0], values)
    assert trajectory_error(flow, x0, found, values, dps=20, members=[0]).error <= EXACT
    end = max(1 - 0.0, 2 - 5 / (2 * duration))
    assert found.final[:, 2] == pytest.approx([1.0, end], abs=1e-12)


def test_the_hinge_game_agrees_across_methods() -> None:
    flow = annealed(hinge).flow()
    x0 = np.random.default_rng(5).uniform(-1, 1, (12, 3)) + np.array([1, 0, 1])
    values = {"T": 10.0, "alpha_0": 2.0, "alpha_r": 1.0}
    taylor, runge = (solve(flow, x0, [4.0], values, method=m) for m in ("heyoka", "scipy"))
    assert np.array_equal(taylor.failed, runge.failed)
    assert 0 < taylor.failed.sum() < 12
    assert np.abs(taylor.ended - runge.ended).max() <= 1e-9
    fine = ~taylor.failed
    assert np.abs(taylor.final[fine] - runge.final[fine]).max() <= 1e-9

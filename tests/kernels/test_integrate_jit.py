"""Taylor's method in machine code: bits, times, steps, failures, and when another one is taken."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.games.annealed import annealed
from symgan.kernels import KernelError
from symgan.kernels import integrate_jit as by_jit
from symgan.kernels.engines import Course
from symgan.kernels.integrate import solve
from symgan.kernels.integrate_problem import formulas
from symgan.kernels.jit.flows import engine as flow_engine
from symgan.kernels.jit.flows.step import order_of
from symgan.kernels.jit.store import user_store
from symgan.kernels.jit.target import host
from symgan.kernels.trajectories import BLEW_UP, FINISHED, STEPS, STOPPED, Event
from symgan.losses import jensen_shannon, wasserstein
from symgan.system import Flow

x, y, a, b = sp.symbols("x y a b", real=True)
t = sp.Symbol("t", nonnegative=True)
CIRCLE = Flow((x, y), (-y, x))
PENDULUM = Flow((x, y), (y, -sp.sin(x) - a * y + b * sp.cos(t)), parameters=(a, b), time=t)


def drawn(size: int) -> Any:
    """Initial states (size, 2)."""
    return np.random.default_rng(size).uniform(-2, 2, (size, 2))


@settings(max_examples=25)
@given(
    size=st.sampled_from([1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 65]),
    cut=st.integers(0, 64),
    workers=st.sampled_from([1, 2, 3]),
    apart=st.booleans(),
)
def test_no_bit_depends_on_the_batch(size: int, cut: int, workers: int, apart: bool) -> None:
    """Nor on threads, order, or whether a parameter is one number or one a trajectory."""
    x0, times = drawn(size), [3.0, 40.0]
    values: dict[str, Any] = {"a": 0.1, "b": np.linspace(0, 2, size)}
    whole = solve(PENDULUM, x0, times, values, method="jit", count_steps=True)
    if apart:
        values["a"] = np.full(size, 0.1)
    order = np.roll(np.arange(size)[::-1], cut)
    mine = {"a": np.broadcast_to(values["a"], size)[order] if apart else 0.1}
    mine["b"] = values["b"][order]
    other = solve(PENDULUM, x0[order], times, mine, method="jit", count_steps=True, workers=workers)
    assert other.states.tobytes() == whole.states[order].tobytes()
    assert whole.steps is not None
    assert other.steps is not None
    assert np.array_equal(other.steps, whole.steps[order])
    part = min(cut, size - 1)
    values["b"] = values["b"][part:]
    values["a"] = values["a"][part:] if apart else 0.1
    rest = solve(PENDULUM, x0[part:], times, values, method="jit")
    assert rest.states.tobytes() == whole.states[part:].tobytes()


@pytest.mark.parametrize("tolerance", [1e-3, 1e-6, 1e-9, 1e-12, 1e-15])
def test_errors_follow_the_tolerance(tolerance: float) -> None:
    """A turn and a decay that are known; ten times the tolerance takes fewer steps."""
    angle = np.linspace(0, 6, 50)
    start = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    times = np.array([0.0, 1.0, 1.0, 7.5])
    found = solve(CIRCLE, start, times, tolerance=tolerance, method="jit", count_steps=True)
    turned = angle[:, None] + times
    want = np.stack([np.cos(turned), np.sin(turned)], axis=-1)
    assert found.steps is not None
    assert np.abs(found.states - want).max() <= found.steps.max() * max(tolerance, 2e-16)
    coarse = solve(CIRCLE, start, times, tolerance=100 * min(tolerance, 1e-4), method="jit")
    assert np.abs(coarse.states - want).max() > np.abs(found.states - want).max()


def test_the_order_of_a_method() -> None:
    r"""By Jorba and Zou: the least p with :math:`e^{-2(p - 1)} \le \varepsilon`."""
    for tolerance in (1e-2, 1e-4, 1e-7, 1e-12, 1e-15):
        p = order_of(tolerance)
        assert np.exp(-2.0 * (p - 1)) <= tolerance < np.exp(-2.0 * (p - 2))


def test_times_are_kept_to_twice_the_digits() -> None:
    """A hundred steps one by one: time and rest are the exact sum of their lengths."""
    flow = Flow((x,), (sp.cos(8 * t),), time=t)
    code = by_jit.engine(formulas(flow, ()), 1e-12)
    start = np.array([1e6, 3.0, -1e3, 0.1])
    columns = [0 * start, start, 0 * start, *([start**0] * 2), 0 * start]
    sums = [Fraction(v) for v in start]
    for _ in range(100):
        found = np.empty((1, 6, 4))
        code.orbit([*columns, np.array(1e9), np.array(1.0)], None, Course(0, 1, 1), found, 1)
        columns = list(found[0])
        sums = [s + Fraction(h) for s, h in zip(sums, columns[4], strict=True)]
    errors = [
        [abs(float(s - Fraction(t) - r * Fraction(rest)) / t) for r in (0, 1)]
        for s, t, rest in zip(sums, columns[1], columns[2], strict=True)
    ]
    assert max(with_rest for _, with_rest in errors) <= 100 * 2.0**-104
    assert min(without for without, _ in errors) > 2.0**-65  # the rest is needed
    assert columns[5].tolist() == [100] * 4


@pytest.mark.parametrize("method", ["jit", "heyoka"])
def test_no_step_jumps_over_what_begins_later(method: str) -> None:
    """At 0 the coefficients of t^20 are zero to every usual order: they bound no step."""
    late = Flow((x,), (t**20,), time=t)
    asked: list[dict[str, Any]] = [{}, {"dense": True}]
    for more in asked[: 1 if method == "jit" else 2]:
        found = solve(late, [[0.0]], [1.0], method=method, **more)
        assert found.final[0, 0] == pytest.approx(1 / 21, rel=1e-12)


@pytest.mark.parametrize("method", ["jit", "heyoka", "scipy"])
def test_a_parameter_that_nothing_uses(method: str) -> None:
    flow = Flow((x,), (-b * x,), parameters=(a, b))
    found = solve(flow, [[1.0], [2.0]], [1.0], {"a": [5, 6], "b": 2}, method=method)
    np.testing.assert_allclose(found.final[:, 0], [np.exp(-2), 2 * np.exp(-2)], rtol=1e-10)


def test_equilibria_take_one_step() -> None:
    found = solve(Flow((x, y), (sp.sin(x), x * y)), [[0, 0]], [1e9], method="jit", count_steps=True)
    assert found.final.tolist() == [[0, 0]]
    assert found.steps is not None
    assert found.steps.tolist() == [1]


def test_those_that_fail_leave_their_neighbors_alone() -> None:
    """Blown up, without a number, and out of steps, in the lanes of one vector."""
    flow = Flow((x, y), (x**2 - y * sp.log(y), sp.Integer(0)))
    x0 = np.array([[1.0, 1], [-1, 1], [-3, -1], [-2, 1], [0.1, 1]])
    found = solve(flow, x0, [2.0], method="jit")
    assert [found.reason(i)[:10] for i in range(5)] == ["blew up: t", "", "not finite", "", ""]
    assert found.ended[0] == pytest.approx(1, abs=1e-9)
    assert found.ended[2] == 0
    alone = solve(flow, x0[[1, 3, 4]], [2.0], method="jit")
    assert alone.states.tobytes() == found.states[[1, 3, 4]].tobytes()
    short = solve(CIRCLE, [[1.0, 0]], [1.0, 50.0], method="jit", max_steps=4, count_steps=True)
    assert short.reason(0) == "too many steps"
    assert short.steps is not None
    assert short.steps.tolist() == [4]
    assert not np.isnan(short.states[0, 0]).any()
    assert np.isnan(short.states[0, 1]).all()


@pytest.mark.parametrize(
    ("flow", "more", "what"),
    [
        (CIRCLE, {"events": [Event(x)]}, "events"),
        (CIRCLE, {"dense": True}, "dense output"),
        (Flow((x, y), (sp.Abs(y), x)), {}, "kinks"),
        (Flow((x, y), (sp.atan2(y, x + 3), x)), {}, "series of atan2"),
    ],
)
def test_what_it_is_not_for(flow: Flow, more: dict[str, Any], what: str) -> None:
    with pytest.raises(KernelError, match=what):
        solve(flow, [1, 0.5], [1], method="jit", **more)
    assert solve(flow, [1, 0.5], [1], **more).method == "heyoka"


def test_a_flow_too_large_to_be_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    flow = Flow((x, y), (sp.sin(x * y) + sp.exp(y), sp.tanh(x - y)))
    monkeypatch.setattr(flow_engine, "MOST_LINES", 300)
    by_jit.engine.cache_clear()
    with pytest.raises(KernelError, match="more than 300 instructions; take heyoka"):
        solve(flow, [1, 0.5], [1], method="jit")
    assert solve(flow, [1, 0.5], [1]).method == "heyoka"
    by_jit.engine.cache_clear()


def test_the_code_of_a_flow_can_be_read() -> None:
    code = by_jit.engine(formulas(annealed(jensen_shannon).flow(), ()), 1e-12)
    assert "step.loop" in code.source
    assert code.source.count("@llvm.fma") > 500
    assert code.order == 15


@pytest.mark.parametrize("bits", [128, 256])
def test_no_bit_depends_on_the_width_of_vectors(bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    x0, values = (
        np.random.default_rng(6).uniform(0, 2, (13, 3)),
        {"T": 10, "alpha_0": 2, "alpha_r": 1},
    )
    for loss, vectors in ((wasserstein, 2), (jensen_shannon, 1)):
        flow = annealed(loss).flow()
        whole = solve(flow, x0, [30.0], values, method="jit")
        target = replace(host(), bits=bits)
        narrow = flow_engine.FlowEngine(flow, order_of(1e-12), False, target, user_store())
        with monkeypatch.context() as patch:
            patch.setattr(by_jit, "engine", lambda *_, code=narrow: code)
            other = solve(flow, x0, [30.0], values, method="jit")
        assert f"<{vectors * bits // 64} x double>" in narrow.source
        assert other.states.tobytes() == whole.states.tobytes()


ESCAPE = Flow((x, y), (a * x - y, x + a * y), parameters=(a,))
"""|x| grows with e^{at}."""


@settings(max_examples=30)
@given(
    rates=st.lists(st.floats(-1, 1.5).filter(lambda v: not 0 < v <= 1e-3), min_size=1, max_size=9),
    sizes=st.lists(st.floats(0.1, 30), min_size=1, max_size=9),
    bound=st.floats(0.5, 100),
)
def test_a_bound_ends_those_that_rise_through_it(
    rates: list[float], sizes: list[float], bound: float
) -> None:
    """At log(bound/|x0|)/a, where that is on the way; beside the others, whose bits stay."""
    a_, r = (v.ravel() for v in np.meshgrid(np.array(rates), np.array(sizes)))
    x0, end = np.stack([r, 0 * r], axis=-1), 3.0
    rises = (r < bound) & (a_ > 0)
    leaves = np.where(rises, np.log(bound / r) / np.where(rises, a_, 1), np.inf)
    clear = (np.abs(leaves - end) > 1e-6) & (np.abs(r / bound - 1) > 1e-9)
    found = solve(ESCAPE, x0, [1.0, end], {"a": a_}, bound=bound, method="jit")
    gone = leaves < end
    assert np.array_equal(np.isnan(found.final[:, 0])[clear], gone[clear])
    assert not found.failed.any()
    assert found.ended[gone & clear] == pytest.approx(leaves[gone & clear], abs=1e-9)
    assert (found.ended[~gone & clear] == end).all()
    free = solve(ESCAPE, x0, [1.0, end], {"a": a_}, method="jit")
    inside = np.exp(np.maximum(a_ * end, 0)) * r < bound / 3
    assert found.states[inside].tobytes() == free.states[inside].tobytes()
    assert found.events == ()


@pytest.mark.parametrize("method", ["jit", "heyoka", "scipy"])
def test_a_bound_is_watched_inside_steps(method: str) -> None:
    """Ellipses that pass it within a step: from inside, and after coming in from outside."""
    ellipse = Flow((x, y), (-4 * y, x / 4))
    starts = np.array([[1.0, 0.0], [4.0, 0.0], [0.5, 0.0], [0.0, 1.0]])
    found = solve(ellipse, starts, [20.0], bound=2.0, method=method)
    rising = float(np.arcsin(1 / np.sqrt(5)))  # 16 sin^2 + cos^2 = 4
    assert found.ended == pytest.approx([20, np.pi / 2 + rising, 20, rising], abs=1e-10)
    assert np.isnan(found.final[:, 0]).tolist() == [False, True, False, True]
    assert np.isfinite(solve(ellipse, starts, [20.0], method=method).final).all()


@pytest.mark.parametrize("few", [2, 7])
def test_times_in_one_call_or_one_by_one(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bits, wherever trajectories leave the call: slow ones, failed ones, bounded ones."""
    x0, times = drawn(12), np.array([0.0, 0.5, 0.5, 1.0, 2.5, 2.625])
    flow = Flow((x, y), (y + x**2, -sp.tanh(x) - a * y + sp.cos(t)), (a,), t)
    values = {"a": np.linspace(-0.5, 1, 12)}
    asked: list[dict[str, Any]] = [{}, {"bound": 3.0}, {"max_steps": 12}]
    together = [solve(flow, x0, times, values, method="jit", count_steps=True, **m) for m in asked]
    monkeypatch.setattr(by_jit, "ROUND", few)
    apart = [solve(flow, x0, times, values, method="jit", count_steps=True, **m) for m in asked]
    monkeypatch.setattr(by_jit, "HELD", 1)
    blocks = [solve(flow, x0, times, values, method="jit", count_steps=True, **m) for m in asked]
    for one, other, third in zip(together, apart, blocks, strict=True):
        for that in (other, third):
            assert that.states.tobytes() == one.states.tobytes()
            assert that.ended.tobytes() == one.ended.tobytes()
            assert np.array_equal(that.outcomes, one.outcomes)
    free, bounded, short = (set(found.outcomes.tolist()) for found in together)
    assert free == {FINISHED, BLEW_UP}
    assert bounded == {FINISHED, STOPPED}
    assert STEPS in short


def test_a_bound_that_is_none() -> None:
    for bound in (0, -1.0, float("nan")):
        with pytest.raises(KernelError, match="the bound on norms is a positive number"):
            solve(CIRCLE, [1, 0], [1], bound=bound)


@pytest.mark.parametrize("tolerance", [1e-2, 1e-4, 1e-12])
@pytest.mark.parametrize("bound", [0.25, 2.0, 1e4])
def test_no_rise_through_a_bound_is_missed_at_any_tolerance(tolerance: float, bound: float) -> None:
    """Turns on ellipses whose largest norms are just above the bound, or well below."""
    tops = bound * np.array([1.5, 1.05, 1 + 1e-6, 0.4])
    ellipse = Flow((x, y), (-4 * y, x / 4))
    starts = np.stack([0 * tops, -tops / 4], axis=-1)  # |x| is largest a quarter of a turn later
    found = solve(ellipse, starts, [3.0], bound=bound, tolerance=tolerance, method="jit")
    known = solve(ellipse, starts, [3.0], bound=bound, tolerance=tolerance, method="heyoka")
    assert np.isnan(found.final[:, 0]).tolist() == np.isnan(known.final[:, 0]).tolist()
    assert np.isnan(found.final[:2]).all()
    assert not np.isnan(found.final[3]).any()

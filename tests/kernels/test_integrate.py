"""Integrated trajectories against the 50-digit reference, closed forms and one another."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.analysis import solve_linear
from symgan.errors import MissingExtra, SymganError
from symgan.kernels import KernelError, compile
from symgan.kernels.integrate import solve
from symgan.kernels.integrate_error import trajectory_error
from symgan.kernels.trajectories import Event
from symgan.system import Flow, Map
from tests.kernels import systems

x, y, a, b, c = sp.symbols("x y a b c", real=True)
t = sp.Symbol("t", nonnegative=True)
BOTH = pytest.mark.parametrize("method", ["heyoka", "scipy"])
ALL = pytest.mark.parametrize("method", ["jit", "heyoka", "scipy"])
CIRCLE = Flow((x, y), (-y, x))
BLOWUP = Flow((x,), (x**2,))

GLOBAL = 1e-10
"""What errors of 1e-12 a step may grow to: at most 60 steps, fields that expand by less than 5 up
to t = 1 (the worst measured is 3e-12, by DOP853)."""


def one_loss_each() -> list[tuple[str, str]]:
    """Every game once, each with another loss than the game before."""
    losses: dict[str, list[str]] = {}
    for name, loss in systems.titles():
        losses.setdefault(name, []).append(loss)
    return [(name, held[k % len(held)]) for k, (name, held) in enumerate(losses.items())]


@pytest.mark.parametrize(("name", "loss"), one_loss_each())
def test_flows_of_games(name: str, loss: str) -> None:
    """Every method to the reference and to one another; a neighboring flow is told apart."""
    flow = systems.game(name, loss).flow()
    x0 = np.random.default_rng(len(name)).uniform(0.3, 1.2, (3, len(flow.state)))
    values = {p: 0.4 + 0.3 * i for i, p in enumerate(flow.parameters)}
    found = solve(flow, x0, [0.25, 1.0], values)
    assert found.method == ("heyoka" if loss == "hinge" else "jit")
    assert trajectory_error(flow, x0, found, values, members=[1], dps=25).error <= GLOBAL
    for method in ("heyoka", "scipy"):
        other = solve(flow, x0, [0.25, 1.0], values, method=method)
        assert np.abs(other.states - found.states).max() <= GLOBAL, method
    neighbor = replace(flow, rhs=(flow.rhs[0] + sp.Rational(1, 10**6), *flow.rhs[1:]))
    assert trajectory_error(neighbor, x0, found, values, members=[1], dps=25).error > 1e-8


entries = st.integers(-6, 6).map(lambda n: sp.Rational(n, 4))
numbers = st.integers(-8, 8).map(lambda n: n / 4)


@settings(max_examples=8)
@given(st.lists(entries, min_size=4, max_size=4), st.lists(numbers, min_size=2, max_size=2))
def test_linear_flows(matrix: list[Any], start: list[float]) -> None:
    """Against the closed form: distinct, double and zero eigenvalues, decay, growth, rotation."""
    p, q, r, s = matrix
    flow = Flow((x, y), (p * x + q * y + 1, r * x + s * y))
    exact = compile(solve_linear(flow, dict(zip((x, y), map(sp.Rational, start), strict=True))))
    times = np.array([0.0, 0.5, 3.0])
    want = exact.evaluate(times, {})
    scale = np.exp(3.0 * 3) * (1 + np.abs(start).max())  # |A|_inf <= 3: errors grow with e^{3t}
    for method in ("jit", "heyoka", "scipy"):
        got = solve(flow, start, times, method=method).states
        assert np.abs(got - want).max() <= 1e-12 * 60 * scale, method


@BOTH
def test_events_on_a_circle(method: str) -> None:
    """x = r cos t, y = r sin t: all crossings of y, the rising ones of x, the end at x = y."""
    watched = [y, Event(x, 1), Event(x, -1), Event(sp.cos(3 * t), 0)]
    flow = replace(CIRCLE, time=t)
    found = solve(flow, [[1, 0], [3, 0]], [20.0], events=watched, method=method)
    for member in (0, 1):
        crossings = [hits.of(member) for hits in found.events]
        for got, want in zip(crossings, _expected(), strict=True):
            assert got.shape == want.shape
            assert np.abs(got - want).max() <= 1e-10  # 1e-12 a step, over 30 steps and a slope of 1
    states = found.events[0].states[found.events[0].members == 1]
    assert np.abs(np.abs(states[:, 0]) - 3).max() <= 1e-9
    early = solve(flow, [[1, 0]], [20.0], events=[Event(x - y, 0, True)], method=method)
    assert early.ended[0] == pytest.approx(np.pi / 4, abs=1e-11)
    assert np.isnan(early.final).all()
    assert not early.failed.any()


def _expected() -> list[Any]:
    quarter = np.pi / 2
    return [
        np.arange(1, 7) * np.pi,
        np.arange(3, 13, 4) * quarter,
        np.arange(1, 13, 4) * quarter,
        np.arange(1, 39, 2) * np.pi / 6,
    ]


@BOTH
def test_dense_output(method: str) -> None:
    found = solve(CIRCLE, [[[1, 0], [0, 2]]], [0.0, 5.0], dense=True, method=method)
    times = np.linspace(0, 5, 101)
    states = found.at(times)
    assert states.shape == (1, 2, 101, 2)
    want = np.stack([np.cos(times), np.sin(times)], axis=-1)
    assert np.abs(states[0, 0] - want).max() <= GLOBAL  # DOP853 interpolates to order 7 only
    assert np.array_equal(states[0, :, [0, -1]].swapaxes(0, 1), found.states[0][:, [0, 1]])
    with pytest.raises(KernelError, match="covers times from"):
        found.at([5.5])
    with pytest.raises(KernelError, match="dense=True"):
        solve(CIRCLE, [1, 0], [1.0]).at([0.5])


@ALL
def test_members_that_blow_up_leave_the_others_alone(method: str) -> None:
    """x' = x^2: x = x0/(1 - x0 t), up to t = 1/x0."""
    x0 = np.array([[1.0], [-1.0], [0.1], [0.9], [0.49]])
    dense = method != "jit"
    found = solve(BLOWUP, x0, [0.5, 2.0], method=method, dense=dense)
    assert found.failed.tolist() == [True, False, False, True, False]
    assert np.abs(found.ended[[0, 3]] - 1 / x0[[0, 3], 0]).max() <= 1e-10
    assert "blew up" in found.reason(0)
    assert found.reason(1) == ""
    fine = ~found.failed
    want = x0[fine, 0] / (1 - x0[fine, 0] * 2)
    assert np.abs(found.final[fine, 0] / want - 1).max() <= 1e-10
    alone = solve(BLOWUP, x0[fine], [0.5, 2.0], method=method)
    assert np.array_equal(alone.states, found.states[fine])
    assert np.isnan(found.final[found.failed]).all()
    assert np.abs(found.states[0, 0, 0] - 2) <= 1e-10  # x = 1/(1 - 1/2), before it failed
    if dense:
        assert np.isnan(found.at([0.5, 1.5])[0]).tolist() == [[False], [True]]


@ALL
def test_powers_at_zero(method: str) -> None:
    """x' = x - x^n rests at 0; elsewhere 1/x^{n - 1} - 1 decays with e^{-(n - 1) t}."""
    start, time = np.array([[0.0], [0.25], [-0.5]]), 1.5
    for n in (3, 5, 8):
        found = solve(Flow((x,), (x - x**n,)), start[: 3 if n % 2 else 2], [time], method=method)
        assert found.final[0, 0] == 0
        away = start[1 : len(found.final), 0]
        decayed = 1 + (np.abs(away) ** (1 - n) - 1) * np.exp(-(n - 1) * time)
        want = np.sign(away) * decayed ** (-1 / (n - 1))
        assert np.abs(found.final[1:, 0] - want).max() <= 1e-11
    inverse = solve(Flow((x,), (x**-3,)), [[1.0], [0.0]], [2.0], method=method)
    assert inverse.final[0, 0] == pytest.approx(9**0.25, rel=1e-11)
    assert inverse.failed.tolist() == [False, True]


@ALL
def test_too_many_steps_and_overflow(method: str) -> None:
    stiff = solve(Flow((x,), (-(10**4) * x,)), [[1.0]], [10.0], method=method, max_steps=30)
    assert stiff.reason(0) == "too many steps"
    assert stiff.ended[0] < 10
    wild = solve(Flow((x,), (sp.exp(x**2),)), [[26.6], [-1.0]], [0.5], method=method)
    assert wild.failed.tolist() == [True, False]


def test_batches_do_not_matter() -> None:
    """The same bits for any batch, order and number of threads, with events and switches."""
    flow = Flow((x, y), (-y * sp.Heaviside(x + 2) - sp.Max(x, 0), x), parameters=())
    x0 = np.random.default_rng(3).uniform(-1.5, 1.5, (70, 2))
    whole = solve(flow, x0, [3.0, 9.0], events=[y])
    threads = solve(flow, x0, [3.0, 9.0], events=[y], workers=2)
    backwards = solve(flow, x0[::-1], [3.0, 9.0], events=[y])
    assert np.array_equal(whole.states, threads.states, equal_nan=True)
    assert np.array_equal(whole.states, backwards.states[::-1], equal_nan=True)
    assert np.array_equal(whole.events[0].times, threads.events[0].times)
    assert not whole.failed.all()
    single = solve(flow, x0[7], [3.0, 9.0])
    assert np.array_equal(single.states, whole.states[7], equal_nan=True)


@ALL
def test_parameters_and_shapes(method: str) -> None:
    """x' = -a x + b t, one a each and b shared, begun at t = 1."""
    flow = Flow((x,), (-a * x + b * t,), parameters=(a, b), time=t)
    rates = np.array([[1.0, 2.0, 0.5]])
    got = solve(flow, np.ones((2, 1, 1)), [3.0], {"a": rates, b: 2}, start=1.0, method=method)
    assert got.states.shape == (2, 3, 1, 1)
    assert (np.diff(got.final, axis=0) == 0).all()
    exact = [_driven(k, 2.0) for k in rates[0]]
    assert np.abs(got.final[0, :, 0] - exact).max() <= GLOBAL
    error = trajectory_error(flow, np.ones((2, 1, 1)), got, {"a": rates, b: 2}, dps=25)
    assert error.compared == 6
    assert error.error <= GLOBAL


def _driven(k: float, b_: float) -> float:
    r"""x(3) of x' = -k x + b t from x(1) = 1: a particular solution b t/k - b/k^2."""
    return b_ * 3 / k - b_ / k**2 + (1 - b_ / k + b_ / k**2) * np.exp(-2 * k)


@ALL
def test_steps_are_counted_where_they_are_asked_for(method: str) -> None:
    counted = solve(CIRCLE, [[1, 0], [0, 1]], [50.0], count_steps=True, method=method)
    assert solve(CIRCLE, [1, 0], [1.0], method=method).steps is None
    assert counted.steps is not None
    once = solve(CIRCLE, [1, 0], [50.0], count_steps=True, method=method)
    assert counted.steps.tolist() == [once.steps, once.steps]  # a turned start turns its path
    half = solve(CIRCLE, [1, 0], [25.0], count_steps=True, method=method).steps
    assert half is not None
    assert 0.4 * counted.steps[0] < half < 0.6 * counted.steps[0]
    coarse = solve(CIRCLE, [1, 0], [50.0], tolerance=1e-4, method=method)
    assert trajectory_error(CIRCLE, [1, 0], coarse, dps=20).error > 1e-9


@pytest.mark.parametrize(
    ("x0", "times", "more", "message"),
    [
        (np.zeros((0, 2)), [1], {}, "empty batch"),
        ([[1, np.nan], [1, 0]], [1], {}, "1 of 2 initial states are not finite"),
        ([1, np.inf], [1], {}, "not finite"),
        ([1, 0, 0], [1], {}, "last axis must be 2"),
        ([1, 0], [], {}, "times must be finite"),
        ([1, 0], [2, 1], {}, "increasing"),
        ([1, 0], [-1], {}, "not before the start"),
        ([1, 0], ["soon"], {}, "not numbers"),
        ([1, 0], [1], {"tolerance": 0}, "tolerance must be between"),
        ([1, 0], [1], {"method": "euler"}, "unknown method 'euler'"),
        ([1, 0], [1], {"max_steps": 0}, "max_steps must be"),
        ([1, 0], [1], {"events": [a]}, "undeclared symbols: a"),
        ([1, 0], [1], {"events": [1]}, "no expression in state"),
        ([1, 0], [1], {"events": [Event(x, 2)]}, "direction of an event"),
        ([1, 0], [1], {"parameters": {"a": 1}}, "unknown parameter 'a'"),
    ],
)
def test_bad_questions(x0: Any, times: Any, more: Mapping[str, Any], message: str) -> None:
    with pytest.raises(SymganError, match=message):
        solve(CIRCLE, x0, times, **more)


def test_what_cannot_be_integrated() -> None:
    with pytest.raises(KernelError, match="give a Flow"):
        solve(Map((x,), (x,)), [1], [1])  # type: ignore[arg-type]
    for method in ("auto", "jit", "heyoka", "scipy"):
        with pytest.raises(KernelError, match="gamma"):
            solve(Flow((x,), (sp.gamma(x),)), [1], [1], method=method)
        with pytest.raises(KernelError, match="floor, whose jumps"):
            solve(Flow((x,), (sp.floor(x),)), [1], [1], method=method)
    with pytest.raises(KernelError, match="parameters are not finite"):
        solve(Flow((x,), (a * x,), parameters=(a,)), [1], [1], {"a": np.inf})


@pytest.mark.parametrize(
    ("package", "extra", "instead"),
    [("llvmlite", "jit", "heyoka"), ("heyoka", "flows", "jit"), ("scipy", "flows", "jit")],
)
def test_a_missing_extra(
    package: str, extra: str, instead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, package)
    flow = Flow((x,), (-sp.Integer(len(package)) * x / 5,))  # one that nothing has compiled before
    with pytest.raises(MissingExtra, match=rf"pip install 'symgan\[{extra}\]'"):
        solve(flow, [1], [1], method={"llvmlite": "jit"}.get(package, package))
    assert solve(flow, [1], [1]).method == instead


def test_the_last_resort(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "llvmlite", "heyoka")
    assert solve(Flow((x,), (-3 * x,)), [1], [1]).method == "scipy"


def without(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    """Let packages be missing."""
    real = builtins.__import__

    def imported(name: str, *rest: Any, **named: Any) -> Any:
        if name.split(".")[0] in packages:
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", imported)


@BOTH
@pytest.mark.parametrize("times", [[5.0], [1.0, 5.0]])
def test_a_terminal_event_that_holds_at_the_start_ends_nothing_there(
    method: str, times: list[float]
) -> None:
    starts = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]
    found = solve(CIRCLE, starts, times, events=[Event(y, terminal=True)], method=method)
    assert not found.failed.any()
    assert found.events[0].members.tolist() == [0, 1, 2]
    np.testing.assert_allclose(found.ended, np.array([1, 0.5, 1]) * np.pi, rtol=0, atol=GLOBAL)
    falling = solve(CIRCLE, starts, times, events=[Event(y, -1, True)], method=method)
    assert falling.events[0].members.tolist() == [0, 1]  # the third rises on its way to 5

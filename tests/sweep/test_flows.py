"""Sweeps of flows, against flows whose trajectories are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

from symgan.errors import BadData, MissingExtra
from symgan.sweep import Basins, Exponents, Growth, Model, Points, Sampling, Sweep, Tail, tasks
from symgan.sweep.flows import SEGMENT, method_of
from symgan.sweep.growth import CONVERGES, GROWS, STAYS, UNDECIDED
from symgan.sweep.store import open_store
from symgan.system import Flow, Map
from tests.sweep.orbits import A, X, Y
from tests.sweep.test_measures import computed

BISTABLE = Flow((X, Y), (X - X**3, -Y))
TURN = Flow((X, Y), (A * X - Y, X + A * Y), (A,))


def model(flow: Flow, interval: float = 0.5, tolerance: float = 1e-11) -> Model:
    return Model("flow", flow, Sampling(interval, tolerance))


def at(followed: Model, measure: Any, **values: Any) -> Sweep:
    """A sweep over listed cells."""
    return Sweep((followed,), Points(values), measure)


@pytest.mark.parametrize("method", ["jit", "heyoka", "scipy"])
def test_growth_is_told_by_the_real_part(method: str) -> None:
    """e^{at}: the largest norms of two halves of 100 intervals of 1/2 are e^{25 a} apart."""
    a = [-0.4, 0.0, 0.1, 0.4]
    ones = np.ones(4)
    sweep = at(model(TURN), Growth(100, bound=1e12), a=a, x=0.3 * ones, y=-0.2 * ones)
    found = computed(sweep.at(backend=method))
    assert found["outcome"].tolist() == [CONVERGES, STAYS, UNDECIDED, GROWS]
    assert np.log(found["ratio"]) == pytest.approx(25 * np.array(a), abs=1e-8)
    assert not found["failed"].any()


def test_basins_of_a_bistable_flow_are_half_planes() -> None:
    x = np.array([-3.0, -0.1, -1e-6, 0.0, 1e-6, 0.4, 2.0])
    measure = Basins(80, ((1.0, 0.0), (-1.0, 0.0)), radius=1e-8)
    found = computed(at(model(BISTABLE), measure, x=x, y=np.full(7, 0.5)))
    assert found["basin"].tolist() == [3, 3, 3, 0, 2, 2, 2]
    exact = np.sign(x) / np.sqrt(1 + (1 / np.where(x, x, 1) ** 2 - 1) * np.exp(-80.0))
    assert found["final"][:, 0] == pytest.approx(exact, abs=1e-9)
    short = Basins(20, ((1.0, 0.0), (-1.0, 0.0)), radius=1e-8, hold=5)
    found = computed(at(model(BISTABLE), short, x=x, y=np.full(7, 0.5)))
    assert not (found["basin"] > 1).any()  # y = e^-10/2 is not there yet


def test_a_clock_goes_on_across_segments() -> None:
    """x' = cos t: at the times of the intervals, also after the integrator started anew."""
    t = sp.Symbol("t", real=True)
    clock = model(Flow((X,), (sp.cos(t),), time=t), interval=0.25)
    steps = 2 * SEGMENT + 7
    found = computed(at(clock, Tail(steps, 70), x=[0.0, 1.0]))
    times = 0.25 * np.arange(steps - 69, steps + 1)
    assert found["tail"][:, :, 0] == pytest.approx(
        np.stack([np.sin(times), np.sin(times) + 1]), abs=1e-10
    )
    late = 0.25 * SEGMENT + times
    assert not np.allclose(found["tail"][0, :, 0], np.sin(late), atol=1e-3)


def test_the_period_of_a_sampled_circle() -> None:
    turn = model(Flow((X, Y), (-Y, X)), interval=float(2 * np.pi / 5))
    found = computed(at(turn, Tail(40, 20, tolerance=1e-9), x=[1.0], y=[0.0]))
    assert found["period"].tolist() == [5]
    other = model(Flow((X, Y), (-Y, X)), interval=1.0)
    found = computed(at(other, Tail(40, 20, tolerance=1e-9), x=[1.0], y=[0.0]))
    assert found["period"].tolist() == [0]


@pytest.mark.parametrize("method", ["jit", "heyoka", "scipy"])
def test_what_blows_up_has_left(method: str) -> None:
    """x' = x^2 reaches infinity at 1/x: 1.9 and 10.3, seen at the ends of intervals of 1/2."""
    explodes = model(Flow((X,), (X**2,)))
    x = [1 / 1.9, 1 / 10.3, 1 / 40.0]
    sweep = at(explodes, Basins(30, ((0.0,),), radius=1e-2, bound=1e6), x=x)
    found = computed(sweep.at(backend=method))
    assert found["basin"].tolist() == [1, 1, 0]
    left = computed(at(explodes, Growth(30), x=x).at(backend=method))["left"]
    assert left.tolist() == [4, 21, -1]
    near = computed(at(explodes, Growth(30, bound=2.0), x=x).at(backend=method))["left"]
    assert near.tolist() == [3, 20, -1]  # 1/x - 1/2: 1.4 and 9.8
    assert not found["failed"].any()


def test_what_slides_is_not_judged() -> None:
    """x' = -sign(x) reaches 0 and slides there; a is where the other one goes."""
    sliding = model(Flow((X,), (-sp.sign(X) + A,), (A,)))
    sweep = at(sliding, Basins(20, ((0.0,),)), x=[1.2, 1.2], a=[0.0, 2.0])
    found = computed(sweep)
    assert found["basin"].tolist() == [0, 0]
    assert found["failed"].tolist() == [4, 0]
    assert np.isnan(found["final"][0]).all()
    assert found["final"][1] == pytest.approx(1.2 + 10)
    grown = computed(at(sliding, Growth(20), x=[1.2], a=[0.0]))
    assert grown["outcome"].tolist() == [UNDECIDED]
    assert grown["left"].tolist() == [-1]
    kept = computed(at(sliding, Tail(20, 4), x=[1.2], a=[0.0]))
    assert np.isnan(kept["tail"]).all()
    assert kept["period"].tolist() == [0]
    assert "4 slides along" in sweep.declaration().variables[-1].meaning


def test_chunks_and_other_processes_change_no_bit() -> None:
    draw = np.random.default_rng(1)
    x, y, a = draw.normal(size=(3, 9))
    flow = Flow((X, Y), (A * X - Y - X * (X**2 + Y**2), X + A * Y - sp.Abs(Y) - Y**3), (A,))
    whole = at(model(flow), Tail(70, 20), x=x, y=y, a=a)
    wanted = computed(whole)
    for chunk in (1, 4):
        compute = whole.at(chunk=chunk).compute()
        parts = [compute(slice(i, min(i + chunk, 9)), lambda: None) for i in range(0, 9, chunk)]
        for name, values in wanted.items():
            joined = np.concatenate([part[name] for part in parts])
            assert (joined.view(np.uint8) == values.view(np.uint8)).all()
    text = tasks.document(whole)
    sent = tasks.chunk(text, 3, 8)
    assert all((sent[k].view("u1") == v[3:8].view("u1")).all() for k, v in wanted.items())
    other = tasks.chunk(tasks.document(at(model(flow, 0.25), Tail(70, 20), x=x, y=y, a=a)), 3, 8)
    assert (other["tail"] != sent["tail"]).any()


def test_the_sampling_is_declared(tmp_path: Path) -> None:
    measure = Growth(10)
    first = at(model(TURN, 0.5), measure, a=[0.1], x=[1.0], y=[0.0])
    open_store(tmp_path / "s", first.declaration())
    assert Sweep.read(first.document()).models == first.models
    for changed in (model(TURN, 0.25), model(TURN, 0.5, 1e-9)):
        other = at(changed, measure, a=[0.1], x=[1.0], y=[0.0])
        with pytest.raises(BadData, match=r"a step is a time of 0\.5, found to 1e-11"):
            open_store(tmp_path / "s", other.declaration())


def test_a_rest_point_is_moved_to_the_origin() -> None:
    moved = model(BISTABLE).centered({X: 1, Y: 0})
    assert moved.sampling == Sampling(0.5, 1e-11)
    found = computed(at(moved, Growth(60), x=[1e-6], y=[1e-6]))
    assert found["outcome"].tolist() == [CONVERGES]
    there = model(BISTABLE).centered({X: 0, Y: 0})
    found = computed(at(there, Growth(60, bound=1e-3), x=[1e-6], y=[1e-6]))
    assert found["outcome"].tolist() == [GROWS]


HALVING = Model("map", Map((X, Y), (X / 2, Y)))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Sampling(0.0), "interval = 0.0 is not a positive number"),
        (lambda: Sampling(1.0, float("nan")), "tolerance = nan is not a positive number"),
        (lambda: Model("m", HALVING.system, Sampling()), "is no flow; a map's steps"),
        (lambda: at(model(BISTABLE), Growth(9), x=[1], y=[1]).at(portable=True), "leave portable"),
        (
            lambda: at(model(BISTABLE), Growth(9), x=[1], y=[1]).at(backend="numpy"),
            "auto, jit, heyoka",
        ),
        (lambda: at(HALVING, Growth(9), x=[1], y=[1]).at(backend="scipy"), "auto, jit, numpy"),
        (lambda: at(model(BISTABLE), Exponents(9), x=[1], y=[1]), "exponents are those of maps"),
        (
            lambda: at(model(BISTABLE), Growth(9), x=[1], y=[1]).at(
                models=(model(BISTABLE), HALVING)
            ),
            "maps or flows",
        ),
    ],
)
def test_what_does_not_fit_is_refused(make: Any, words: str) -> None:
    with pytest.raises(BadData, match=words):
        make()


def test_heyoka_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "heyoka", None)
    assert method_of("auto", (), portable=False) == "jit"
    with pytest.raises(MissingExtra, match="heyoka"):
        method_of("heyoka", (), portable=False)


def test_flows_that_machine_code_cannot_follow_go_to_heyoka() -> None:
    kinked = model(Flow((X, Y), (-sp.Abs(X), -Y)))
    large = model(Flow((X, Y), (-sp.atan2(X, 2 + Y), -Y)))
    for followed, words in ((kinked, "kinks of a field"), (large, "series of atan2")):
        assert at(followed, Growth(9), x=[1.0], y=[1.0]).backend == "heyoka"
        with pytest.raises(BadData, match=f"'flow' by backend = 'jit'.*{words}"):
            at(followed, Growth(9), x=[1.0], y=[1.0]).at(backend="jit")
    assert at(model(BISTABLE), Growth(9), x=[1.0], y=[1.0]).backend == "jit"

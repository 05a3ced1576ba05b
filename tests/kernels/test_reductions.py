"""Reductions along orbits: what the stored orbit says, on every backend."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.kernels import KernelError, compile
from symgan.kernels.maps import MapKernel
from symgan.kernels.noise import Seeded
from symgan.kernels.reductions import (
    EntryTime,
    ExitTime,
    MaxNorm,
    MinNorm,
    Overflow,
    SignChanges,
)
from symgan.system import Map

x, y, w, k = sp.symbols("x y w k", real=True)
a = sp.Symbol("a", positive=True)
TURN = Map((x, y), (a * (x - y / 2), a * (y + x / 2)), (a,))
"""A turn that spirals in or out with a."""
GROW = Map((x,), (x**3,))
BACKENDS = ("numpy", "jit")
KERNELS: dict[str, MapKernel] = {name: compile(TURN, backend=name) for name in BACKENDS}
ALL = (MaxNorm(), MinNorm(), ExitTime(1.5), EntryTime(0.5, (0.25, 0.0)), SignChanges("x"))


def first(found: Any) -> int:
    """The number of the first true entry, -1 where there is none."""
    return int(np.argmax(found)) if np.any(found) else -1


def sign_changes(column: Any) -> int:
    """How often neighbors that are not zero differ in sign."""
    signs = np.sign(column[column != 0])
    return int(np.sum(signs[1:] != signs[:-1]))


@pytest.mark.parametrize("backend", BACKENDS)
@settings(max_examples=12, deadline=None)
@given(
    scale=st.sampled_from([0.5, 0.85, 2 / 5**0.5, 0.95, 1.25]),
    seed=st.integers(0, 99),
    steps=st.integers(0, 30),
    size=st.integers(1, 20),
)
def test_reductions_are_those_of_the_stored_orbit(
    backend: str, scale: float, seed: int, steps: int, size: int
) -> None:
    start = np.random.default_rng(seed).uniform(-1, 1, (size, 2))
    start[0] = 0, 1  # a zero has no sign
    kernel = KERNELS[backend]
    path = kernel.trajectory(start, steps, {"a": scale})
    found = kernel.reduce(start, steps, {"a": scale}, reductions=ALL)
    norm = np.sqrt((path**2).sum(axis=-1))
    near = np.sqrt(((path - [0.25, 0]) ** 2).sum(axis=-1))
    biggest, smallest, left, entered, changes = (found[r] for r in ALL)
    assert np.allclose(biggest, norm.max(axis=0), rtol=1e-15)  # one fused product apart
    assert np.allclose(smallest, norm.min(axis=0), rtol=1e-15)
    assert left.tolist() == [first(norm[:, i] > 1.5) for i in range(size)]
    assert entered.tolist() == [first(near[:, i] <= 0.5) for i in range(size)]
    assert changes.tolist() == [sign_changes(path[:, i, 0]) for i in range(size)]
    assert (found.final == path[-1]).all()
    assert (found.overflow == -1).all()
    assert not found.stopped.any()


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_stopped_trajectory_stays_where_it_stopped_and_others_go_on(backend: str) -> None:
    start = np.random.default_rng(1).uniform(-1, 1, (200, 2))
    stop, count = ExitTime(3.0, stop=True), SignChanges(y)
    scale = np.linspace(0.8, 1.1, 200)
    kernel, steps = KERNELS[backend], 600  # beyond the segments between two looks
    found = kernel.reduce(start, steps, {"a": scale}, reductions=[stop, count])
    path = kernel.trajectory(start, steps, {"a": scale})
    when = found[stop]
    assert found.stopped.tolist() == (when >= 0).tolist()
    assert 20 < found.stopped.sum() < 180
    for i, time in enumerate(when):
        end = steps if time < 0 else time
        assert (found.final[i] == path[end, i]).all()
        assert found[count][i] == sign_changes(path[: end + 1, i, 1])


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_overflow_is_marked_and_harms_no_neighbor(backend: str) -> None:
    start = np.array([[0.5], [10.0], [-1.0], [1e200], [np.nan], [2.0]])
    kernel = compile(GROW, backend=backend)
    found = kernel.reduce(start, 9, reductions=[MaxNorm(), Overflow()])
    # 10^(3^k) passes 1e308 at k = 6, 2^(3^k) at k = 7
    assert found.overflow.tolist() == [-1, 6, -1, 1, 0, 7]
    assert found[Overflow()].tolist() == found.overflow.tolist()
    assert found.final[[0, 2], 0].tolist() == [0.0, -1.0]
    assert found[MaxNorm()][[0, 1, 2]].tolist() == [0.5, np.inf, 1.0]
    stopped = kernel.reduce(start, 9, reductions=[Overflow(stop=True)])
    assert stopped.stopped.tolist() == (stopped.overflow >= 0).tolist()


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_state_that_is_no_number_has_left_and_not_entered(backend: str) -> None:
    left, entered = ExitTime(5.0), EntryTime(5.0)
    kernel = compile(GROW, backend=backend)
    found = kernel.reduce([[np.nan], [1.0], [5.0]], 1, reductions=[left, entered])
    assert found[left].tolist() == [0, -1, 1]
    assert found[entered].tolist() == [-1, 0, 0]


@pytest.mark.parametrize("backend", BACKENDS)
def test_noise_and_the_index_belong_to_the_trajectory_when_others_have_stopped(
    backend: str,
) -> None:
    kernel = compile(Map((x,), (x + w + k / 64,), noise=(w,), index=k), backend=backend)
    start = np.linspace(-30, 30, 40)[:, None]
    stop = ExitTime(31.0, stop=True)
    found = kernel.reduce(start, 700, reductions=[stop], noise=Seeded(2))
    path = kernel.trajectory(start, 700, noise=Seeded(2))
    assert found[stop].tolist() == [first(np.abs(path[:, i, 0]) > 31) for i in range(40)]
    assert len(set(found[stop].tolist())) > 20


@pytest.mark.parametrize(
    ("reduction", "message"),
    [
        (SignChanges("z"), "no 'z' to count"),
        (ExitTime(1.0, (0.0,)), "the center"),
        (ExitTime(-1.0), "the radius -1.0 must be"),
        (EntryTime(1e200), "its square a finite float64"),
        (EntryTime(float("nan")), "no finite number"),
    ],
)
def test_reductions_that_do_not_fit_are_refused(reduction: Any, message: str) -> None:
    with pytest.raises(KernelError, match=message):
        KERNELS["numpy"].reduce([[1.0, 2.0]], 1, {"a": 1}, reductions=[reduction])


def test_float32_refuses_to_count_beyond_its_whole_numbers() -> None:
    kernel = compile(GROW, backend="numpy", dtype=np.float32)
    with pytest.raises(KernelError, match="float32 counts no 16777216 steps"):
        kernel.reduce([[1.0]], 2**24)

"""Orbits on the JIT: one result for every split, number of threads and width; tails."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.games.dirac import dirac
from symgan.kernels import compile
from symgan.kernels.engines import Course
from symgan.kernels.noise import Seeded
from symgan.losses import jensen_shannon, wasserstein
from symgan.program import Program
from symgan.rules import named
from symgan.system import Map
from tests.kernels.jit.engines import body, engine, last, no_noise, targets

x, y, k, w = sp.symbols("x y k w", real=True)
eta = sp.Symbol("eta", positive=True)
TRIAL = (
    x - eta * sp.exp(-x * y) * y + sp.Piecewise((x, x > y), (sp.sin(y), True)) / 8,
    y / (1 + x**2) + eta * sp.tanh(x * y) ** 3,
)
"""A map with a division, functions, powers and a choice."""
BODY = body(TRIAL, (x, y), (eta,))
DRAW = np.random.default_rng(5)
START = DRAW.uniform(-2, 2, (2, 300))


def bits(array: Any) -> Any:
    """The bits of float64 numbers, so that zeros of both signs differ."""
    return np.ascontiguousarray(array).view(np.uint64)


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(1, 299), max_size=4), workers=st.integers(1, 3))
def test_no_split_and_no_thread_changes_a_bit(cuts: list[int], workers: int) -> None:
    whole = last(MADE, [*START, 0.25], 20)
    parts = np.split(START, sorted(set(cuts)), axis=1)
    split = np.concatenate([last(MADE, [*p, 0.25], 20, workers) for p in parts], axis=1)
    assert (bits(split) == bits(whole)).all()
    threaded = last(MADE, [*np.tile(START, 20), 0.25], 20, workers)
    assert (bits(threaded) == np.tile(bits(whole), 20)).all()


MADE = engine(BODY)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_no_width_changes_a_bit(dtype: Any) -> None:
    found = [last(engine(BODY, dtype, target), [*START, 0.25], 50) for target in targets()]
    assert len(found) > 1
    word = np.uint64 if dtype is np.float64 else np.uint32
    first = found[0].view(word)
    assert all((other.view(word) == first).all() for other in found[1:])
    assert not (last(engine(BODY, dtype), [*START, 0.26], 50).view(word) == first).all()


def test_a_shared_parameter_and_one_a_trajectory_round_alike() -> None:
    shared = last(MADE, [*START, 0.3], 20)
    apart = last(MADE, [*START, np.full(300, 0.3)], 20)
    assert (bits(shared) == bits(apart)).all()


@pytest.mark.parametrize("size", [*range(1, 70), 127, 128, 129])
def test_tails_of_every_length_touch_nothing_else(size: int) -> None:
    """Columns and results lie between guards that must stay as they are."""
    guard, count = -7.5, len(TRIAL)
    room = np.full((count, size + 32), guard)
    room[:, 16 : size + 16] = START[:, :size]
    given_before = room.copy()
    out = np.full((2, count, size + 32), guard)
    found = out[:, :, 16 : size + 16]
    columns = [row[16 : size + 16] for row in room]
    MADE.orbit([*columns, np.array(0.25)], no_noise, Course(0, 4, 2), found, 1)
    assert (room == given_before).all()
    assert (out[:, :, :16] == guard).all()
    assert (out[:, :, size + 16 :] == guard).all()
    wanted = last(MADE, [*START, 0.25], 4)[:, :size]
    assert (bits(found[1]) == bits(wanted)).all()


def test_a_trajectory_holds_the_states_that_steps_lead_to() -> None:
    kernel = compile(Map((x, y), TRIAL, parameters=(eta,)), backend="jit")
    path = kernel.trajectory(START.T, 7, {"eta": 0.25}, every=2)
    state = START.T
    assert path.shape == (4, 300, 2)
    assert (path[0] == state).all()
    for step in range(1, 7):
        state = kernel.step(state, {"eta": 0.25})
        if step % 2 == 0:
            assert (bits(path[step // 2]) == bits(state)).all()
    assert (kernel.iterate(START.T, 0, {"eta": 0.25}) == START.T).all()


def test_the_index_counts_from_the_first_step() -> None:
    kernel = compile(Map((x,), (x + k * w,), (w,), index=k), backend="jit")
    assert kernel.iterate([[1.0], [2.0]], 5, {"w": 2}).tolist() == [[21.0], [22.0]]
    assert kernel.iterate([[1.0]], 2, {"w": [1, 3]}, first=10).tolist() == [[22.0], [64.0]]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("backend", ["jit", "numpy"])
def test_noise_by_seed_is_the_noise_of_its_array(backend: str, dtype: Any) -> None:
    kernel = compile(Map((x,), (x / 2 + w,), noise=(w,)), backend=backend, dtype=dtype)
    start = DRAW.normal(size=(37, 1))
    noise = Seeded(3)
    draws = np.moveaxis(noise.fitted((37,)).draws(0, 9, 1, slice(None)), 1, -1)
    got = kernel.iterate(start, 9, noise=noise)
    assert (got == kernel.iterate(start, 9, noise=draws)).all()
    assert (got[5:9] == kernel.iterate(start[5:9], 9, noise=Seeded(3, np.arange(5, 9)))).all()
    ahead = kernel.iterate(start, 4, noise=noise)
    assert (kernel.iterate(ahead, 5, noise=noise, first=4) == got).all()
    assert not (kernel.iterate(start, 9, noise=Seeded(4)) == got).any()


@pytest.mark.parametrize("loss", [wasserstein, jensen_shannon])
def test_the_dirac_oracle_decides_as_numpy_does_after_one_step(loss: Any) -> None:
    """From states with a clear decision; the difference is a few last bits of each branch."""
    update = named("dirac-oracle")(dirac(loss), eta)
    start = DRAW.uniform(0.1, 2, (500, 2)) * DRAW.choice([-1, 1], (500, 2))
    got, wanted = (compile(update, backend=b).step(start, {"eta": 0.25}) for b in ("jit", "numpy"))
    assert np.abs(got - wanted).max() <= 4 * np.spacing(2.5)
    assert not (got == start).all(axis=0).any()


def test_programs_run_as_the_maps_that_they_write_out() -> None:
    t = sp.Symbol("t", real=True)
    program = Program((x, y), (t - y, t * x), ((t, x * y + 1),))
    start = np.random.default_rng(5).uniform(-1, 1, (65, 2))
    got = compile(program, backend="jit").iterate(start, 3)
    wanted = compile(program.map(), backend="numpy").iterate(start, 3)
    assert np.abs(got - wanted).max() < 1e-13  # three steps of five operations near one
    slope = compile(program, backend="jit").jacobian(start)
    assert np.abs(slope - compile(program.map(), backend="numpy").jacobian(start)).max() < 1e-14

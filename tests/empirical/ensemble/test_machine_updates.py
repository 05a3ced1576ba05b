"""Updates as machine code against the formulas in extended precision, step by step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from symgan.empirical.ensemble.machine_updates import MachineUpdate
from symgan.empirical.updates import Adam, RMSProp

UPDATES = {
    "adam": Adam((0.5, 0.99), 1e-6),
    "adam-defaults": Adam(),
    "adam-no-means": Adam((0.0, 0.0)),
    "rmsprop": RMSProp(0.9),
}
RATE, M = 0.01, 4
Array = np.ndarray[Any, Any]


def expected(
    update: Adam | RMSProp, x: Array, m: Array, s: Array, g: Array, k: Array, eps: float
) -> list[tuple[Array, Array]]:
    """The k-th step of some members, each value with the size of its terms, which may cancel."""
    first, second = (0.0, update.alpha) if isinstance(update, RMSProp) else update.betas
    means, squares = np.ones(1), np.ones(1)
    if isinstance(update, Adam):  # these cancel in double precision, as torch's do: they are given
        means, squares = (
            np.array([[1 - beta**steps] for steps in k.tolist()]) for beta in (first, second)
        )
    s = second * s + (1 - second) * g**2
    below = np.sqrt(s / squares) + eps
    kept, size = first * m + (1 - first) * g, first * abs(m) + (1 - first) * abs(g)
    step, most = (RATE * part / means / below for part in (kept, size))
    return [(x - step, abs(x) + most), (kept, size), (s, s)]


def worst(
    name: str, dtype: torch.dtype, entries: int, seed: int, *, eps_factor: float = 1.0
) -> float:
    """The largest error of some steps, in roundings of the terms."""
    update, draw = UPDATES[name], torch.Generator().manual_seed(seed)
    x = torch.randn(M, entries, generator=draw, dtype=dtype)
    machine = MachineUpdate(update, dtype)
    state = machine.init([x])
    counts, found = np.zeros(M, dtype=int), 0.0
    for members in (None, [2, 0], [1], [3, 1, 0, 2], None):
        who = list(range(M)) if members is None else members
        rest = [i for i in range(M) if i not in who]
        counts[who] += 1
        g = torch.randn(len(who), entries, generator=draw, dtype=dtype)
        rows = [state["mean"][0] if "mean" in state else x, state["square"][0]]
        before = [t.numpy().astype(np.longdouble) for t in (x, *rows)]
        (a, b, c), eps = (kept[who] for kept in before), update.eps * eps_factor
        wanted = expected(update, a, b, c, g.numpy().astype(np.longdouble), counts[who], eps)
        chosen = None if members is None else torch.tensor(members)
        machine.step([x], [g], state, RATE, chosen)
        after = [t.numpy() for t in (x, *rows)]
        for old, new in zip(before, after, strict=True):
            assert np.array_equal(old[rest].astype(new.dtype), new[rest])
        if "mean" not in state:
            del wanted[1], after[1]
        for (value, size), new in zip(wanted, after, strict=True):
            error = np.abs(new[who] - value) / (size * np.finfo(new.dtype).eps)
            found = max(found, float(error.max()))
    return found


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", UPDATES)
@settings(max_examples=8)
@given(entries=st.integers(1, 70), seed=st.integers(0, 50))
@example(entries=16, seed=0)
@example(entries=33, seed=1)
def test_a_step_is_a_few_roundings_from_the_formula(
    name: str, dtype: torch.dtype, entries: int, seed: int
) -> None:
    """Six operations and two given factors, each rounded once."""
    assert worst(name, dtype, entries, seed) <= 8


def test_another_eps_is_not() -> None:
    assert worst("adam", torch.float64, 20, 0, eps_factor=1 + 1e-6) > 8

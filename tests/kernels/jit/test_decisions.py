"""Dynamic-GDA's decision in machine code against algorithm 2 in PyTorch, ties and all."""

from __future__ import annotations

import ctypes

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from symgan.empirical.orders import DISCRIMINATOR, GENERATOR, Seen, decide
from symgan.kernels.jit.decisions import FIELDS, decisions

SLACK = 64


def machine(
    dtype: str, real: np.ndarray, fake: np.ndarray, seen: Seen, c: tuple[float, float], reuse: int
) -> tuple[Seen, int, int]:
    """The answer of the machine code for member 1 of two."""
    n = len(real)
    rows = [np.append(row, np.full(SLACK, np.nan, dtype)) for row in (real, fake)]
    scratch, ranks = np.zeros(n + SLACK, dtype), np.zeros(n + SLACK, np.int64)
    kept = np.zeros((2, n), dtype)
    kept[1] = seen.real[0].numpy()
    last, looks, late = (np.array([7, x, 7], np.int64) for x in (int(seen.last[0]), 7, 7))
    w, c1, c2 = (np.array([7, x, 7], dtype) for x in (float(seen.divergence[0]), *c))
    order = np.array([0, 1], np.int64)
    table = [order, n, *rows, scratch, ranks, kept, kept.strides[0], last, w, c1, c2, looks, late]
    numbers = [x if isinstance(x, int) else x.ctypes.data for x in table]
    listed = (ctypes.c_int64 * len(FIELDS))(*numbers, reuse)
    decisions(dtype).call(listed, 1, 2)
    for array in (last, w, looks, late):
        assert (array[0], array[2]) == (7, 7)
    assert not kept[0].any()
    found = (torch.from_numpy(a[1:2].copy()) for a in (last, w, kept))
    return Seen(*found), int(looks[1]), int(late[1])


# few different numbers, so that ties and equal supports are common
numbers = st.one_of(
    st.integers(-3, 3).map(float), st.floats(-1e6, 1e6, width=32, allow_subnormal=False)
)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@settings(max_examples=150)
@given(
    rows=st.integers(1, 40).flatmap(
        lambda n: st.tuples(*(st.lists(numbers, min_size=n, max_size=n) for _ in range(3)))
    ),
    last=st.sampled_from((0, GENERATOR, DISCRIMINATOR)),
    before=st.sampled_from((0.0, 0.5, 2.0)),
    reuse=st.booleans(),
    c=st.sampled_from(((1.1, 0.75), (1.0, 1.0))),
)
def test_it_answers_as_the_algorithm_does(
    dtype: str,
    rows: tuple[list[float], ...],
    last: int,
    before: float,
    reuse: bool,
    c: tuple[float, float],
) -> None:
    real, fake, earlier = (np.array(row, dtype) for row in rows)
    kind = getattr(torch, dtype)
    old = torch.from_numpy(np.sort(earlier))[None]
    seen = Seen(torch.tensor([last]), torch.tensor([before], dtype=kind), old)
    keeps = reuse and last == GENERATOR
    used = old if keeps else torch.from_numpy(np.sort(real))[None]
    c1, c2 = (torch.tensor([x], dtype=kind) for x in c)
    expected = decide(seen, used, torch.from_numpy(np.sort(fake))[None], c1, c2)
    found, looks, late = machine(dtype, real, fake, seen, c, int(reuse))
    assert torch.equal(found.real, used)
    size = float((used[0].abs() + torch.from_numpy(np.abs(np.sort(fake)))).sum())
    apart = abs(float(found.divergence - expected.divergence))
    bound = len(real) * float(np.finfo(dtype).eps) * size
    assert apart <= bound
    near = any(abs(float(expected.divergence) - x * before) <= 2 * bound for x in c)
    if not near:
        assert found.last.tolist() == expected.last.tolist()
        moves = found.last.item() == DISCRIMINATOR
        assert (looks, late) == (int(moves or not reuse), int(moves and keeps))


def test_its_false_neighbor_decides_otherwise() -> None:
    """The supports apart, one way round and the other."""
    low, high = np.array([0.0, 1.0], "float32"), np.array([2.0, 3.0], "float32")
    seen = Seen(torch.tensor([2]), torch.tensor([2.0]), torch.zeros(1, 2))
    answers = [
        machine("float32", *pair, seen, (1.1, 0.75), 1)[0] for pair in ((low, high), (high, low))
    ]
    assert [a.last.item() for a in answers] == [DISCRIMINATOR, GENERATOR]


BAD = (np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, 1.5, -2.0)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@settings(max_examples=150)
@given(
    rows=st.integers(1, 40).flatmap(
        lambda n: st.tuples(*(st.lists(st.sampled_from(BAD), min_size=n, max_size=n),) * 2)
    ),
    last=st.sampled_from((0, GENERATOR, DISCRIMINATOR)),
    before=st.sampled_from((0.0, 0.5, np.inf, np.nan)),
    reuse=st.booleans(),
)
@example(rows=([np.nan, 0.0, 3.0], [1.0, 2.0, 0.5]), last=1, before=2.0, reuse=False)
@example(rows=([0.0, np.inf, -np.inf], [1.0, np.inf, 0.5]), last=2, before=2.0, reuse=False)
def test_what_is_no_number_stands_last(
    dtype: str, rows: tuple[list[float], ...], last: int, before: float, reuse: bool
) -> None:
    """Real projections may overflow where generated ones do not: NumPy's order, and its NaN."""
    real, fake = (np.array(row, dtype) for row in rows)
    kind, n = getattr(torch, dtype), len(real)
    old = torch.full((1, n), 8.0, dtype=kind)
    seen = Seen(torch.tensor([last]), torch.tensor([before], dtype=kind), old)
    used = old if reuse and last == GENERATOR else torch.from_numpy(np.sort(real))[None]
    c1, c2 = (torch.tensor([x], dtype=kind) for x in (1.1, 0.75))
    expected = decide(seen, used, torch.from_numpy(np.sort(fake))[None], c1, c2)
    found, _, _ = machine(dtype, real, fake, seen, (1.1, 0.75), int(reuse))
    assert np.array_equal(found.real, used, equal_nan=True)
    assert found.last.tolist() == expected.last.tolist()
    w, true = found.divergence.item(), expected.divergence.item()
    assert w == pytest.approx(true, rel=1e-5, nan_ok=True)
    if len(np.unique(used)) > 1:
        assert not np.array_equal(found.real, used.flip(1), equal_nan=True)

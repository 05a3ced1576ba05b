"""Lists of work for members, one entry at a time, against NumPy on the members' own rows."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from symgan.empirical.ensemble.machine_work import Work
from symgan.empirical.ensemble.oracles import Oracles
from symgan.empirical.ensemble.rates import rates
from symgan.empirical.ensemble.settings import Settings
from symgan.empirical.gans import gans
from symgan.empirical.orders import BOTH, DISCRIMINATOR, GENERATOR, Seen, named
from symgan.kernels.jit.products import small_products

M, SOME = 5, (3, 0, 4)
BATCHES = (1, 7, 8, 9, 15, 16, 17, 33, 64, 65)
every_type = pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
among = pytest.mark.parametrize("members", [None, SOME], ids=["all", "some"])
Members = tuple[int, ...] | None


def numbers(seed: int, dtype: torch.dtype, *shape: int) -> Tensor:
    """Whole numbers so small that sums of their products are exact."""
    draw = torch.Generator().manual_seed(seed)
    return torch.randint(-5, 6, shape, generator=draw).to(dtype)


def work_for(members: Members, batch: int) -> tuple[Work, list[int]]:
    """An empty list, and the members that it is for."""
    chosen = None if members is None else torch.tensor(members)
    return Work(M if members is None else len(members), batch, chosen), list(members or range(M))


def do(work: Work, dtype: torch.dtype, pieces: int = 1, scratch: Tensor | None = None) -> None:
    """The list for all places, in pieces with scratch of their own."""
    call = small_products(str(dtype).removeprefix("torch.")).call
    ends = [work.m * i // pieces for i in range(pieces + 1)]
    for i in range(pieces):
        call(work.table(scratch, i), ends[i], ends[i + 1])


def layer(A: Any, H: Any, bias: Any, mask: Any = None) -> NDArray[Any]:
    """A layer of members with slope 1/4."""
    value = np.matmul(A, H) + bias
    return np.where((value if mask is None else mask) > 0, value, value / 4)


@every_type
@among
@pytest.mark.parametrize("whole", [False, True])
def test_a_layer_reads_the_rows_of_its_members(
    dtype: torch.dtype, members: Members, whole: bool
) -> None:
    for batch in BATCHES:
        work, who = work_for(members, batch)
        W, b = numbers(0, dtype, M, 3, 4), numbers(1, dtype, M, 4)
        rows = M if whole else len(who)
        H, mask = numbers(2, dtype, rows, 3, batch), numbers(3, dtype, rows, 4, batch)
        slope, zero = torch.tensor([0.25], dtype=dtype), torch.zeros(1, dtype=dtype)
        made = [torch.full((len(who), 4, batch), 7.0, dtype=dtype) for _ in range(2)]
        work.along(W.transpose(1, 2), H, made[0], slope, b, whole=whole)
        work.along(W.transpose(1, 2), H, made[1], slope, zero, (mask, whole), whole=whole)
        do(work, dtype, pieces=2)
        A, own = W.numpy()[who].transpose(0, 2, 1), who if whole else range(len(who))
        h, c = H.numpy()[own], mask.numpy()[own]
        assert np.array_equal(made[0], layer(A, h, b.numpy()[who][:, :, None]))
        assert np.array_equal(made[1], layer(A, h, 0, c))
        assert not np.array_equal(made[1], layer(A, h, 0, -c))
        assert not np.array_equal(made[0], layer(A, h, 0))
        assert work.size == 2 * len(who) * 4 * 3 * batch


@every_type
@among
@pytest.mark.parametrize("whole", [False, True])
def test_gradients_are_written_where_they_belong_or_added(
    dtype: torch.dtype, members: Members, whole: bool
) -> None:
    for batch in BATCHES:
        work, who = work_for(members, batch)
        D = numbers(0, dtype, len(who), 2, batch)
        H = numbers(1, dtype, M if whole else len(who), 3, batch)
        flat = torch.full((len(who), 9), 7.0, dtype=dtype)
        one = work.kept(torch.ones(1, 1, batch, dtype=dtype))
        work.across(D, H, flat, 1, whole=whole)
        work.across(D, H, flat, 1, whole=whole, added=True)
        work.across(D, one, flat, 7, added=True)
        do(work, dtype)
        h = H.numpy()[who if whole else range(len(who))]
        total = np.matmul(D.numpy(), h.transpose(0, 2, 1)).reshape(len(who), 6)
        assert (flat[:, 0] == 7).all()
        assert np.array_equal(flat[:, 1:7], 2 * total)
        assert np.array_equal(flat[:, 7:], 7 + D.numpy().sum(2))
        assert not np.array_equal(flat[:, 1:7], total) or not total.any()


@every_type
@among
def test_a_look_leaves_the_members_that_are_lost(dtype: torch.dtype, members: Members) -> None:
    for batch in BATCHES:
        work, who = work_for(members, batch)
        rows = numbers(0, dtype, len(who), 1, batch)
        rows[1, 0, -1] = torch.nan
        flags, out = torch.zeros(M, dtype=torch.int64), torch.full((len(who), 1), 7.0, dtype=dtype)
        work.finite(rows, flags)
        work.across(work.kept(torch.ones(1, 1, batch, dtype=dtype)), rows, out, 0)
        do(work, dtype)
        assert flags.tolist() == [0, 1, 0, 0, 0]  # by place, as rows are
        kept = [p for p in range(len(who)) if p != 1]
        assert out[1].item() == 7
        assert np.array_equal(out[kept, 0], rows.numpy()[kept, 0].sum(1))


def test_guards_hold_within_and_end_with_their_block() -> None:
    work, who = work_for(SOME, 4)
    outer, inner = torch.tensor([1, 0, 0, 1, 0]), torch.tensor([2, 2, 2, 0, 2])
    one, made = torch.ones(1, 1, 4), [torch.full((3, 1), 7.0) for _ in range(4)]
    with work.where(outer, 1):
        work.across(one, one, made[0], 0)
        with work.where(inner, 3):
            work.across(one, one, made[1], 0)
        work.across(one, one, made[2], 0)
    work.across(one, one, made[3], 0)
    do(work, torch.float32)
    inside = [[4.0 if word[i] else 7.0 for i in who] for word in (outer, inner)]
    assert inside[0] != inside[1]
    assert [row.flatten().tolist() for row in made] == [inside[0], inside[1], inside[0], [4.0] * 3]


@every_type
def test_a_call_for_a_loss_fills_a_row_of_the_batch(dtype: torch.dtype) -> None:
    """Groups of lanes reach behind the batch, into room that is theirs; guards hold for calls."""
    ulp, who = torch.finfo(dtype).eps, torch.tensor([1, 0, 1, 1, 1])
    special = torch.tensor([0.0, -0.0, 1e-42, torch.inf, -torch.inf, torch.nan], dtype=dtype)
    for batch in BATCHES:
        found = rates(gans.named("unsat-bce"), batch, dtype)
        assert found is not None
        rate, work = found[DISCRIMINATOR][1], Work(M, batch, None)
        padded, lanes = rate.padded(batch), rate.variant.lanes
        room = torch.full((2, padded + 8), 7.0, dtype=dtype)
        room[0, :batch] = torch.cat([special, torch.linspace(-9, 9, 99, dtype=dtype)])[:batch]
        with work.where(who, 1):
            addresses = [row.data_ptr() for row in room]
            work.call(rate.variant.function, addresses, begin=0, count=padded // lanes)
        do(work, dtype)
        with np.errstate(over="ignore"):
            true = 1 / (1 + np.exp(-room[0, :batch].numpy().astype(np.longdouble))) / batch
        made = room[1, :batch].numpy()
        assert np.allclose(made, true, rtol=8 * ulp, atol=0, equal_nan=True)
        assert not np.allclose(made, true * (1 + 64 * ulp), rtol=8 * ulp, atol=0, equal_nan=True)
        assert (room[:, padded:] == 7).all()
        work = Work(M, batch, None)
        room[1] = 7
        with work.where(who, 2):
            work.call(rate.variant.function, addresses, begin=0, count=padded // lanes)
        do(work, dtype)
        assert (room[1] == 7).all()


def choice(seen: tuple[int, float], real: Any, fake: Any, c: tuple[float, float]) -> int:
    """Algorithm 2 on sorted rows."""
    last, before = seen
    if last == 0 or real[-1] < fake[0]:
        return DISCRIMINATOR
    if fake[-1] < real[0]:
        return GENERATOR
    ratio = np.abs(real - fake).mean() / before
    if last == GENERATOR:
        return GENERATOR if ratio < c[1] else DISCRIMINATOR
    return DISCRIMINATOR if ratio > c[0] else GENERATOR


@every_type
@pytest.mark.parametrize("reuse", [True, False])
def test_oracles_decide_for_those_that_ask_them(dtype: torch.dtype, reuse: bool) -> None:
    answers = set[int]()
    for batch in BATCHES:
        orders = [named(name, c1=1.1, c2=0.75) for name in ("dynamic", "sim", *("dynamic",) * 3)]
        oracles = Oracles(orders, Settings(batch=batch, reuse=reuse), torch.zeros(1, dtype=dtype))
        last, apart = [0, 1, 2, 1], [1.0, 0.5, 2.0, 4.0]
        old = numbers(batch, dtype, 4, batch).sort(1).values
        seen = Seen(torch.tensor(last), torch.tensor(apart, dtype=dtype), old)
        standing = torch.tensor([True, True, True, True, False])
        oracles.recall(seen, standing)
        oracles.ask(0)
        assert oracles.moves.tolist() == [0, BOTH, 1, 2, 0]
        assert oracles.looks.tolist() == [1, 1, int(not reuse), 1, int(not reuse)]
        room = numbers(batch + 1, dtype, 4, batch + 16)
        real, fake, *scratch = (row[:batch] for row in room)
        work, order = Work(4, batch, torch.arange(4)), torch.arange(4)
        with work.where(oracles.dynamic, 1):
            table = oracles.table(real, fake, scratch, order)
            work.call(oracles.function, table, begin=1, count=1)
        given = [np.sort(row.numpy().copy()) for row in (real, fake)]
        do(work, dtype)
        moves = oracles.moves.tolist()
        assert (moves[1], moves[4]) == (BOTH, 0)  # who did not ask, and who has no place
        for i, own in ((0, 0), (2, 1), (3, 2)):
            kept = reuse and last[own] == GENERATOR
            used = old[own].numpy() if kept else given[0]
            expected = choice((last[own], apart[own]), used, given[1], (1.1, 0.75))
            assert moves[i] == expected
            assert np.array_equal(oracles.seen().real[own], used)
            assert oracles.late[i] == int(kept and expected == DISCRIMINATOR)
            answers.add(expected)
    assert answers == {GENERATOR, DISCRIMINATOR}


@every_type
def test_pieces_have_scratch_of_their_own(dtype: torch.dtype) -> None:
    batch, pieces = 9, 2
    W, H = numbers(0, dtype, M, 2, 3), numbers(1, dtype, M, 3, batch)
    scratch = torch.full((pieces, 2, batch), 7.0, dtype=dtype)
    slope, zero = torch.ones(1, dtype=dtype), torch.zeros(1, dtype=dtype)
    out = torch.full((M, 2, 2), 7.0, dtype=dtype)
    work, _ = work_for(None, batch)
    work.along(W, H, scratch[:1], slope, zero)
    work.across(scratch[:1], scratch[:1], out.flatten(1), 0)
    do(work, dtype, pieces, scratch)
    made = np.matmul(W.numpy(), H.numpy())
    assert np.array_equal(out, np.matmul(made, made.transpose(0, 2, 1)))
    assert np.array_equal(scratch, made[[1, 4]])  # the last place of each piece
    assert not np.array_equal(scratch, made[[4, 1]])


def test_a_list_holds_its_arrays_until_it_is_dropped() -> None:
    """The machine code knows addresses only: a temporary must not be let go before it runs."""
    work, _ = work_for(None, 8)
    product, inputs = numbers(0, torch.float32, M, 3, 2), numbers(1, torch.float32, M, 2, 8)
    bias, slope, out = torch.zeros(M, 3, 1), torch.ones(1), torch.empty(M, 3, 8)
    signal, into, flags = torch.ones(M, 3, 8), torch.empty(M, 6), torch.zeros(M, dtype=torch.int32)
    work.along(product, inputs, out, slope, bias)
    work.across(signal, inputs, into, 0)
    work.finite(out, flags)
    given = [product, inputs, bias, slope, out, signal, into, flags]
    held = [weakref.ref(array) for array in given]
    del product, inputs, bias, slope, out, signal, into, flags, given
    assert all(array() is not None for array in held)
    del work
    assert all(array() is None for array in held)

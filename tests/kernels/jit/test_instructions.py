"""Looks at numbers, calls and guards in lists of instructions, one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from symgan.kernels.jit.product_entry import ACROSS, ADDED, ALONG, CALL, FINITE
from tests.kernels.jit.instructions import MACHINES, TYPES, Called, at, guarded, lanes, run, sizes

UNTOUCHED = 7
MEMBERS = [3, 0, 4, 1]
BATCH = 21
MINUS = -(2**63)
"""The sign bit of a word."""
every_machine = pytest.mark.parametrize("bits", MACHINES)
every_type = pytest.mark.parametrize("dtype", TYPES)


def among_nans(rows: NDArray[Any]) -> NDArray[Any]:
    """The same rows, with numbers that are none before and behind each of them."""
    m, count = rows.shape
    beside = 16
    room = np.full((m, count + 2 * beside), np.nan, rows.dtype)
    room[:, beside : beside + count] = rows
    return room[:, beside : beside + count]


def lost(rows: NDArray[Any], bits: str) -> NDArray[np.bool_]:
    """Which rows the machine finds not finite; what follows is done for the others alone."""
    m, count = rows.shape
    flags, out = np.zeros(m, np.int64), np.full((m, 1), UNTOUCHED, rows.dtype)
    one = np.ones((1, 1), rows.dtype)
    look = {"kind": FINITE, "batch": count} | at("H", rows) | at("out", flags)
    after = {"kind": ACROSS, "outputs": 1, "inputs": 1, "batch": 1, "out_row": 1}
    after |= {"A": one.ctypes.data, "H": one.ctypes.data} | at("out", out)
    run(str(rows.dtype), [look, after], range(m), 2, MACHINES[bits])
    found = flags == 1
    assert np.array_equal(flags[~found], np.zeros((~found).sum()))
    assert np.array_equal(out[:, 0], np.where(found, UNTOUCHED, 1))
    return found


def finite(dtype: str, m: int, count: int) -> NDArray[Any]:
    """The largest and the smallest numbers there are, and zeros of both signs."""
    numbers = np.finfo(dtype)
    kinds = [numbers.max, -numbers.max, numbers.smallest_subnormal, -numbers.tiny, 0.0, -0.0, 1.5]
    return np.random.default_rng(count).choice(np.array(kinds, dtype), (m, count))


@every_machine
@every_type
@pytest.mark.parametrize("wrong", [np.nan, -np.nan, np.inf, -np.inf], ids=str)
def test_what_is_not_finite_is_seen_wherever_it_stands(dtype: str, bits: str, wrong: float) -> None:
    for count in sizes(dtype):
        rows = finite(dtype, count + 2, count)  # the last two stay as they are
        rows[range(count), range(count)] = wrong
        expected = ~np.isfinite(rows).all(1)
        assert expected.sum() == count
        assert np.array_equal(lost(among_nans(rows), bits), expected)
        rows[0, 0] = 1.0  # its false neighbor: then the first one is finite too
        assert not np.array_equal(lost(among_nans(rows), bits), expected)


@every_type
def test_a_look_at_nothing_finds_nothing(dtype: str) -> None:
    rows, (bits, *_) = np.full((3, 4), np.nan, dtype), MACHINES
    assert not lost(rows[:, :0], bits).any()
    assert lost(rows[:, :1], bits).all()


@every_type
def test_opposite_infinities_and_many_bad_numbers_do_not_cancel(dtype: str) -> None:
    w, (bits, *_) = lanes(dtype), MACHINES
    rows = np.zeros((4, 3 * w), dtype)
    rows[0, [0, 1]] = np.inf, -np.inf
    rows[1, [0, w]] = np.inf, -np.inf
    rows[2] = np.inf
    assert lost(rows, bits).tolist() == [True, True, True, False]


def test_flags_are_those_of_places_or_of_members() -> None:
    rows = np.ones((5, BATCH), np.float32)
    rows[4, 20] = np.nan
    for place, index in ((True, MEMBERS.index(4)), (False, 4)):
        flags = np.full(5, UNTOUCHED, np.int64)
        look = {"kind": FINITE, "batch": BATCH} | at("H", rows) | at("out", flags, place=place)
        run("float32", [look], MEMBERS)
        assert flags.tolist() == [1 if i == index else UNTOUCHED for i in range(5)]


@every_type
@pytest.mark.parametrize(("apart", "count"), [(0, 5), (1, 1), (3, 2), (2, 7), (0, 0)])
def test_a_call_has_its_table_and_the_range_of_its_place(
    dtype: str, apart: int, count: int
) -> None:
    tables = np.array([[10 + i, UNTOUCHED] for i in range(5)], np.int64)
    for place in (True, False):
        called = Called()
        call = {"kind": CALL, "outputs": apart, "inputs": count} | at("H", tables, place=place)
        run(dtype, [call | called.fields()], MEMBERS, parts=3)
        expected = [
            (10 + (p if place else member), p * apart, p * apart + count)
            for p, member in enumerate(MEMBERS)
        ]
        assert called.seen == expected
        wrong = [(table, begin, end + 1) for table, begin, end in expected]
        assert called.seen != wrong


def test_a_call_comes_after_what_stands_before_it() -> None:
    """It reads what an instruction has written, and the next one reads what it writes."""
    ones, first, second = (np.full((5, 1, BATCH), float(x)) for x in (1, 2, 3))
    made = np.full((5, 1), np.nan), np.full((5, 1), np.nan)
    read: list[float] = []

    def then(_: int, place: int, __: int) -> None:
        read.append(float(made[0][place, 0]))
        second[place] = 10 + place

    called, table = Called(then), np.zeros(1, np.int64)
    sums = [
        {"kind": ACROSS, "outputs": 1, "inputs": 1, "batch": BATCH, "out_row": 1}
        | at("A", ones, place=True)
        | at("H", rows, place=True)
        | at("out", out, place=True)
        for rows, out in zip((first, second), made, strict=True)
    ]
    call = {"kind": CALL, "outputs": 1, "inputs": 1} | at("H", table, place=False) | called.fields()
    call["H_member"] = 0
    run("float64", [sums[0], call, sums[1]], MEMBERS)
    assert read == [2 * BATCH] * len(MEMBERS)
    assert made[1][: len(MEMBERS), 0].tolist() == [(10 + p) * BATCH for p in range(len(MEMBERS))]
    second[:] = 3  # its false neighbor: in another order the sum is that of what was there
    run("float64", [sums[0], sums[1], call], MEMBERS)
    assert made[1][: len(MEMBERS), 0].tolist() == [3 * BATCH] * len(MEMBERS)


@dataclass(frozen=True)
class Case:
    """An instruction, what it writes to and what is there once it is done for all members."""

    fields: dict[str, int]
    out: NDArray[Any]
    done: NDArray[Any]
    held: Any


def case(kind: int, dtype: str) -> Case:
    """An instruction of a kind that writes to rows of members."""
    D = np.arange(1, 5 * BATCH + 1).reshape(5, 1, BATCH).astype(dtype)
    H, scale = np.full((5, 1, BATCH), 2, dtype), np.ones(1, dtype)
    sizes = {"kind": kind, "outputs": 1, "inputs": 1, "batch": BATCH, "out_row": 1}
    if kind == ALONG:
        out = np.full((5, 1, BATCH), UNTOUCHED, dtype)
        fields = sizes | {"slope": scale.ctypes.data, "bias": scale.ctypes.data} | at("A", H)
        return Case(fields | at("H", D) | at("out", out), out, 2 * D + 1, (D, H, scale))
    if kind in (ACROSS, ADDED):
        out = np.full((5, 1), UNTOUCHED, dtype)
        done = 2 * D.sum(2) + (UNTOUCHED if kind == ADDED else 0)
        return Case(sizes | at("A", D) | at("H", H) | at("out", out), out, done, (D, H))
    out = np.full(5, UNTOUCHED, np.int64)
    if kind == FINITE:
        D[:, 0, -1] = np.nan
        return Case(sizes | at("H", D) | at("out", out), out, np.ones(5, np.int64), D)
    numbers = np.arange(5)
    called = Called(lambda member, *_: out.__setitem__(member, 1))
    fields = sizes | at("H", numbers) | called.fields()
    return Case(fields, out, np.ones(5, np.int64), (numbers, called))


WORDS = {
    "one bit": (1, [1, 0, 2, 3, -1], [True, False, False, True, True]),
    "another": (2, [1, 0, 2, 3, 4], [False, False, True, True, False]),
    "two": (3, [1, 0, 2, 4, 8], [True, False, True, False, False]),
    "beyond 32 bits": (1 << 40, [1 << 40, 1, 1 << 8, MINUS, -1], [True, False, False, False, True]),
    "the sign": (MINUS, [MINUS, 2**63 - 1, 0, -1, 1], [True, False, False, True, False]),
    "none": (0, [1, 0, 2, 3, -1], [False] * 5),
}


@every_type
@pytest.mark.parametrize("kind", [ALONG, ACROSS, ADDED, FINITE, CALL])
@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("apart", [1, 3])
def test_a_guard_lets_through_whom_it_names(dtype: str, kind: int, words: str, apart: int) -> None:
    who, numbers, on = WORDS[words]
    room = ~np.repeat(np.array(numbers, np.int64), apart)  # between them the opposite
    guard = room[::apart]
    guard[:] = numbers
    made = case(kind, dtype)
    before = made.out.copy()
    run(dtype, [made.fields | guarded(guard, who)], MEMBERS, parts=2)
    through = np.array([on[i] and i in MEMBERS for i in range(5)])
    shape = (5,) + (1,) * (before.ndim - 1)
    expected = np.where(through.reshape(shape), made.done, before)
    assert np.array_equal(made.out, expected)
    opposite = np.where(through.reshape(shape), before, made.done)
    assert not np.array_equal(made.out, opposite)


@every_type
@pytest.mark.parametrize("kind", [ALONG, ACROSS, ADDED, FINITE, CALL])
def test_without_a_guard_all_are_let_through(dtype: str, kind: int) -> None:
    made = case(kind, dtype)
    before = made.out.copy()
    run(dtype, [made.fields | {"guard": 0, "guard_member": 8, "who": 0}], MEMBERS)
    assert np.array_equal(made.out[MEMBERS], made.done[MEMBERS])
    assert np.array_equal(made.out[2], before[2])  # who is not listed


def test_a_look_that_is_left_out_loses_nobody() -> None:
    guard = np.array([1, 0, 1, 0, 0])
    look, after = case(FINITE, "float32"), case(ACROSS, "float32")
    run("float32", [look.fields | guarded(guard, 1), after.fields], range(5))
    assert look.out.tolist() == [1, UNTOUCHED, 1, UNTOUCHED, UNTOUCHED]
    expected = np.where(guard[:, None] == 1, UNTOUCHED, after.done)
    assert np.array_equal(after.out, expected)


def test_guards_are_read_when_their_instruction_comes() -> None:
    """What a call decides holds for what follows it, and for nothing before it."""
    guard, numbers = np.zeros(5, np.int64), np.arange(5)
    called = Called(lambda member, *_: guard.__setitem__(member, 2 if member in (0, 4) else 1))
    call = {"kind": CALL, "outputs": 0, "inputs": 0} | at("H", numbers) | called.fields()
    before, after = case(ACROSS, "float32"), case(ADDED, "float32")
    lists = [before.fields | guarded(guard, 2), call, after.fields | guarded(guard, 2)]
    run("float32", lists, MEMBERS)
    assert (before.out == UNTOUCHED).all()
    expected = np.where(np.isin(numbers, (0, 4))[:, None], after.done, UNTOUCHED)
    assert np.array_equal(after.out, expected)

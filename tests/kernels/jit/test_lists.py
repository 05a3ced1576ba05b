"""Lists of all instructions, in any order and under any guards, against the same in NumPy.

Numbers are whole and small, so that every order of summation gives the same: what is compared is
which numbers are read, where the results go and who is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from symgan.kernels.jit.product_entry import ACROSS, ADDED, ALONG, CALL, FINITE
from tests.kernels.jit.instructions import TYPES, Called, at, guarded, run, whole

M = 4
"""Members, and places at most."""
ROWS = 4
EXACT = 2**24
KINDS = (ALONG, ACROSS, ADDED, FINITE, CALL)


@dataclass
class Memory:
    """What instructions read and write; one row a member, or a place, in each array."""

    rows: list[NDArray[Any]]
    flat: list[NDArray[Any]]
    A: NDArray[Any]
    bias: NDArray[Any]
    slopes: NDArray[Any]
    words: NDArray[np.int64]
    flags: NDArray[np.int64]
    tables: NDArray[np.int64]

    @staticmethod
    def start(dtype: str, features: int, batch: int, seed: int, bad: float) -> Memory:
        """Small numbers, and a member's row that may not be finite."""
        rows = [whole(seed + i, dtype, M, features, batch) % 3 - 1 for i in range(ROWS)]
        rows[seed % ROWS][seed % M, 0, -1] = bad
        flat = [whole(seed + 9 + i, dtype, M, features, features) % 3 for i in range(2)]
        A, bias = (whole(seed + 5, dtype, M, features, n) % 3 - 1 for n in (features, 1))
        words = np.random.default_rng(seed).integers(0, 4, M)
        numbers = np.zeros(M, np.int64), np.arange(10, 10 + M)
        return Memory(rows, flat, A, bias, np.array([0, 1, -1], dtype), words, *numbers)

    def arrays(self) -> list[NDArray[Any]]:
        """All that can change."""
        return [*self.rows, *self.flat, self.words, self.flags]


@dataclass(frozen=True)
class Instruction:
    """An instruction: which rows it reads and writes, and whether by place (else by member)."""

    kind: int
    read: int
    other: int
    write: int
    by_place: tuple[bool, bool, bool]
    slope: int
    masked: bool
    who: int | None


instructions = st.builds(
    Instruction,
    kind=st.sampled_from(KINDS),
    read=st.integers(0, 1),
    other=st.integers(0, ROWS - 1),
    write=st.integers(0, 1),
    by_place=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    slope=st.integers(0, 2),
    masked=st.booleans(),
    who=st.none() | st.integers(0, 3),
)


@dataclass
class Machine:
    """The instructions as the machine code reads them."""

    memory: Memory
    held: list[Any] = field(default_factory=list)

    def fields(self, one: Instruction) -> dict[str, int]:
        """Of one instruction."""
        memory, (first, second, third) = self.memory, one.by_place
        _, F, batch = memory.rows[0].shape
        found = {"kind": one.kind, "outputs": F, "inputs": F, "batch": batch, "out_row": F}
        source, other = memory.rows[one.read], memory.rows[one.other]
        if one.kind == ALONG:
            found |= at("A", memory.A) | {"A_row": F, "A_column": 1}
            found |= at("bias", memory.bias, place=first) | {"bias_row": 1}
            found |= at("H", source, place=second)
            found |= at("out", memory.rows[2 + one.write], place=third)
            found |= {"slope": memory.slopes[one.slope :].ctypes.data}
            found |= at("mask", other, place=first) if one.masked else {}
        elif one.kind in (ACROSS, ADDED):
            found |= at("A", source, place=first) | at("H", other, place=second)
            found |= at("out", memory.flat[one.write], place=third)
        elif one.kind == FINITE:
            found |= at("H", other, place=first) | at("out", memory.flags, place=third)
            found |= {"batch": F * batch}
        else:
            called = Called(_turned(memory))
            self.held.append(called)
            found |= {"outputs": 1, "inputs": 1} | at("H", memory.tables, place=third)
            found |= called.fields()
        return found | ({} if one.who is None else guarded(memory.words, one.who))


def _turned(memory: Memory) -> Callable[[int, int, int], None]:
    """A call that changes who is let through."""

    def turn(number: int, begin: int, end: int) -> None:
        memory.words[number - 10] ^= 1 + (begin + end) % 3

    return turn


def follow(memory: Memory, listed: list[Instruction], members: list[int]) -> None:
    """The list in NumPy, one instruction after the other for each member."""
    for place, member in enumerate(members):
        for one in listed:
            if one.who is not None and not memory.words[member] & one.who:
                continue
            if not _done(memory, one, member, place):
                break


def _done(memory: Memory, one: Instruction, member: int, place: int) -> bool:
    """One instruction for one member; whether the member goes on."""
    first, second, third = (place if by_place else member for by_place in one.by_place)
    source, other = memory.rows[one.read], memory.rows[one.other]
    if one.kind == ALONG:
        A, b, h = memory.A[member], memory.bias[first], source[second]
        _keep_small(A, h)
        value = b + np.einsum("oi,ib->ob", A, h)
        by = other[first] if one.masked else value
        memory.rows[2 + one.write][third] = np.where(
            by > 0, value, memory.slopes[one.slope] * value
        )
    elif one.kind in (ACROSS, ADDED):
        D, H = source[first], other[second]
        _keep_small(D, H.T)
        total = np.einsum("ob,ib->oi", D, H)
        before = memory.flat[one.write][third] if one.kind == ADDED else 0
        memory.flat[one.write][third] = before + total
    elif one.kind == FINITE:
        if not np.isfinite(other[first]).all():
            memory.flags[third] = 1
            return False
    else:
        _turned(memory)(int(memory.tables[third]), place, place + 1)
    return True


class TooLargeError(Exception):
    """Sums of products would be rounded."""


def _keep_small(a: NDArray[Any], b: NDArray[Any]) -> None:
    sizes = [np.where(np.isfinite(x), np.abs(x), 0) for x in (a, b)]
    if (sizes[0] @ sizes[1]).max() >= EXACT:
        raise TooLargeError


def agree(one: Memory, other: Memory) -> bool:
    """Whether all arrays are the same, NaNs among them."""
    pairs = zip(one.arrays(), other.arrays(), strict=True)
    return all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in pairs)


@pytest.mark.parametrize("dtype", TYPES)
@settings(max_examples=150)
@given(
    listed=st.lists(instructions, min_size=1, max_size=8),
    members=st.permutations(range(M)).flatmap(
        lambda order: st.integers(1, M).map(lambda count: order[:count])
    ),
    features=st.integers(1, 6),
    batch=st.sampled_from((1, 7, 8, 9, 15, 16, 17, 33, 64, 65)),
    seed=st.integers(0, 20),
    bad=st.sampled_from((0.0, np.nan, np.inf)),
)
def test_a_list_does_what_it_says(
    dtype: str,
    listed: list[Instruction],
    members: list[int],
    features: int,
    batch: int,
    seed: int,
    bad: float,
) -> None:
    own, mine = (Memory.start(dtype, features, batch, seed, bad) for _ in range(2))
    try:
        with np.errstate(invalid="ignore"):
            follow(mine, listed, members)
    except TooLargeError:
        reject()
    machine = Machine(own)
    run(dtype, [machine.fields(one) for one in listed], members)
    assert agree(own, mine)


EVERY = [
    Instruction(ALONG, 0, 1, 0, (True, False, True), 2, False, None),
    Instruction(FINITE, 0, 3, 0, (False, False, True), 0, False, 1),
    Instruction(ALONG, 1, 0, 1, (False, True, False), 2, True, 2),
    Instruction(ACROSS, 0, 2, 0, (True, True, True), 0, False, 1),
    Instruction(CALL, 0, 0, 0, (False, False, False), 0, False, None),
    Instruction(ADDED, 1, 3, 0, (False, False, True), 0, False, 2),
    Instruction(ACROSS, 1, 2, 1, (True, False, False), 0, False, 3),
]
CHANGED: dict[str, tuple[int, dict[str, Any]]] = {
    "another slope": (0, {"slope": 0}),
    "a mask": (0, {"masked": True}),
    "bias by member": (0, {"by_place": (False, False, True)}),
    "input by place": (0, {"by_place": (True, True, True)}),
    "output by member": (0, {"by_place": (True, False, False)}),
    "looked at by place": (1, {"by_place": (True, False, True)}),
    "flags by member": (1, {"by_place": (False, False, False)}),
    "never looked at": (1, {"who": 0}),
    "another guard": (2, {"who": 1}),
    "another mask": (2, {"other": 1}),
    "added, not written": (3, {"kind": ADDED}),
    "called never": (4, {"who": 0}),
    "written, not added": (5, {"kind": ACROSS}),
    "added elsewhere": (5, {"write": 1}),
}


def ended(listed: list[Instruction], *, by_machine: bool) -> Memory:
    """The memory after a list, for members in an order of their own."""
    memory = Memory.start("float32", 3, 17, 3, np.nan)
    memory.words[:] = [3, 1, 2, 3]
    members, machine = [3, 0, 2, 1], Machine(memory)
    if by_machine:
        run("float32", [machine.fields(one) for one in listed], members)
    else:
        with np.errstate(invalid="ignore"):
            follow(memory, listed, members)
    return memory


@pytest.mark.parametrize("changed", CHANGED)
def test_another_list_does_something_else(changed: str) -> None:
    position, change = CHANGED[changed]
    listed = [*EVERY]
    listed[position] = replace(EVERY[position], **change)
    found = ended(EVERY, by_machine=True)
    assert agree(found, ended(EVERY, by_machine=False))
    assert not agree(found, ended(listed, by_machine=False))
    assert agree(ended(listed, by_machine=True), ended(listed, by_machine=False))


@pytest.mark.parametrize("position", range(len(EVERY)))
def test_every_instruction_of_a_list_counts(position: int) -> None:
    shorter = EVERY[:position] + EVERY[position + 1 :]
    assert not agree(ended(EVERY, by_machine=True), ended(shorter, by_machine=False))

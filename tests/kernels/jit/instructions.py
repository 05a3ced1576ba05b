"""Lists of instructions for members, as machine code does them."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.kernels.jit.engine import Loaded, assembled, loaded
from symgan.kernels.jit.product_blocks import WIDTH, text
from symgan.kernels.jit.product_entry import FIELDS
from symgan.kernels.jit.products import small_products
from symgan.kernels.jit.target import Target
from tests.kernels.jit.engines import targets

TYPES = ("float32", "float64")
MACHINES = {str(target.bits): target for target in targets()}
"""Bits of a vector -> this machine with no wider ones."""
SIGNATURE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)


@cache
def code(dtype: str, target: Target) -> Loaded:
    """The function for a machine, kept nowhere."""
    return loaded(assembled(text(dtype, target), target), target)


def run(
    dtype: str,
    listed: Sequence[dict[str, int]],
    members: Sequence[int],
    parts: int = 1,
    target: Target | None = None,
) -> None:
    """Call the machine code on a list of members, in parts as threads would."""
    numbers = np.array(members, dtype=np.int64)
    fields = [given.get(name, 0) for given in listed for name in FIELDS]
    table = (ctypes.c_int64 * (2 + len(fields)))(numbers.ctypes.data, len(listed), *fields)
    function = small_products(dtype) if target is None else code(dtype, target)
    ends = [len(members) * i // parts for i in range(parts + 1)]
    for i in range(parts):
        function.call(table, ends[i], ends[i + 1])


def at(name: str, x: NDArray[Any], *, place: bool = False) -> dict[str, int]:
    """Where an array of all members lies, or of those listed."""
    return {name: x.ctypes.data, f"{name}_{'place' if place else 'member'}": x.strides[0]}


def guarded(words: NDArray[np.int64], who: int) -> dict[str, int]:
    """Only for members whose word has one of these bits."""
    return {"guard": words.ctypes.data, "guard_member": words.strides[0], "who": who}


def drawn(seed: int, dtype: str, *shape: int) -> NDArray[Any]:
    """Normal numbers."""
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def whole(seed: int, dtype: str, *shape: int) -> NDArray[Any]:
    """Whole numbers so small that sums of their products are exact."""
    return np.random.default_rng(seed).integers(-9, 10, shape).astype(dtype)


def lanes(dtype: str) -> int:
    """Numbers of the vectors that are summed in."""
    return WIDTH // (8 * np.dtype(dtype).itemsize)


def sizes(dtype: str) -> list[int]:
    """Around one vector, and around the four that a block takes."""
    w = lanes(dtype)
    return [1, 2, w - 1, w, w + 1, 3 * w, 4 * w - 1, 4 * w, 4 * w + 1, 9 * w + 3]


class Called:
    """A function for `CALL` that notes what it is called with.

    Args:
        then: what else it does: (first number of its table, begin, end).
    """

    def __init__(self, then: Callable[[int, int, int], None] | None = None) -> None:
        self.seen: list[tuple[int, int, int]] = []
        self._then = then
        self._function = SIGNATURE(self._noted)

    def fields(self) -> dict[str, int]:
        """Where it is."""
        address = ctypes.cast(self._function, ctypes.c_void_p).value
        assert address is not None
        return {"A": address}

    def _noted(self, table: int, begin: int, end: int) -> None:
        own = (ctypes.c_int64.from_address(table).value, begin, end)
        self.seen.append(own)
        if self._then is not None:
            self._then(*own)

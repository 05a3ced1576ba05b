"""Many steps of a map on a large batch: in blocks that stay in the cache, on several threads.

A step of the whole batch writes every intermediate value to memory and reads it back; a block
that goes through all its steps before the next one starts keeps them in the cache. NumPy lets
go of the interpreter while it computes, so that threads share the blocks out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.kernels.errors import KernelError
from symgan.kernels.kernel import Compiled

BLOCK = 8192
"""Elements of a block: a column is 64 KiB, so that some thirty of them fit into a cache of 2 MiB,
and the call of a NumPy function (half a microsecond) is small beside its work."""


def blocks(size: int, block: int = BLOCK) -> list[slice]:
    """Slices that cut a batch into blocks.

    >>> blocks(5, 2)
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    return [slice(start, min(start + block, size)) for start in range(0, size, block)]


def in_blocks(work: Callable[[slice], None], size: int, workers: int, block: int = BLOCK) -> None:
    """Do the work on every block of a batch, on this thread or on several.

    Args:
        work: takes a slice of the batch; blocks must not share what they write.
        size: elements of the batch.
        workers: threads.
        block: elements of a block.

    Raises:
        KernelError: workers is no whole number of at least 1.
    """
    if not isinstance(workers, int | np.integer) or isinstance(workers, bool) or workers < 1:
        raise KernelError(f"workers must be a whole number of at least 1, not {workers!r}")
    if workers == 1:
        for part in blocks(size, block):
            work(part)
        return
    fair = max(1, -(-size // int(workers)))
    with ThreadPoolExecutor(int(workers)) as pool:
        for done in [pool.submit(work, part) for part in blocks(size, min(block, fair))]:
            done.result()


def iterate_blocks(
    function: Compiled,
    state: Sequence[NDArray[Any]],
    constants: Sequence[NDArray[Any]],
    clock: Callable[[int], tuple[Any, ...]],
    steps: int,
    workers: int,
) -> list[NDArray[Any]]:
    """The columns of the state after a number of steps, block after block.

    Args:
        function: state columns, constants, clock -> next state columns.
        state: one array a symbol, all of one shape.
        constants: arrays that broadcast against that shape.
        clock: the step's number -> its index as arguments of the function.
        steps: how many.
        workers: threads.
    """
    shape, dtype = state[0].shape, state[0].dtype
    size = state[0].size
    flat = [np.array(column).reshape(size) for column in state]
    fixed = [_flat(constant, shape) for constant in constants]

    def work(part: slice) -> None:
        here: list[Any] = [column[part] for column in flat]
        given = [c if c.ndim == 0 else c[part] for c in fixed]
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            for k in range(steps):
                values = function(*here, *given, *clock(k))
                here = [np.asarray(value, dtype=dtype) for value in values]
        for column, value in zip(flat, here, strict=True):
            column[part] = value

    if steps:
        in_blocks(work, size, workers)
    return [column.reshape(shape) for column in flat]


def _flat(constant: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """A constant as one number, or as one a batch element."""
    if constant.size == 1:
        return constant.reshape(())
    return np.broadcast_to(constant, shape).reshape(-1)

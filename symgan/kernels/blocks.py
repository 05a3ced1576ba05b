"""Work on a large batch: in blocks that stay in the cache, on several threads.

A step of the whole batch writes every intermediate value to memory and reads it back; a block
that goes through all its steps before the next one starts keeps them in the cache. NumPy lets
go of the interpreter while it computes, so that threads share the blocks out.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from symgan.kernels.errors import KernelError

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


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

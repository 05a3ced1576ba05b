"""Work on a large batch: in blocks that stay in the cache, on several threads.

A step of the whole batch writes every intermediate value to memory and reads it back; a block
that goes through all its steps before the next one starts keeps them in the cache. NumPy lets
go of the interpreter while it computes, so that threads share the blocks out.
"""

from __future__ import annotations

import os
from _thread import start_new_thread
from collections.abc import Callable, Iterable
from threading import Event
from typing import TypeVar

import numpy as np

from symgan.kernels.errors import KernelError

BLOCK = 8192
"""Elements of a block: a column is 64 KiB, so that some thirty of them fit into a cache of 2 MiB,
and the call of a NumPy function (half a microsecond) is small beside its work."""


WATCH = 0.1
"""Seconds between looks for an interruption: one that comes right before a wait does not end it."""

Part = TypeVar("Part")


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
    fair = max(1, -(-size // int(workers)))
    share(work, blocks(size, block if workers == 1 else min(block, fair)), int(workers))


def share(work: Callable[[Part], None], parts: Iterable[Part], workers: int) -> None:
    """Do the work on every part: whoever is free takes the next, this thread among them.

    A thread costs less to start than a future for every part does: sixteen parts on two threads
    took 1.8 ms beyond their work with a pool, and take 0.2 so (Zen 3, 2 cores).

    Args:
        work: what is done; parts must not share what they write.
        parts: of the work.
        workers: threads, this one counted.

    Raises:
        BaseException: what the work raised first, once no thread works any more; parts that
            nobody had taken are left.

    >>> found = []
    >>> share(found.append, range(5), 2)
    >>> sorted(found)
    [0, 1, 2, 3, 4]
    """
    todo = list(parts)
    left = iter(todo)  # of a list, so that asking for the next is one step of the interpreter
    failed: list[BaseException] = []

    def take() -> None:
        try:
            for part in left:
                if failed:
                    return
                work(part)
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
            failed.append(error)

    def help_out() -> None:
        ended = Event()
        ends.append(ended)  # before a part is taken: whoever works is waited for
        try:
            take()
        finally:
            ended.set()

    ends: list[Event] = []
    try:
        for _ in range(min(workers, len(todo)) - 1):
            start_new_thread(help_out, ())  # `Thread.start` waits until the thread runs: 0.15 ms
        take()
    except BaseException as error:  # noqa: BLE001 - an interruption: threads may work already
        failed.append(error)
    while True:
        try:
            for ended in ends:  # `Thread.join`, interrupted, takes a thread for ended (Python 3.11)
                while not ended.wait(WATCH):
                    pass
            break
        except BaseException as error:  # noqa: BLE001 - raised once the threads have ended
            failed.append(error)
    if failed:
        raise failed[0]


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

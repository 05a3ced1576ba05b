"""Filling a store: pending chunks on several threads, each written as soon as it is there."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from numpy.typing import NDArray

from symgan.sweep.store import Store, locked

Results = Mapping[str, NDArray[Any]]
Compute = Callable[[slice, Callable[[], None]], Results]
"""(cells of a chunk, checkpoint) -> variable -> array; it calls the checkpoint now and then."""
Report = Callable[[int, int], None]
"""Told (chunks done, chunks in all), first before anything is computed."""


class Stopped(Exception):
    """Raised by a checkpoint when the run ends early; no error, so that nobody reports it."""


def cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    store: Store, compute: Compute, *, threads: int = 0, report: Report = lambda done, total: None
) -> int:
    """Compute what is missing in a store.

    Args:
        store: where results go; its finished chunks are left alone.
        compute: the results of some cells. It runs on several threads at once.
        threads: how many; 0: one a processor core.
        report: told how far the run is.

    Returns:
        How many chunks were computed.

    Raises:
        BadData: another process is at work on the store, or it cannot be written.
        KeyboardInterrupt: passed on, with the running chunks abandoned and the rest kept.
    """
    count, stop = threads or cores(), threading.Event()

    def checkpoint() -> None:
        if stop.is_set():
            raise Stopped

    with locked(store), ThreadPoolExecutor(count) as pool:
        todo, total = list(store.pending()), store.declaration.chunks
        before = total - len(todo)
        report(before, total)
        running: dict[Future[Results], int] = {}
        done = 0
        try:
            while todo or running:
                while todo and len(running) < count:
                    chunk = todo.pop(0)
                    running[pool.submit(compute, store.cells(chunk), checkpoint)] = chunk
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    store.write(running.pop(future), future.result())
                    done += 1
                    report(before + done, total)
        finally:
            stop.set()
    return done

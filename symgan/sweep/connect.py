"""The way to a Dask cluster: one that is there, or worker processes of this machine."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from symgan.errors import BadData, MissingExtra
from symgan.sweep.run import cores

LOCAL = "local"
GRACE = 1.0
"""Seconds that Dask gets beyond the patience to give up by itself, and to say why."""
_BACK = "10s"
"""How long a local worker that died may take to be up again before another one takes its place."""


@contextmanager
def connected(scheduler: str, workers: int, patience: float) -> Iterator[Any]:
    """A client of a cluster, which ends with the block, as does a cluster that was made for it."""
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingExtra("distributed", "sweep", "a sweep on a cluster") from error
    with ExitStack() as stack:
        stack.enter_context(_quiet())
        where: Any = scheduler
        if scheduler == LOCAL:
            where = stack.enter_context(local_cluster(workers))
        elif "://" not in scheduler:
            raise BadData(
                f"cannot read the scheduler {scheduler!r}; write local, or an address like "
                "tcp://10.0.0.1:8786"
            )
        try:
            connect = partial(Client, where, timeout=patience, set_as_default=False)
            client = within(patience, connect)
            stack.callback(_closed, client)
            client.wait_for_workers(1, timeout=patience)
        except (OSError, TimeoutError, ValueError) as error:
            raise BadData(
                f"no cluster with a worker answered at {scheduler} within {patience:.0f} s; start "
                "its scheduler and workers, or leave --scheduler out"
            ) from error
        yield client


def _closed(client: Any) -> None:
    """Close a client; one whose scheduler is dead has nobody to take leave of."""
    with suppress(TimeoutError, OSError):
        client.close(timeout=GRACE)


def within(seconds: float, work: Callable[[], Any]) -> Any:
    """The result of some work, if it comes in time: Dask itself waits without end for a scheduler
    that takes the connection and then says nothing.

    Raises:
        TimeoutError: it does not; the thread at work is left behind, and ends with the process.
    """
    answer: SimpleQueue[tuple[Any, Exception | None]] = SimpleQueue()

    def attempt() -> None:
        try:
            answer.put((work(), None))
        except Exception as error:  # noqa: BLE001 - raised below, in the thread that waits
            answer.put((None, error))

    Thread(target=attempt, daemon=True).start()
    try:
        found, error = answer.get(timeout=seconds + GRACE)
    except Empty:
        raise TimeoutError("no answer") from None
    if error is not None:
        raise error
    return found


@contextmanager
def local_cluster(workers: int) -> Iterator[Any]:
    """Worker processes on this machine, reachable from it alone, without pages for browsers."""
    from dask import config
    from distributed import LocalCluster

    plain = {
        "distributed.worker.memory.terminate": False,
        "distributed.admin.tick.limit": "1h",
        "distributed.deploy.lost-worker-timeout": _BACK,
    }
    with (
        config.set(plain),
        LocalCluster(
            n_workers=workers or cores(),
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            worker_dashboard_address=None,
            silence_logs=logging.CRITICAL,
        ) as cluster,
    ):
        yield cluster


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Dask's own logs meanwhile: what matters is raised as one sentence."""
    dask = [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    loggers = [logging.getLogger(name) for name in (*dask, "tornado.application")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)

"""Whether a cluster lives: when a worker of it was last heard of."""

from __future__ import annotations

import time
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

_LOOK = 0.5
"""Seconds between looks."""


class Pulse:
    """Looks after a cluster from a thread of its own, while the block lasts.

    A worker that computes sends word to the scheduler every second or so, however long its chunk
    takes. A scheduler that hangs keeps whoever asks it waiting without end: that is this thread,
    so that the run itself can tell how long nothing was heard. Local workers that are gone for
    good (Dask starts none in the place of one that dies while it starts) are replaced.

    Attributes:
        threads: of all workers, at the last look; 0 before the first.
        trouble: what ended the looks before their time, if anything did.
    """

    threads: int
    trouble: Exception | None

    def __init__(self, client: Any) -> None:
        self.threads = 0
        self.trouble = None
        self._client = client
        self._beats: dict[str, float] = {}
        self._heard = time.monotonic()
        self._over = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join(2 * _LOOK)  # one that hangs is left behind, and ends with the process

    def beat(self) -> None:
        """Note that the cluster has just been heard of."""
        self._heard = time.monotonic()

    def silence(self) -> float:
        """Seconds since a worker was heard of."""
        return time.monotonic() - self._heard

    def _watch(self) -> None:
        try:
            while not self._over.is_set():
                self._look()
                self._over.wait(_LOOK)
        except Exception as error:  # noqa: BLE001 - told by the run, with how long it is silent
            self.trouble = error

    def _look(self) -> None:
        """Dask repeats its last answer where it has lost the scheduler: beats tell, not answers.
        Clocks of machines may differ: what counts is that a worker's time has changed."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        before, self._beats = self._beats, {name: w["last_seen"] for name, w in workers.items()}
        if any(seen != before.get(name) for name, seen in self._beats.items()):
            self.beat()
        self.threads = sum(w["nthreads"] for w in workers.values())
        cluster = self._client.cluster
        if cluster is not None and len(workers) < len(cluster.worker_spec):
            cluster.scale(len(cluster.worker_spec))

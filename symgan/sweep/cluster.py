"""Filling a store from a Dask cluster: workers compute chunks, this process writes them.

One process writes, and marks a chunk done after its arrays are there; what a worker that dies
was computing is computed by another one. So nothing is lost, and nothing is written twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from symgan.errors import BadData, SymganError
from symgan.sweep import tasks
from symgan.sweep.connect import GRACE, connected, within
from symgan.sweep.pulse import Pulse
from symgan.sweep.run import Report, Results
from symgan.sweep.store import Store, locked

Work = Callable[[str, int, int], Results]
"""(text, first cell, cell after the last) -> variable -> array."""
PATIENCE = 30.0
"""Seconds without an answer from the cluster after which a run gives up."""
_POLL = 0.5
_BLAMED = 3
"""How often Dask may give a chunk up, each time after it lost several workers over it, with no
other chunk finished meanwhile. It blames a chunk that only waits for a worker that dies as well."""
_AHEAD = 2
"""Chunks under way for every thread of the cluster: one computing, one waiting."""


def fill(
    store: Store,
    text: str,
    scheduler: str,
    *,
    workers: int = 0,
    report: Report = lambda done, total: None,
    patience: float = PATIENCE,
    work: Work | None = None,
) -> int:
    """Compute what is missing in a store on a cluster.

    Args:
        store: where results go.
        text: the sweep, as `symgan.sweep.tasks.document` writes it.
        scheduler: ``local`` for worker processes of this machine, or a scheduler's address, such
            as ``tcp://10.0.0.1:8786``.
        workers: processes of ``local``; 0: one a processor core.
        report: told (chunks done, chunks in all).
        patience: seconds to wait for a cluster that does not answer.
        work: what a worker runs, a function that can be imported there; by default
            `symgan.sweep.tasks.chunk`, which knows the sweeps of this package.

    Returns:
        How many chunks were computed.

    Raises:
        BadData: the cluster does not answer, loses all its workers, or loses several over one
            chunk; another process is at work on the store.
        MissingExtra: Dask is not installed.
        KeyboardInterrupt: passed on, with the finished chunks kept.
    """
    with locked(store), connected(scheduler, workers, patience) as client, Pulse(client) as pulse:
        return _Run(store, text, client, pulse, report, patience, work).through()


class _Run:
    """One run: what is to do, what is under way, what was given up."""

    def __init__(
        self,
        store: Store,
        text: str,
        client: Any,
        pulse: Pulse,
        report: Report,
        patience: float,
        work: Work | None,
    ) -> None:
        self.store, self.text, self.client, self.pulse = store, text, client, pulse
        self.report, self.patience, self.work = report, patience, work or tasks.chunk
        self.todo = list(store.pending())
        self.total = store.declaration.chunks
        self.running: dict[Any, int] = {}
        self.finished: SimpleQueue[Any] = SimpleQueue()
        self.blamed: Counter[int] = Counter()

    def through(self) -> int:
        """Until nothing is left."""
        before = self.total - len(self.todo)
        self.report(before, self.total)
        done = 0
        try:
            while self.todo or self.running:
                self._submit()
                try:
                    written = self._write(self.finished.get(timeout=_POLL))
                except Empty:
                    self._require_alive()
                    continue
                if written:
                    done += 1
                    self.report(before + done, self.total)
        finally:
            self._cancel()
        return done

    def _submit(self) -> None:
        while self.todo and len(self.running) < max(1, _AHEAD * self.pulse.threads):
            if self.blamed[self.todo[0]] and self.running:
                return  # it runs when the others are done, so that the next loss is its own
            chunk = self.todo.pop(0)
            cells = self.store.cells(chunk)
            future = self.client.submit(
                self.work, self.text, cells.start, cells.stop, pure=False, retries=0
            )
            self.running[future] = chunk
            future.add_done_callback(self.finished.put)

    def _write(self, future: Any) -> bool:
        """Write a chunk; False where it has to be computed again, after the others."""
        chunk = self.running[future]
        try:
            while (results := _result(future)) is None:  # its worker died before handing it over
                self._require_alive()
        except _GivenUp as error:
            self.blamed[chunk] += 1
            if self.blamed[chunk] >= _BLAMED:
                raise self._deadly(chunk) from error
            self.todo.append(self.running.pop(future))
            return False
        self.store.write(chunk, results)
        del self.running[future]
        self.blamed.clear()
        self.pulse.beat()
        return True

    def _deadly(self, chunk: int) -> BadData:
        cells = self.store.cells(chunk)
        return BadData(
            f"several workers ended while they computed cells {cells.start} to {cells.stop - 1}; "
            "give workers more memory or make a store with smaller chunks"
        )

    def _require_alive(self) -> None:
        silence = self.pulse.silence()
        if silence > self.patience:
            raise BadData(
                f"the cluster has not answered for {silence:.0f} s; what is finished is kept: "
                "look after its scheduler and workers, and run it again to go on"
            ) from self.pulse.trouble

    def _cancel(self) -> None:
        """Take back what still runs, from a cluster that can be told."""
        if self.running:
            with suppress(TimeoutError, OSError):
                within(GRACE, partial(self.client.cancel, list(self.running), force=True))


class _GivenUp(Exception):
    """Dask lost several workers that held a task, and gives it up."""


def _result(future: Any) -> dict[str, Any] | None:
    """The results of a task; None where they are not there yet.

    Raises:
        _GivenUp: Dask does not try it again.
        BadData: the cluster is gone.
    """
    from distributed import CancelledError
    from distributed.scheduler import KilledWorker

    try:
        return dict(future.result(timeout=_POLL))
    except TimeoutError:
        return None
    except KilledWorker as error:
        raise _GivenUp from error
    except (CancelledError, OSError) as error:
        if isinstance(error, SymganError):
            raise
        raise BadData(
            "the connection to the cluster broke; what is finished is kept: run it again to go on"
        ) from error

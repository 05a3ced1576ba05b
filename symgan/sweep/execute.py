"""A sweep into its store: in this process, or on a Dask cluster."""

from __future__ import annotations

import os

from symgan.sweep import tasks
from symgan.sweep.cluster import PATIENCE
from symgan.sweep.cluster import fill as fill_on_cluster
from symgan.sweep.run import Report, run
from symgan.sweep.store import Store, open_store


def execute(
    path: str | os.PathLike[str],
    sweep: tasks.Declared,
    *,
    scheduler: str | None = None,
    workers: int = 0,
    report: Report = lambda done, total: None,
    patience: float = PATIENCE,
) -> Store:
    """Run a sweep, or what is left of it.

    The same declaration gives the same bits wherever it runs, on equal instruction sets; on any
    with ``portable``.

    Args:
        path: the store; made, or gone on with.
        sweep: what is run.
        scheduler: None for threads of this process; ``local`` for Dask worker processes of this
            machine (a script then needs ``if __name__ == "__main__":``); or the address of the
            scheduler of a cluster that is there, such as ``tcp://10.0.0.1:8786``.
        workers: threads, or local processes; 0: one a processor core.
        report: told (chunks done, chunks in all).
        patience: seconds to wait for a cluster that does not answer.

    Returns:
        The store, whole.

    Raises:
        BadData: the store is another sweep's, another process is at work on it, it cannot be
            written, or the cluster does not answer.
        MissingExtra: xarray, Zarr or Dask is not installed.
        KernelError: a system that the backend cannot compile.
        KeyboardInterrupt: passed on; what is finished is kept.
    """
    compute = None if scheduler else sweep.compute()  # what cannot run leaves no store behind
    store = open_store(path, sweep.declaration())
    if compute is not None:
        run(store, compute, threads=workers, report=report)
    else:
        text = tasks.document(sweep)
        fill_on_cluster(
            store, text, str(scheduler), workers=workers, report=report, patience=patience
        )
    return store

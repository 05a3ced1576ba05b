"""A whole study into its store: tasks in processes of their own, or on a Dask cluster.

The folder of a study holds ``results``, a store of `symgan.sweep`, ``running``, the checkpoints
of tasks that are not done, and where it is asked for ``trained``, the last ones of those that are.
One process writes the store; a worker that ends, for whatever reason, has lost no more than what
came after its last checkpoint.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

import torch

from symgan.empirical.study import training
from symgan.empirical.study.design import Study
from symgan.empirical.study.files import make_folder, read_arrays
from symgan.empirical.study.results import STORE
from symgan.empirical.study.worker import FAILED, RESULTS
from symgan.errors import BadData, SymganError
from symgan.sweep.cluster import PATIENCE
from symgan.sweep.cluster import fill as fill_on_cluster
from symgan.sweep.run import cores
from symgan.sweep.run import run as fill_here
from symgan.sweep.store import Store, open_store

RUNNING, TRAINED = "running", "trained"
_LOOK = 0.2
"""Seconds between looks at a worker."""
_LOOK_FAR = 2.0
"""Seconds between looks at all that runs."""


class TaskFailed(SymganError):
    """A worker could not do its task; the sentence is the worker's, and so is the exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.exit_code = code


@dataclass(frozen=True)
class Progress:
    """How far a study is.

    Attributes:
        done: members times decisions that are behind it.
        total: all of them.
        diverged: members of the running tasks that diverged so far.
        distance: the mean distance at the latest snapshot of the running tasks, if there is one.
    """

    done: int
    total: int
    diverged: int = 0
    distance: float | None = None


Watch = Callable[[Progress], None]


def run_study(
    folder: Path,
    study: Study,
    *,
    jobs: int = 0,
    scheduler: str | None = None,
    watch: Watch = lambda progress: None,
    interval: int = training.INTERVAL,
    patience: float = PATIENCE,
    trained: bool = False,
) -> Store:
    """Run a study, or what is left of it.

    Args:
        folder: made, or gone on with.
        study: what is run.
        jobs: worker processes; 0: one a processor core, or one on a CUDA device.
        scheduler: None for processes of this machine; ``local`` or the address of a Dask scheduler,
            whose workers see the folder under the same path.
        watch: told how far the study is, every few seconds.
        interval: decisions between checkpoints.
        patience: seconds to wait for a cluster that does not answer.
        trained: whether the last checkpoint of each task stays, in ``trained``.

    Returns:
        The store, whole.

    Raises:
        BadData: the folder is another study's or no study's, another process is at work on it, it
            cannot be written, or a worker was killed.
        TaskFailed: a worker met what a user can mend.
        MissingExtra: xarray, Zarr or Dask is not installed.
        KeyboardInterrupt: passed on; what is finished, and the checkpoints, are kept.
    """
    store = open_study(folder, study)
    home = folder.absolute() / RUNNING
    make_folder(home)
    count = jobs or (1 if study.device.startswith("cuda") else cores())
    kept = folder.absolute() / TRAINED if trained else None
    tidy = partial(_tidied, home, store, kept)
    with _watching(folder, study, store, watch):
        if scheduler is None:
            compute = partial(_in_process, study.document(), home, interval)
            fill_here(store, compute, threads=count, report=tidy)
        else:
            fill_on_cluster(
                store,
                json.dumps([study.document(), str(home), interval]),
                scheduler,
                workers=count,
                report=tidy,
                patience=patience,
                work=cluster_task,
            )
    tidy(store.declaration.chunks, store.declaration.chunks)
    shutil.rmtree(home, ignore_errors=True)  # nothing in it is needed any more
    return store


def open_study(folder: Path, study: Study) -> Store:
    """The store of a study in its folder, made if the folder is new or empty.

    Raises:
        BadData: the folder holds something else, or another study.
    """
    held = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    if held and not (folder / STORE).is_dir():
        raise BadData(f"{folder} is not empty and holds no study; choose another folder")
    return open_store(folder / STORE, study.declaration())


def build() -> training.Builds:
    """What makes ensembles: `symgan.empirical.ensemble.Ensemble`."""
    from symgan.empirical.ensemble.ensemble import Ensemble

    return Ensemble


def single_thread() -> None:
    """One thread of PyTorch in this process: the processes share the cores."""
    torch.set_num_threads(1)


def progress(folder: Path, study: Study, store: Store) -> Progress:
    """How far a study is, from its store and the reports beside the checkpoints."""
    pending = store.pending()
    cells = [store.cells(chunk) for chunk in range(store.declaration.chunks)]
    weights = [
        (cell.stop - cell.start) * study.decisions(study.members[cell.start].order)
        for cell in cells
    ]
    done = sum(weight for chunk, weight in enumerate(weights) if chunk not in pending)
    gone, distances = 0, []
    for chunk in pending:
        told = _reported(training.Task(study, cells[chunk].start, cells[chunk].stop), folder)
        done += (cells[chunk].stop - cells[chunk].start) * int(told.get("decisions", 0))
        gone += int(told.get("diverged", 0))
        distances += [told["distance"]] if told.get("distance") is not None else []
    mean = sum(distances) / len(distances) if distances else None
    return Progress(done, sum(weights), gone, mean)


def cluster_task(text: str, start: int, stop: int) -> dict[str, Any]:
    """The results of some cells; what a worker of a cluster runs."""
    document, home, interval = json.loads(text)
    single_thread()
    task = training.Task(Study.read(document), start, stop, interval)
    return training.train(task, Path(home), build())


def _in_process(
    text: str, home: Path, interval: int, cells: slice, checkpoint: Callable[[], None]
) -> dict[str, Any]:
    """The results of a chunk, from a process that ends with it."""
    task = training.Task(Study.read(text), cells.start, cells.stop, interval)
    folder = task.folder(home)
    make_folder(folder)
    for name in (RESULTS, FAILED):
        (folder / name).unlink(missing_ok=True)
    order = {
        "text": text,
        "home": str(home),
        "start": cells.start,
        "stop": cells.stop,
        "interval": interval,
    }
    with (folder / "log").open("wb") as log:
        code = _waited(order, log, checkpoint)
    if code == 0:
        return dict(read_arrays(folder / RESULTS))
    raise why_ended(folder, code)


def _waited(order: dict[str, Any], log: IO[bytes], checkpoint: Callable[[], None]) -> int:
    """The exit code of a worker; a checkpoint that raises ends it first."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    worker = subprocess.Popen(
        [sys.executable, "-m", "symgan.empirical.study.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=log,
        env=os.environ | threads,
        start_new_session=True,  # an interrupt at the terminal reaches this process alone
    )
    assert worker.stdin is not None
    try:
        worker.stdin.write(json.dumps(order).encode() + b"\n")
        worker.stdin.flush()
        while worker.poll() is None:
            checkpoint()
            time.sleep(_LOOK)
    finally:
        worker.kill()
        worker.wait()
        with suppress(OSError):
            worker.stdin.close()
    return worker.returncode


def why_ended(folder: Path, code: int) -> SymganError:
    """Why a worker did not finish."""
    if (folder / FAILED).exists():
        told = json.loads((folder / FAILED).read_text(encoding="utf-8"))
        return TaskFailed(told["message"], told["code"])
    how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
    last = (folder / "log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    said = f" ({last[-1]})" if last else ""
    return BadData(
        f"a worker {how}{said}; its checkpoints are kept: run it again to go on, with fewer --jobs "
        "or members a task if memory was short"
    )


def _reported(task: training.Task, folder: Path) -> dict[str, Any]:
    try:
        path = task.folder(folder / RUNNING) / training.PROGRESS
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):  # not begun; files are whole, so that nothing else is behind it
        return {}


def _tidied(home: Path, store: Store, kept: Path | None, done: int, total: int) -> None:
    """Remove the checkpoints of what the store holds, or move the last ones where they are kept."""
    del done, total
    pending = set(store.pending())
    for chunk in range(store.declaration.chunks):
        if chunk in pending:
            continue
        place = home / f"{store.cells(chunk).start:06d}"
        last = place / training.CHECKPOINT
        if kept is not None and last.exists():
            make_folder(kept)
            last.replace(kept / f"{place.name}{last.suffix}")
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _watching(folder: Path, study: Study, store: Store, watch: Watch) -> Iterator[None]:
    """Tell how far a study is from a thread of its own, while the block lasts, and at its end."""
    over = threading.Event()

    def look() -> None:
        watch(progress(folder, study, store))

    def keep_looking() -> None:
        while not over.wait(_LOOK_FAR):
            look()

    look()
    thread = threading.Thread(target=keep_looking, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    look()

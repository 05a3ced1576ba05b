"""Kill sweeps at random moments, resume them, and count the chunks that are lost or done twice.

    python -m benchmarks.trials_sweep --kills 50 --cluster-kills 10 --worker-kills 20 --seed 1

Three trials, all with SIGKILL: of a process that sweeps with threads, of one that sweeps with Dask
worker processes, and of Dask workers, in a chunk or while they start. After every kill the marks
of the store are compared with those before; whenever a store is whole all its bits are compared
with a run that was left alone. Prints a line a kill and a table, and exits with 1 if anything was
lost, doubled or different.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import sympy as sp

from benchmarks.trials_count import Count, line, tell
from symgan.sweep import Axis, Growth, Model, Points, Sample, Store, Sweep, connect, open_store, run
from symgan.sweep.cluster import fill
from symgan.sweep.execute import execute
from symgan.sweep.tasks import document
from symgan.system import Map

STEPS = 300_000
"""Of an orbit: a chunk takes about as long as what surrounds it, so that kills hit both."""
PATIENCE = 60.0
"""Seconds of silence that end a run on a machine that does much else."""


def declared(seed: int = 0) -> Sweep:
    """Orbits of a rotation that slowly grows or shrinks, 24 chunks of 64 cells."""
    x, y, a, b = sp.symbols("x y a b", real=True)
    turn = Map((x, y), (a * x - b * y, b * x + a * y), parameters=(a, b))
    box = Sample({"x": (-1, 1), "y": (-1, 1)}, 32, seed=seed)
    design = Axis("b", 0, 1, 48) * Points({"a": [0.5]}) * box
    return Sweep((Model("turn", turn),), design, Growth(STEPS), chunk=64)


def child(path: Path, log: Path, scheduler: str) -> None:
    """One run, with a line a chunk in a log: computed (threads) or written (Dask)."""
    sweep = declared()

    def note(chunk: int) -> None:
        with log.open("a") as file:
            file.write(f"{chunk}\n")

    if scheduler:
        with _noted(note):
            execute(path, sweep, scheduler=scheduler, workers=2)
        return
    compute = sweep.compute()

    def computing(cells: slice, checkpoint: Any) -> Any:
        note(cells.start // sweep.chunk)
        return compute(cells, checkpoint)

    run(open_store(path, sweep.declaration()), computing, threads=2)


def done(path: Path) -> set[int]:
    """The chunks that a store says are done; none where there is no store yet."""
    if not (path / "zarr.json").exists():
        return set()
    store = Store(path, declared().declaration())
    return set(range(store.declaration.chunks)) - set(store.pending())


def same(path: Path, reference: Path) -> bool:
    """Whether all bits of two stores are alike."""
    one, other = (Store(p, declared().declaration()).dataset() for p in (path, reference))
    return all(one[v].values.tobytes() == other[v].values.tobytes() for v in other.variables)


def killed_runs(kills: int, scheduler: str, folder: Path, chance: random.Random) -> Count:
    """Kill a sweeping process again and again; a new store whenever one is whole."""
    count = Count("process, Dask workers" if scheduler else "process, threads")
    reference = folder / "reference"
    path = folder / f"store-{scheduler}-0"
    while count.kills < kills or done(path) != all_chunks():
        before, log = done(path), folder / "log"
        log.unlink(missing_ok=True)
        running = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.trials_sweep", "--child", str(path), str(log)]
            + (["--scheduler", scheduler] if scheduler else []),
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )
        kill = count.kills < kills and _kill(running, path, before, count, chance)
        running.wait()
        _end_group(running.pid)
        after = done(path)
        lines = Counter(log.read_text().split()) if log.exists() else Counter()
        count.lost += len(before - after)
        count.doubled += sum(1 for c, n in lines.items() if n > 1 or int(c) in before)
        if after == all_chunks():
            count.stores += 1
            count.chunks += len(after)
            count.different += not same(path, reference)
            if count.kills < kills:
                path = folder / f"store-{scheduler}-{count.stores}"
        if kill:
            tell(count, f"{len(after)} of {len(all_chunks())} chunks done")
    return count


def _kill(running: Any, path: Path, before: set[int], count: Count, chance: random.Random) -> bool:
    """Kill a process: sometimes at once, sometimes some moments after its next chunk.

    Returns:
        Whether it was still there.
    """
    if chance.random() < 0.4:
        wait_for(lambda: done(path) != before or running.poll() is not None, 60)
        time.sleep(chance.uniform(0, 0.5))
    else:
        time.sleep(chance.uniform(0, 4))
    if running.poll() is not None:
        return False
    running.send_signal(signal.SIGKILL)
    count.kills += 1
    here = done(path)
    moment = "before the store" if not (path / "zarr.json").exists() else "before its first chunk"
    count.moments["among chunks" if here != before else moment] += 1
    return True


def _end_group(leader: int) -> None:
    """End what a killed process left behind: its own group, which it leads."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def killed_workers(kills: int, folder: Path, chance: random.Random) -> Count:
    """Kill the worker processes under runs, one after another; new ones take their place."""
    count = Count("Dask workers")
    while count.kills < kills:
        path = folder / f"workers-{count.stores}"
        store = open_store(path, declared().declaration())
        written: Counter[int] = Counter()
        with _noted(partial(_add, written)), _killer(kills, count, chance):
            fill(store, document(declared()), "local", workers=2, patience=PATIENCE)
        count.stores += 1
        count.chunks += store.declaration.chunks
        count.lost += len(all_chunks() - set(written) | set(store.pending()))
        count.doubled += sum(1 for n in written.values() if n > 1)
        count.different += not same(path, folder / "reference")
    return count


def _add(written: Counter[int], chunk: int) -> None:
    written[chunk] += 1


@contextmanager
def _noted(note: Callable[[int], object]) -> Iterator[None]:
    """Every chunk that is written meanwhile is noted first."""
    write = Store.write

    def noted(store: Store, chunk: int, results: Any) -> None:
        note(chunk)
        write(store, chunk, results)

    setattr(Store, "write", noted)  # noqa: B010 - the class is frozen to the type checker
    try:
        yield
    finally:
        setattr(Store, "write", write)  # noqa: B010


@contextmanager
def _killer(kills: int, count: Count, chance: random.Random) -> Iterator[None]:
    """A thread that kills a worker of the next local cluster every now and then."""
    clusters: list[Any] = []
    over = threading.Event()
    local = connect.local_cluster

    @contextmanager
    def seen(workers: int) -> Iterator[Any]:
        with local(workers) as cluster:
            clusters.append(cluster)
            yield cluster

    def kill() -> None:
        while not over.wait(chance.uniform(0.5, 4)) and count.kills < kills:
            alive = [w for c in clusters for w in c.workers.values() if w.pid]
            if alive:
                victim = chance.choice(alive)
                moment = _moment(clusters[-1], victim)
                os.kill(victim.pid, signal.SIGKILL)
                count.kills += 1
                count.moments[moment] += 1
                tell(count, moment)

    thread = threading.Thread(target=kill)
    setattr(connect, "local_cluster", seen)  # noqa: B010
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        setattr(connect, "local_cluster", local)  # noqa: B010


def _moment(cluster: Any, nanny: Any) -> str:
    """What a worker is doing."""
    known = cluster.scheduler.workers.get(nanny.worker_address)
    if known is None:
        return "while starting"
    return "in a chunk" if known.processing else "idle"


def all_chunks() -> set[int]:
    """Every chunk of the sweep."""
    return set(range(declared().declaration().chunks))


def wait_for(condition: Any, seconds: float) -> None:
    """Until a condition holds.

    Raises:
        TimeoutError: it does not.
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("a sweep makes no progress")
        time.sleep(0.02)


def main() -> int:
    """Run the trials."""
    parser = argparse.ArgumentParser(description="Kill sweeps and count what is lost.")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--cluster-kills", type=int, default=10)
    parser.add_argument("--worker-kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--child", nargs=2, type=Path, metavar=("STORE", "LOG"))
    parser.add_argument("--scheduler", default="")
    given = parser.parse_args()
    if given.child:
        store, log = given.child
        child(store, log, given.scheduler)
        return 0
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        execute(folder / "reference", declared())
        counts = (
            killed_runs(given.kills, "", folder, chance),
            killed_runs(given.cluster_kills, "local", folder, chance),
            killed_workers(given.worker_kills, folder, chance),
        )
    print(f"{'killed':<22} kills stores chunks  lost doubled different  when")
    for count in counts:
        print(line(count))
    if given.json:
        given.json.write_text(json.dumps([vars(c) for c in counts], indent=1))
    return 0 if all(c.whole for c in counts) else 1


if __name__ == "__main__":
    sys.exit(main())

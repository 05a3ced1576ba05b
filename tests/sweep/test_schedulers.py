"""One declaration, run in this process and on a cluster: the same bits, and nothing twice."""

from __future__ import annotations

import os
import signal
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from symgan.errors import BadData, MissingExtra
from symgan.sweep import MixtureMap, Store, Sweep, Tail, open_store
from symgan.sweep.cluster import fill
from symgan.sweep.execute import execute
from symgan.sweep.run import Stopped
from symgan.sweep.tasks import chunk, document, read
from tests.sweep.orbits import LOGISTIC, TURN, at, turning


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two worker processes of one thread on the loopback interface, without pages."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        silence_logs=60,
    ) as found:
        yield found


def bits(store: Store) -> dict[str, bytes]:
    """Everything in a store."""
    data = store.dataset()
    return {str(name): data[name].values.tobytes() for name in data.variables}


def test_a_cluster_gives_the_same_bits_as_this_process(tmp_path: Path, cluster: Any) -> None:
    for name, sweep in (("turn", turning()), ("map", MixtureMap(count=3, draws=2, iterations=20))):
        here = execute(tmp_path / f"{name} here", sweep)
        there = execute(tmp_path / f"{name} there", sweep, scheduler=cluster.scheduler_address)
        assert bits(here) == bits(there)
        assert not there.pending()


def test_a_run_goes_on_with_another_scheduler(tmp_path: Path, cluster: Any) -> None:
    sweep = turning()
    whole = execute(tmp_path / "whole", sweep)
    store = open_store(tmp_path / "s", sweep.declaration())
    store.write(2, sweep.compute()(store.cells(2), lambda: None))
    told: list[tuple[int, int]] = []
    execute(
        tmp_path / "s",
        sweep,
        scheduler=cluster.scheduler_address,
        report=lambda *now: told.append(now),
    )
    assert told == [(done, 4) for done in range(1, 5)]
    assert bits(store) == bits(whole)


def test_a_killed_worker_loses_and_doubles_nothing(
    tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGKILL to a worker while it computes; its chunk is computed by another."""
    from distributed import Client

    sweep = turning(steps=20_000, chunk=2)
    written: Counter[int] = Counter()
    write = Store.write

    def noted(store: Store, number: int, results: Any) -> None:
        written[number] += 1
        write(store, number, results)

    monkeypatch.setattr(Store, "write", noted)
    store = open_store(tmp_path / "s", sweep.declaration())
    with Client(cluster, set_as_default=False) as client:
        run: Any = client.run  # typed as what it returns to asynchronous callers
        pids = iter(run(os.getpid).values())
        victims: list[int] = []

        def kill(done: int, total: int) -> None:
            if done == 4:
                victims.append(next(pids))
                os.kill(victims[0], signal.SIGKILL)

        fill(store, document(sweep), cluster.scheduler_address, report=kill)
    assert len(victims) == 1
    assert written == Counter(range(sweep.declaration().chunks))
    monkeypatch.undo()
    assert bits(store) == bits(execute(tmp_path / "whole", sweep))


class Killed:
    """In the place of `tasks.chunk`: cells 0 to 15 end as where Dask gives a task up."""

    def __init__(self, folder: Path, deaths: int) -> None:
        self.folder, self.deaths = folder, deaths
        self.last: Any = SimpleNamespace(address="tcp://127.0.0.1:1")

    def __call__(self, text: str, start: int, stop: int) -> Any:
        """One death less each time, counted in files: workers are other processes."""
        from distributed.scheduler import KilledWorker

        if start == 0:
            for place in (self.folder / str(i) for i in range(self.deaths)):
                if not place.exists():
                    place.touch()
                    raise KilledWorker("chunk", self.last, 3)
        return chunk(text, start, stop)


def test_a_chunk_that_dask_gives_up_is_tried_again(
    tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask blames whatever a worker held when it died, also what only waited there."""
    sweep = turning()
    store = open_store(tmp_path / "s", sweep.declaration())
    monkeypatch.setattr("symgan.sweep.cluster.tasks.chunk", Killed(tmp_path, 2))
    fill(store, document(sweep), cluster.scheduler_address)
    assert sum((tmp_path / str(i)).exists() for i in range(2)) == 2
    assert bits(store) == bits(execute(tmp_path / "whole", sweep))


def test_a_chunk_that_ends_every_worker_is_named(
    tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = turning()
    store = open_store(tmp_path / "s", sweep.declaration())
    monkeypatch.setattr("symgan.sweep.cluster.tasks.chunk", Killed(tmp_path, 99))
    with pytest.raises(BadData, match="several workers ended while they computed cells 0 to 15"):
        fill(store, document(sweep), cluster.scheduler_address)
    assert store.pending() == (0,)  # the others came first


def test_what_a_worker_refuses_comes_through(tmp_path: Path, cluster: Any) -> None:
    sweep = turning()
    store = open_store(tmp_path / "s", sweep.declaration())
    foreign = document(sweep).replace('"symgan": "', '"symgan": "9')
    with pytest.raises(BadData, match=r"declared by symgan 9.*install the same version on every"):
        fill(store, foreign, cluster.scheduler_address)
    assert store.pending() == (0, 1, 2, 3)


def test_an_interrupt_of_a_cluster_run_keeps_the_finished(tmp_path: Path, cluster: Any) -> None:
    sweep = turning(chunk=4)
    store = open_store(tmp_path / "s", sweep.declaration())

    def interrupt(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill(store, document(sweep), cluster.scheduler_address, report=interrupt)
    assert len(store.pending()) == sweep.declaration().chunks - 3
    execute(tmp_path / "s", sweep, scheduler=cluster.scheduler_address)  # the lock is free again
    assert not store.pending()


@pytest.mark.parametrize(
    ("address", "match"),
    [
        ("tcp://127.0.0.1:9", "no cluster with a worker answered at tcp://127.0.0.1:9 within"),
        ("mine", "cannot read the scheduler 'mine'; write local, or an address like tcp://"),
    ],
)
def test_no_cluster_is_one_sentence(tmp_path: Path, address: str, match: str) -> None:
    with pytest.raises(BadData, match=match):
        execute(tmp_path / "s", turning(), scheduler=address, patience=0.5)


def test_a_cluster_that_never_answers_is_given_up(tmp_path: Path) -> None:
    """Something that takes the connection and says nothing."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(BadData, match="no cluster with a worker answered"):
            execute(tmp_path / "s", turning(), scheduler=address, patience=0.2)


def test_a_missing_dask_names_its_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtra, match=r"distributed.*pip install 'symgan\[sweep\]'"):
        execute(tmp_path / "s", turning(), scheduler="local")


def test_a_document_is_the_declaration_and_a_task_is_a_slice_of_it() -> None:
    sweep = turning()
    again = read(document(sweep))
    assert isinstance(again, Sweep)
    assert again.declaration().digest == sweep.declaration().digest
    assert again == sweep
    whole = sweep.compute()(slice(0, 64), lambda: None)
    part = chunk(document(sweep), 10, 20)
    for name, values in part.items():
        assert values.tobytes() == whole[name][10:20].tobytes()
    for text in ("", "[]", '{"experiment": "other"}', '{"experiment": "orbits"}'):
        with pytest.raises(BadData, match="declares"):
            read(text)


@pytest.mark.parametrize("backend", ["numpy", "jit"])
@pytest.mark.parametrize("split", [1, 7, 64])
def test_no_split_changes_a_bit(backend: str, split: int) -> None:
    sweep = turning(steps=100, backend=backend)
    compute = sweep.compute()
    whole = compute(slice(0, 64), lambda: None)
    parts = [compute(slice(i, min(i + split, 64)), lambda: None) for i in range(0, 64, split)]
    for name, values in whole.items():
        assert b"".join(part[name].tobytes() for part in parts) == values.tobytes()


def test_orbits_give_way_at_checkpoints() -> None:
    """An orbit of ages ends within a segment when its run ends, not at the end of its chunk."""
    calls = 0

    def checkpoint() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise Stopped

    with pytest.raises(Stopped):
        turning(steps=10**12, chunk=64).compute()(slice(0, 64), checkpoint)
    assert calls == 3


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: turning(portable=True, backend="numpy"), "portable results need the backend jit"),
        (lambda: turning(backend="fortran"), "choose one of: auto, jit, numpy"),
        (lambda: turning(chunk=-1), "chunk = -1"),
        (lambda: at(TURN, Tail(9, 2), a=[1.0], b=[0.0], x=[1.0]), "nothing gives y"),
        (lambda: at(LOGISTIC, Tail(9, 2), a=[1.0], x=[1.0], z=[0.0]), "takes no z; it takes x, a"),
        (lambda: turning().at(models=()), "no system"),
        (lambda: turning().at(models=(TURN, LOGISTIC)), "'logistic' has the state x, 'turn' x, y"),
    ],
)
def test_wrong_sweeps_are_refused(make: Any, match: str) -> None:
    with pytest.raises(BadData, match=match):
        make()


def test_the_jit_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "llvmlite", None)
    assert turning().backend == "numpy"
    asked: tuple[dict[str, Any], ...] = ({"backend": "jit"}, {"portable": True})
    for options in asked:
        with pytest.raises(MissingExtra, match=r"pip install 'symgan\[jit\]'"):
            turning(**options)

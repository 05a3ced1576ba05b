"""Workers stay in a file: what its tests share is built once; no test is lost or run twice."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from xdist.scheduler import LoadGroupScheduling

from tests.scheduling import FileByFile

SIZES = {"a.py": 40, "b.py": 6, "c.py": 9, "d.py": 25, "e.py": 1}
TESTS = [f"{file}::test[{i}]" for file, size in SIZES.items() for i in range(size)]
GROUP = ["b.py::one@late", "d.py::two@late", "e.py::three@late"]


class Worker:
    """A worker that remembers what it was given and does it in turn."""

    def __init__(self, name: str) -> None:
        self.gateway = SimpleNamespace(id=name)
        self.waiting: list[int] = []
        self.shutting_down = False

    def send_runtest_some(self, indices: list[int]) -> None:
        self.waiting += indices

    def shutdown(self) -> None:
        self.shutting_down = True


def ran(kind: type[LoadGroupScheduling], *, lost: int | None = None) -> list[tuple[str, str]]:
    """(worker, test) in the order in which two equally quick workers end them.

    Args:
        kind: the scheduler.
        lost: the round after which the first worker is gone, and what it was at fails.
    """
    config = SimpleNamespace(
        getvalue=lambda _: ["popen", "popen"], option=SimpleNamespace(loadscopereorder=True)
    )
    scheduler = kind(cast(Any, config))
    workers = [Worker("first"), Worker("second")]
    for worker in workers:
        scheduler.add_node(cast(Any, worker))
        scheduler.add_node_collection(cast(Any, worker), [*TESTS, *GROUP])
    scheduler.schedule()
    done: list[tuple[str, str]] = []
    turn = 0
    while any(worker.waiting for worker in workers):
        for worker in workers:
            if worker.waiting:
                index = worker.waiting.pop(0)
                done.append((worker.gateway.id, [*TESTS, *GROUP][index]))
                scheduler.mark_test_complete(cast(Any, worker), index)
        turn += 1
        if turn == lost:
            gone = workers.pop(0)
            crashed = scheduler.remove_node(cast(Any, gone))
            assert crashed is not None
            gone.waiting.clear()
    assert not scheduler.has_pending
    return done


def shared(done: list[tuple[str, str]]) -> set[str]:
    """The files that more than one worker was in; groups are looked at by themselves."""
    alone = [(worker, test.partition("::")[0]) for worker, test in done if "@" not in test]
    by_file = {file: {worker for worker, other in alone if other == file} for _, file in alone}
    return {file for file, workers in by_file.items() if len(workers) > 1}


@pytest.mark.parametrize("kind", [FileByFile, LoadGroupScheduling])
def test_every_test_runs_once(kind: type[LoadGroupScheduling]) -> None:
    assert sorted(test for _, test in ran(kind)) == sorted([*TESTS, *GROUP])


def test_a_file_has_one_worker_but_where_the_end_is_shared() -> None:
    """Without the preference every file of more than one test is shared."""
    assert len(shared(ran(FileByFile))) <= 1
    assert shared(ran(LoadGroupScheduling)) == {file for file in SIZES if SIZES[file] > 1}


def test_neither_worker_is_idle_at_the_end() -> None:
    workers = [worker for worker, _ in ran(FileByFile)]
    assert set(workers[-6:]) == {"first", "second"}
    assert abs(workers.count("first") - workers.count("second")) <= len(GROUP)


def test_a_group_stays_whole_and_comes_first() -> None:
    done = ran(FileByFile)
    assert len({worker for worker, test in done if test in GROUP}) == 1
    assert max(done.index(entry) for entry in done if entry[1] in GROUP) <= 2 * len(GROUP)


def test_what_a_lost_worker_left_is_run_by_the_other() -> None:
    """As without files: what was waiting is run, and what had been done is not run again."""
    tests = [test for _, test in ran(FileByFile, lost=10)]
    assert set(tests) == {*TESTS, *GROUP}
    assert len(tests) == len(set(tests))

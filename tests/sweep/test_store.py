"""The store: what is done is whole and is not done again; nothing foreign is mixed in."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.errors import BadData, MissingExtra
from symgan.sweep import Store, open_store, run
from symgan.sweep.store import locked, read
from tests.sweep.sweeps import CELLS, computing, declared

ROOT = Path(__file__).parents[2]


def filled(path: Path, chunk: int = 3, threads: int = 1) -> Store:
    """A whole store."""
    declaration = declared(chunk)
    store = open_store(path, declaration)
    run(store, computing(declaration), threads=threads)
    return store


def test_a_whole_store_opens_as_a_labelled_dataset(tmp_path: Path) -> None:
    data = filled(tmp_path / "s").dataset()
    assert dict(data.sizes) == {"cell": CELLS, "draw": 5, "chunk": 8}
    assert data["x"].values.tolist() == list(range(CELLS))
    assert data["value"].attrs["meaning"] == "uniform numbers"
    assert np.isfinite(data["value"].values).all()
    assert data.attrs["symgan_sweep"]["declaration"]["seed"] == 1


@settings(max_examples=5, deadline=None)
@given(st.integers(1, CELLS + 4), st.integers(1, 3))
def test_results_do_not_depend_on_chunks_or_threads(
    tmp_path_factory: pytest.TempPathFactory, chunk: int, threads: int
) -> None:
    folder = tmp_path_factory.mktemp("split")
    one, other = filled(folder / "one"), filled(folder / "other", chunk, threads)
    for name in ("value", "label"):
        a, b = (store.dataset()[name].values for store in (one, other))
        assert a.tobytes() == b.tobytes()


_KILLED = """
import sys, pathlib
from symgan.sweep import open_store, run
from tests.sweep.sweeps import computing, declared
folder = pathlib.Path(sys.argv[1])
declaration = declared()
print("ready", flush=True)
run(open_store(folder / "s", declaration), computing(declaration, 0.05, folder / "log"), threads=2)
"""


@pytest.mark.parametrize("enough", [1, 4])
def test_a_killed_run_goes_on_without_losing_or_doubling_a_chunk(
    tmp_path: Path, enough: int
) -> None:
    """SIGKILL as soon as some chunks are done; then the rest, and the same bits as without."""
    marks = tmp_path / "s" / "done" / "c"
    child = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    end = time.monotonic() + 60
    while len(list(marks.glob("[0-9]*"))) < enough:
        assert time.monotonic() < end
        assert child.poll() is None
        time.sleep(0.005)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert child.returncode == -signal.SIGKILL

    declaration = declared()
    store = open_store(tmp_path / "s", declaration)
    pending = store.pending()
    assert 0 < len(pending) <= declaration.chunks - enough
    assert run(store, computing(declaration, log=tmp_path / "again"), threads=1) == len(pending)
    again = [int(line) // 3 for line in (tmp_path / "again").read_text().split()]
    assert tuple(again) == pending
    whole = filled(tmp_path / "whole").dataset()
    for name in ("value", "label", "done", "x"):
        assert store.dataset()[name].values.tobytes() == whole[name].values.tobytes()


class Failing:
    """Numbers that cannot be written: the array before them is, they and the mark are not."""

    shape = (3,)

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        raise self.error


def half_written(store: Store, chunk: int, error: BaseException) -> None:
    """A chunk whose second array fails."""
    store.write(chunk, {"value": np.full((3, 5), -7.0), "label": Failing(error)})  # type: ignore[dict-item]


def test_a_chunk_without_its_mark_is_computed_again(tmp_path: Path) -> None:
    """The first array holds wrong numbers when the process dies; they do not survive."""
    declaration = declared()
    store = open_store(tmp_path / "s", declaration)
    with pytest.raises(KeyboardInterrupt):
        half_written(store, 2, KeyboardInterrupt())
    assert store.dataset()["value"].values[6, 0] == -7.0
    assert 2 in store.pending()
    assert run(store, computing(declaration), threads=1) == declaration.chunks
    whole = filled(tmp_path / "whole")
    assert store.dataset()["value"].values.tobytes() == whole.dataset()["value"].values.tobytes()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_one_sentence_and_what_was_done_stays(tmp_path: Path, code: int) -> None:
    store = open_store(tmp_path / "s", declared())
    first = computing(declared())(store.cells(0), lambda: None)
    store.write(0, first)
    with pytest.raises(BadData, match=r"^the disk of .* is full; .*: make room and run it again"):
        half_written(store, 1, OSError(code, os.strerror(code)))
    assert store.pending() == tuple(range(1, 8))
    assert store.dataset()["value"].values[:3].tobytes() == np.asarray(first["value"]).tobytes()


def test_other_failures_of_the_system_are_one_sentence(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s", declared())
    with pytest.raises(BadData, match=r"cannot write to .*: Input/output error; choose a place"):
        half_written(store, 0, OSError(errno.EIO, os.strerror(errno.EIO)))


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (declared(seed=2), "seed = 1, not 2"),
        (declared(chunk=4), "cells a chunk = 3, not 4"),
        (declared(cells=24), "cells = 23 cells, [0-9a-f]+, not 24 cells, [0-9a-f]+"),
    ],
)
def test_a_store_of_other_settings_is_refused_by_the_first_that_differs(
    tmp_path: Path, other: Any, named: str
) -> None:
    filled(tmp_path / "s")
    with pytest.raises(BadData, match=f"s was made with {named}; choose another folder"):
        open_store(tmp_path / "s", other)


def test_the_same_cells_elsewhere_are_other_cells(tmp_path: Path) -> None:
    """As many cells, one coordinate off by its last bit."""
    moved = declared()
    moved.cells["x"][3] = np.nextafter(3.0, 4.0)
    filled(tmp_path / "s")
    with pytest.raises(BadData, match="cells = 23 cells"):
        open_store(tmp_path / "s", moved)


def _text(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")


def _foreign(folder: Path) -> None:
    (folder / "zarr.json").write_text('{"zarr_format": 3, "node_type": "group", "attributes": {}}')


def _torn(folder: Path) -> None:
    (folder / "zarr.json").write_text('{"zarr_format": 3, "attri')


@pytest.mark.parametrize("content", [_text, _foreign, _torn])
def test_foreign_folders_are_refused_and_left_alone(
    tmp_path: Path, content: Callable[[Path], None]
) -> None:
    content(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(BadData, match="holds no sweep of symgan; name an empty or new folder"):
        open_store(tmp_path, declared())
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("mine")
    with pytest.raises(BadData, match="is not a folder"):
        open_store(tmp_path / "s", declared())


def test_what_a_killed_creation_left_is_cleared_and_an_empty_folder_is_used(
    tmp_path: Path,
) -> None:
    left = tmp_path / ".s.0123.partial"
    left.mkdir()
    (left / "zarr.json").write_text("{")
    (tmp_path / "s").mkdir()
    assert open_store(tmp_path / "s", declared()).pending() == tuple(range(8))
    assert not left.exists()


def test_an_empty_working_folder_becomes_a_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    filled(Path())
    assert read(".")["done"].values.all()
    assert not list(tmp_path.parent.glob(f".{tmp_path.name}.*"))


def test_two_processes_do_not_write_to_one_store(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s", declared())
    with locked(store), pytest.raises(BadData, match="another process is at work on"):
        run(store, computing(declared()), threads=1)
    assert run(store, computing(declared()), threads=1) == 8


def test_undeclared_results_are_refused(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s", declared())
    with pytest.raises(BadData, match="a chunk holds"):
        store.write(0, {"value": np.zeros((3, 5))})
    with pytest.raises(BadData, match="a chunk holds"):
        store.write(7, {"value": np.zeros((3, 5)), "label": np.zeros(3)})  # the last has 2 cells


def test_an_interrupt_ends_the_running_chunks_and_keeps_the_finished(tmp_path: Path) -> None:
    """What Ctrl-C raises in the main thread, here by the report; a checkpoint ends the others."""
    declaration = declared()
    store, ended = open_store(tmp_path / "s", declaration), threading.Event()

    def endless(cells: slice, checkpoint: Callable[[], None]) -> Any:
        if cells.start == 0:
            return computing(declaration)(cells, checkpoint)
        try:
            while True:
                checkpoint()
                time.sleep(0.001)
        finally:
            ended.set()

    def interrupt(done: int, total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(store, endless, threads=2, report=interrupt)
    assert ended.is_set()
    assert store.pending() == tuple(range(1, 8))


def test_failures_of_a_computation_come_through(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s", declared())

    def failing(cells: slice, checkpoint: Callable[[], None]) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(store, failing, threads=2)
    assert store.pending() == tuple(range(8))


def test_the_report_starts_where_the_store_stands(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s", declared())
    store.write(5, computing(declared())(store.cells(5), lambda: None))
    told: list[tuple[int, int]] = []
    run(store, computing(declared()), threads=1, report=lambda *now: told.append(now))
    assert told == [(done, 8) for done in range(1, 9)]


def test_a_missing_extra_names_its_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zarr", None)
    for use in (lambda: open_store(tmp_path / "s", declared()), lambda: read(tmp_path)):
        with pytest.raises(MissingExtra, match=r"zarr.*pip install 'symgan\[sweep\]'"):
            use()

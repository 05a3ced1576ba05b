"""A resumable store of a sweep: a Zarr folder that opens as a labelled xarray Dataset.

The store is created with a `Declaration`: everything that decides the numbers. Results come in
chunks of cells. A chunk is marked done after all of its arrays are written, so that a process
killed at any moment loses the running chunks alone; `Store.pending` names them, and nothing is
computed twice. A store of another declaration is refused.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from symgan.errors import BadData, MissingExtra
from symgan.sweep.declaration import Declaration
from symgan.sweep.layout import ATTRIBUTE, CELL, DONE, METADATA, create, sweep_partial

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Store:
    """An open store; see `open_store`.

    Attributes:
        path: its folder.
        declaration: what it holds.
    """

    path: Path
    declaration: Declaration

    def pending(self) -> tuple[int, ...]:
        """The chunks that are not done, in order."""
        marks = np.asarray(_group(self.path)[DONE][:])
        return tuple(int(i) for i in np.flatnonzero(marks == 0))

    def cells(self, chunk: int) -> slice:
        """The cells of a chunk."""
        first = chunk * self.declaration.chunk
        return slice(first, min(first + self.declaration.chunk, self.declaration.size))

    def write(self, chunk: int, results: Mapping[str, NDArray[Any]]) -> None:
        """Write a chunk, its mark last.

        Args:
            chunk: which one.
            results: variable -> array (cells of the chunk, ...).

        Raises:
            BadData: variables or shapes that were not declared, or a place that cannot be written,
                such as a full disk; the chunks before this one stay whole.
        """
        here = self.cells(chunk)
        _require_declared(self.declaration, here.stop - here.start, results)
        with _writing(self.path):
            group = _group(self.path, "r+")
            for name, values in results.items():
                group[name][here] = np.asarray(values)
            group[DONE][chunk] = 1

    def dataset(self) -> xr.Dataset:
        """The results, labelled; what is not done holds NaN, or 0 where numbers are whole."""
        return read(self.path)


def open_store(path: str | os.PathLike[str], declaration: Declaration) -> Store:
    """Create the store of a declaration, or go on with it.

    Args:
        path: its folder; made if it is not there.
        declaration: what it holds.

    Raises:
        BadData: the folder holds something else, or a store of another declaration (the sentence
            names the first setting that differs), or it cannot be written.
        MissingExtra: xarray or Zarr is not installed.
    """
    require_extra()
    folder = Path(path)
    sweep_partial(folder)
    if not _empty(folder):
        _require_same(folder, declaration)
    else:
        with _writing(folder):
            create(folder, declaration)
    return Store(folder, declaration)


def read(path: str | os.PathLike[str]) -> xr.Dataset:
    """The dataset of a store, whole or not; its attributes hold the declaration.

    Raises:
        BadData: there is no store of a sweep.
        MissingExtra: xarray or Zarr is not installed.
    """
    require_extra()
    import xarray as xr

    settings(path)
    found = xr.open_zarr(str(path), consolidated=False, chunks=None)
    labels = found.attrs[ATTRIBUTE]["labels"]
    cells = found.attrs[ATTRIBUTE].get("coordinates")
    if cells is None:  # a store of an earlier format
        cells = [name for name, v in found.variables.items() if v.dims == (CELL,)]
    return found.set_coords(cells).assign_coords(labels)


def settings(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The declaration that a store was made with, as plain data.

    Raises:
        BadData: there is no store of a sweep.
    """
    return dict(_attributes(Path(path))["declaration"])


def document(path: str | os.PathLike[str]) -> str:
    """The text that the sweep of a store can be read from; empty where its settings suffice.

    Raises:
        BadData: there is no store of a sweep.
    """
    return str(_attributes(Path(path)).get("document", ""))


def _attributes(folder: Path) -> dict[str, Any]:
    try:
        attributes = json.loads((folder / METADATA).read_text(encoding="utf-8"))["attributes"]
        found = dict(attributes[ATTRIBUTE])
        dict(found["declaration"])
        return found
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadData(
            f"{folder} holds no sweep of symgan; name an empty or new folder, or the store of "
            "an earlier run"
        ) from error


@contextmanager
def locked(store: Store) -> Iterator[None]:
    """Keep other processes from writing to a store meanwhile; the system frees it on a kill.

    Raises:
        BadData: another process is at work on it.
    """
    try:
        import fcntl
    except ImportError:  # no such locks on this system; two processes repeat work, no more
        yield
        return
    with (store.path / METADATA).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BadData(
                f"another process is at work on {store.path}; wait for it or choose another folder"
            ) from error
        yield


def require_extra() -> None:
    """Raises:
    MissingExtra: xarray or Zarr is not installed.
    """
    for package in ("xarray", "zarr"):
        try:
            __import__(package)
        except ImportError as error:
            raise MissingExtra(package, "sweep", "the store of a sweep") from error


def _group(path: Path, mode: Any = "r") -> Any:
    import zarr

    return zarr.open_group(str(path), mode=mode)


def _empty(folder: Path) -> bool:
    try:
        return not any(folder.iterdir())
    except FileNotFoundError:
        return True
    except OSError as error:
        raise BadData(f"{folder} is not a folder that can be read; choose another") from error


def _require_same(folder: Path, declaration: Declaration) -> None:
    found, wanted = settings(folder), declaration.described()
    for name in dict.fromkeys((*wanted, *found)):
        if found.get(name) != wanted.get(name):
            raise BadData(
                f"{folder} was made with {name} = {found.get(name)}, not {wanted.get(name)}; "
                "choose another folder or the same settings"
            )


def _require_declared(
    declaration: Declaration, count: int, results: Mapping[str, NDArray[Any]]
) -> None:
    declared = {v.name: (count, *v.dims.values()) for v in declaration.variables}
    given = {name: np.shape(values) for name, values in results.items()}
    if declared != given:
        raise BadData(f"a chunk holds {given}, but the store was declared with {declared}")


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """One sentence for what the operating system refuses."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise BadData(
                f"the disk of {folder} is full; what is finished is whole: make room and run it "
                "again to go on"
            ) from error
        raise BadData(
            f"cannot write to {folder}: {error.strerror or error}; choose a place that can be "
            "written"
        ) from error

"""How a store lies on the disk: its folder, its arrays, and how it is made whole or not at all."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Any

import numpy as np

from symgan.sweep.declaration import Declaration

ATTRIBUTE = "symgan_sweep"
"""Where the declaration stands among the attributes of the store."""
DONE = "done"
"""The array of marks, one a chunk."""
CELL = "cell"
"""The dimension that is cut into chunks."""
METADATA = "zarr.json"
"""The file that makes a folder a Zarr group; never written again, and locked during a run."""


def create(folder: Path, declaration: Declaration) -> None:
    """Build the store beside its place and move it there whole."""
    import zarr

    beside = _partial(folder, uuid.uuid4().hex)
    beside.parent.mkdir(parents=True, exist_ok=True)
    group = zarr.open_group(str(beside), mode="w", zarr_format=3)
    group.attrs[ATTRIBUTE] = {
        "declaration": declaration.described(),
        "digest": declaration.digest,
        "labels": {dim: list(names) for dim, names in declaration.labels.items()},
        "coordinates": list(declaration.cells),
        "document": declaration.document,
    }
    size = declaration.size
    for name, values in declaration.cells.items():
        _array(group, name, (size,), (size,), "float64", (CELL,), "")[:] = values
    for v in declaration.variables:
        shape = tuple(v.dims.values())
        chunk = (declaration.chunk, *shape)
        _array(group, v.name, (size, *shape), chunk, v.dtype, (CELL, *v.dims), v.meaning)
    _array(group, DONE, (declaration.chunks,), (1,), "uint8", ("chunk",), "1 where it is done")
    if not folder.exists():
        beside.rename(folder)
        return
    # An empty folder may be somebody's working folder: it stays, and its metadata come last.
    for part in sorted(beside.iterdir(), key=lambda path: path.name == METADATA):
        part.rename(folder / part.name)
    beside.rmdir()


def _array(
    group: Any,
    name: str,
    shape: tuple[int, ...],
    chunks: tuple[int, ...],
    dtype: str,
    dims: tuple[str, ...],
    meaning: str,
) -> Any:
    fill = np.nan if np.dtype(dtype).kind == "f" else 0
    return group.create_array(
        name,
        shape=shape,
        chunks=chunks,
        dtype=dtype,
        fill_value=fill,
        dimension_names=dims,
        attributes={"meaning": meaning} if meaning else {},
    )


def _partial(folder: Path, mark: str) -> Path:
    place = folder.absolute()
    return place.with_name(f".{place.name}.{mark}.partial")


def sweep_partial(folder: Path) -> None:
    """Remove what a creation that was killed left beside the store."""
    place = folder.absolute()
    for left in place.parent.glob(".*.partial"):
        if left.name.startswith(f".{place.name}."):
            shutil.rmtree(left, ignore_errors=True)

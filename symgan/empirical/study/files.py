"""Files of a study, written aside and moved into place: whole or not there."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.errors import BadData


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it.

    Raises:
        BadData: the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadData(f"cannot make {folder}: {error.strerror}; choose another place") from error


def write_arrays(path: Path, **arrays: NDArray[Any]) -> None:
    """Arrays as one compressed file of NumPy.

    Raises:
        BadData: the place cannot be written.
    """
    buffer = io.BytesIO()
    save: Any = np.savez_compressed  # its annotations take a name for an option
    save(buffer, **arrays)
    write(path, buffer.getvalue())


def read_arrays(path: Path) -> Mapping[str, NDArray[Any]]:
    """The arrays of `write_arrays`.

    Raises:
        BadData: they are missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as found:
            return {name: found[name] for name in found.files}
    except (OSError, ValueError) as error:
        raise BadData(
            f"{path} is missing or damaged; remove its folder to train this task anew"
        ) from error


def write(path: Path, data: bytes) -> None:
    """Write a file whole: what reads it meanwhile sees the one before.

    Raises:
        BadData: the place cannot be written.
    """
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
    except OSError as error:
        raise BadData(
            f"cannot write {path}: {error.strerror or error}; what is finished is whole: mend it "
            "and run it again to go on"
        ) from error

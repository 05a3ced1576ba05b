"""Files of data sets in a local folder: found, or one sentence that says what is missing."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Sequence
from pathlib import Path

from symgan.errors import BadData

_GZIP = b"\x1f\x8b"
LARGEST = 4 * 1024**3
"""Bytes that a single file may hold once it is unpacked; none of the formats here needs more."""


def existing(folder: str | os.PathLike[str], what: str) -> Path:
    """The folder as a path.

    Raises:
        BadData: there is no such folder.
    """
    path = Path(folder).expanduser()
    if not path.is_dir():
        raise BadData(f"{what}: there is no folder {path}; give the one that holds its files")
    return path


def locate(folder: Path, inside: Sequence[str], names: Sequence[str], what: str) -> Path:
    """The first file that exists among some spellings of its name and places for it.

    Args:
        folder: where to look.
        inside: subfolders to look in, in this order; "" is the folder.
        names: spellings of the file's name.
        what: the data set, for the message.

    Raises:
        BadData: none exists; the sentence names the file and the folder.
    """
    for place in inside:
        for name in names:
            path = folder / place / name
            if path.is_file():
                return path
    raise BadData(f"{what}: {folder} holds no {' or '.join(names)}; put the file there")


def read(path: Path, size: int) -> bytes:
    """At most so many bytes of what a file holds, unpacked if it is compressed by gzip.

    Raises:
        BadData: the file cannot be read, or its compressed stream is broken.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP
            file.seek(0)
            if not packed:
                return file.read(size)
            with gzip.GzipFile(fileobj=file) as unpacked:
                return unpacked.read(size)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadData(f"{path} is compressed and broken off or damaged; fetch it again") from error
    except OSError as error:
        raise BadData(f"cannot read {path}: {error.strerror or error}") from error


def choose(word: str, known: Sequence[str], what: str, option: str = "split") -> str:
    """A word that an option of the data set may be.

    Raises:
        BadData: another one.
    """
    if word not in known:
        raise BadData(f"{what}: {option} = {word!r}; choose one of: {', '.join(known)}")
    return word

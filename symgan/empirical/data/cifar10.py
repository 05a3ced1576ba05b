"""CIFAR-10 from a local folder: the binary version, or the python version without its danger.

The python version is a set of pickles, and to load a pickle is to run what it says. `Reader`
below lets it say only what a pickled array of bytes has to say, and builds that array itself:
no function that a file names is ever looked up.
"""

from __future__ import annotations

import io
import math
import os
import pickle
import pickletools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from symgan.empirical.data import folders
from symgan.empirical.data.catalog import dataset
from symgan.empirical.data.source import Images
from symgan.errors import BadData

Bytes = NDArray[np.uint8]

_FILES = {"train": tuple(f"data_batch_{k}" for k in range(1, 6)), "test": ("test_batch",)}
_PYTHON, _BINARY = "cifar-10-batches-py", "cifar-10-batches-bin"
_PIXELS = 3 * 32 * 32


@dataset("cifar10", kind="images")
def cifar10(
    folder: str | os.PathLike[str], split: str = "train", records: int | None = 10_000
) -> Images:
    """Small photographs of ten kinds of things, 3 x 32 x 32: 50,000 to train, 10,000 to test.

    Args:
        folder: holds ``data_batch_1`` ... ``data_batch_5`` and ``test_batch``, either the pickles
            of the python version or, ending in ``.bin``, the binary version; or the folder
            ``cifar-10-batches-py`` or ``cifar-10-batches-bin`` that the archives unpack to.
        split: ``train`` or ``test``.
        records: images that each file must hold; None takes what is there. A binary file that
            breaks off between two images shows it by nothing else.

    Returns:
        Images of shape (3, 32, 32), labels 0 ... 9.

    Raises:
        BadData: a file is absent, incomplete, of another format, or a pickle that asks for more
            than an array of bytes.

    Source: Krizhevsky 2009, Learning multiple layers of features from tiny images.
    """
    files = _FILES[folders.choose(split, tuple(_FILES), "cifar10")]
    path = folders.existing(folder, "cifar10")
    parts = [_read(path, name, records) for name in files]
    pixels = np.concatenate([part[0] for part in parts]).reshape(-1, 3, 32, 32)
    labels = np.concatenate([part[1] for part in parts])
    return Images("cifar10", torch.from_numpy(pixels), torch.from_numpy(labels).long())


def _read(folder: Path, name: str, records: int | None) -> tuple[Bytes, Bytes]:
    path = folders.locate(folder, ("", _PYTHON, _BINARY), (name, f"{name}.bin"), "cifar10")
    pixels, labels = read_binary(path) if path.suffix == ".bin" else read_python(path)
    if records is not None and len(labels) != records:
        raise BadData(f"{path} holds {len(labels)} images, not {records}; fetch it again")
    if labels.max(initial=0) > 9:
        raise BadData(f"{path} holds the label {labels.max()}; those of CIFAR-10 are 0 ... 9")
    return pixels, labels


def read_binary(path: Path) -> tuple[Bytes, Bytes]:
    """Images (n, 3072) and labels (n,) of a binary file: n times a label and 3072 values.

    Raises:
        BadData: the length is no multiple of 3073, or 0.
    """
    raw = folders.read(path, folders.LARGEST)
    if not raw or len(raw) % (1 + _PIXELS):
        raise BadData(
            f"{path} holds {len(raw)} bytes, no multiple of {1 + _PIXELS}: it is incomplete or "
            "not the binary version of CIFAR-10; fetch it again"
        )
    table = np.frombuffer(raw, dtype=np.uint8).reshape(-1, 1 + _PIXELS)
    return table[:, 1:].copy(), table[:, 0].copy()


def read_python(path: Path) -> tuple[Bytes, Bytes]:
    """Images (n, 3072) and labels (n,) of a pickle of the python version.

    Raises:
        BadData: not a pickle, broken off, asking for anything but arrays of bytes, or without
            ``data`` and ``labels`` that fit.
    """
    raw = folders.read(path, folders.LARGEST)
    try:
        _check_memo(raw)
        batch = Reader(io.BytesIO(raw)).load()
    except Forbidden as error:
        raise BadData(f"{path} asks for {error}, which CIFAR-10 does not; not read") from error
    except _BROKEN as error:
        raise BadData(f"{path} is no pickle, or an incomplete one; fetch it again") from error
    return _checked(path, batch)


def _check_memo(raw: bytes) -> None:
    """Refuse numbers of remembered objects that a stream of this length cannot have.

    The unpickler makes room for as many as the largest number, which a damaged byte can
    put at 4e9.
    """
    for opcode, argument, _ in pickletools.genops(raw):
        if "PUT" in opcode.name and int(argument or 0) > len(raw):
            raise Forbidden(f"room for {argument} objects")


def _checked(path: Path, batch: Any) -> tuple[Bytes, Bytes]:
    """The two entries of a batch that are used, if they are what they should be."""
    entries = batch if isinstance(batch, dict) else {}
    data, labels = (entries.get(key, entries.get(key.encode())) for key in ("data", "labels"))
    array = data.array(path) if isinstance(data, Pickled) else None
    if array is None or array.ndim != 2 or array.shape[1] != _PIXELS or not len(array):
        raise BadData(f"{path} holds no array of images with {_PIXELS} bytes each")
    numbers = labels if isinstance(labels, list) else []
    if not all(type(label) is int and 0 <= label < 256 for label in numbers):
        raise BadData(f"{path} holds labels that are not small whole numbers")
    if len(numbers) != len(array):
        raise BadData(f"{path} holds {len(array)} images and {len(numbers)} labels")
    return array, np.array(numbers, dtype=np.uint8)


class Forbidden(Exception):
    """A pickle asks for something that an array of bytes does not need."""


# What the unpickler raises on streams that are cut or scrambled (its own documentation does not
# end the list).
_BROKEN = (
    *(pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError, IndexError),
    *(KeyError, OverflowError, MemoryError, NotImplementedError, RecursionError),
)


class Kind:
    """Stands for a NumPy dtype in a pickle: only single unsigned bytes are known."""

    def __init__(self, code: object, *flags: object) -> None:
        if code not in ("u1", b"u1"):
            raise Forbidden(f"an array of type {code!r}")

    def __setstate__(self, state: object) -> None:
        """Byte order and alignment, which a single byte has none of."""


class Pickled:
    """Stands for a NumPy array in a pickle, and becomes one when it is asked for."""

    def __init__(self, *described: object) -> None:
        self._state: object = None

    def __setstate__(self, state: object) -> None:
        self._state = state

    def array(self, path: Path) -> Bytes:
        """The array that the state describes: (version, shape, dtype, Fortran order, bytes).

        Args:
            path: the file, for the message.

        Raises:
            BadData: it describes none.
        """
        state = self._state
        if not (isinstance(state, tuple) and len(state) == 5 and isinstance(state[2], Kind)):
            raise BadData(f"{path} holds an array without the state of one; fetch it again")
        _, shape, _, fortran, raw = state
        sizes = shape if isinstance(shape, tuple) else ()
        whole = all(type(size) is int and size >= 0 for size in sizes)
        if not (whole and isinstance(raw, bytes) and len(raw) == math.prod(sizes)):
            raise BadData(f"{path} holds an array that does not fit its bytes; fetch it again")
        values = np.frombuffer(raw, dtype=np.uint8)
        return values.reshape(sizes, order="F" if fortran else "C").copy()


class Call:
    """Stands for a function in a pickle, which may call it and nothing else."""

    def __init__(self, does: Callable[..., object]) -> None:
        self._does = does

    def __call__(self, *arguments: object) -> object:
        """What the function returns."""
        return self._does(*arguments)

    def __setstate__(self, state: object) -> None:
        raise Forbidden("a change of a function")


def _text_as_bytes(text: object, encoding: object) -> bytes:
    """How Python 3 writes bytes in old pickles: ``codecs.encode(text, "latin1")``."""
    if not (isinstance(text, str) and encoding in ("latin1", "latin-1")):
        raise Forbidden(f"encoding by {encoding!r}")
    return text.encode("latin-1")


def _empty(kind: object, shape: object, code: object) -> Pickled:
    """How NumPy begins to rebuild an array: empty, before its state arrives."""
    return Pickled()


class Reader(pickle.Unpickler):
    """An unpickler that knows five names, and stands in for each itself."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, encoding="bytes")

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        """The stand-in for a name.

        Raises:
            Forbidden: any other name.
        """
        name = f"{module_name}.{global_name}"
        if name not in _STAND_INS:
            raise Forbidden(f"the name {name!r}")
        return _STAND_INS[name]


_STAND_INS: dict[str, Any] = {
    "numpy.core.multiarray._reconstruct": Call(_empty),
    "numpy._core.multiarray._reconstruct": Call(_empty),
    "numpy.ndarray": Pickled,
    "numpy.dtype": Kind,
    "_codecs.encode": Call(_text_as_bytes),
}

"""MNIST from its four idx files, compressed or not."""

from __future__ import annotations

import math
import os
import struct
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from symgan.empirical.data import folders
from symgan.empirical.data.catalog import dataset
from symgan.empirical.data.source import Images
from symgan.errors import BadData

_STEMS = {"train": "train", "test": "t10k"}
_PLACES = ("", "MNIST/raw", "raw")  # as such, and as torchvision leaves them


@dataset("mnist", kind="images")
def mnist(folder: str | os.PathLike[str], split: str = "train") -> Images:
    """Handwritten digits, 28 x 28: 60,000 to train, 10,000 to test.

    Args:
        folder: holds ``train-images-idx3-ubyte``, ``train-labels-idx1-ubyte`` and the two that
            begin with ``t10k``; ``.gz`` is read as it is, and so are ``.idx3-ubyte`` spellings and
            the folders that torchvision makes. Data sets of the same format (Fashion-MNIST)
            load alike.
        split: ``train`` or ``test``.

    Returns:
        Images of shape (1, 28, 28), labels 0 ... 9.

    Raises:
        BadData: a file is absent, incomplete, or of another format.

    Source: LeCun, Cortes, Burges, The MNIST database of handwritten digits.
    """
    stem = _STEMS[folders.choose(split, tuple(_STEMS), "mnist")]
    path = folders.existing(folder, "mnist")
    pictures = _find(path, f"{stem}-images", "idx3-ubyte")
    classes = _find(path, f"{stem}-labels", "idx1-ubyte")
    pixels, labels = read_idx(pictures, 3), read_idx(classes, 1)
    if pixels.shape[1:] != (28, 28):
        height, width = pixels.shape[1:]
        raise BadData(f"{pictures} holds images of {height} x {width}; those of MNIST are 28 x 28")
    if len(pixels) != len(labels):
        raise BadData(
            f"{pictures} holds {len(pixels)} images and {classes} {len(labels)} labels; "
            "fetch both again"
        )
    if labels.max(initial=0) > 9:
        raise BadData(f"{classes} holds the label {labels.max()}; those of MNIST are 0 ... 9")
    tensors = torch.from_numpy(pixels)[:, None], torch.from_numpy(labels).long()
    return Images("mnist", *tensors)


def read_idx(path: Path, axes: int) -> NDArray[np.uint8]:
    """An array of bytes in the idx format: magic number, sizes of the axes, then the values.

    Args:
        path: the file; gzip is recognized by its first bytes.
        axes: number of axes that it is to have.

    Raises:
        BadData: another format, another number of axes, or not as many values as it says.
    """
    start = 4 + 4 * axes
    head = folders.read(path, start)
    if len(head) < start or head[:4] != bytes([0, 0, 8, axes]):  # 8: unsigned bytes
        raise BadData(f"{path} is no idx file of bytes with {axes} axes, or breaks off at once")
    shape = struct.unpack(f">{axes}I", head[4:])
    size = math.prod(shape)
    if size > folders.LARGEST:
        raise BadData(f"{path} announces {size} values, more than any such data set; check it")
    values = folders.read(path, start + size + 1)[start:]
    if len(values) != size:
        found = "more" if len(values) > size else str(len(values))
        raise BadData(f"{path} announces {size} values and holds {found}; fetch it again")
    return np.frombuffer(values, dtype=np.uint8).reshape(shape).copy()  # copied: writable for torch


def _find(folder: Path, stem: str, kind: str) -> Path:
    names = [f"{stem}{mark}{kind}{end}" for end in ("", ".gz") for mark in ("-", ".")]
    return folders.locate(folder, _PLACES, names, "mnist")

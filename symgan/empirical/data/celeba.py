"""CelebA from a local folder: aligned portraits, their attributes and the official split."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from symgan.empirical.data import folders
from symgan.empirical.data.catalog import dataset
from symgan.empirical.data.source import Images
from symgan.errors import BadData, MissingExtra

SPLITS: Final = MappingProxyType({"train": "0", "valid": "1", "test": "2"})
"""How the partition file writes each split."""

FILTERS: Final = ("bilinear", "bicubic", "lanczos", "box", "nearest")
"""How an image may be resized, by Pillow's names."""

_PARTITION = ("list_eval_partition.txt", "list_eval_partition.csv")
_ATTRIBUTES = ("list_attr_celeba.txt", "list_attr_celeba.csv")
_PICTURES = ("img_align_celeba/img_align_celeba", "img_align_celeba", "")
_CHUNK = 256  # images that one thread decodes before it reports


@dataset("celeba", kind="images")
def celeba(
    folder: str | os.PathLike[str],
    split: str = "train",
    size: int = 64,
    crop: int | None = 178,
    resize: str = "bilinear",
    count: int | None = None,
    workers: int | None = None,
) -> Images:
    """Portraits of celebrities, cropped to the middle square and resized to 3 x size x size.

    The aligned images are 178 x 218. The paper says nothing of crop and size; the defaults are
    the whole width, and the 64 x 64 that DCGANs are built for. All images of the split are
    decoded at once and kept in memory, 12 kB each at 64 x 64: 2 GB for the training split.

    Args:
        folder: holds ``list_eval_partition.txt``, ``list_attr_celeba.txt`` (or ``.csv`` of both)
            and the images in ``img_align_celeba`` (a second folder of this name inside it
            is looked into) or beside the lists.
        split: ``train``, ``valid``, ``test`` or ``all``.
        size: edge of the result.
        crop: edge of the square cut from the middle; None for the largest.
        resize: ``bilinear`` (averaging over what a pixel covers), ``bicubic``, ``lanczos``,
            ``box`` or ``nearest``.
        count: only the first so many images of the split; None for all.
        workers: threads that decode; None for one a processor core.

    Returns:
        Images of shape (3, size, size) in the order of the partition file; labels are truth
        values of shape (n, attributes).

    Raises:
        BadData: a file that is absent, incomplete, of another format, or smaller than the crop; an
            option out of its range.
        MissingExtra: Pillow is not installed.

    Source: Liu, Luo, Wang, Tang 2015, Deep learning face attributes in the wild.
    """
    folders.choose(split, (*SPLITS, "all"), "celeba")
    folders.choose(resize, FILTERS, "celeba", "resize")
    for option, value in (("size", size), ("crop", crop), ("count", count), ("workers", workers)):
        if value is not None and value < 1:
            raise BadData(f"celeba: {option} = {value}; it is a positive whole number")
    path = folders.existing(folder, "celeba")
    chosen, attributes = listing(path, split)
    names = chosen[:count]
    if not names:
        raise BadData(f"celeba: {path} lists no image of the split {split!r}")
    place = _pictures(path, names)
    decode = Decoder(size, crop, resize)
    pixels = _decode_all([place / name for name in names], decode, workers)
    labels = torch.tensor([attributes[name] for name in names])
    return Images("celeba", torch.from_numpy(pixels), labels)


def listing(folder: Path, split: str) -> tuple[list[str], Mapping[str, tuple[bool, ...]]]:
    """The names of a split in the order of the partition file, and every image's attributes.

    Raises:
        BadData: a list is absent, broken off, or the two name different images.
    """
    partition_path = folders.locate(folder, ("",), _PARTITION, "celeba")
    attribute_path = folders.locate(folder, ("",), _ATTRIBUTES, "celeba")
    partition = read_partition(partition_path)
    attributes = read_attributes(attribute_path)
    if partition.keys() != attributes.keys():
        odd = min(partition.keys() ^ attributes.keys())
        raise BadData(
            f"{partition_path} ({len(partition)} images) and {attribute_path} "
            f"({len(attributes)}) differ, first in {odd}; fetch both again"
        )
    wanted = SPLITS.get(split)
    return [name for name, part in partition.items() if wanted in (None, part)], attributes


def read_partition(path: Path) -> dict[str, str]:
    """Image -> ``0`` (train), ``1`` (valid) or ``2`` (test).

    Raises:
        BadData: a line of another form, or an image named twice.
    """
    rows = _rows(path)
    if rows and rows[0][0] == "image_id":  # the csv version has a heading
        rows = rows[1:]
    return _by_name(path, [(row[0], row[1:]) for row in rows], _part)


def _part(values: Sequence[str]) -> str | None:
    return values[0] if len(values) == 1 and values[0] in SPLITS.values() else None


def read_attributes(path: Path) -> dict[str, tuple[bool, ...]]:
    """Image -> one truth value an attribute.

    The text version opens with the number of images and a line of attributes, the csv version with
    ``image_id`` and the attributes. Values are 1 and -1.

    Raises:
        BadData: a line of another form, an image named twice, or not as many as announced.
    """
    rows = _rows(path)
    counted = len(rows) > 1 and len(rows[0]) == 1 and rows[0][0].isdigit()
    titled = bool(rows) and rows[0][0] == "image_id"
    if not counted and not titled:
        raise BadData(f"{path} is no list of CelebA attributes: its first line is another")
    width = len(rows[1]) if counted else len(rows[0]) - 1
    body = rows[2:] if counted else rows[1:]
    if counted and len(body) != int(rows[0][0]):
        raise BadData(f"{path} announces {rows[0][0]} images and lists {len(body)}; fetch it again")

    def truths(values: Sequence[str]) -> tuple[bool, ...] | None:
        valid = len(values) == width and set(values) <= {"1", "-1"}
        return tuple(value == "1" for value in values) if valid else None

    return _by_name(path, [(row[0], row[1:]) for row in body], truths)


def _by_name(path: Path, rows: Sequence[tuple[str, Sequence[str]]], read: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, values in rows:
        value = read(values)
        if value is None or name in found or Path(name).name != name:
            raise BadData(f"{path} breaks its form at {name}; it is incomplete or of another kind")
        found[name] = value
    if not found:
        raise BadData(f"{path} lists no images; fetch it again")
    return found


def _rows(path: Path) -> list[list[str]]:
    """The words of each line that holds any; commas and blanks separate them."""
    try:
        text = folders.read(path, folders.LARGEST).decode("ascii")
    except UnicodeDecodeError as error:
        raise BadData(f"{path} is no text list of CelebA; fetch it again") from error
    return [line.replace(",", " ").split() for line in text.splitlines() if line.strip()]


def _pictures(folder: Path, names: Sequence[str]) -> Path:
    """The folder of the images, which holds every one that is asked for."""
    for place in _PICTURES:
        path = folder / place
        if (path / names[0]).is_file():
            break
    else:
        raise BadData(
            f"celeba: {folder} holds no img_align_celeba/{names[0]}; put the images there"
        )
    present = {entry.name for entry in os.scandir(path)}
    missing = [name for name in names if name not in present]
    if missing:
        raise BadData(
            f"celeba: {path} lacks {len(missing)} of {len(names)} images, first {missing[0]}; "
            "unpack the archive again"
        )
    return path


class Decoder:
    """Reads an image file, cuts the middle square and resizes it."""

    def __init__(self, size: int, crop: int | None, resize: str) -> None:
        try:
            from PIL import Image
        except ImportError as error:
            raise MissingExtra("Pillow", "torch", "the data set celeba") from error
        self._pillow = Image
        self._size, self._crop = size, crop
        self._filter = Image.Resampling[resize.upper()]

    def __call__(self, path: Path) -> NDArray[np.uint8]:
        """The image as (3, size, size) bytes.

        Raises:
            BadData: not a JPEG or PNG, broken off, or smaller than the crop.
        """
        try:
            with self._pillow.open(path, formats=("JPEG", "PNG")) as image:
                small = self._middle(path, image).resize((self._size,) * 2, self._filter)
        except (OSError, SyntaxError, self._pillow.DecompressionBombError) as error:
            raise BadData(f"{path} is no image, or an incomplete one; fetch it again") from error
        return np.asarray(small).transpose(2, 0, 1)

    def _middle(self, path: Path, image: Any) -> Any:
        width, height = image.size
        edge = min(width, height) if self._crop is None else self._crop
        if edge > min(width, height):
            raise BadData(f"{path} is {width} x {height}, smaller than the crop {edge}")
        left, top = (width - edge) // 2, (height - edge) // 2
        return image.convert("RGB").crop((left, top, left + edge, top + edge))


def _decode_all(paths: Sequence[Path], decode: Decoder, workers: int | None) -> NDArray[np.uint8]:
    """All images, shape (n, 3, size, size); the first that fails ends the work."""
    chunks = [paths[first : first + _CHUNK] for first in range(0, len(paths), _CHUNK)]
    pool = ThreadPoolExecutor(workers or os.cpu_count())
    try:
        parts = pool.map(lambda chunk: np.stack([decode(path) for path in chunk]), chunks)
        return np.concatenate(list(parts))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)

"""Sets of images in general, digits, and MNIST in small files: whole, cut and swapped."""

from __future__ import annotations

import gzip
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from symgan.empirical.data import Images, catalog, named
from symgan.empirical.data.digits import held_out
from symgan.errors import BadData, MissingExtra, UnknownName

Bytes = NDArray[np.uint8]


def noise(*shape: int) -> Bytes:
    """Bytes that look like images to a reader."""
    return np.random.default_rng(5).integers(0, 256, shape, dtype=np.uint8)


# --- what all sets of images share ---------------------------------------------------------


@settings(max_examples=20)
@given(st.sampled_from([1, 16, 255]), st.data())
def test_gray_levels_become_numbers_between_minus_one_and_one(
    levels: int, data: st.DataObject
) -> None:
    value = data.draw(st.integers(0, levels) | st.sampled_from([0, levels]))
    images = Images("one", torch.full((1, 1, 1, 1), value, dtype=torch.uint8), levels=levels)
    exact = (value / levels - 0.5) / 0.5  # how the paper's normalization is written
    for dtype, close in ((torch.float64, 3e-16), (torch.float32, 1e-7)):  # roundings near 1
        found = images.take(torch.tensor([0]), dtype)
        assert abs(float(found) - exact) <= close
    assert float(found) == float(np.float32(2 * value - levels) / np.float32(levels))


def test_drawing_images_splits_and_repeats() -> None:
    images = Images("ten", torch.arange(10, dtype=torch.uint8).reshape(10, 1, 1, 1), levels=9)
    whole, pieces = (torch.Generator().manual_seed(4) for _ in range(2))
    parts = torch.cat([images.sample(n, pieces) for n in (1, 0, 30, 9)])
    drawn = images.sample(40, whole)
    assert torch.equal(drawn, parts)
    assert len(drawn.unique()) < 40  # more draws than images: some come again


@pytest.mark.parametrize(
    ("pixels", "labels"),
    [
        (torch.zeros(2, 1, 2, 2), None),
        (torch.zeros(2, 2, 2, dtype=torch.uint8), None),
        (torch.zeros(0, 1, 2, 2, dtype=torch.uint8), None),
        (torch.zeros(2, 1, 2, 2, dtype=torch.uint8), torch.zeros(3)),
    ],
)
def test_images_that_do_not_fit_are_refused(
    pixels: torch.Tensor, labels: torch.Tensor | None
) -> None:
    with pytest.raises(BadData, match="wrong"):
        Images("wrong", pixels, labels)


def test_the_catalog_says_what_needs_a_folder() -> None:
    entries = catalog()
    assert {name for name, entry in entries.items() if entry.folder} == {
        "mnist",
        "cifar10",
        "celeba",
    }
    for name, entry in entries.items():
        assert entry.name == name
        assert entry.summary
    for name in ("mnist", "cifar10", "celeba"):
        with pytest.raises(BadData, match="never downloaded; give its folder"):
            named(name)
    with pytest.raises(UnknownName, match="digits, line, mnist"):
        named("digit")
    with pytest.raises(UnknownName, match="choose one of: split"):
        named("digits", folder="x")


# --- digits --------------------------------------------------------------------------------


def test_digits_are_split_by_class_once_and_for_all() -> None:
    train, test, whole = (named("digits", split=split) for split in ("train", "test", "all"))
    assert isinstance(train, Images)
    assert isinstance(test, Images)
    assert isinstance(whole, Images)
    assert train.labels is not None
    assert test.labels is not None
    assert whole.labels is not None
    for digit in range(10):
        rows = [int((part.labels == digit).sum()) for part in (train, test, whole)]
        assert rows[1] == rows[2] // 5
        assert rows[0] == rows[2] - rows[1]
    held = torch.from_numpy(held_out(whole.labels.numpy()))
    assert torch.equal(whole.pixels[held], test.pixels)
    assert torch.equal(whole.pixels[~held], train.pixels)
    values = whole.take(torch.arange(len(whole)))
    assert (values.min(), values.max()) == (-1, 1)
    assert whole.shape == (1, 8, 8)


def test_digits_look_like_their_labels() -> None:
    # The mean image of a class, learned on the training part, tells most test images.
    train, test = named("digits"), named("digits", split="test")
    assert isinstance(train, Images)
    assert isinstance(test, Images)
    assert train.labels is not None
    x, z = (part.take(torch.arange(len(part))).flatten(1) for part in (train, test))
    means = torch.stack([x[train.labels == digit].mean(0) for digit in range(10)])
    told = torch.cdist(z, means).argmin(1)
    assert (told == test.labels).double().mean() > 0.85
    assert test.labels is not None
    assert (told == test.labels.roll(1)).double().mean() < 0.3


def test_digits_without_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(MissingExtra, match="scikit-learn"):
        named("digits")


# --- MNIST ---------------------------------------------------------------------------------


def idx(array: Bytes) -> bytes:
    """An array in the idx format."""
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.tobytes()


PIXELS, LABELS = noise(7, 28, 28), np.arange(7, dtype=np.uint8)
NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")


def mnist_in(folder: Path, pictures: bytes, classes: bytes, end: str = "", mark: str = "-") -> Path:
    """A folder with the two files of the training split."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in zip(NAMES, (pictures, classes), strict=True):
        path = folder / (name.replace("-idx", f"{mark}idx") + end)
        path.write_bytes(gzip.compress(content) if end else content)
    return folder


@pytest.mark.parametrize(
    ("inside", "end", "mark"),
    [("", "", "-"), ("", ".gz", "-"), ("MNIST/raw", "", "-"), ("", "", ".")],
)
def test_mnist_is_read_as_it_was_written(tmp_path: Path, inside: str, end: str, mark: str) -> None:
    mnist_in(tmp_path / inside, idx(PIXELS), idx(LABELS), end, mark)
    images = named("mnist", folder=tmp_path)
    assert isinstance(images, Images)
    assert images.labels is not None
    assert images.shape == (1, 28, 28)
    assert np.array_equal(images.pixels[:, 0].numpy(), PIXELS)
    assert images.labels.tolist() == list(range(7))
    with pytest.raises(BadData, match="t10k-images-idx3-ubyte"):
        named("mnist", folder=tmp_path, split="test")


@pytest.mark.parametrize(
    ("pictures", "classes", "words"),
    [
        (idx(PIXELS)[:-1], idx(LABELS), "announces 5488 values and holds 5487"),
        (idx(PIXELS) + b"x", idx(LABELS), "announces 5488 values and holds more"),
        (idx(PIXELS)[:9], idx(LABELS), "breaks off at once"),
        (b"", idx(LABELS), "breaks off at once"),
        (idx(LABELS), idx(PIXELS), "no idx file of bytes with 3 axes"),
        (idx(PIXELS[0]), idx(LABELS), "no idx file of bytes with 3 axes"),
        (idx(PIXELS), idx(PIXELS[0]), "no idx file of bytes with 1 axes"),
        (idx(PIXELS[:6]), idx(LABELS), "6 images and .* 7 labels"),
        (idx(noise(7, 14, 14)), idx(LABELS), "14 x 14"),
        (idx(PIXELS), idx(LABELS + 5), "the label 11"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), idx(LABELS), "no idx file"),
        (bytes([0, 0, 13, 3]) + idx(PIXELS)[4:], idx(LABELS), "no idx file of bytes"),
        (bytes([0, 0, 8, 3]) + b"\xff" * 12, idx(LABELS), "more than any"),
        (gzip.compress(idx(PIXELS))[:-50], idx(LABELS), "broken off or damaged"),
        (idx(PIXELS[:0]), idx(LABELS[:0]), "images are"),
    ],
)
def test_mnist_that_is_not_whole_is_refused(
    tmp_path: Path, pictures: bytes, classes: bytes, words: str
) -> None:
    mnist_in(tmp_path, pictures, classes)
    with pytest.raises(BadData, match=words):
        named("mnist", folder=tmp_path)


def test_no_folder_no_split_no_rights(tmp_path: Path) -> None:
    for name in ("mnist", "cifar10", "celeba"):
        with pytest.raises(BadData, match="there is no folder"):
            named(name, folder=tmp_path / "absent")
        with pytest.raises(BadData, match="split = 'half'; choose one of: train"):
            named(name, folder=tmp_path, split="half")
        with pytest.raises(BadData, match=f"{name}: .* holds no .* put the file there"):
            named(name, folder=tmp_path)

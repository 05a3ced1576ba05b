"""CIFAR-10: both versions, whole, cut, of another kind, and hostile."""

from __future__ import annotations

import os
import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from symgan.empirical.data import Images, cifar10, named
from symgan.errors import BadData

Bytes = NDArray[np.uint8]


def noise(*shape: int) -> Bytes:
    """Bytes that look like images to a reader."""
    return np.random.default_rng(5).integers(0, 256, shape, dtype=np.uint8)


ROWS, CLASSES = noise(3, 3072), [3, 0, 9]


def pickled(rows: NDArray[Any] = ROWS, labels: Any = CLASSES, protocol: int = 2) -> bytes:
    """A batch as Python 3 pickles it."""
    return pickle.dumps({b"batch_label": b"one", b"data": rows, b"labels": labels}, protocol)


def pickled_by_python_2(rows: Bytes = ROWS, labels: list[int] = CLASSES) -> bytes:
    """A batch as Python 2 pickled it: byte strings for text, NumPy's names of that time."""
    shape = b"".join(b"M" + struct.pack("<H", size) for size in rows.shape) + b"\x86"
    array = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
    order = b"(K\x03U\x01|NNN" + 2 * b"J\xff\xff\xff\xff" + b"K\x00tb"
    dtype = b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R" + order
    raw = b"T" + struct.pack("<i", rows.size) + rows.tobytes()
    numbers = b"](" + b"".join(bytes([ord("K"), label]) for label in labels) + b"e"
    state = b"(K\x01" + shape + dtype + b"\x89" + raw + b"tb"
    return b"\x80\x02}(U\x04data" + array + state + b"U\x06labels" + numbers + b"u."


def binary(rows: Bytes = ROWS, labels: list[int] = CLASSES) -> bytes:
    """A batch of the binary version."""
    return np.column_stack([np.array(labels, dtype=np.uint8), rows]).tobytes()


def cifar_in(folder: Path, content: bytes, end: str = "") -> Path:
    """A folder with the six files, all alike."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in [*(f"data_batch_{k}" for k in range(1, 6)), "test_batch"]:
        (folder / f"{name}{end}").write_bytes(content)
    return folder


@pytest.mark.parametrize(
    ("content", "end", "inside"),
    [
        (pickled(), "", ""),
        (pickled(protocol=0), "", ""),
        (pickled(protocol=4), "", "cifar-10-batches-py"),
        (pickled(np.asfortranarray(ROWS)), "", ""),
        (pickled_by_python_2(), "", ""),
        (binary(), ".bin", ""),
        (binary(), ".bin", "cifar-10-batches-bin"),
    ],
)
def test_both_versions_of_cifar_are_read_as_they_were_written(
    tmp_path: Path, content: bytes, end: str, inside: str
) -> None:
    cifar_in(tmp_path / inside, content, end)
    test = named("cifar10", folder=tmp_path, split="test", records=3)
    train = named("cifar10", folder=tmp_path, records=None)
    assert isinstance(test, Images)
    assert isinstance(train, Images)
    assert train.labels is not None
    assert np.array_equal(test.pixels.numpy(), ROWS.reshape(3, 3, 32, 32))
    assert torch.equal(train.pixels, test.pixels.repeat(5, 1, 1, 1))
    assert train.labels.tolist() == CLASSES * 5


class Hostile:
    """Runs a command when it is unpickled."""

    def __init__(self, call: Callable[..., Any], *arguments: Any) -> None:
        self._what = (call, arguments)

    def __reduce__(self) -> Any:
        return self._what


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_a_pickle_that_runs_a_command_is_refused_unrun(tmp_path: Path, protocol: int) -> None:
    mark = tmp_path / "mark"
    for call, argument in (
        (os.system, f"touch {mark}"),
        (eval, f"open({str(mark)!r}, 'w').close()"),
    ):
        attack = pickle.dumps({b"data": Hostile(call, argument), b"labels": []}, protocol)
        cifar_in(tmp_path, attack)
        with pytest.raises(BadData, match=f"asks for the name '.*{call.__name__}'"):
            named("cifar10", folder=tmp_path, records=None)
        assert not mark.exists()
    pickle.loads(attack).clear()  # the attack is a real one
    assert mark.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"cnumpy\nload\n.", "the name 'numpy.load'"),
        (b"cnumpy.core.multiarray\n_reconstruct\n}U\x01aK\x01sb.", "a change of a function"),
        (b"c_codecs\nencode\n(U\x01aU\x05utf-7tR.", "encoding by"),
        (b"\x80\x02}r\xff\xff\xff\xff.", "room for 4294967295 objects"),
        (pickled(ROWS.astype(np.float32)), "an array of type b?'f4'"),
        (pickled(np.array([None] * 3)), "an array of type b?'O8'"),
        (pickled(noise(3, 3000)), "no array of images with 3072"),
        (pickled(noise(0, 3072), []), "asks for the name .*bytes"),
        (pickled(labels=[1, 2]), "3 images and 2 labels"),
        (pickled(labels=[1, 2, 300]), "not small whole numbers"),
        (pickled(labels=[1, 2, 10]), "the label 10"),
        (pickle.dumps([1, 2], 2), "no array of images"),
        (b"", "no pickle, or an incomplete one"),
        (binary(), "no pickle, or an incomplete one"),
        (pickled_by_python_2().replace(b"M\x00\x0c", b"M\x01\x0c"), "does not fit its bytes"),
    ],
)
def test_python_files_of_another_kind_are_refused(
    tmp_path: Path, content: bytes, words: str
) -> None:
    cifar_in(tmp_path, content)
    with pytest.raises(BadData, match=words):
        named("cifar10", folder=tmp_path, records=None)


@pytest.mark.parametrize(
    ("content", "records", "words"),
    [
        (binary()[:-1], None, "9218 bytes, no multiple of 3073"),
        (b"", None, "0 bytes"),
        (binary(labels=[1, 2, 10]), None, "the label 10"),
        (binary()[:3073], 3, "holds 1 images, not 3"),
        (pickled(), None, "no multiple of 3073"),
    ],
)
def test_binary_files_of_another_kind_are_refused(
    tmp_path: Path, content: bytes, records: int | None, words: str
) -> None:
    cifar_in(tmp_path, content, ".bin")
    with pytest.raises(BadData, match=words):
        named("cifar10", folder=tmp_path, records=records)


SMALL = pickled_by_python_2(noise(1, 3072), [4])


@settings(max_examples=60)
@given(st.data())
def test_damaged_pickles_are_refused_or_read_as_images(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    frame = [k for k in range(len(SMALL)) if k < 140 or k > len(SMALL) - 30]  # outside the pixels
    content = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.sampled_from(frame))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.just(len(content)) | st.integers(0, len(content)))
    path = tmp_path_factory.mktemp("cifar") / "data_batch_1"
    path.write_bytes(bytes(content[:cut]))
    said = ""
    pixels, labels = noise(0, 3072), noise(0)
    try:
        pixels, labels = cifar10.read_python(path)
    except BadData as error:
        said = str(error)
    assert (str(path) in said) == (len(pixels) == 0)
    assert pixels.shape == (len(labels), 3072)
    assert pixels.dtype == np.uint8


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_every_cut_of_a_pickle_is_seen(tmp_path: Path, protocol: int) -> None:
    path = tmp_path / "data_batch_1"
    whole = pickled(noise(1, 3072), [4], protocol)
    for cut in range(0, len(whole), 47):
        path.write_bytes(whole[:cut])
        with pytest.raises(BadData):
            cifar10.read_python(path)
    path.write_bytes(whole)
    assert cifar10.read_python(path)[1].tolist() == [4]

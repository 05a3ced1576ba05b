"""CelebA: a small folder of the real layout, with its lists as text and as csv."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from symgan.empirical.data import Images, named
from symgan.errors import BadData, MissingExtra

NAMES = [f"{k:06d}.jpg" for k in range(1, 7)]
PARTS = ["0", "0", "1", "2", "0", "2"]
TRUTHS = [["1", "-1"], ["-1", "-1"], ["1", "1"], ["-1", "1"], ["1", "-1"], ["-1", "-1"]]


def portrait(k: int, width: int = 178, height: int = 218) -> NDArray[np.uint8]:
    """A smooth picture that is different in each row, column, color and image."""
    y, x = np.mgrid[:height, :width]
    return np.stack([x + 10 * k, y, (x + y) // 2], axis=-1).clip(0, 255).astype(np.uint8)


def lists(folder: Path, kind: str) -> None:
    """The two lists, as the archive (text) or as the usual mirrors (csv) have them."""
    if kind == "text":
        rows = [f"{n}  {' '.join(t)}" for n, t in zip(NAMES, TRUTHS, strict=True)]
        attributes = "\n".join([str(len(NAMES)), "Bald Smiling ", *rows]) + "\n"
        partition = "".join(f"{n} {p}\n" for n, p in zip(NAMES, PARTS, strict=True))
    else:
        rows = [f"{n},{','.join(t)}" for n, t in zip(NAMES, TRUTHS, strict=True)]
        attributes = "\r\n".join(["image_id,Bald,Smiling", *rows]) + "\r\n"
        parts = [f"{n},{p}" for n, p in zip(NAMES, PARTS, strict=True)]
        partition = "\r\n".join(["image_id,partition", *parts])
    end = "txt" if kind == "text" else "csv"
    (folder / f"list_attr_celeba.{end}").write_text(attributes, encoding="ascii")
    (folder / f"list_eval_partition.{end}").write_text(partition, encoding="ascii")


def celeba_in(
    folder: Path, kind: str = "text", inside: str = "img_align_celeba", form: str = "PNG"
) -> Path:
    """A folder of six images; PNG under the usual names where digits are compared."""
    lists(folder, kind)
    (folder / inside).mkdir(parents=True, exist_ok=True)
    for k, name in enumerate(NAMES):
        Image.fromarray(portrait(k)).save(folder / inside / name, format=form, quality=95)
    return folder


@pytest.mark.parametrize("kind", ["text", "csv"])
@pytest.mark.parametrize("inside", ["img_align_celeba", "img_align_celeba/img_align_celeba", ""])
def test_splits_and_attributes_are_those_of_the_lists(
    tmp_path: Path, kind: str, inside: str
) -> None:
    celeba_in(tmp_path, kind, inside)
    for split, chosen in (("train", [0, 1, 4]), ("valid", [2]), ("test", [3, 5])):
        images = named("celeba", folder=tmp_path, split=split, size=178, workers=2)
        assert isinstance(images, Images)
        assert images.labels is not None
        expected = np.stack([portrait(k)[20:198].transpose(2, 0, 1) for k in chosen])
        assert np.array_equal(images.pixels.numpy(), expected)  # the middle 178 of 218 rows
        truths = [[value == "1" for value in TRUTHS[k]] for k in chosen]
        assert images.labels.tolist() == truths
    everything = named("celeba", folder=tmp_path, split="all", count=4)
    assert isinstance(everything, Images)
    assert len(everything) == 4
    assert everything.shape == (3, 64, 64)


def test_crop_and_size_are_options(tmp_path: Path) -> None:
    celeba_in(tmp_path)
    options = {"folder": tmp_path, "count": 1}
    small = named("celeba", crop=100, size=100, **options)
    halved = named("celeba", crop=100, size=50, resize="box", **options)
    widest = named("celeba", crop=None, size=178, **options)
    assert isinstance(small, Images)
    assert isinstance(halved, Images)
    assert isinstance(widest, Images)
    exact = portrait(0)[59:159, 39:139].transpose(2, 0, 1)
    assert np.array_equal(small.pixels[0].numpy(), exact)
    means = exact.reshape(3, 50, 2, 50, 2).mean((2, 4))
    off = halved.pixels[0].numpy() - means  # Pillow averages and rounds rows, then columns
    assert np.abs(off).max() <= 1
    assert np.abs(off + means - np.roll(means, 1, axis=2)).max() > 1
    assert np.array_equal(widest.pixels[0].numpy(), portrait(0)[20:198].transpose(2, 0, 1))


def test_the_filter_is_the_one_asked_for(tmp_path: Path) -> None:
    celeba_in(tmp_path)
    y, x = np.mgrid[:218, :178]
    board = np.repeat((200 * ((x + y) % 2)).astype(np.uint8)[..., None], 3, axis=-1)
    Image.fromarray(board).save(tmp_path / "img_align_celeba" / NAMES[0], "PNG")
    values = {}
    for resize in ("box", "bilinear", "nearest"):
        images = named("celeba", folder=tmp_path, count=1, crop=100, size=50, resize=resize)
        assert isinstance(images, Images)
        values[resize] = set(images.pixels.unique().tolist())
    assert values["box"] == {100}
    assert values["nearest"] in ({0}, {200})  # one pixel of each four
    assert max(abs(value - 100) for value in values["bilinear"]) < 20  # uneven at the rim


def test_jpeg_is_read(tmp_path: Path) -> None:
    celeba_in(tmp_path, form="JPEG")
    images = named("celeba", folder=tmp_path, size=178, count=1)
    assert isinstance(images, Images)
    difference = images.pixels[0].numpy() - portrait(0)[20:198].transpose(2, 0, 1).astype(float)
    # Quality 95 on a smooth picture: its own quantization, two gray levels in the mean.
    assert np.abs(difference).mean() < 2


def cut_image(folder: Path) -> None:
    path = folder / "img_align_celeba" / NAMES[1]
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def no_image(folder: Path) -> None:
    (folder / "img_align_celeba" / NAMES[1]).write_bytes(b"GIF89a" + bytes(50))


def lost_image(folder: Path) -> None:
    (folder / "img_align_celeba" / NAMES[4]).unlink()


def no_images(folder: Path) -> None:
    for name in NAMES:
        (folder / "img_align_celeba" / name).unlink()


def tiny_image(folder: Path) -> None:
    Image.fromarray(portrait(0, 100, 120)).save(folder / "img_align_celeba" / NAMES[1], "PNG")


def edited(name: str, old: str, new: str) -> Callable[[Path], None]:
    """An edit of one of the lists."""

    def edit(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="ascii")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return edit


ATTRIBUTES, PARTITION = "list_attr_celeba.txt", "list_eval_partition.txt"


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (cut_image, "000002.jpg is no image, or an incomplete one"),
        (no_image, "000002.jpg is no image, or an incomplete one"),
        (lost_image, "lacks 1 of 3 images, first 000005.jpg"),
        (no_images, "holds no img_align_celeba/000001.jpg"),
        (tiny_image, "100 x 120, smaller than the crop 178"),
        (edited(ATTRIBUTES, "6\n", "7\n"), "announces 7 images and lists 6"),
        (edited(ATTRIBUTES, "000006.jpg  -1 -1", "000006.jpg  -1"), "at 000006.jpg"),
        (edited(ATTRIBUTES, "000006.jpg  -1 -1", "000006.jpg  -1 0"), "at 000006.jpg"),
        (edited(ATTRIBUTES, "6\nBald", "Bald"), "first line"),
        (edited(PARTITION, "000006.jpg 2\n", ""), "differ, first in 000006.jpg"),
        (edited(PARTITION, "000006.jpg 2", "000006.jpg"), "at 000006.jpg"),
        (edited(PARTITION, "000006.jpg 2", "000006.jpg 3"), "at 000006.jpg"),
        (edited(PARTITION, "000006.jpg", "000005.jpg"), "at 000005.jpg"),
        (edited(PARTITION, "000006.jpg", "../000006.jpg"), "breaks its form at ../000006.jpg"),
        (edited(PARTITION, "000006", "ä"), "no text list"),
        (lambda folder: (folder / PARTITION).write_bytes(b""), "lists no images"),
        (lambda folder: (folder / ATTRIBUTES).unlink(), "list_attr_celeba.txt or"),
    ],
)
def test_what_is_absent_cut_or_other_is_said(
    tmp_path: Path, harm: Callable[[Path], object], words: str
) -> None:
    celeba_in(tmp_path)
    harm(tmp_path)
    with pytest.raises(BadData, match=words):
        named("celeba", folder=tmp_path)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"size": 0}, "size = 0"),
        ({"crop": -1}, "crop = -1"),
        ({"count": 0}, "count = 0"),
        ({"workers": 0}, "workers = 0"),
        ({"resize": "hamming"}, "resize = 'hamming'; choose one of: bilinear"),
    ],
)
def test_options_out_of_range_are_named(
    tmp_path: Path, options: dict[str, object], words: str
) -> None:
    with pytest.raises(BadData, match=words):
        named("celeba", folder=tmp_path, **options)


def test_a_split_without_images_is_said(tmp_path: Path) -> None:
    celeba_in(tmp_path)
    edited(PARTITION, "000003.jpg 1", "000003.jpg 0")(tmp_path)
    with pytest.raises(BadData, match="no image of the split 'valid'"):
        named("celeba", folder=tmp_path, split="valid")


def test_celeba_without_pillow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    celeba_in(tmp_path)
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(MissingExtra, match="Pillow"):
        named("celeba", folder=tmp_path)

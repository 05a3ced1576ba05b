"""What is kept on disk: found again, damaged, open to others, too much of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from symgan.cache import Cache, user_cache
from symgan.errors import BadData


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "kept").opened()


def test_what_is_kept_is_found(cache: Cache) -> None:
    cache.keep("a", {"x": (1, 2)})
    assert cache.find("a") == {"x": (1, 2)}
    cache.keep("a", 3)
    assert cache.find("a") == 3
    assert cache.find("b") is None


def test_nothing_half_written_stays(cache: Cache) -> None:
    cache.keep("a", 1)
    assert [p.name for p in cache.folder.iterdir()] == ["a.kept"]


@pytest.mark.parametrize("place", [0, 40, -1])
def test_a_damaged_file_counts_as_absent(cache: Cache, place: int) -> None:
    cache.keep("a", list(range(50)))
    path = cache.folder / "a.kept"
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))
    assert cache.find("a") is None
    path.write_bytes(b"")
    assert cache.find("a") is None


def test_a_folder_open_to_others_is_refused(cache: Cache) -> None:
    cache.keep("a", 1)
    cache.folder.chmod(0o777)
    for use in (lambda: cache.find("a"), lambda: cache.keep("b", 2), cache.opened):
        with pytest.raises(BadData, match="open to other users; run chmod 700"):
            use()


def test_the_folder_is_private(cache: Cache) -> None:
    assert cache.folder.stat().st_mode & 0o777 == 0o700


def test_a_place_that_is_no_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadData, match=r"cannot keep results in .*SYMGAN_CACHE_DIR"):
        Cache(tmp_path / "file").opened()


def test_room_is_made_by_last_use(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "kept", limit=2500)
    for age, key in enumerate("abc"):
        cache.keep(key, bytes(1000))
        os.utime(cache.folder / f"{key}.kept", (age, age))
    assert cache.find("a") is not None  # used now: b is the oldest
    cache.trim()
    assert [key for key in "abc" if cache.find(key) is not None] == ["a", "c"]
    assert cache.size() <= 2500
    assert cache.clear() == 2
    assert cache.size() == 0


def test_the_user_may_name_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SYMGAN_CACHE_DIR", str(tmp_path / "mine"))
    assert user_cache().folder == tmp_path / "mine"
    monkeypatch.delenv("SYMGAN_CACHE_DIR")
    assert user_cache().folder.name == "symgan"

"""Results kept on disk between runs: private, written whole or not at all, bounded in size.

What is kept is native data (pickles), so a folder that others may write to is refused.
Keys are digests of everything a result depends on; a damaged file counts as absent.
"""

from __future__ import annotations

import os
import pickle
import stat
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from symgan.errors import BadData

VARIABLE = "SYMGAN_CACHE_DIR"
LIMIT = 256 * 2**20
"""Bytes a cache may hold unless told otherwise; the files used longest ago go first."""
_SUFFIX = ".kept"
_DIGEST = sha256().digest_size


@dataclass(frozen=True)
class Cache:
    """A folder of results by key.

    Args:
        folder: made with mode 0700 when something is first kept.
        limit: bytes it may hold.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cache = Cache(Path(folder) / "kept")
    ...     cache.keep("0a", (1, 2))
    ...     cache.find("0a"), cache.find("0b"), cache.clear()
    ((1, 2), None, 1)
    """

    folder: Path
    limit: int = LIMIT

    def find(self, key: str) -> Any | None:
        """What is kept under a key; None where nothing is, or the file is damaged.

        Raises:
            BadData: the folder belongs to somebody else, or others may write to it.
        """
        path = self._path(key)
        try:
            self._require_private()
            data = path.read_bytes()
        except OSError:
            return None
        if sha256(data[_DIGEST:]).digest() != data[:_DIGEST]:
            return None
        try:
            found = pickle.loads(data[_DIGEST:])
        except Exception:  # noqa: BLE001 - a class that has changed since: examine anew
            return None
        os.utime(path)  # used now: it goes last when room is made
        return found

    def keep(self, key: str, value: Any) -> None:
        """Keep a value under a key, replacing what was there.

        Raises:
            BadData: the folder cannot be made or written, or is open to others.
        """
        data = pickle.dumps(value)
        self.opened()
        try:
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
                file.write(sha256(data).digest() + data)
            Path(file.name).replace(self._path(key))
        except OSError as error:
            raise self._unusable(error) from error

    def opened(self) -> Cache:
        """The same cache, its folder made and found private.

        Raises:
            BadData: the folder cannot be made or written, or is open to others.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._require_private()
        except OSError as error:
            raise self._unusable(error) from error
        if not os.access(self.folder, os.W_OK):
            raise self._unusable(PermissionError(13, os.strerror(13)))
        return self

    def trim(self) -> None:
        """Remove the files used longest ago until the rest is within the limit."""
        total = 0
        for path in sorted(self._files(), key=lambda p: p.stat().st_mtime, reverse=True):
            total += path.stat().st_size
            if total > self.limit:
                path.unlink(missing_ok=True)

    def clear(self) -> int:
        """Remove everything that is kept, and say how many files that were."""
        paths = self._files()
        for path in paths:
            path.unlink(missing_ok=True)
        return len(paths)

    def size(self) -> int:
        """How many bytes are kept."""
        return sum(path.stat().st_size for path in self._files())

    def _files(self) -> list[Path]:
        return list(self.folder.glob(f"*{_SUFFIX}"))

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{_SUFFIX}"

    def _unusable(self, error: OSError) -> BadData:
        return BadData(
            f"cannot keep results in {self.folder}: {error.strerror}; set {VARIABLE} to a "
            "folder that can be written"
        )

    def _require_private(self) -> None:
        """Reading a pickle runs what it says: only the user may have written it."""
        if os.name != "posix":
            return
        found = self.folder.stat()
        if found.st_uid != os.getuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise BadData(
                f"the cache {self.folder} is open to other users; run chmod 700 on it, "
                f"or set {VARIABLE} to a folder of your own"
            )


def user_cache() -> Cache:
    """The user's cache: ``SYMGAN_CACHE_DIR``, or symgan's place in the platform's cache folder."""
    if named := os.environ.get(VARIABLE):
        return Cache(Path(named))
    from platformdirs import user_cache_path

    return Cache(user_cache_path("symgan", appauthor=False))

r"""What the atlas found, kept between runs under digests of all it depends on.

An answer to a linear problem depends on the problem itself (its digest stands in the key), the
rules and the analysis; a setting or a cell on every game and regularizer too. So a new game
leaves the answers valid. Versions of what is installed, Python and the machine stand in both.
"""

from __future__ import annotations

import platform
import sys
from functools import cache
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from symgan.cache import Cache

_ROOT = Path(__file__).parents[1]
_NOWHERE = {"report", "cli", "claims", "kernels", "parse", "stats", "data", "testing"}
"""Packages on which nothing in the atlas depends."""
_OF_GAMES = {"games", "regularizers", "losses.py", "expectation.py", "laws.py"}
"""What a linear problem does not depend on: it is in the key as it is."""


class Stored:
    """Finds and keeps what the atlas found.

    Args:
        kept: where results are kept.
    """

    def __init__(self, kept: Cache) -> None:
        self._kept = kept

    def find(self, kind: str, key: str) -> Any | None:
        """What is kept under a key of its kind; None where nothing is."""
        return self._kept.find(_digest(kind, key))

    def keep(self, kind: str, key: str, value: Any) -> None:
        """Keep a result."""
        self._kept.keep(_digest(kind, key), value)

    def trim(self) -> None:
        """Make room for what was kept."""
        self._kept.trim()


def _digest(kind: str, key: str) -> str:
    left_out = frozenset(_NOWHERE | _OF_GAMES if kind == "answer" else _NOWHERE)
    return sha256("\0".join((_environment(), _sources(left_out), kind, key)).encode()).hexdigest()


@cache
def _environment() -> str:
    """Versions of everything installed, Python and the machine."""
    versions = sorted(f"{d.metadata['Name']}=={d.version}" for d in distributions())
    return "\0".join((*versions, sys.version, platform.machine(), platform.system()))


@cache
def _sources(left_out: frozenset[str]) -> str:
    """A digest of symgan's sources without some of its parts."""
    digest = sha256()
    for path in sorted(_ROOT.rglob("*.py")):
        inside = path.relative_to(_ROOT)
        if inside.parts[0] not in left_out:
            digest.update(str(inside).encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()

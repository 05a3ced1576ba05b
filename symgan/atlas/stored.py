r"""What the atlas found, kept between runs under digests of all it depends on.

That is the code that makes settings, answers and cells, with all that it imports, and the
modules of the rule, the game and the regularizer it is about: another rule leaves what was found
valid, and so does what has no part in it. What a linear problem is stands in its key, so a game
does not count there. Versions of what is installed, Python and the machine stand in every key.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from symgan.atlas.packed import Packed
from symgan.atlas.sources import CORE, Sources
from symgan.cache import Cache


class Stored:
    """Finds and keeps what the atlas found.

    Args:
        kept: where results are kept.
    """

    def __init__(self, kept: Cache) -> None:
        self._kept = kept
        self._sources = Sources(Path(__file__).parents[2])

    def find(self, kind: str, key: str, modules: Sequence[str]) -> Any | None:
        """What is kept under a key of its kind; None where nothing is."""
        found = self._kept.find(self._digest(kind, key, modules))
        return None if found is None else found.value

    def keep(self, kind: str, key: str, modules: Sequence[str], value: Any) -> None:
        """Keep a result that rests on further modules of symgan."""
        self._kept.keep(self._digest(kind, key, modules), Packed(value))

    def trim(self) -> None:
        """Make room for what was kept."""
        self._kept.trim()

    def _digest(self, kind: str, key: str, modules: Sequence[str]) -> str:
        sources = self._sources.digest((CORE, *modules))
        return sha256("\0".join((_environment(), sources, kind, key)).encode()).hexdigest()


@cache
def _environment() -> str:
    """Versions of everything installed, Python and the machine."""
    versions = sorted(f"{d.metadata['Name']}=={d.version}" for d in distributions())
    return "\0".join((*versions, sys.version, platform.machine(), platform.system()))

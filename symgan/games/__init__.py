"""Games, one file a family; every file here is discovered."""

from __future__ import annotations

import sys

from symgan.catalog import GameBuilder, GameMark, lookup, marked


def catalog() -> dict[str, GameBuilder]:
    """All games by name, each a function that returns a `Game`.

    >>> "dirac" in catalog()
    True
    """
    return marked(sys.modules[__name__], GameMark)


def named(name: str) -> GameBuilder:
    """The game of this name.

    Raises:
        UnknownName: no game carries the name.

    >>> named("bilinear")().v
    (-psi, theta)
    """
    return lookup(sys.modules[__name__], GameMark, "game", name)

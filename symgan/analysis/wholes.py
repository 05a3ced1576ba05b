"""What is analyzed is a game, a flow or a map: anything else is refused in one sentence."""

from __future__ import annotations

from symgan.errors import GameError
from symgan.game import Game
from symgan.implicit import ImplicitMap
from symgan.system import Flow, Map

WHOLES = (Game, Flow, Map, ImplicitMap)
LONGEST = 40
"""Characters of a wrong argument that are shown."""


def require_whole(value: object, asked: str) -> None:
    """Refuse what is neither a game nor a flow nor a map.

    Args:
        value: what was given.
        asked: the function it was given to, for the message.

    Raises:
        GameError: it is something else.

    >>> require_whole("text", "spectrum")
    Traceback (most recent call last):
    symgan.errors.GameError: spectrum takes a game, a flow or a map, not the str 'text'; \
see symgan.games and symgan.rules
    """
    if isinstance(value, WHOLES):
        return
    shown = repr(value)
    shown = shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}..."
    raise GameError(
        f"{asked} takes a game, a flow or a map, not the {type(value).__name__} {shown}; "
        "see symgan.games and symgan.rules"
    )

"""Rules with options as they are typed: ``heavy-ball:beta=-1/2``."""

from __future__ import annotations

from typing import Any

from symgan import rules
from symgan.parse import number, pairs


def parsed(text: str) -> tuple[str, dict[str, Any]]:
    """A rule's name and its options; numbers are exact.

    Args:
        text: ``NAME`` or ``NAME:OPTION=VALUE,...``.

    Raises:
        UnknownName: no rule has the name.
        ParseError: an option without a value, or a value that is no number, name, yes or no.

    >>> parsed("heavy-ball:beta=-1/2,alternating=true")
    ('heavy-ball', {'beta': -1/2, 'alternating': True})
    """
    name, _, rest = text.partition(":")
    rules.named(name)
    given = pairs([rest] if rest else [], what=f"option of {name}")
    return name, {key: _value(key, value) for key, value in given.items()}


def _value(key: str, text: str) -> Any:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if text.replace("-", "_").isidentifier():
        return text
    value = number(text, what=f"value of {key}")
    return int(value) if value.is_Integer else value

"""Finished figures as plain data, so that pages and folders need no plotting library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Picture:
    """A rendered figure.

    Attributes:
        name: the stem of its files: letters, digits, hyphens.
        caption: what it shows, in plain text; also its description for those who do
            not see it.
        svg: the SVG source.
        files: further formats, suffix -> bytes (``pdf``, ``png``).
    """

    name: str
    caption: str
    svg: str
    files: Mapping[str, bytes] = field(default_factory=dict)

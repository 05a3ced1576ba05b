"""What a family of implementations is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Family:
    """Implementations of one method.

    Attributes:
        rule: what they are held to.
        slots: slot -> correct fillings, all meaning the same.
        faults: (slot, filling) pairs that mean something else.
        options: option -> values to draw from.
        head: a module with the place ``{body}``, or None for a class made by `HEAD`.
        of: "optimizer" or "step".
        name: of the class or function.
    """

    rule: str
    slots: dict[str, tuple[str, ...]]
    faults: tuple[tuple[str, str], ...]
    options: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    head: str | None = None
    of: str = "optimizer"
    name: str = "Variant"

"""What is audited: code that starts at a point and advances, in some kind of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from symgan.errors import BadData, SymganError


class Kind(StrEnum):
    """What code computes."""

    FIELD = "field"
    JACOBIAN = "jacobian"
    MAP = "map"


class Arithmetic(StrEnum):
    """The numbers that code is run on, the most telling first."""

    SYMBOLIC = "symbolic"
    RATIONAL = "rational"
    DIGITS = "50 digits"
    FLOAT64 = "float64"


class AuditError(SymganError, TypeError):
    """Code that cannot be called, or whose answer has the wrong shape."""


class SubjectError(BadData):
    """Code under audit that raised; the sentence says where."""


@runtime_checkable
class Subject(Protocol):
    """Code under audit.

    Attributes:
        title: how sentences call it, ``file.py:name``.
        kind: what it computes.
    """

    title: str
    kind: Kind

    def arithmetics(self) -> tuple[Arithmetic, ...]:
        """Those it computes in, the most telling first."""
        ...

    def takes(self) -> frozenset[str]:
        """Names of the parameters that it is handed; the others it holds inside."""
        ...

    def start(self, x0: tuple[Any, ...], values: Mapping[str, Any], arithmetic: Arithmetic) -> None:
        """Begin an independent run at a point (in the order of the game's state)."""
        ...

    def advance(self) -> tuple[Any, ...]:
        """The next state of a map; the value at the start of a field or a Jacobian (by rows)."""
        ...

    def findings(self) -> tuple[str, ...]:
        """What was noticed on the way (inputs changed, hidden state), a sentence each."""
        ...

"""What one run of code beside the derivation left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Symbol

from symgan.audit.points import Point


@dataclass(frozen=True)
class Mismatch:
    """One component of one step that is not what is derived.

    Attributes:
        point: the start.
        step: counted from 1.
        index: of the component.
        derived: its value.
        computed: what came instead, a number or what was raised.
        place: the values of all symbols before the step.
    """

    point: Point
    step: int
    index: int
    derived: Any
    computed: Any
    place: Mapping[Symbol, Any]


@dataclass(frozen=True)
class Residual:
    """Code minus derivation, component by component, to 60 digits.

    Attributes:
        place: the values of all symbols before the step.
        values: the differences.
        magnitudes: of the derived components.
    """

    place: Mapping[Symbol, Any]
    values: tuple[Any, ...]
    magnitudes: tuple[Any, ...]


@dataclass(frozen=True)
class Outcome:
    """A run from one start.

    Attributes:
        mismatch: the first, or None.
        steps: how many were compared before it.
        ulps: the largest error where they agree.
        strained: whether the budget needed the magnitude over all signs.
        overflow: whether the code left the floating-point range far from the origin.
    """

    mismatch: Mismatch | None
    steps: int
    ulps: float = 0.0
    strained: bool = False
    overflow: bool = False

r"""Orbits of one start as plain data, and how they end."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sympy import Symbol

from symgan.errors import Undecided
from symgan.kernels.exact_numbers import to_sympy

State = tuple[Any, ...]
"""Numbers of one arithmetic, one a state symbol."""


class End(StrEnum):
    """Why an orbit ends: all steps made, or one of the events it was to stop at."""

    STEPS = "all steps made"
    FIXED_POINT = "fixed point"
    PERIOD = "period"
    TIE = "tie"


@dataclass(frozen=True)
class Orbit:
    r"""The orbit :math:`x_0, x_1, \dots` of a map.

    Attributes:
        symbols: the state symbols, in order.
        states: the states, each a tuple of numbers of the arithmetic used; exact ones are
            rationals. `state` gives one of them in SymPy.
        end: why it ends.
        period: the length of the cycle that the last state closes (1: a fixed point); 0
            where none was looked for or found.
    """

    symbols: tuple[Symbol, ...]
    states: tuple[State, ...] = field(repr=False)
    end: End
    period: int = 0

    def __len__(self) -> int:
        """The number of states, the start included."""
        return len(self.states)

    def state(self, k: int) -> dict[Symbol, Any]:
        """The state at iteration k (negative: from the end), symbol -> exact number."""
        return {s: to_sympy(x) for s, x in zip(self.symbols, self.states[k], strict=True)}


class OrbitTooLarge(Undecided):
    """An exact orbit outgrew its budget of bits; `orbit` is what was reached.

    Args:
        bits: the budget.
        orbit: the orbit up to the last state within the budget.
    """

    def __init__(self, bits: int, orbit: Orbit) -> None:
        self.bits = bits
        self.orbit = orbit
        super().__init__(
            f"the exact orbit needs numbers of more than {bits} bits at iteration {len(orbit)}; "
            f"raise max_bits (the {len(orbit)} states before it are in the error's `orbit`)"
        )


@dataclass(frozen=True)
class FloatRun:
    """One start followed exactly and in floating point.

    Attributes:
        exact: the exact orbit.
        computed: the orbit of the same program in floats.
        departure: the first iteration at which a comparison turns out differently; None
            where both decide alike as long as both last.
    """

    exact: Orbit
    computed: Orbit
    departure: int | None

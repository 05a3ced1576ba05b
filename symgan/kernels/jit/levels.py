"""Where a value is computed: once, once a step, once a trajectory, or at every step of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from symgan.kernels.jit.lanes import FLOAT, Lanes, Value

WIDTH = "@WIDTH@"
"""Stands for the number of lanes until register pressure has been seen."""


class Level(NamedTuple):
    """What a value differs between.

    Attributes:
        lanes: trajectories.
        steps: steps.
    """

    lanes: bool
    steps: bool


ONCE, CLOCK, TRAJECTORY, STATE = (
    Level(lanes, steps) for lanes in (False, True) for steps in (False, True)
)


class Operand(NamedTuple):
    """A value and where it is computed."""

    level: Level
    value: Value


class Writers:
    """One writer of code a level; each operation goes to the least level that sees its operands.

    >>> import numpy as np
    >>> writers = Writers(np.float64)
    >>> eta = Operand(ONCE, writers.at[ONCE].argument("eta"))
    >>> x = Operand(STATE, writers.at[STATE].argument("x"))
    >>> writers.apply("mul", writers.apply("add", eta, eta), x).level == STATE
    True
    >>> len(writers.at[ONCE].lines), len(writers.at[STATE].lines)
    (1, 2)
    """

    def __init__(self, dtype: Any, *, scales: bool = False) -> None:
        widths = {ONCE: 1, CLOCK: 1, TRAJECTORY: WIDTH, STATE: WIDTH}
        prefixes = {ONCE: "a", CLOCK: "b", TRAJECTORY: "c", STATE: "d"}
        self.at = {
            level: Lanes(dtype, widths[level], prefixes[level], scales=scales and level.lanes)
            for level in widths
        }

    def const(self, value: Any) -> Operand:
        """A number."""
        return Operand(ONCE, self.at[ONCE].const(value))

    def truth(self, value: bool) -> Operand:
        """True or false."""
        return Operand(ONCE, self.at[ONCE].truth(value))

    def apply(self, operation: Any, *operands: Operand) -> Operand:
        """An operation of `Lanes` by its name, or a function of `Lanes` and values."""
        level = Level(any(o.level.lanes for o in operands), any(o.level.steps for o in operands))
        lanes = self.at[level]
        values = [self.lifted(operand, level) for operand in operands]
        if isinstance(operation, str):
            return Operand(level, getattr(lanes, operation)(*values))
        return Operand(level, operation(lanes, *values))

    def lifted(self, operand: Operand, level: Level) -> Value:
        """The value as one of a level that sees it."""
        if operand.level.lanes == level.lanes or operand.value.text.startswith("splat"):
            return operand.value
        return self.at[level].spread(operand.value)

    def declarations(self) -> list[str]:
        """The intrinsics of all levels."""
        found = {d for lanes in self.at.values() for d in lanes.declared.values()}
        return sorted(found)


class Outward:
    """The operations of `Lanes` on operands: each is written as far outside as it can stand.

    Args:
        writers: where the code goes.

    >>> import numpy as np
    >>> writers = Writers(np.float64)
    >>> step = Operand(CLOCK, writers.at[CLOCK].argument("k"))
    >>> Outward(writers).add(step, step).level == CLOCK
    True
    """

    def __init__(self, writers: Writers) -> None:
        self._writers, lanes = writers, writers.at[STATE]
        self.double, self.bits_of_float = lanes.double, lanes.bits_of_float

    def const(self, value: Any) -> Operand:
        """A number."""
        return self._writers.const(value)

    def truth(self, value: bool) -> Operand:
        """True or false."""
        return self._writers.truth(value)

    def iconst(self, value: int) -> Operand:
        """A whole number."""
        return Operand(ONCE, self._writers.at[ONCE].iconst(value))

    def written(self, function: Callable[..., Value], *operands: Operand) -> Operand:
        """A function of `Lanes` and values."""
        return self._writers.apply(function, *operands)

    def __getattr__(self, name: str) -> Callable[..., Operand]:
        def write(*given: Any) -> Operand:
            counts = [value for value in given if not isinstance(value, Operand)]
            operands = given[: len(given) - len(counts)]
            return self._writers.apply(
                lambda lanes, *values: getattr(lanes, name)(*values, *counts), *operands
            )

        return write


def vector(text: str) -> Value:
    """A value under a name that the surrounding text defines."""
    return Value(text, FLOAT)

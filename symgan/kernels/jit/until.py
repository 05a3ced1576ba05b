r"""Orbits that end when every trajectory of a group is through, at different numbers of steps.

For maps that carry a number of what is left to do and stand still where it is zero: a group leaves
its loop when none of its trajectories has anything left, or after the steps of the course.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from symgan.kernels.body import Body
from symgan.kernels.jit.backend import JitEngine
from symgan.kernels.jit.code import Code, in_flight, orbit_inputs
from symgan.kernels.jit.emit import Emitter
from symgan.kernels.jit.functions import FUNCTIONS
from symgan.kernels.jit.levels import STATE, WIDTH, Operand, Writers
from symgan.kernels.jit.loops import Loop
from symgan.kernels.jit.schedule import read
from symgan.kernels.jit.target import Target

TOGETHER = 4
"""Vectors of a group at most: a group takes as long as its slowest trajectory."""
_END = "  %within.end = icmp eq i64 %within.next, "


class UntilLoop(Loop):
    """The loops of an orbit, with an end of its own for every group.

    Args:
        writers, bits: as for `Loop`.
        left: which output is zero where a trajectory is through.
    """

    def __init__(self, writers: Writers, bits: int, left: int) -> None:
        super().__init__(writers, bits)
        self._left = left

    def orbit(self, results: Sequence[Operand], first: int) -> str:
        """As `Loop.orbit`; ended also when nothing is left in any lane."""
        text = super().orbit(results, first)
        left = self.writers.lifted(results[self._left], STATE).text
        (line,) = (line for line in text.splitlines() if line.startswith(_END))
        word = f"i{WIDTH}"
        ending = [
            f"  %going = fcmp ogt {self.vector} {left}, zeroinitializer",
            f"  %going.bits = bitcast <{WIDTH} x i1> %going to {word}",
            f"  %through = icmp eq {word} %going.bits, 0",
            line.replace("%within.end", "%within.last"),
            "  %within.end = or i1 %through, %within.last",
        ]
        return text.replace(line, "\n".join(ending))


class UntilEngine(JitEngine):
    """A body whose orbits end early.

    Args:
        body, dtype, target, store: as for `JitEngine`.
        left: which output is zero where a trajectory is through.
    """

    def __init__(
        self, body: Body, dtype: np.dtype[Any], target: Target, store: Any, left: int
    ) -> None:
        super().__init__(body, dtype, target, store)
        self._left = left
        self._fingerprint = f"{self._fingerprint} until {left} of {TOGETHER}"

    def _code(self, *, orbit: bool, shared: tuple[bool, ...], seeded: bool = False) -> Code:
        if not orbit:
            return super()._code(orbit=orbit, shared=shared)
        body, writers = self._ready(), Writers(self.dtype)
        loop = UntilLoop(writers, self._target.bits, self._left)
        inputs = orbit_inputs(body, shared, loop)
        emit = Emitter(writers, inputs, body.roles, FUNCTIONS)
        for name, value in body.assignments:
            emit.assign(name, value)
        results = [emit(output) for output in body.outputs]
        text = loop.orbit(results, len(body.roles) + 1)
        vector = self._target.bits // (8 * self.dtype.itemsize)
        flight = min(TOGETHER, in_flight(read(writers.at[STATE].lines), self._target.registers))
        return Code(text.replace(WIDTH, str(vector * flight)), vector * flight)

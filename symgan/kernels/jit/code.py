"""From a body to the text of one function, at the width that the registers allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Symbol

from symgan.kernels.body import INDEX, NOISE, PARAMETER, STATE, Body
from symgan.kernels.jit.emit import Emitter
from symgan.kernels.jit.functions import FUNCTIONS
from symgan.kernels.jit.lanes import FLOAT
from symgan.kernels.jit.levels import ONCE, TRAJECTORY, Level, Operand, Writers
from symgan.kernels.jit.levels import STATE as AT_EVERY_STEP
from symgan.kernels.jit.loops import Loop
from symgan.kernels.jit.schedule import Line, in_step, longest_chain, read, scheduled
from symgan.kernels.jit.target import Target
from symgan.kernels.jit.vectors import INTERLEAVED, SCALING_BITS, written_out
from symgan.kernels.operand_order import exchange_colors

FLIGHTS = (1, 2, 4, 6, 8, 10)
"""Vectors of one group: ten hide the latency of a multiplication on two units, and of the masks of
a choice."""
SPILLED = 3
"""Values alive for each register there is: a spill costs less than waiting for a result."""
SLACK = 6
"""Operations that begin in a cycle, times two for the masks and moves that are no lines."""
MOST_LINES = 1500
"""Vector instructions of one loop, so that code stays in the cache and compiles fast."""
IN_STEP = 1000
"""Lines whose order LLVM is made to keep: longer code runs a seventh slower and is compiled in half
the time."""
FEW = 16
"""Registers with which two vectors side by side spill more than they hide."""
TIED_BITS = 256
"""Vectors of machines whose registers the empty instruction of `in_step` can name."""


@dataclass(frozen=True)
class Code:
    """A function as text.

    Attributes:
        text: LLVM's language.
        lanes: trajectories of a group.
    """

    text: str
    lanes: int


def generate(
    body: Body,
    shared: Sequence[bool],
    dtype: np.dtype[Any],
    target: Target,
    *,
    orbit: bool,
    seeded: bool = False,
) -> Code:
    """Write the function.

    Args:
        body: what it computes, prepared.
        shared: one an argument: whether it is one number for all trajectories.
        dtype: float64 or float32.
        target: the machine.
        orbit: whether the outputs are the next state, to be iterated, or values.
        seeded: whether noise is drawn in the loop.
    """
    writers = Writers(dtype, scales=target.bits == SCALING_BITS)
    loop = Loop(writers, target.bits)
    inputs = (
        orbit_inputs(body, shared, loop, seeded=seeded) if orbit else _inputs(body, shared, loop)
    )
    colorings = exchange_colors(body.outputs, body.arguments, body.assignments)
    emit = Emitter(writers, inputs, body.roles, FUNCTIONS, colorings)
    for name, value in body.assignments:
        emit.assign(name, value)
    results = [emit(output) for output in body.outputs]
    count, vector = len(body.roles), target.bits // (8 * dtype.itemsize)
    hot = writers.at[AT_EVERY_STEP if orbit else TRAJECTORY].lines
    lines = read(hot)
    vectors = in_flight(lines, target.registers)
    if vectors < INTERLEAVED:
        vectors = vectors if target.registers > FEW else 1
        lines = scheduled(lines, vectors, target.registers)
        if target.bits >= TIED_BITS and len(lines) <= IN_STEP:
            hot[:] = in_step(lines, writers.at[AT_EVERY_STEP].types[FLOAT])
        else:
            hot[:] = [line.text for line in lines]
    text = loop.orbit(results, count + 1) if orbit else loop.evaluation(results, count)
    return Code(written_out(text, vector, vectors), vector * vectors)


def _level(one_for_all: bool) -> Level:
    return ONCE if one_for_all else TRAJECTORY


def _inputs(body: Body, shared: Sequence[bool], loop: Loop) -> dict[Symbol, Operand]:
    return {s: loop.load(i, _level(shared[i])) for i, s in enumerate(body.roles)}


def orbit_inputs(
    body: Body, shared: Sequence[bool], loop: Loop, *, seeded: bool = False
) -> dict[Symbol, Operand]:
    """The arguments of an orbit.

    Its table holds parameters and noise at their own places among the arguments, the number of the
    first step at the place of the index, and after them the elements from one step's noise to the
    next. For seeded noise the place of the first draw holds the address of the streams, and the
    one after the arguments that of the key and the first step.
    """
    states, places = iter(loop.state(len(body.having(STATE)))), body.having(NOISE)
    draws = iter(loop.seeded(places[0], len(body.roles), len(places)) if seeded else ())
    found: dict[Symbol, Operand] = {}
    for i, (symbol, role) in enumerate(body.roles.items()):
        if role == STATE:
            found[symbol] = next(states)
        elif role == INDEX:
            found[symbol] = loop.index(i)
        elif role == NOISE:
            found[symbol] = next(draws) if seeded else loop.noise(i, len(body.roles))
        else:
            assert role == PARAMETER, role
            found[symbol] = loop.load(i, _level(shared[i]))
    return found


def in_flight(lines: Sequence[Line], registers: int) -> int:
    """How many vectors a group holds.

    One vector's operations wait for one another along its longest chain; so many vectors are
    taken that two units need not. Too many spill.

    >>> in_flight(read(["  %a = fadd T %x, %x", "  %b = fmul T %a, %x"]), 32)
    10
    """
    alive, size = pressure(lines), max(len(lines), 1)
    wanted = SLACK * longest_chain(lines) / size
    enough = next((n for n in FLIGHTS if n >= wanted), FLIGHTS[-1])
    fitting = (n for n in FLIGHTS if n * alive <= SPILLED * registers and n * size <= MOST_LINES)
    return min(enough, max(fitting, default=1))


def pressure(lines: Sequence[Line]) -> int:
    """The most values alive at once in straight-line code, inputs included.

    >>> pressure(read(["  %a = fadd T %x, %y", "  %b = fmul T %a, %x"]))
    2
    """
    last = {name: place for place, line in enumerate(lines) for name in line.names}
    made = {line.names[0] for line in lines if line.names}
    most = alive = len(last) - len(made)
    for place, line in enumerate(lines):
        alive += bool(line.names)
        for name in line.names:
            if last.get(name) == place:
                alive -= 1
                del last[name]  # it may stand there twice
        if most < alive:
            most = alive
    return max(most, 1)

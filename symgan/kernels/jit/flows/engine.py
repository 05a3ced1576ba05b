"""A flow as machine code: an orbit whose steps are steps of Taylor's method."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy import Dummy

from symgan.kernels.body import PARAMETER, STATE, Body
from symgan.kernels.errors import NoSeries
from symgan.kernels.jit.backend import JitEngine
from symgan.kernels.jit.code import Code, orbit_inputs
from symgan.kernels.jit.emit import Emitter
from symgan.kernels.jit.flows.expansion import Expansion
from symgan.kernels.jit.flows.power_series import Given, State
from symgan.kernels.jit.flows.step import Bounds, Clock, stepped
from symgan.kernels.jit.functions import FUNCTIONS
from symgan.kernels.jit.levels import STATE as AT_EVERY_STEP
from symgan.kernels.jit.levels import WIDTH, Outward, Writers
from symgan.kernels.jit.store import Store
from symgan.kernels.jit.target import Target
from symgan.kernels.jit.until import UntilLoop
from symgan.system import Flow

CLOCK = ("time", "rest", "going", "length", "steps")
"""The columns after the state, as in `Clock`."""
BOUNDS = ("end", "longest")
"""The columns after the parameters: no step passes the one or is longer than the other."""
SIDE_BY_SIDE = 400
"""Instructions of a step up to which two vectors share a loop: longer ones wait for little."""
MOST_LINES = 12_000
"""Vector instructions of one step: more compile for seconds, and leave the processor's cache."""


class FlowEngine(JitEngine):
    """Taylor's method for one smooth flow and order.

    Columns of an orbit are those of the state, of `CLOCK`, of the parameters, and of `BOUNDS`.

    Args:
        flow: what is integrated.
        order: of the method.
        target: the machine.
        store: where code is kept.

    Raises:
        KernelError: a function no backend knows, or an undeclared symbol.
        NoSeries: when code is needed, for a function whose series is not known, or a flow too large
            to be written out.
    """

    def __init__(self, flow: Flow, order: int, target: Target, store: Store) -> None:
        self.time = flow.time or Dummy("time")
        clock, bounds = (list(map(Dummy, names)) for names in (CLOCK[1:], BOUNDS))
        states = dict.fromkeys((*flow.state, self.time, *clock), STATE)
        roles = {**states, **dict.fromkeys((*flow.parameters, *bounds), PARAMETER)}
        super().__init__(Body(roles, flow.rhs), np.dtype(np.float64), target, store)
        self.order = order
        self._fingerprint = f"{self._fingerprint} Taylor {order} {flow.time is not None}"

    @property
    def source(self) -> str:
        """LLVM's text, for parameters that all trajectories share."""
        shared = tuple(role == PARAMETER for role in self.body.roles.values())
        return self._code(orbit=True, shared=shared).text

    def _code(self, *, orbit: bool, shared: tuple[bool, ...], seeded: bool = False) -> Code:
        """As `JitEngine._code`; orbits are all there is."""
        assert orbit, "a flow has no values, only orbits"
        assert not seeded, "a flow has no noise"
        body = self._ready()
        writers = Writers(self.dtype)
        loop = UntilLoop(writers, self._target.bits, len(body.outputs) + CLOCK.index("going"))
        results = self._step(body, writers, loop, shared)
        text = loop.orbit(results, len(body.roles) + 1)
        vectors = 2 if len(writers.at[AT_EVERY_STEP].lines) <= SIDE_BY_SIDE else 1
        lanes = vectors * self._target.bits // (8 * self.dtype.itemsize)
        return Code(text.replace(WIDTH, str(lanes)), lanes)

    def _step(
        self, body: Body, writers: Writers, loop: UntilLoop, shared: tuple[bool, ...]
    ) -> list[Any]:
        inputs, code = orbit_inputs(body, shared, loop), Outward(writers)
        symbols, operands = list(inputs), list(inputs.values())
        n = len(body.outputs)
        clock = Clock(*operands[n : n + len(CLOCK)])
        emit = Emitter(writers, inputs, body.roles, FUNCTIONS)
        state = [State(code, operand) for operand in operands[:n]]
        moving: dict[Any, Given] = dict(zip(symbols[:n], state, strict=True))
        moving[self.time] = Given(code, clock.time, code.const(1))
        expansion = Expansion(emit, code, moving)
        field = [expansion.of(output) for output in body.outputs]
        for k in range(self.order):
            expansion.extend(k)
            self._require_short(len(writers.at[AT_EVERY_STEP].lines))
            for part, rate in zip(state, field, strict=True):
                part.follow(rate)
        return stepped(code, state, clock, Bounds(*operands[-len(BOUNDS) :]), self.order)

    def _require_short(self, lines: int) -> None:
        if lines > MOST_LINES:
            raise NoSeries(
                f"a step of order {self.order} takes more than {MOST_LINES:,} instructions; take "
                "method='heyoka' or 'scipy'"
            )

"""A flow as machine code: an orbit whose steps are steps of Taylor's method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sympy import Dummy

from symgan.kernels.body import PARAMETER, STATE, Body
from symgan.kernels.errors import NoSeries
from symgan.kernels.jit.backend import JitEngine
from symgan.kernels.jit.code import Code, orbit_inputs
from symgan.kernels.jit.emit import Emitter
from symgan.kernels.jit.flows.calls import Array, Following
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

BOUNDS = ("end", "longest", "reach")
"""What comes after the parameters, as in `Bounds`; the last where states are bounded."""
SIDE_BY_SIDE = 400
"""Instructions of a step up to which two vectors share a loop: longer ones wait for little."""
MOST_LINES = 12_000
"""Vector instructions of one step: 8,000 compile for 1.3 s (Zen 3)."""


class FlowEngine(JitEngine):
    """Taylor's method for one smooth flow and order.

    An orbit's columns are those of the state and of `Clock`; its snapshots are those at times.

    Args:
        flow: what is integrated.
        order: of the method.
        bounded: whether trajectories stop before a step that may pass a bound on the norm.
        target: the machine.
        store: where code is kept.

    Raises:
        KernelError: a function no backend knows, or an undeclared symbol.
        NoSeries: when code is needed, for a function whose series is not known, or a flow too large
            to be written out.
    """

    def __init__(self, flow: Flow, order: int, bounded: bool, target: Target, store: Store) -> None:
        self.time = flow.time or Dummy("time")
        self.order, self.bounds = order, 3 if bounded else 2
        clock, bounds = (
            list(map(Dummy, names)) for names in (Clock._fields[1:], BOUNDS[: self.bounds])
        )
        states = dict.fromkeys((*flow.state, self.time, *clock), STATE)
        roles = {**states, **dict.fromkeys((*flow.parameters, *bounds), PARAMETER)}
        super().__init__(Body(roles, flow.rhs), np.dtype(np.float64), target, store)
        self._fingerprint = f"{self._fingerprint} Taylor {order} {flow.time is not None}"

    @property
    def source(self) -> str:
        """LLVM's text, for parameters that all trajectories share."""
        shared = tuple(role == PARAMETER for role in self.body.roles.values())
        return self._code(orbit=True, shared=shared).text

    def require_written_out(self) -> None:
        """Refuse what cannot be; the machine code is kept for the run that follows.

        Raises:
            NoSeries: a function whose series is not known, or a flow too large.
        """
        shared = tuple(role == PARAMETER for role in self.body.roles.values())
        self._variant(orbit=True, shared=shared)

    def follow(
        self,
        columns: Sequence[Array],
        values: Sequence[Array],
        times: Array,
        steps: int,
        workers: int,
    ) -> Array:
        """Go on to each of the times, with at most so many steps to each.

        Args:
            columns: of the state and of `Clock`, arrays (count,).
            values: of the parameters and of `BOUNDS` but the end: arrays (count,), or of no axis.
            times: increasing, array (m,).
            steps: from one time to the next.
            workers: threads.

        Returns:
            The columns at the times, array (m, columns, count).
        """
        states, ends = len(columns), len(self.body.roles) - self.bounds
        given = [*values[: ends - states], times[0], *values[ends - states :]]
        shared = (*(False for _ in columns), *(np.ndim(value) == 0 for value in given))
        call = Following(self._variant(orbit=True, shared=shared), times, ends, steps)
        return call.found([*columns, *given], states, workers)

    def _code(self, *, orbit: bool, shared: tuple[bool, ...], seeded: bool = False) -> Code:
        """As `JitEngine._code`; orbits are all there is."""
        assert orbit, "a flow has no values, only orbits"
        assert not seeded, "a flow has no noise"
        body = self._ready()
        writers = Writers(self.dtype)
        loop = UntilLoop(
            writers, self._target.bits, len(body.outputs) + Clock._fields.index("stand")
        )
        results = self._step(body, writers, loop, shared)
        text = loop.orbit(results, len(body.roles) + 1)
        vectors = 2 if len(writers.at[AT_EVERY_STEP].lines) <= SIDE_BY_SIDE else 1
        lanes = vectors * self._target.bits // (8 * self.dtype.itemsize)
        return Code(text.replace(WIDTH, str(lanes)), lanes)

    def _step(
        self, body: Body, writers: Writers, loop: UntilLoop, shared: tuple[bool, ...]
    ) -> list[Any]:
        inputs, code = orbit_inputs(body, shared, loop), Outward(writers)
        end = list(inputs)[-self.bounds]
        inputs[end] = loop.time(list(inputs).index(end))
        symbols, operands = list(inputs), list(inputs.values())
        n = len(body.outputs)
        clock = Clock(*operands[n : n + len(Clock._fields)])
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
        return stepped(code, state, clock, Bounds(*operands[-self.bounds :]), self.order)

    def _require_short(self, lines: int) -> None:
        if lines > MOST_LINES:
            raise NoSeries(
                f"a step of order {self.order} takes more than {MOST_LINES:,} instructions; take "
                "heyoka or scipy"
            )

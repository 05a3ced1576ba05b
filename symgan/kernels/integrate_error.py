"""How far integrated trajectories are from the 50-digit reference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import mpmath
import numpy as np
from mpmath import mpf

from symgan.kernels.errors import KernelError
from symgan.kernels.measure import Comparison, Worst, worst
from symgan.kernels.reference import reference
from symgan.kernels.trajectories import Trajectories
from symgan.kernels.values import Values, parameter_columns, state_columns
from symgan.system import Flow

_DTYPE = np.dtype(np.float64)


def trajectory_error(
    flow: Flow,
    x0: Any,
    trajectories: Trajectories,
    parameters: Values | None = None,
    *,
    members: Sequence[int] | None = None,
    dps: int = 50,
    method: str = "mpmath",
) -> Worst:
    r"""The worst error of integrated states against multiprecision.

    The scale is that of the integrator's tolerance: the largest :math:`|x_i|` that the
    trajectory has had at the times asked for, or 1 where that is smaller.

    Args:
        flow, x0, parameters: what was integrated.
        trajectories: what `solve` gave for it.
        members: numbers of trajectories in the flattened batch; all unless given.
        dps: digits of the reference.
        method: which reference, see `symgan.kernels.reference`.

    Raises:
        KernelError: nothing to compare, as all members failed before the first time.
        Undecided: the reference does not settle.

    >>> import sympy as sp
    >>> from symgan.kernels.integrate import solve
    >>> x, y = sp.symbols("x y", real=True)
    >>> circle = Flow((x, y), (-y, x))
    >>> trajectory_error(circle, [1, 0], solve(circle, [1, 0], [10.0])).error < 1e-13
    True
    """
    shape = trajectories.failed.shape
    count = int(np.prod(shape))
    x = _rows(state_columns(x0, flow.state, _DTYPE), shape)
    values = _rows(parameter_columns(parameters, flow.parameters, _DTYPE), shape)
    states = trajectories.states.reshape(count, *trajectories.states.shape[-2:])
    moved = _from_zero(flow, trajectories.start)
    chosen = range(count) if members is None else members
    found: list[Comparison] = []
    for member in chosen:
        whole = np.isfinite(states[member]).all(axis=1)
        if whole.any():
            times = trajectories.times[whole]
            start = dict(zip(flow.state, map(float, x[member]), strict=True))
            constants = dict(zip(flow.parameters, map(float, values[member]), strict=True))
            since = [mpf(float(t)) - mpf(trajectories.start) for t in times]
            exact = reference(moved, dps=dps, method=method).solve(start, since, constants)
            found += _compared(flow, states[member][whole], times, exact, start, member)
    if not found:
        raise KernelError("no trajectory reached a time asked for; there is nothing to compare")
    return worst(found)


def _compared(
    flow: Flow, got: Any, times: Any, exact: Iterable[Any], start: Any, member: int
) -> Iterator[Comparison]:
    scale = max([mpf(1), *(abs(mpf(v)) for v in start.values())])
    for row, t, states in zip(got, times, exact, strict=True):
        scale = max([scale, *(abs(v) for v in states)])
        for symbol, one, true in zip(flow.state, row, states, strict=True):
            where = {"member": member, "time": float(t), "component": symbol.name}
            with mpmath.workdps(50):
                yield Comparison(float(one), true, +scale, where)


def _rows(columns: Sequence[Any], shape: tuple[int, ...]) -> Any:
    full = [np.broadcast_to(column, shape).reshape(-1) for column in columns]
    return np.stack(full, axis=-1) if full else np.zeros((int(np.prod(shape)), 0))


def _from_zero(flow: Flow, start: float) -> Flow:
    """The flow with a clock that begins at 0, as the reference's does."""
    import sympy as sp

    if flow.time is None or start == 0:
        return flow
    later = {flow.time: flow.time + sp.Rational(start)}
    return replace(flow, rhs=tuple(f.subs(later) for f in flow.rhs))

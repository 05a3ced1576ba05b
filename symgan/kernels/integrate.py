r"""`solve`: batches of trajectories of a flow, adaptively, to a tolerance.

heyoka's Taylor method where it is installed, SciPy's DOP853 otherwise, behind one interface.
Kinks of a field (Piecewise, Abs, Max, Heaviside, ...) are located as zeros of their guards;
the integrator stops there and goes on with the field of the other side, and never steps over
one. Solutions that slide along a switching surface (Filippov) are marked as failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symgan.errors import MissingExtra
from symgan.kernels.blocks import cores
from symgan.kernels.errors import KernelError
from symgan.kernels.integrate_problem import problem
from symgan.kernels.trajectories import Event, Trajectories
from symgan.kernels.values import Values, require_count
from symgan.system import Flow

METHODS = ("auto", "heyoka", "scipy")


def solve(
    flow: Flow,
    x0: Any,
    times: Any,
    parameters: Values | None = None,
    *,
    tolerance: float = 1e-12,
    events: Sequence[Event | Any] = (),
    dense: bool = False,
    count_steps: bool = False,
    method: str = "auto",
    start: float = 0.0,
    max_steps: int = 100_000,
    workers: int = 1,
) -> Trajectories:
    r"""Integrate a batch of trajectories of :math:`\dot x = F(x, t)`.

    Args:
        flow: the flow.
        x0: initial states, array (..., n).
        times: times at which states are wanted, array (m,), increasing, from `start` on.
        parameters: name or symbol -> number, or array that broadcasts against the batch.
        tolerance: local error of a step, relative where states exceed 1, absolute below.
        events: expressions in state, time and parameters, or `Event` objects; zeros are located.
        dense: whether to keep whole trajectories, for `Trajectories.at`.
        count_steps: whether to count steps, for `Trajectories.steps`; it takes a little time.
        method: "heyoka", "scipy", or "auto" for heyoka where it is installed.
        start: the time of the initial states.
        max_steps: steps after which a trajectory is given up.
        workers: threads; 0 for every core that this process may use. SciPy uses one.

    Returns:
        `Trajectories`: states (..., m, n), events, steps, which members failed and why.
        One that fails leaves the others as they are.

    Raises:
        KernelError: shapes, numbers, times or functions that do not fit.
        MissingExtra: the method's package is not installed.

    Source: Jorba and Zou 2005 for the Taylor method; Hairer, Norsett and Wanner 1993,
    "Solving Ordinary Differential Equations I", for DOP853.

    >>> import sympy as sp
    >>> x, y = sp.symbols("x y", real=True)
    >>> circle = solve(Flow((x, y), (-y, x)), [[1, 0], [0, 2]], [1.0, 7.0], events=[y])
    >>> circle.states.shape
    (2, 2, 2)
    >>> [round(float(t), 9) for t in circle.events[0].of(0)]
    [3.141592654, 6.283185307]
    """
    asked = problem(
        flow,
        x0,
        times,
        parameters,
        tolerance=tolerance,
        events=events,
        dense=dense,
        count_steps=count_steps,
        start=start,
        max_steps=max_steps,
    )
    chosen = _method(method)
    if chosen == "heyoka":
        from symgan.kernels import integrate_heyoka

        return integrate_heyoka.integrate(asked, _workers(workers)).result(chosen)
    from symgan.kernels import integrate_scipy

    return integrate_scipy.integrate(asked).result(chosen)


def _method(name: str) -> str:
    if name not in METHODS:
        raise KernelError(f"unknown method {name!r}; choose one of: {', '.join(METHODS)}")
    if name != "auto":
        return name
    from symgan.kernels.heyoka_expressions import heyoka

    try:
        heyoka()
    except MissingExtra:
        return "scipy"
    return "heyoka"


def _workers(count: int) -> int:
    return require_count(count, "workers", 0) or cores()

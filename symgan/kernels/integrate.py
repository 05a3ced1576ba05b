r"""`solve`: batches of trajectories of a flow, adaptively, to a tolerance.

Taylor's method in machine code of our own gives states of smooth fields; heyoka's also locates
events and kinks and keeps whole trajectories; SciPy's DOP853 serves where neither is installed: one
interface. Kinks of a field (Piecewise, Abs, Max, Heaviside, ...) are located as zeros of their
guards; the integrator stops there and goes on with the field of the other side, and never steps
over one. Solutions that slide along a switching surface (Filippov) are marked as failed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from symgan.errors import MissingExtra
from symgan.kernels import integrate_jit
from symgan.kernels.blocks import cores
from symgan.kernels.errors import KernelError, NoSeries
from symgan.kernels.integrate_problem import Problem, problem
from symgan.kernels.trajectories import Event, Trajectories
from symgan.kernels.values import Values, require_count
from symgan.system import Flow

METHODS = ("auto", "jit", "heyoka", "scipy")


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
    bound: float = math.inf,
    workers: int = 1,
) -> Trajectories:
    r"""Integrate a batch of trajectories of :math:`\dot x = F(x, t)`.

    Taylor's method judges a step by the coefficients where it begins. Where F depends on time no
    step is longer than a sixteenth of the whole; a pulse far narrower than that may still be passed
    over: give times around it.

    Args:
        flow: the flow.
        x0: initial states, array (..., n).
        times: times at which states are wanted, array (m,), increasing, from `start` on.
        parameters: name or symbol -> number, or array that broadcasts against the batch.
        tolerance: local error of a step, relative where states exceed 1, absolute below.
        events: expressions in state, time and parameters, or `Event` objects; zeros are located.
        dense: whether to keep whole trajectories, for `Trajectories.at`.
        count_steps: whether to count steps, for `Trajectories.steps`; it takes a little time.
        method: "jit" (smooth fields; no events, no dense output), "heyoka", "scipy", or "auto" for
            the first of these that is installed and made for what is asked.
        start: the time of the initial states.
        max_steps: steps after which a trajectory is given up.
        bound: a trajectory ends where its Euclidean norm rises through this number.
        workers: threads; 0 for every core that this process may use. SciPy uses one. Results are
            the same for any number.

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
        bound=bound,
    )
    if method not in METHODS:
        raise KernelError(f"unknown method {method!r}; choose one of: {', '.join(METHODS)}")
    threads = require_count(workers, "workers", 0) or cores()
    if method in ("heyoka", "scipy"):
        return _integrated(asked, method, threads)
    if method == "jit" or (not integrate_jit.unfit(asked) and integrate_jit.installed()):
        try:
            return _by_jit(asked, threads)
        except NoSeries:
            if method == "jit":
                raise  # heyoka and SciPy know functions of which we have no series
    return _integrated(asked, _other(), threads)


def _by_jit(asked: Problem, threads: int) -> Trajectories:
    """Trajectories that may pass the bound are given to a method that locates where."""
    run = integrate_jit.integrate(asked, threads)
    found = run.result("jit")
    doubted = np.flatnonzero(run.outcome == integrate_jit.OUTSIDE)
    if not len(doubted):
        return found
    return found.replaced(doubted, _integrated(asked.part(doubted), _other(), threads))


def _integrated(asked: Problem, method: str, threads: int) -> Trajectories:
    """By heyoka or SciPy, which take the bound for an event that nobody asked for."""
    problem = asked.watched()
    if method == "heyoka":
        from symgan.kernels import integrate_heyoka

        found = integrate_heyoka.integrate(problem, threads).result(method)
    else:
        from symgan.kernels import integrate_scipy

        found = integrate_scipy.integrate(problem).result(method)
    return replace(found, events=found.events[: len(asked.formulas.events)])


def _other() -> str:
    return "heyoka" if _heyoka_installed() else "scipy"


def _heyoka_installed() -> bool:
    from symgan.kernels.heyoka_expressions import heyoka

    try:
        heyoka()
    except MissingExtra:
        return False
    return True

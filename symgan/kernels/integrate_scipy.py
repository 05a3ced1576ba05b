"""Trajectories by SciPy's DOP853, one after another, where heyoka is not installed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from symgan.errors import MissingExtra
from symgan.kernels.integrate_problem import Array, Problem
from symgan.kernels.integrate_run import RUNNING, Run
from symgan.kernels.trajectories import BLEW_UP, STEPS, STOPPED, Path

_STAGES = 12
"""Evaluations of the field in a step of DOP853; its dense output takes 3 more."""
_LEAST = 2.3e-14
"""The smallest relative tolerance that SciPy takes."""


class _TooManySteps(Exception):
    """Ends SciPy's loop from inside; it never leaves this module."""


@dataclass(frozen=True, eq=False)
class Interpolants(Path):
    """SciPy's dense output, piece by piece.

    Attributes:
        breaks: array (pieces + 1,).
        pieces: one function of time a piece.
    """

    breaks: Array
    pieces: tuple[Callable[[Any], Any], ...]

    def at(self, times: Array) -> Array:
        """States (k, n) at times (k,)."""
        which = np.searchsorted(self.breaks, times, side="right") - 1
        which = np.clip(which, 0, len(self.pieces) - 1)
        return np.stack([self.pieces[k](t) for k, t in zip(which, times, strict=True)])


def integrate(problem: Problem) -> Run:
    """Integrate all trajectories of a problem.

    Raises:
        MissingExtra: SciPy is not installed.
    """
    try:
        from scipy.integrate import solve_ivp
    except ImportError:
        raise MissingExtra("SciPy", "flows", "integrating a flow") from None
    run = Run(problem)
    with np.errstate(all="ignore"):
        for number in map(int, run.running(np.arange(len(run.t)))):
            _Member(run, number, solve_ivp).run_to_end()
    return run


class _Member:
    """One trajectory."""

    def __init__(self, run: Run, number: int, solve_ivp: Callable[..., Any]) -> None:
        self.run, self.number, self.solve_ivp = run, number, solve_ivp
        self.breaks: list[float] = [run.problem.start]
        self.pieces: list[Any] = []

    def run_to_end(self) -> None:
        run, number = self.run, self.number
        while run.outcome[number] == RUNNING:
            try:
                self._leg(run.mode[number].copy())
            except _TooManySteps:
                run.outcome[number] = STEPS
        path = Interpolants(np.array(self.breaks), tuple(self.pieces)) if self.pieces else None
        run.paths[number] = path if run.problem.dense else None
        times = run.problem.times
        if path is not None and run.recorded:
            inside = (times > run.problem.start) & (times <= self.breaks[-1])
            if inside.any():
                run.states[number, inside] = path.at(times[inside])

    def _leg(self, mode: Array) -> None:
        """Integrate in one mode, to the end or to where it ends."""
        run, number, problem = self.run, self.number, self.run.problem
        tolerance = problem.tolerance
        solution = self.solve_ivp(
            self._field(mode),
            (float(run.t[number]), problem.end),
            run.x[number].copy(),
            method="DOP853",
            rtol=max(tolerance, _LEAST),
            atol=tolerance,
            dense_output=run.recorded,
            events=[*self._guards(mode), *self._events(mode)] or None,
        )
        run.t[number], run.x[number] = solution.t[-1], solution.y[:, -1]
        run.steps[number] += len(solution.t) - 1
        if run.recorded:
            self.breaks += [float(t) for t in solution.sol.ts[1:]]
            self.pieces += solution.sol.interpolants
        self._happened(solution)
        self._end(solution)

    def _call(self, function: Any, t: float, x: Array, mode: Array) -> list[float]:
        problem = self.run.problem
        clock = () if problem.formulas.flow.time is None else (t,)
        return function(*x, *problem.parameters[self.number], *mode, *clock)

    def _field(self, mode: Array) -> Callable[[float, Array], Any]:
        motion, most = self.run.problem.formulas.motion, self.run.problem.max_steps * _STAGES
        most -= int(self.run.steps[self.number]) * _STAGES
        calls = 0

        def field(t: float, x: Array) -> Any:
            nonlocal calls
            calls += 1
            if calls > most + _STAGES:
                raise _TooManySteps
            return self._call(motion, t, x, mode)

        return field

    def _guards(self, mode: Array) -> list[Any]:
        formulas = self.run.problem.formulas
        return [
            self._watch(formulas.signs, k, 2 * mode[k] - 1, mode, direction=-1, terminal=True)
            for k in range(len(formulas.guards))
        ]

    def _events(self, mode: Array) -> list[Any]:
        formulas = self.run.problem.formulas
        count = len(formulas.events)
        return [
            self._watch(formulas.seen, k, 1.0, mode, event.direction, event.terminal, count + k)
            for k, event in enumerate(formulas.events)
        ]

    def _watch(
        self,
        function: Any,
        k: int,
        sign: float,
        mode: Array,
        direction: int,
        terminal: bool,
        rate: int | None = None,
    ) -> Any:
        def watch(t: float, x: Array) -> float:
            values = self._call(function, t, x, mode)
            if rate is not None and values[k] == 0 and t == self.run.problem.start:
                return float(values[rate])  # a zero at the start is none: its sign is the next one
            return float(sign * values[k])

        marked: Any = watch
        marked.direction, marked.terminal = direction, terminal
        return marked

    def _happened(self, solution: Any) -> None:
        run, number, formulas = self.run, self.number, self.run.problem.formulas
        first = len(formulas.guards)
        for k, event in enumerate(formulas.events):
            times, states = solution.t_events[first + k], solution.y_events[first + k]
            for time, state in zip(times, states, strict=True):
                recorded = run.hit(k, number, float(time), np.array(state))
                if recorded and event.terminal and time == run.t[number]:
                    run.outcome[number] = STOPPED
        for k in range(first):
            crossed = len(solution.t_events[k]) > 0
            if (
                crossed
                and run.outcome[number] == RUNNING
                and solution.t_events[k][-1] == run.t[number]
            ):
                run.cross(number, k)

    def _end(self, solution: Any) -> None:
        run, one = self.run, np.array([self.number])
        run.finish(run.running(one))
        run.check_modes(run.running(one))
        if solution.status == -1 and run.outcome[self.number] == RUNNING:
            run.outcome[self.number] = BLEW_UP


__all__ = ["Interpolants", "integrate"]

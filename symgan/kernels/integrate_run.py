"""The state of an integration under way: which trajectory is where, and how each ended."""

from __future__ import annotations

from typing import Any

import numpy as np

from symgan.kernels.integrate_problem import Array, Problem
from symgan.kernels.trajectories import (
    FINISHED,
    LOST,
    NOT_FINITE,
    SLIDES,
    STOPPED,
    Hits,
    Path,
    Trajectories,
)

RUNNING = -1
_TOGETHER = 1e-12
"""Crossings closer than this, relative to the time, count as one: locating each errs by less."""


class Run:
    """Arrays over all trajectories of a problem; workers write to rows of their own."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        count, n = problem.x0.shape
        self.t = np.full(count, problem.start)
        self.rest = np.zeros(count)  # what the time t has beyond float64
        self.x = problem.x0.copy()
        self.steps = np.zeros(count, dtype=np.int64)
        self.outcome = np.full(count, RUNNING, dtype=np.int64)
        self.states = np.full((count, len(problem.times), n), np.nan)
        self.mode, clear = problem.first_modes()
        self.outcome[~clear] = SLIDES
        self.states[:, problem.times == problem.start] = self.x[:, None]
        self.outcome[(self.outcome == RUNNING) & (self.t >= problem.end)] = FINISHED
        self.paths: list[Path | None] = [None] * count
        self.hits: list[tuple[int, int, float, Array]] = []

    def running(self, numbers: Any) -> Any:
        """Those of the numbers whose trajectories go on."""
        return numbers[self.outcome[numbers] == RUNNING]

    @property
    def recorded(self) -> bool:
        """Whether states inside a step are needed."""
        return self.problem.dense or len(self.problem.times) > 1

    @property
    def counted(self) -> bool:
        """Whether a method must report on every group of trajectories."""
        formulas = self.problem.formulas
        watched = formulas.events or formulas.guards
        return bool(self.recorded or self.problem.count_steps or watched)

    def hit(self, event: int, number: int, time: float, state: Array) -> bool:
        """Record a zero of an event, unless it lies at the start."""
        later = time > self.problem.start
        if later:
            self.hits.append((event, number, time, state))
        return later

    def cross(self, number: int, guard: int) -> None:
        """Go on in the next mode, at a point where a guard has reached zero.

        Guards that reach zero at the same instant change too. Where the next field leads
        back, the trajectory slides along the surface and ends.
        """
        one = np.array([number])
        x, t, old = self.x[one], self.t[one], self.mode[one]
        before = self.problem.rates(x, t, one, old)[0]
        values = self.problem.guards(x, t, one, old)[0]
        wanted = 2 * old[0] - 1
        near = _TOGETHER * max(1.0, abs(float(t[0]))) * np.abs(before)
        changes = (wanted * before < 0) & (np.abs(values) <= near)
        changes[guard] = True
        new = np.where(changes, 1 - old[0], old[0])
        self._touch(number)
        after = self.problem.rates(x, t, one, new[None])[0]
        if self.outcome[number] == STOPPED:
            return
        if np.all((2 * new - 1)[changes] * after[changes] > 0):
            self.mode[number] = new
        else:
            self.outcome[number] = SLIDES

    def _touch(self, number: int) -> None:
        """Record events that are zero where a guard is: locating either may miss the other."""
        one = np.array([number])
        x, t = self.x[one], self.t[one]
        count = len(self.problem.formulas.events)
        seen = self.problem.seen(x, t, one, self.mode[one])[0]
        near = _TOGETHER * max(1.0, abs(float(t[0])))
        for k, event in enumerate(self.problem.formulas.events):
            value, rate = seen[k], seen[count + k]
            if abs(value) <= near * abs(rate) and rate * event.direction >= 0 and rate != 0:
                recorded = self.hit(k, number, float(t[0]), x[0].copy())
                if recorded and event.terminal:
                    self.outcome[number] = STOPPED

    def check_modes(self, numbers: Any) -> None:
        """End trajectories that are in another mode than the one they were computed in."""
        if not self.mode.shape[1] or not len(numbers):
            return
        x, t, mode = self.x[numbers], self.t[numbers], self.mode[numbers]
        values = (2 * mode - 1) * self.problem.guards(x, t, numbers, mode)
        near = np.abs(self.problem.rates(x, t, numbers, mode))
        near *= 1e3 * _TOGETHER * np.maximum(1, np.abs(t))[:, None]
        missed = np.any(values < -near - np.finfo(float).tiny, axis=1)
        self.outcome[numbers[missed]] = LOST

    def finish(self, numbers: Any) -> None:
        """Mark trajectories that have reached the end, or are no longer finite."""
        done = self.t[numbers] >= self.problem.end
        fine = np.isfinite(self.x[numbers]).all(axis=1)
        ended = numbers[done & fine]
        self.outcome[ended] = FINISHED
        self.outcome[numbers[~fine]] = NOT_FINITE
        self.states[np.ix_(ended, self.problem.times >= self.problem.end)] = self.x[ended][:, None]

    def result(self, method: str) -> Trajectories:
        """What the user gets."""
        problem, shape = self.problem, self.problem.shape
        n = self.x.shape[1]
        failed = (self.outcome != FINISHED) & (self.outcome != STOPPED)
        return Trajectories(
            problem.start,
            problem.times,
            self.states.reshape((*shape, len(problem.times), n)),
            self.steps.reshape(shape) if problem.count_steps else None,
            failed.reshape(shape),
            np.minimum(self.t, problem.end).reshape(shape),
            tuple(self._hits(k, n) for k in range(len(problem.formulas.events))),
            method,
            self.outcome.reshape(shape),
            tuple(self.paths) if problem.dense else None,
        )

    def _hits(self, event: int, n: int) -> Hits:
        mine = [hit for hit in self.hits if hit[0] == event]
        mine.sort(key=lambda hit: (hit[1], hit[2]))
        mine = [hit for last, hit in zip([None, *mine], mine, strict=False) if _apart(last, hit)]
        return Hits(
            np.array([hit[1] for hit in mine], dtype=np.int64),
            np.array([hit[2] for hit in mine], dtype=float),
            np.array([hit[3] for hit in mine], dtype=float).reshape(len(mine), n),
        )


def _apart(last: Any, hit: Any) -> bool:
    """Whether a hit is another one than the last, and not the same found twice."""
    if last is None or last[1] != hit[1]:
        return True
    return hit[2] - last[2] > _TOGETHER * max(1.0, abs(hit[2]))

r"""Batches of trajectories by heyoka's Taylor method, several in the lanes of one vector.

All lanes of an integrator step together, each with its own step size; a lane that has finished
idles. Trajectories are therefore advanced in *rounds* of a fixed number of steps and grouped
anew by how many steps each still needs, so that those of one group end together. One
integrator a thread is kept and reused, as compiling it takes longer than thousands of steps.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
import sympy as sp

from symgan.kernels.heyoka_expressions import heyoka, translate
from symgan.kernels.integrate_problem import Array, Formulas, Problem
from symgan.kernels.integrate_run import RUNNING, Run
from symgan.kernels.trajectories import BLEW_UP, STEPS, STOPPED, Polynomials, horner

ROUND = 64
"""Steps after which trajectories are grouped anew."""
VECTORS = 2
"""Machine vectors in one integrator: the latency of one hides behind the other."""
LARGE = 400
"""Operations beyond which heyoka emits loops ("compact mode"): unrolled code compiles long."""


class Recorder:
    """heyoka calls this at events; it keeps (event, lane, time, state)."""

    def __init__(self, event: int, found: list[tuple[int, int, float, Array]]) -> None:
        self.event, self.found = event, found

    def __call__(self, integrator: Any, time: float, sign: int, lane: int) -> None:
        """Keep the time and, from the Taylor series of the step, the state."""
        integrator.update_d_output(np.full(integrator.batch_size, time))
        self.found.append((self.event, lane, time, integrator.d_output[:, lane].copy()))

    def __deepcopy__(self, memo: Any) -> Recorder:
        return self  # heyoka copies callbacks; what they find must stay where it is read


class Departure:
    """heyoka asks this at terminal events; those at the start of a problem do not end it.

    Attributes:
        start: the time of the initial states.
    """

    start: float

    def __init__(self) -> None:
        self.start = 0.0

    def __call__(self, integrator: Any, sign: int, lane: int) -> bool:
        """Whether to go on; heyoka then passes over the same zero for a while."""
        return bool(integrator.time[lane] <= self.start)

    def __deepcopy__(self, memo: Any) -> Departure:
        return self  # as for `Recorder`


class Integrator:
    """One compiled heyoka integrator and what its events have found."""

    def __init__(self, formulas: Formulas, tolerance: float) -> None:
        hy = heyoka()
        self.lanes = VECTORS * int(hy.recommended_simd_size())
        self.found: list[tuple[int, int, float, Array]] = []
        flow, modes = formulas.flow, formulas.modes
        names = [f"x{i}" for i in range(len(flow.state))]
        variables = [hy.expression(name) for name in names]
        every = (*flow.parameters, *modes.bits)
        held = sp.Tuple(*formulas.field, *formulas.guards, *formulas.watched).free_symbols
        self.used = [i for i, symbol in enumerate(every) if symbol in held]
        constants = [every[i] for i in self.used]  # heyoka takes no others
        symbols = dict(zip(flow.state, variables, strict=True))
        symbols |= {symbol: hy.par[i] for i, symbol in enumerate(constants)}
        symbols |= {} if flow.time is None else {flow.time: hy.time}
        wanted = [
            (2 * bit - 1) * guard for bit, guard in zip(modes.bits, formulas.guards, strict=True)
        ]
        expressions = [*formulas.field, *wanted, *formulas.watched]
        ready = translate(expressions, symbols, float)
        n, r = len(variables), len(wanted)
        falling = hy.event_direction.negative
        ends = [hy.t_event_batch(g, direction=falling) for g in ready[n : n + r]]
        self.departure = Departure()
        self.terminal = [k for k, event in enumerate(formulas.events) if event.terminal]
        notes = []
        for k, (event, expression) in enumerate(zip(formulas.events, ready[n + r :], strict=True)):
            direction = hy.event_direction(event.direction)
            if event.terminal:
                passed = self.departure
                ends.append(hy.t_event_batch(expression, callback=passed, direction=direction))
            else:
                call = Recorder(k, self.found)
                notes.append(hy.nt_event_batch(expression, call, direction=direction))
        self.guards = r
        self.taylor = hy.taylor_adaptive_batch(
            list(zip(variables, ready[:n], strict=True)),
            np.ones((n, self.lanes)),
            pars=np.ones((len(constants), self.lanes)),
            tol=tolerance,
            compact_mode=sum(int(sp.count_ops(e)) for e in expressions) > LARGE,
            t_events=ends,
            nt_events=notes,
        )
        self.ends, self.events = bool(ends), bool(ends or notes)


class Pool:
    """Idle integrators of one system; a thread takes one and gives it back."""

    def __init__(self, formulas: Formulas, tolerance: float) -> None:
        self.formulas, self.tolerance = formulas, tolerance
        self.idle: SimpleQueue[Integrator] = SimpleQueue()

    def take(self) -> Integrator:
        """An idle integrator, or a new one."""
        try:
            return self.idle.get_nowait()
        except Empty:
            return Integrator(self.formulas, self.tolerance)


@lru_cache(maxsize=32)
def pool(formulas: Formulas, tolerance: float) -> Pool:
    """The pool of a system, kept as long as the process."""
    return Pool(formulas, tolerance)


def integrate(problem: Problem, workers: int) -> Run:
    """Integrate all trajectories of a problem.

    Raises:
        MissingExtra: heyoka is not installed.
        KernelError: a function that it does not know.
    """
    run = Run(problem)
    source = pool(problem.formulas, problem.tolerance)
    numbers = np.arange(len(run.t))
    shares = [numbers[i::workers] for i in range(workers)]
    if workers == 1:
        _work(run, source, numbers)
        return run
    with ThreadPoolExecutor(workers) as executor:
        list(executor.map(lambda share: _work(run, source, share), shares))
    return run


def _work(run: Run, source: Pool, numbers: Any) -> None:
    if not len(active := run.running(numbers)):
        return
    integrator = source.take()
    integrator.departure.start = run.problem.start
    while len(active):
        before = run.t[active]
        steps = max(1, min(ROUND, run.problem.max_steps - int(run.steps[active].max())))
        _round(run, integrator, active, steps)
        with np.errstate(divide="ignore", invalid="ignore"):
            left = (run.problem.end - run.t[active]) / (run.t[active] - before)
        going = run.outcome[active] == RUNNING
        active = active[going][np.argsort(-left[going], kind="stable")]
    source.idle.put(integrator)


def _round(run: Run, integrator: Integrator, numbers: Any, steps: int) -> None:
    """Some steps of each trajectory, group by group; the last group is filled up by its first."""
    lanes, taylor = integrator.lanes, integrator.taylor
    count = len(numbers)
    filled = np.concatenate([numbers, np.repeat(numbers[count - 1 :], -count % lanes)])
    t, rest, x = run.t[filled], run.rest[filled], np.ascontiguousarray(run.x[filled].T)
    pars = np.concatenate([run.problem.parameters[filled].T, run.mode[filled].T])[integrator.used]
    same = bool(np.all(pars == pars[:, :1]))
    h, state, constants = np.empty_like(t), taylor.state, taylor.pars
    constants[:] = pars[:, :1]
    for first in range(0, len(filled), lanes):
        group = slice(first, first + lanes)
        taylor.set_dtime(t[group], rest[group])
        state[:] = x[:, group]
        if not same:
            constants[:] = pars[:, group]
        if integrator.events:
            taylor.reset_cooldowns()
            integrator.found.clear()
        _advance(run, integrator, numbers[group], steps)
        (t[group], rest[group]), x[:, group] = taylor.dtime, state
        h[group] = taylor.last_h
        if integrator.events:
            run.t[numbers[group]] = t[first : min(first + lanes, count)]
            run.x[numbers[group]] = x[:, first : min(first + lanes, count)].T
            _happened(run, integrator, numbers[group])
    run.t[numbers], run.rest[numbers], run.x[numbers] = t[:count], rest[:count], x.T[:count]
    if not run.counted:
        run.steps[numbers] += steps  # exact for those that go on
    _end(run, numbers, h[:count])


def _advance(run: Run, integrator: Integrator, numbers: Any, steps: int) -> None:
    """Some steps of one group, recorded where states inside steps are needed."""
    taylor = integrator.taylor
    if run.recorded:
        breaks, series = _recorded(integrator, run.problem, steps)
        taken = (np.diff(breaks, axis=0) > 0).sum(axis=0)
        run.steps[numbers] += taken[: len(numbers)]
        _sample(run, breaks, series, numbers)
        if run.problem.dense:
            _keep(run, breaks, series, numbers)
        return
    taylor.propagate_until(run.problem.end, max_steps=steps, max_delta_t=run.problem.longest)
    if run.counted:
        taken = np.array([result[3] for result in taylor.propagate_res])
        run.steps[numbers] += taken[: len(numbers)]


def _recorded(integrator: Integrator, problem: Problem, steps: int) -> tuple[Array, Array]:
    """Steps with their series: times (s + 1, lanes), coefficients (s, n, order + 1, lanes).

    heyoka's own continuous output compiles code for each call, which takes longer than this.
    """
    taylor, end = integrator.taylor, problem.end
    breaks, series = [np.array(taylor.time)], []
    for _ in range(steps):
        taylor.step(np.minimum(end - breaks[-1], problem.longest), write_tc=True)
        breaks.append(np.array(taylor.time))
        series.append(np.array(taylor.tc))
        if np.all(breaks[-1] >= end) or not np.all(np.isfinite(taylor.state)):
            break
        if integrator.ends and any(-1 - int(result[0]) >= 0 for result in taylor.step_res):
            break
    return np.array(breaks), np.array(series)


def _sample(run: Run, breaks: Array, series: Array, numbers: Any) -> None:
    """States at those times asked for that a group has passed."""
    times, lanes = run.problem.times, np.arange(len(numbers))
    breaks = breaks[:, lanes]
    inside = (times[:, None] > breaks[0]) & (times[:, None] <= breaks[-1])
    which, lane = np.nonzero(inside)
    if not len(which):
        return
    piece = np.empty(len(which), dtype=np.int64)
    for k in lanes:
        mine = lane == k
        piece[mine] = np.searchsorted(breaks[:, k], times[which[mine]], side="left") - 1
    table = series[piece, :, :, lane]
    run.states[numbers[lane], which] = horner(table, times[which] - breaks[piece, lane])


def _keep(run: Run, breaks: Array, series: Array, numbers: Any) -> None:
    """The series of a group, trajectory by trajectory, after what there is."""
    for lane, number in enumerate(map(int, numbers)):
        moved = np.flatnonzero(np.diff(breaks[:, lane]) > 0)
        if not len(moved):
            continue
        edges = breaks[np.append(moved, moved[-1] + 1), lane]
        mine = series[moved, :, :, lane]
        path = run.paths[number]
        if isinstance(path, Polynomials):
            edges = np.concatenate([path.breaks[:-1], edges])
            mine = np.concatenate([path.coefficients, mine])
        run.paths[number] = Polynomials(edges, mine)


def _happened(run: Run, integrator: Integrator, numbers: Any) -> None:
    """Events, and crossings from one mode to the next."""
    taylor = integrator.taylor
    results = taylor.step_res if run.recorded else taylor.propagate_res
    for event, lane, time, state in integrator.found:
        if lane < len(numbers):
            run.hit(event, int(numbers[lane]), time, state)
    for number, result in zip(map(int, numbers), results, strict=False):
        which = -int(result[0]) - 1
        if 0 <= which < integrator.guards:
            run.cross(number, which)
        elif integrator.guards <= which < integrator.guards + len(integrator.terminal):
            event = integrator.terminal[which - integrator.guards]
            if run.hit(event, number, float(run.t[number]), run.x[number].copy()):
                run.outcome[number] = STOPPED


def _end(run: Run, numbers: Any, h: Array) -> None:
    """Mark what has finished and what cannot go on."""
    going = run.outcome[numbers] == RUNNING
    run.finish(numbers[going])
    run.check_modes(run.running(numbers[going]))
    going = run.outcome[numbers] == RUNNING
    left, step = numbers[going], np.abs(h[going])
    stalled = (step <= 4 * np.spacing(np.abs(run.t[left]))) & (step > 0)
    run.outcome[left[stalled]] = BLEW_UP
    run.outcome[left[~stalled & (run.steps[left] >= run.problem.max_steps)]] = STEPS

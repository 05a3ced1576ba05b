"""The annealed flow, linear and nonlinear: 1e4 initial states to t = 100 at 1e-12."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

import numpy as np
import sympy as sp

from benchmarks.machine import cores
from benchmarks.measuring import Array, Budget, Contender, Missing, Row, compare
from symgan.games.annealed import annealed
from symgan.kernels import reference
from symgan.losses import jensen_shannon, wasserstein
from symgan.system import Flow

MEMBERS, END, TOLERANCE = 10_000, 100.0, 1e-12
VALUES = {"T": 10.0, "alpha_0": 2.0, "alpha_r": 1.0}
LOSSES = {"linear": wasserstein, "nonlinear": jensen_shannon}
PROBED = 3
LIMIT = 1e-9
"""A local error of 1e-12 a step over some hundred periods leaves up to 1e-10."""


def flow(kind: str) -> Flow:
    """The annealed tiny-GAN, switch off."""
    return annealed(LOSSES[kind]).flow()


def start(count: int) -> Array:
    """Initial states (count, 3) about the data's first position."""
    x0 = np.random.default_rng(2).normal(scale=0.5, size=(count, 3))
    x0[:, 2] = VALUES["alpha_0"]
    return x0


class Peers:
    """Everybody for one flow."""

    def __init__(self, kind: str, members: int) -> None:
        self.flow, self.x0 = flow(kind), start(members)
        parameters = [VALUES[p.name] for p in self.flow.parameters]
        assert self.flow.time is not None
        arguments = [self.flow.time, self.flow.state]
        rhs = [e.xreplace(dict(zip(self.flow.parameters, parameters, strict=True)))
               for e in self.flow.rhs]  # fmt: skip
        self.scalar = sp.lambdify(arguments, rhs, modules="math", cse=True)
        self.columns = sp.lambdify(arguments, rhs, modules="numpy", cse=True)
        self.rhs = rhs

    def expected(self) -> Array:
        """The 50-digit reference's answer to the first members."""
        exact = reference(self.flow, dps=30)
        found = []
        for row in self.x0[:PROBED]:
            x0 = dict(zip((s.name for s in self.flow.state), map(float, row), strict=True))
            (last,) = exact.solve(x0, [END], VALUES)
            found.append([float(v) for v in last])
        return np.array(found)

    def contender(
        self,
        name: str,
        make: Callable[[], Callable[[Array], Any]],
        threads: int = 1,
        note: str = "",
    ) -> Contender | Missing:
        """One of them: (initial states) -> final states."""
        try:
            final = make()
        except ImportError as error:
            return Missing(name, f"{error.name or error} is not installed")
        x0 = self.x0
        return Contender(
            name, lambda n: final(x0[:n]), len(x0), lambda: final(x0[:PROBED]), threads, note
        )

    def all(self) -> Iterable[Contender | Missing]:
        """symgan first."""
        several = cores()
        yield self.contender("symgan flow, 1 thread", lambda: self.symgan("jit", 1))
        yield self.contender(
            f"symgan flow, {several} threads", lambda: self.symgan("jit", several), several
        )
        yield self.contender("symgan flow through heyoka", lambda: self.symgan("heyoka", 1))
        yield self.contender("symgan flow through SciPy", lambda: self.symgan("scipy", 1))
        yield self.contender("heyoka by hand, one at a time", self.heyoka)
        yield self.contender("solve_ivp DOP853", lambda: self.solve_ivp("DOP853"))
        yield self.contender("solve_ivp LSODA", lambda: self.solve_ivp("LSODA"))
        yield self.contender(
            "solve_ivp DOP853, all members as one system", self.together, 1, "one step for all"
        )

    def symgan(self, method: str, workers: int) -> Callable[[Array], Array]:
        """`symgan.kernels.integrate.solve`."""
        from symgan.kernels.integrate import solve

        if method != "scipy":  # an absence is a line in the table
            import_module({"jit": "llvmlite", "heyoka": "heyoka"}[method])

        def final(x0: Array) -> Array:
            return solve(
                self.flow, x0, [END], VALUES, tolerance=TOLERANCE, method=method, workers=workers
            ).final

        return final

    def heyoka(self) -> Callable[[Array], Array]:
        """What a user of heyoka writes: one scalar integrator, started anew for each member."""
        import heyoka as hy

        from symgan.kernels.heyoka_expressions import translate

        names = hy.make_vars(*(s.name for s in self.flow.state))
        symbols: dict[Any, Any] = dict(zip(self.flow.state, names, strict=True))
        symbols[self.flow.time] = hy.time
        system = list(zip(names, translate(self.rhs, symbols, float), strict=True))
        integrator = hy.taylor_adaptive(system, [0.0] * len(names), tol=TOLERANCE)

        def final(x0: Array) -> Array:
            found = np.empty_like(x0)
            for i, row in enumerate(x0):
                integrator.time, integrator.state[:] = 0.0, row
                integrator.propagate_until(END)
                found[i] = integrator.state
            return found

        return final

    def solve_ivp(self, method: str) -> Callable[[Array], Array]:
        """SciPy, one member after another, its field a scalar function."""
        from scipy.integrate import solve_ivp

        def final(x0: Array) -> Array:
            runs = (
                solve_ivp(self.scalar, (0, END), row, method, rtol=TOLERANCE, atol=TOLERANCE)
                for row in x0
            )
            return np.array([found.y[:, -1] for found in runs])

        return final

    def together(self) -> Callable[[Array], Array]:
        """SciPy on the whole batch as one system of 3 n equations."""
        from scipy.integrate import solve_ivp

        def final(x0: Array) -> Array:
            def field(t: float, x: Array) -> Array:
                columns = x.reshape(x0.shape[1], -1)
                rows = np.broadcast_arrays(*self.columns(t, columns), columns[0])[:-1]
                return np.concatenate(rows)

            # the error norm is a mean over members: a smaller tolerance holds for each of them
            size = TOLERANCE / np.sqrt(len(x0))
            found = solve_ivp(
                field, (0, END), x0.T.ravel(), "DOP853", rtol=max(size, 2.5e-14), atol=size
            )
            return found.y[:, -1].reshape(x0.shape[1], -1).T

        return final


def run(kind: str, budget: Budget, quick: bool) -> dict[str, Any]:
    """Measure."""
    peers = Peers(kind, MEMBERS // 10 if quick else MEMBERS)
    rows = compare(list(peers.all()), peers.expected(), LIMIT, budget)
    return {
        "title": f"Annealed flow, {kind}: {len(peers.x0):,} members to t = 100 at 1e-12",
        "unit": "members",
        "rows": [row.plain() for row in rows],
    }


def run_reference(budget: Budget, quick: bool) -> dict[str, Any]:
    """One trajectory of the nonlinear flow to t = 100 with 50 digits."""
    import mpmath

    system = flow("nonlinear")
    last: Any = ()
    x0 = {"theta": "0.5", "psi": "0.25", "alpha": VALUES["alpha_0"]}
    end = END / 10 if quick else END
    rows, answers = [], []
    for name, solver in solvers(system):
        if isinstance(solver, Missing):
            rows.append(Row(name, solver.status, note=solver.why))
            continue
        row = Row(name, "ok", full=1, size=1, note="")
        slow = name.endswith("mpmath")
        for _ in range(1 if slow else budget.rounds):
            wall, cpu = time.perf_counter(), time.process_time()
            (last,) = solver(x0, [end], VALUES)
            row.wall.append(time.perf_counter() - wall)
            row.cpu.append(time.process_time() - cpu)
        answers.append([mpmath.nstr(v, 60) for v in last])
        rows.append(row)
    return {
        "title": f"Nonlinear annealed flow with 50 digits: one trajectory to t = {end:g}",
        "unit": "trajectories",
        "rows": [row.plain() for row in rows],
        "agreement": agreement(answers),
    }


def agreement(answers: list[list[str]]) -> float | None:
    """Digits to which two answers agree; nothing where there is one."""
    import mpmath

    if len(answers) < 2:
        return None
    with mpmath.workdps(70):
        pairs = list(zip(answers[0], answers[1], strict=True))
        off = max(abs(mpmath.mpf(a) - mpmath.mpf(b)) for a, b in pairs)
        return float(-mpmath.log10(off)) if off else 70.0


def solvers(system: Flow) -> Iterable[tuple[str, Any]]:
    """The reference and its fast sibling."""
    yield "symgan reference, mpmath", reference(system, dps=50).solve
    try:
        import heyoka  # noqa: F401 - its absence is a line in the table
    except ImportError:
        yield "symgan fast reference", Missing("symgan fast reference", "heyoka is not installed")
        return
    yield "symgan fast reference", reference(system, dps=50, method="heyoka").solve

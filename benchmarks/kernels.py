"""Kernels against what a user would otherwise write, in one run, as ratios.

Run: python benchmarks/kernels.py. Times are the best of several repetitions.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

from symgan.analysis import solve_linear
from symgan.games.annealed import annealed
from symgan.kernels import compile
from symgan.losses import jensen_shannon
from symgan.rules.alternating import alternating

REPETITIONS = 7
BATCH = 100_000
SEED = 1


def best(call: Callable[[], Any]) -> float:
    """The shortest of several times, in seconds."""
    took = []
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        call()
        took.append(time.perf_counter() - start)
    return min(took)


def row(title: str, ours: float, theirs: float, peer: str) -> None:
    print(f"{title:<44} {1e3 * ours:10.3f} ms {theirs / ours:9.2f}x  {peer}")


def fields(rng: np.random.Generator) -> None:
    flow = annealed(jensen_shannon, switch=1).flow()
    x = rng.normal(size=(BATCH, 3))
    values = {"T": 1.0, "alpha_0": 1.0, "alpha_r": 3.0}
    kernel = compile(flow)
    arguments = [*flow.state, *flow.parameters, flow.time]
    columns = (*x.T, *(values[s.name] for s in flow.parameters), 0.5)
    plain = sp.lambdify(arguments, list(flow.rhs), modules="numpy")
    ours = best(lambda: kernel.field(x, 0.5, values))
    row("field, 3 components", ours, best(lambda: stacked(plain(*columns))), "lambdify, no cse")
    jacobian = sp.lambdify(arguments, flow.jacobian().flat(), modules="numpy")
    ours = best(lambda: kernel.jacobian(x, 0.5, values))
    row("Jacobian, 3 x 3", ours, best(lambda: stacked(jacobian(*columns))), "lambdify, no cse")


def stacked(values: Any) -> np.ndarray:
    return np.stack(np.broadcast_arrays(*values), axis=-1)


def maps(rng: np.random.Generator) -> None:
    eta = sp.Symbol("eta", positive=True)
    map_ = alternating(annealed(jensen_shannon, switch=1), eta)
    kernel, x0, steps = compile(map_), rng.normal(size=(1000, 3)), 200
    values = {"T": 1.0, "alpha_0": 1.0, "alpha_r": 3.0, "eta": 0.05}
    plain = sp.lambdify(
        [*map_.state, *map_.parameters, map_.index], list(map_.rhs), modules="numpy"
    )
    constants = [values[s.name] for s in map_.parameters]

    def loop() -> None:
        x = list(x0.T)
        for k in range(steps):
            x = plain(*x, *constants, k)

    ours = best(lambda: kernel.iterate(x0, steps, values))
    row("alternating steps, 200 x 1000 orbits", ours, best(loop), "lambdify, no cse, in a loop")


def closed_forms() -> None:
    flow = annealed().flow()
    start = {s: sp.Symbol(f"{s.name}_i", real=True) for s in flow.state}
    kernel = compile(solve_linear(flow, start))
    values = {"T": 1.0, "alpha_0": 1.0, "alpha_r": 3.0, "theta_i": 1, "psi_i": 0, "alpha_i": 1}
    times = np.linspace(0, 100, 10_001)
    ours, theirs = best(lambda: kernel(times, values)), best(lambda: runge_kutta(times))
    row("closed form, 10,001 times to t = 100", ours, theirs, "hand-written RK4, a step a time")
    exact, approximate = kernel(times, values), runge_kutta(times)
    print(f"{'':<44} RK4 is off by {np.abs(exact - approximate).max():.1e}")
    sets = np.linspace(0.5, 2, 200)
    each = best(lambda: kernel(1.0, {**values, "T": sets})) / len(sets)
    print(f"{'closed form, a distinct set of parameters':<44} {1e3 * each:10.3f} ms each")


def runge_kutta(times: np.ndarray) -> np.ndarray:
    """The annealed tiny-GAN (T = 1, from 1 to 3) by the classical method of order 4."""

    def field(x: np.ndarray, t: float) -> np.ndarray:
        return np.array([-x[1], x[0] - x[2], 2 * np.exp(-t)])

    h, x = times[1] - times[0], np.array([1.0, 0.0, 1.0])
    states = [x]
    for t in times[:-1]:
        a = field(x, t)
        b = field(x + h / 2 * a, t + h / 2)
        c = field(x + h / 2 * b, t + h / 2)
        d = field(x + h * c, t + h)
        x = x + h / 6 * (a + 2 * b + 2 * c + d)
        states.append(x)
    return np.stack(states)


def main() -> None:
    print(f"{'':<44} {'symgan':>13} {'ratio':>9}   peer (ratio > 1: symgan is faster)")
    rng = np.random.default_rng(SEED)
    fields(rng)
    maps(rng)
    closed_forms()


if __name__ == "__main__":
    main()

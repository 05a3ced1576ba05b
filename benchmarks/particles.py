"""Speed of the particle simulation, and how its error falls with the dimension.

    python benchmarks/particles.py

The first line is a run of 1e5 steps in 1e4 dimensions; beside it stands the bare cost of
drawing its random numbers, which no implementation of the recursion can avoid. Then the
distance from the macroscopic limit for several n, with the slope of its logarithm.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np

from symgan.kernels.particles import simulate
from symgan.kernels.particles_chain import convergence
from symgan.kernels.particles_flow import integrate
from symgan.kernels.particles_model import Particles, SpikedModel, gram, initial

MODEL = SpikedModel(eta_t=0.7, eta_g=0.7, tau=0.5, tau_g=0.25)
START = gram(0.2, 0.3, 0.1)
SIZE, STEPS = 10_000, 100_000
SIZES = (250, 500, 1000, 2000, 4000)


def main() -> None:
    """Measure and print."""
    drawing = draws(2 * SIZE + 2)
    first = perf_counter()
    trace = simulate(MODEL, initial(SIZE, START, seed=1), STEPS, every=STEPS // 10, progress=show)
    seconds = perf_counter() - first
    limit = integrate(MODEL, START, list(trace.steps / SIZE))
    off = np.linalg.norm(trace.states - limit, axis=(1, 2)).max()
    print(f"n = {SIZE}, {STEPS} steps: {seconds:.1f} s ({seconds / drawing:.2f} x drawing alone)")
    print(f"largest distance from the limit: {off:.4f}")
    rate = convergence(MODEL, START, SIZES, duration=4.0, runs=400, seed=1)
    for n, error, spread in zip(rate.sizes, rate.errors, rate.spreads, strict=True):
        print(f"n = {n:5d}: {error:.5f} +- {spread:.5f}")
    print(f"slope {rate.slope:.3f} +- {rate.slope_error:.3f}")


def draws(width: int) -> float:
    """Seconds for the random numbers of the run, on one core."""
    rng = np.random.Generator(np.random.SFC64(1))
    block = np.empty((16, width))
    first = perf_counter()
    for _ in range(STEPS // 1600):
        rng.standard_normal(out=block)
    return (perf_counter() - first) * 100


def show(particles: Particles, left: int) -> None:
    """One line of progress."""
    print(f"step {particles.step}, {left} left", flush=True)


if __name__ == "__main__":
    main()

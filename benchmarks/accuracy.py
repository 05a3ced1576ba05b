"""Worst errors of the closed-form kernels against 50-digit integration, over a grid.

Run: python benchmarks/accuracy.py. The measure is the error relative to the sum of the
magnitudes of the terms, and plain relative error near t = 0 (`symgan.kernels.measure`).
"""

from __future__ import annotations

import itertools

import sympy as sp

from symgan.analysis import solve_linear
from symgan.games.annealed import T, alpha, alpha_0, alpha_r, annealed, psi, theta, tiny_gan
from symgan.kernels import compile, error_against_reference

TIMES = (0.0, 1e-300, 1e-12, 1e-6, 1e-3, 0.1, 1.0, 3.0, 10.0, 50.0, 100.0)
SCALES = (1e-2, 0.3, 1.0, 3.0, 30.0, 1e4, 1e12)
STARTS = ((1.0, 0.0, 1.0), (0.5, -2.0, 3.0), (-1.0, 1e-8, 2.0))


def main() -> None:
    """Print the worst error of each system and where it occurs."""
    flows = {
        "autonomous": tiny_gan().flow(),
        "switch off": annealed().flow(),
        "switch on, generator's side": annealed(switch=1).flow(),
        "switch on, discriminator's side": annealed(switch=1, side="discriminator").flow(),
    }
    print(f"{'system':<34}{'worst error':>12}  where")
    for name, flow in flows.items():
        worst = None
        for start, size in itertools.product(STARTS, SCALES):
            initial = dict(zip((theta, psi, alpha), map(sp.Rational, start), strict=True))
            form = solve_linear(flow, {s: initial[s] for s in flow.state})
            values = {alpha_0: start[2], alpha_r: 3.0, T: size}
            parameters = {p: values[p] for p in flow.parameters}
            found = error_against_reference(compile(form), flow, times=TIMES, parameters=parameters)
            if worst is None or found.error > worst.error:
                worst = found
        assert worst is not None
        print(f"{name:<34}{worst.error:12.2e}  {worst.where}")


if __name__ == "__main__":
    main()

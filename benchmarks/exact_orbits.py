"""Exact orbits of the Dirac oracle: steps a second, beside Python's fractions and plain floats.

Run: python benchmarks/exact_orbits.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction

import sympy as sp

from symgan.games.quadratic import bilinear
from symgan.kernels.exact import compile_orbit
from symgan.rules.oracle import dirac_oracle

ETA = sp.Symbol("eta", positive=True)
STEP, START, STEPS, REPEATS = Fraction(1, 10), (Fraction(1), Fraction(1, 3)), 200, 50


def by_hand(theta: Fraction, psi: Fraction, eta: Fraction, steps: int) -> None:
    """The loop that a user would write, tie rule "mover"."""
    for _ in range(steps):
        product = theta * psi
        if product < 0 or (product == 0 and psi != 0):
            theta += eta * psi
        else:
            psi -= eta * theta


def rate(run: Callable[[], object]) -> float:
    """Steps a second, the best of three rounds."""
    rounds = []
    for _ in range(3):
        start = time.perf_counter()
        for _ in range(REPEATS):
            run()
        rounds.append(time.perf_counter() - start)
    return STEPS * REPEATS / min(rounds)


def main() -> None:
    game = bilinear()
    kernel = compile_orbit(dirac_oracle(game, ETA), {ETA: STEP})
    start = dict(zip(game.state, START, strict=True))
    exact = rate(lambda: kernel.orbit(start, STEPS, stop=()))
    watched = rate(lambda: kernel.orbit(start, STEPS))
    plain = rate(lambda: by_hand(*START, STEP, STEPS))
    print(f"symgan, exact            {exact:10.0f} steps/s   {exact / plain:5.1f}x")
    print(f"  with period detection  {watched:10.0f} steps/s   {watched / plain:5.1f}x")
    print(f"fractions, by hand       {plain:10.0f} steps/s     1.0x")


if __name__ == "__main__":
    main()

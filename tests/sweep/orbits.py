"""Small sweeps with known answers."""

from __future__ import annotations

import sympy as sp

from symgan.sweep import Axis, Growth, Model, Points, Sample, Sweep
from symgan.system import Map

X, Y = sp.symbols("x y", real=True)
A, B = sp.symbols("a b", real=True)

LOGISTIC = Model("logistic", Map((X,), (A * X * (1 - X),), parameters=(A,)))
HENON = Model("Henon", Map((X, Y), (1 - A * X**2 + Y, B * X), parameters=(A, B)))
TURN = Model("turn", Map((X, Y), (A * X - B * Y, B * X + A * Y), parameters=(A, B)))
"""Its spectral radius is the root of a^2 + b^2."""


def turning(steps: int = 2000, chunk: int = 16, **options: object) -> Sweep:
    """Whether rotations grow: 4 angles, 8 radii around one, 2 random starts."""
    design = (
        Axis("a", "-1/2", "1/2", 4)
        * Axis("b", "3/4", "5/4", 8)
        * Sample({"x": (-1, 1), "y": (-1, 1)}, 2, seed=5)
    )
    return Sweep((TURN,), design, Growth(steps), chunk=chunk, **options)  # type: ignore[arg-type]


def at(model: Model, measure: object, **values: object) -> Sweep:
    """A sweep over listed cells."""
    return Sweep((model,), Points(values), measure, backend="numpy")  # type: ignore[arg-type]

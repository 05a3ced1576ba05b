"""The exact steps near an equilibrium, met by torch's own optimizers with all their memory."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

from symgan import optimizers, step_bound, zero_sum
from tests.empirical.optimizers.cases import CASES, COARSE, beta1, eps, eta, mu, w
from tests.empirical.optimizers.torch_runs import TorchRun

x, y = sp.symbols("x y", real=True)
GAME = zero_sum(x * y + x**2 / 4 - y**2 / 2, minimize=x, maximize=y, equilibrium={x: 0, y: 0})
NAMES = ("adam", "optimistic-adam", "rmsprop", "rmsprop-centered", "nesterov")
ORDERS: dict[str, Any] = {"adam": (0, 1), "rmsprop": (1, 0)}
STEPS = 240


def bound(name: str) -> float:
    """The largest stable step by exact arithmetic, at the values of `COARSE` as they are in binary.

    The weight decay of a case is part of its gradient.
    """
    case = CASES[name]
    numbers = {s: sp.Rational(COARSE[s]) for s in (beta1, mu, eps, w)}
    options = {key: numbers.get(value, value) for key, value in case.options.items()}
    near = optimizers.near_equilibrium(case.name)(GAME, eta, order=ORDERS.get(name), **options)
    return float(step_bound(near, eta).asymptotic.end)


def grows(name: str, step: float) -> bool:
    """Whether the distance grows between the last two thirds of a run from 1e-9 away."""
    run = TorchRun(GAME, CASES[name].make({**COARSE, eta: step}, "single"), ORDERS.get(name))
    run.start({"x": 1e-9, "y": -2e-9})
    sizes = []
    for _ in range(STEPS):
        for active in run.turns:
            run.turn(active)
        sizes.append(max(abs(value.item()) for value in run.x.values()))
    third = STEPS // 3
    return max(sizes[-third:]) > max(sizes[third:-third])


@pytest.mark.parametrize("name", NAMES)
def test_torch_turns_at_the_exact_step(name: str) -> None:
    """Three per cent to either side: there a run changes by a factor of ten or more."""
    exact = bound(name)
    assert not grows(name, 0.97 * exact)
    assert grows(name, 1.03 * exact)

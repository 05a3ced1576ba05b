r"""Trajectories on torch stay within the running bound of the exact orbit.

With :math:`E_{n+1} = |J(\hat x_n)|\,E_n + b\,u\,|F|_*(\hat x_n)` (`symgan.kernels.growth`)
and b the ulp that a step may err by, the bound holds to first order as long as every branch is
decided as on the exact orbit. It is compared up to the first one that is not.
"""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from sympy import Rational

from symgan.empirical.bridge import flatten
from symgan.games.annealed import tiny_gan
from symgan.games.dirac import dirac
from symgan.games.quadratic import quadratic
from symgan.kernels import settled_orbit
from symgan.kernels.evaluate import holds
from symgan.kernels.growth import running_bound
from symgan.kernels.multiprecision import comparisons
from symgan.losses import hinge, jensen_shannon
from symgan.system import Map
from tests.contracts.cases import eta
from tests.empirical.bridge.exact import FEW, OPEN, ULP, Case

STEPS = 18
SECOND = 1.01
"""The bound is of first order: errors are below 1e-13, their squares far below a hundredth."""

OPTIONS: dict[str, dict[str, Any]] = {
    "lookahead": {"base": "past-extragradient"},
    "heavy-ball": {"alternating": True},
    "unrolled": {"steps": 2},
}
SMOOTH = [
    *("simultaneous", "alternating", "two-timescale", "extragradient", "past-extragradient"),
    *("optimistic", "heavy-ball", "consensus", "hamiltonian", "gradient-norm"),
    *("symplectic-adjustment", "unrolled", "lookahead", "competitive"),
    *("local-symplectic-surgery", "local-symplectic-surgery-two-timescale"),
]
LINEAR = [*SMOOTH, "proximal-point", "dirac-oracle"]
NONLINEAR = ["alternating", "optimistic"]

CASES = {
    **{f"quadratic-{name}": (quadratic(2, 3, Rational(1, 2)), name) for name in LINEAR},
    **{f"dirac-{name}": (dirac(jensen_shannon), name) for name in NONLINEAR},
    **{f"switched-{name}": (dirac(jensen_shannon), name) for name in ("dirac-oracle",)},
    **{f"hinge-{name}": (tiny_gan(loss=hinge), name) for name in ("alternating",)},
}


def _orbit(which: str, skew: float = 0.0) -> tuple[Map, np.ndarray, dict[str, float]]:
    """The exact map, torch's path (steps + 1, n) with the memory, and the values."""
    game, name = CASES[which]
    options = {} if which.startswith("dirac") else OPTIONS.get(name, {})
    case = Case(game, name, options, eta)
    system = case.exact()
    assert isinstance(system, Map)
    values = {p.name: 0.0625 for p in system.parameters} | {
        "eta": 0.4 if which.startswith("switched") else 0.1
    }
    values |= {s.name: x for s, x in zip(game.state, (0.6, -0.7), strict=True)}
    update = case.update({**values, "eta": values["eta"] * (1 + skew)})
    players: Any = update.players
    memory = update.start(players.parameters)
    path = [[values[s.name] for s in game.state] + _remembered(memory)]
    for _ in range(STEPS):
        update.step()
        assert update.memory is not None
        path.append([*flatten(players.parameters).tolist(), *_remembered(update.memory)])
    return system, np.array(path), values


def _remembered(memory: Any) -> list[float]:
    return [value for nest in memory.nests for value in flatten(nest).detach().tolist()]


def _excess(which: str, skew: float = 0.0) -> tuple[float, int]:
    """The error in units of its bound, and after how many steps: as many as decide alike."""
    system, path, values = _orbit(which, skew)
    start = {s: float(v) for s, v in zip(system.visible, path[0], strict=False)}
    constants = {p.name: values[p.name] for p in system.parameters}
    exact = settled_orbit(system, start, STEPS, constants, digits=30)
    alike = _decided_alike(system, path, exact, constants)
    bound = running_bound(system, path[: alike + 1], exact, constants, FEW * float(ULP))
    with mpmath.workdps(40):
        pairs = zip(path[alike].tolist(), exact.states[alike], strict=True)
        gaps = [abs(mpf(a) - b) for a, b in pairs]
    ratios = [float(g / e) if e else float("inf") for g, e in zip(gaps, bound, strict=True) if g]
    return max(ratios, default=0.0), alike


def _decided_alike(system: Map, path: np.ndarray, exact: Any, constants: dict[str, float]) -> int:
    """Up to which step the comparisons turn out at torch's states as on the exact orbit."""
    told = comparisons(system)
    with mpmath.workdps(40):
        for n, x in enumerate(path):
            place = {s: mpf(float(v)) for s, v in zip(system.state, x, strict=True)}
            place |= {p: mpf(constants[p.name]) for p in system.parameters}
            if tuple(holds(r, place) for r in told) != exact.decisions[n]:
                return n
    return len(path) - 1


@pytest.mark.parametrize("which", CASES)
def test_trajectories_stay_within_the_bound(which: str) -> None:
    excess, alike = _excess(which)
    assert excess <= SECOND
    assert alike == STEPS  # these orbits come near no switch; else the comparison would be short


@pytest.mark.parametrize("which", ["quadratic-extragradient", "dirac-optimistic"])
def test_a_step_that_is_off_by_a_thousandth_of_a_millionth_leaves_it(which: str) -> None:
    assert _excess(which, skew=1e-9)[0] > 1000


def test_the_comparison_ends_at_a_branch_that_is_decided_otherwise() -> None:
    """The oracle's orbit switches; one with a tenth more of a step switches elsewhere."""
    system, _, values = _orbit("switched-dirac-oracle")
    start = {s: values[s.name] for s in system.visible}
    exact = settled_orbit(system, start, STEPS, {p.name: values[p.name] for p in system.parameters})
    assert len(set(exact.decisions)) > 1
    assert _excess("switched-dirac-oracle", skew=0.1)[1] < STEPS


def test_options_are_met() -> None:
    assert set(OPEN) | set(OPTIONS) <= set(LINEAR)

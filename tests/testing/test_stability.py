"""Stability claims as properties: true ones pass, false neighbors are broken exactly."""

from __future__ import annotations

import inspect
from itertools import pairwise

import pytest
import sympy as sp
from sympy import Rational, Symbol

from symgan.errors import GameError, SymganError
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear
from symgan.losses import jensen_shannon
from symgan.rules.alternating import alternating
from symgan.rules.optimistic import optimistic
from symgan.rules.oracle import dirac_oracle
from symgan.rules.simultaneous import simultaneous
from symgan.system import Map
from symgan.testing import (
    Broken,
    Orbit,
    amplified_at_most,
    kept,
    nonincreasing,
    stability_claim,
)

eta = Symbol("eta", positive=True)
game = bilinear()
theta, psi = game.state
switched = dirac_oracle(game, eta)
V = theta**2 - eta * sp.Abs(theta * psi) + psi**2


test_energy_of_the_oracle = stability_claim(switched, eta < 2)(nonincreasing(V))
test_largest_coordinate = stability_claim(switched, eta <= 1)(
    nonincreasing(sp.Max(sp.Abs(theta), sp.Abs(psi)))
)
test_amplification = stability_claim(switched, eta < 2, steps=25)(amplified_at_most(2 / (2 - eta)))
test_alternating_energy = stability_claim(alternating(game, eta))(
    kept(theta**2 + eta * theta * psi + psi**2)
)


@stability_claim(optimistic(game, eta), eta <= Rational(1, 2), steps=40, max_examples=30)
def test_optimism_shrinks_in_the_long_run(orbit: Orbit) -> bool:
    first, *_, last = orbit.along(theta**2 + psi**2)
    return last < first or first == 0


@pytest.mark.parametrize(
    ("system", "given", "check"),
    [
        (switched, eta < 2, nonincreasing(theta**2 + psi**2)),
        (switched, eta < 2, nonincreasing(sp.Max(sp.Abs(theta), sp.Abs(psi)))),
        (switched, eta < 2, nonincreasing(V + theta**2 / 100)),
        (switched, eta <= Rational(21, 10), amplified_at_most(20)),
        (simultaneous(game, eta), sp.true, nonincreasing(theta**2 + psi**2)),
        (alternating(game, eta), sp.true, kept(theta**2 - eta * theta * psi + psi**2)),
        (dirac_oracle(game, eta, tie="stay"), eta < 2, amplified_at_most(1)),
    ],
)
def test_false_neighbors_are_broken(system: Map, given: sp.Basic, check: object) -> None:
    with pytest.raises(Broken, match=r"fails from psi = .*, theta = .* at eta = "):
        stability_claim(system, given, steps=40, max_examples=1000)(check)()  # type: ignore[arg-type]


def test_the_orbit_is_the_map_iterated() -> None:
    seen: list[Orbit] = []
    stability_claim(switched, eta < 2, max_examples=5)(lambda orbit: not seen.append(orbit))()
    for orbit in seen:
        for here, there in pairwise(orbit.states):
            at = {**here, **orbit.parameters}
            assert tuple(f.subs(at) for f in switched.rhs) == tuple(there[s] for s in (theta, psi))


def test_what_is_handed_to_pytest_takes_nothing() -> None:
    claim = stability_claim(switched, eta < 2)(nonincreasing(V))
    assert inspect.signature(claim).parameters == {}


def test_counterexamples_are_simple() -> None:
    with pytest.raises(Broken, match=r"fails from psi = -?1, theta = 0 at eta = 1$"):
        stability_claim(switched, eta < 2)(nonincreasing(theta**2 + psi**2))()


@pytest.mark.parametrize(
    "system",
    [
        simultaneous(dirac(jensen_shannon), eta),
        Map((theta,), (theta + psi,), noise=(psi,)),
    ],
)
def test_maps_without_exact_orbits_are_refused(system: Map) -> None:
    with pytest.raises(SymganError):
        stability_claim(system)
    assert issubclass(GameError, SymganError)

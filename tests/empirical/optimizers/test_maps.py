"""One step of torch's optimizers from equal states is one step of the maps; orbits follow."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Symbol

from symgan.games.quadratic import bilinear
from symgan.kernels import settled_orbit
from symgan.kernels.growth import running_bound
from symgan.system import Map
from tests.empirical.optimizers.cases import (
    CASES,
    COARSE,
    DEFAULTS,
    GAMES,
    Values,
    alpha,
    beta1,
    beta2,
    eps,
    eta,
    mu,
    orders,
    w,
)
from tests.empirical.optimizers.torch_runs import ULP, TorchRun, worst_entry

ULPS = 10
"""The longest way from a state to the next, through Adam's two means, their corrections, the root
and the quotient, has twenty roundings of half an ulp, each a share of the magnitude."""


def place_of(system: Map, values: Values, k: int) -> dict[Any, float]:
    """Values for the parameters and the index of a map."""
    place: dict[Any, float] = {p: values[p] for p in system.parameters}
    return place if system.index is None else {**place, system.index: k}


def drawn(system: Map, draw: random.Random) -> dict[str, float]:
    """A state over four orders of magnitude, with squares no smaller than their means' squares."""
    found = {
        s.name: draw.choice([-1, 1]) * 10 ** draw.uniform(-3, 1)
        for s in system.state
    }  # fmt: skip
    for name in [name for name in found if name.endswith("_square")]:
        center = found.get(name.removesuffix("square") + "center", 0.0)
        found[name] = found[name] ** 2 + center**2
    return found


def stages(system: Map) -> tuple[Map, ...]:
    """The map of every turn."""
    return system.stages or (system,)


def worst_turn(
    system: Map,
    run: TorchRun,
    values: Values,
    k: int,
    draw: random.Random,
    entries: tuple[Symbol, ...] | None = None,
) -> float:
    """The largest error of the turns of round k, each from a state of its own."""
    worst, made = 0.0, [k * sum(i in t for t in run.turns) for i in range(len(run.game.players))]
    for active, stage in zip(run.turns, stages(system), strict=True):
        before = drawn(system, draw)
        run.start(before)
        run.remember(before, made)
        run.turn(active)
        place = place_of(stage, values, k)
        worst = max(worst, worst_entry(stage, before, run.state(system), place, entries))
        made = [n + (i in active) for i, n in enumerate(made)]
    return worst


@pytest.mark.parametrize(("name", "title"), list(product(CASES, GAMES)))
def test_a_turn_of_torch_is_a_turn_of_the_map(name: str, title: str) -> None:
    """Implementations and orders in turn, with values at which every option counts."""
    case, game = CASES[name], GAMES[title]
    turn = list(product(CASES, GAMES)).index((name, title))
    order = orders(game)[turn % len(orders(game))]
    system, draw = case.map(title, order), random.Random(turn)
    for k, values in enumerate((DEFAULTS, COARSE)):
        run = TorchRun(game, case.make(values, case.ways[(turn + k) % len(case.ways)]), order)
        for rounds in (0, draw.choice([1, 7, 1000])):
            assert worst_turn(system, run, values, rounds, draw) < ULPS


@pytest.mark.parametrize("name", CASES)
def test_every_implementation_of_torch(name: str) -> None:
    case, draw = CASES[name], random.Random(name)
    for way in case.ways:
        run = TorchRun(bilinear(), case.make(COARSE, way))
        assert worst_turn(case.map("bilinear"), run, COARSE, 3, draw) < ULPS


entries = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0]),
    st.floats(1e-6, 1e6).flatmap(lambda x: st.sampled_from([x, -x])),
)
decays = st.one_of(st.just(0.0), st.floats(0.1, 0.9999))
"""None between 0 and 0.1: torch decays a mean by 1 - (1 - beta), which is off by u/beta of it."""
positive = st.floats(1e-9, 1e3)


@settings(max_examples=40)
@given(
    name=st.sampled_from(sorted(CASES)),
    rates=st.fixed_dictionaries(dict.fromkeys((beta1, beta2, alpha, mu), decays)),
    sizes=st.fixed_dictionaries({
        eta: positive, eps: st.one_of(st.just(0.0), positive),
        w: st.one_of(st.just(0.0), st.floats(1e-9, 1.0)),
    }),
    entry=st.lists(entries, min_size=8, max_size=8),
    k=st.sampled_from([0, 1, 2, 30, 10_000]),
)  # fmt: skip
def test_with_any_options(
    name: str, rates: dict[Symbol, float], sizes: dict[Symbol, float], entry: list[float], k: int
) -> None:
    """Zero gradients and memory, decays of 0; no eps where squares are remembered.

    Centered squares that forget all at once are 0 exactly, and rounding decides about their root.
    """
    case, values = CASES[name], {**rates, **sizes}
    remembering = values[eps] == 0 or "centered" in case.options
    assume(not remembering or min(values[beta2], values[alpha]) > 0.01)
    assume(values[mu] > 0 or "momentum" not in case.options)  # torch keeps no ball then
    system = case.map("bilinear")
    before = dict(zip((s.name for s in system.state), entry, strict=False))
    for square in [s for s in before if s.endswith("_square")]:
        center = before.get(square.replace("square", "center"), 0.0)
        before[square] = before[square] ** 2 + 2 * center**2 + (values[eps] == 0)
    run = TorchRun(bilinear(), case.make(values, "single"))
    run.start(before)
    run.remember(before, [k, k])
    run.turn((0, 1))
    assert worst_entry(system, before, run.state(system), place_of(system, values, k)) < ULPS


def orbit_excess(system: Map, run: TorchRun, steps: int) -> float:
    """The largest error of an orbit over the bound that rounding of `ULPS` a turn propagates to."""
    start = {s.name: x for s, x in zip(system.visible, (0.7, -0.4, 0.9, 0.3), strict=False)}
    values = {p: COARSE[p] for p in system.parameters}
    run.start(start)
    path = [{s.name: start.get(s.name, 0.0) for s in system.state}]
    for _ in range(steps):
        for active in run.turns:
            run.turn(active)
        path.append(run.state(system))
    states = np.array([list(state.values()) for state in path])
    orbit = settled_orbit(system, start, steps, values)
    named = {p.name: value for p, value in values.items()}
    unit = ULPS * len(run.turns) * float(ULP)
    bound = running_bound(system, states, orbit, named, unit)
    gaps = [abs(x - e) for x, e in zip(states[-1], orbit.states[-1], strict=True)]
    return float(max(gap / b for gap, b in zip(gaps, bound, strict=True)))


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("adam", (0, 1)),
        ("optimistic-adam", None),
        ("rmsprop-momentum", None),
        ("nesterov", (1, 0, 1)),
    ],
)
def test_orbits_stay_within_the_propagated_bound(name: str, order: Any) -> None:
    case = CASES[name]
    run = TorchRun(bilinear(), case.make(COARSE, case.ways[-1]), order)
    assert orbit_excess(case.map("bilinear", order), run, 8) < 1


def test_orbits_of_another_order_do_not() -> None:
    run = TorchRun(bilinear(), CASES["nesterov"].make(COARSE, "single"), (1, 0))
    assert orbit_excess(CASES["nesterov"].map("bilinear", (0, 1)), run, 8) > 1e6

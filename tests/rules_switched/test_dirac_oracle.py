"""The Dirac oracle: what it does, ties and borders included, and what is known of it exactly."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import gcd
from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from sympy import Integer, Rational

from symgan.catalog import mark_of
from symgan.errors import GameError
from symgan.game import Game, zero_sum
from symgan.games.annealed import alpha_r, annealed, tiny_gan
from symgan.games.atoms import dirac_atoms
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear, quadratic
from symgan.kernels.exact import OrbitKernel, compile_orbit
from symgan.losses import SCALAR_LOSSES, GenericLoss, jensen_shannon, wasserstein
from symgan.rules import catalog
from symgan.rules.oracle import TIES, Tie, dirac_oracle, interaction
from tests.contracts import laws
from tests.rules_switched.states import (
    STEPS,
    State,
    by_hand,
    coordinates,
    eta,
    follow,
    rational,
    states,
    steps,
)

theta, psi = bilinear().state
ties = st.sampled_from(TIES)


@cache
def kernel(game: str, step: Fraction, tie: Tie) -> OrbitKernel:
    build = {"atoms": lambda: dirac_atoms().game, "bilinear": bilinear, "dirac": dirac_w}[game]
    return compile_orbit(dirac_oracle(build(), eta, tie=tie), {eta: rational(step)})


def dirac_w() -> Game:
    return dirac(wasserstein)


def lyapunov(state: State, step: Fraction) -> Fraction:
    return state[0] ** 2 - step * abs(state[0] * state[1]) + state[1] ** 2


def size(state: State) -> Fraction:
    return max(abs(state[0]), abs(state[1]))


@given(st.data(), steps, ties, st.sampled_from(["atoms", "bilinear"]))
def test_one_iteration_is_the_papers(
    data: st.DataObject, step: Fraction, tie: Tie, name: str
) -> None:
    start = data.draw(states(step))
    assert follow(kernel(name, step, tie), start, 1)[-1] == by_hand(start, step, tie)


@given(st.data(), steps, ties)
def test_the_sign_of_the_discriminator_is_a_coordinate(
    data: st.DataObject, step: Fraction, tie: Tie
) -> None:
    """`dirac` writes psi where the paper writes -psi; orbits go over into one another."""
    start = data.draw(states(step))
    paper = follow(kernel("atoms", step, tie), start, 12)
    mirrored = follow(kernel("dirac", step, tie), (start[0], -start[1]), 12)
    assert [(a, -b) for a, b in mirrored] == paper


def test_the_place_of_the_data_is_a_coordinate() -> None:
    moved = dirac_oracle(tiny_gan(wasserstein), eta)
    still = dirac_oracle(dirac(wasserstein), eta)
    a, b = tiny_gan().state
    back = dict(zip(still.state, (a - alpha_r, b), strict=True))
    for at in ((2, 3), (2, -3), (0, 1), (1, 0), (5, 0)):
        here = {a: Rational(at[0]), b: Rational(at[1]), alpha_r: Integer(1)}
        expected = [f.subs(back, simultaneous=True).subs(here) for f in still.rhs]
        found = [f.subs(here) for f in moved.rhs]
        assert sp.expand(found[0] - 1 - expected[0]) == 0
        assert sp.expand(found[1] - expected[1]) == 0


@given(st.data(), steps, ties)
def test_two_rates_are_a_change_of_scale(data: st.DataObject, step: Fraction, tie: Tie) -> None:
    """With steps (4 h, h) the generator divided by two sees the single step 2 h."""
    start = data.draw(states(step))
    h = rational(step)
    two = compile_orbit(dirac_oracle(bilinear(), (2 * h, h / 2), tie=tie))
    scaled = [(a / 2, b) for a, b in follow(two, (2 * start[0], start[1]), 12)]
    assert scaled == follow(kernel("bilinear", step, tie), start, 12)


@given(st.data(), st.sampled_from([s for s in STEPS if s <= 2]), ties)
def test_lyapunov_function_never_grows(data: st.DataObject, step: Fraction, tie: Tie) -> None:
    """theta^2 - eta |theta psi| + psi^2, for every tie rule; the max norm only for eta <= 1."""
    orbit = follow(kernel("atoms", step, tie), data.draw(states(step)), 40)
    values = [lyapunov(state, step) for state in orbit]
    assert values == sorted(values, reverse=True)
    if step <= 1:
        sizes = [size(state) for state in orbit]
        assert sizes == sorted(sizes, reverse=True)


@given(st.data(), st.sampled_from([s for s in STEPS if s < 2]), ties)
def test_amplification(data: st.DataObject, step: Fraction, tie: Tie) -> None:
    """|x_k|^2 <= (1 + eta^2) |x_0|^2 for eta <= 1, (2 + eta)/(2 - eta) |x_0|^2 below 2."""
    start = data.draw(states(step))
    orbit = follow(kernel("atoms", step, tie), start, 40)
    bound = 1 + step**2 if step <= 1 else (2 + step) / (2 - step)
    largest = max(a**2 + b**2 for a, b in orbit)
    assert largest <= bound * (start[0] ** 2 + start[1] ** 2)
    if step <= 1:
        (_, (a, b)) = follow(kernel("atoms", step, "mover"), (Fraction(0), Fraction(1)), 1)
        assert a**2 + b**2 == 1 + step**2


@given(st.data(), steps)
def test_both_is_the_mover_in_one_dimension(data: st.DataObject, step: Fraction) -> None:
    start = data.draw(states(step))
    both = follow(kernel("atoms", step, "both"), start, 12)
    assert both == follow(kernel("atoms", step, "mover"), start, 12)


def test_false_neighbors_of_the_lyapunov_function() -> None:
    """The Euclidean norm grows in one step; the max norm grows for eta > 1."""
    one = follow(kernel("atoms", Fraction(1, 10), "mover"), (Fraction(0), Fraction(1)), 1)
    assert one[1][0] ** 2 + one[1][1] ** 2 > 1
    two = follow(kernel("atoms", Fraction(7, 5), "mover"), (Fraction(-1, 10), Fraction(1)), 1)
    assert size(two[1]) > size(two[0])


def test_threshold_two() -> None:
    """At eta = 2 orbits grow linearly, beyond geometrically; at 7/5 nothing grows."""
    start = (Fraction(1), Fraction(-3, 2))
    at_two = [size(s) for s in follow(kernel("atoms", Fraction(2), "mover"), start, 40)]
    assert [b - a for a, b in pairwise(at_two[2:])] == [Fraction(1, 2)] * 38
    beyond = [size(s) for s in follow(kernel("atoms", Fraction(3), "mover"), start, 40)]
    assert all(b > 2 * a for a, b in pairwise(beyond[2:]))
    below = [size(s) for s in follow(kernel("atoms", Fraction(7, 5), "mover"), start, 40)]
    assert below[-1] < below[0] / 1000


@given(steps, coordinates.filter(bool), ties)
def test_fixed_points_of_each_tie(step: Fraction, b: Fraction, tie: Tie) -> None:
    """A fixed player leaves the points of an axis at rest; the mover only the equilibrium."""
    rests = {
        axis: follow(kernel("atoms", step, tie), start, 1)[-1] == start
        for axis, start in (("theta", (b, Fraction(0))), ("psi", (Fraction(0), b)))
    }
    assert rests == {
        "theta": tie in ("generator", "stay"),
        "psi": tie in ("discriminator", "stay"),
    }
    origin = (Fraction(0), Fraction(0))
    assert follow(kernel("atoms", step, tie), origin, 1)[-1] == origin


@given(st.integers(1, 4), coordinates, coordinates)
def test_steps_one_over_n_get_stuck_on_an_axis(n: int, a: Fraction, b: Fraction) -> None:
    """Every rational start meets a tie; a fixed player then rests off the equilibrium."""
    step = rational(Fraction(1, n))
    cases: tuple[tuple[Tie, int], ...] = (("generator", 1), ("discriminator", 0))
    for tie, axis in cases:
        system = dirac_oracle(bilinear(), eta, tie=tie)
        orbit = compile_orbit(system, {eta: step}).orbit(
            {theta: rational(a), psi: rational(b)}, 4000, max_bits=1 << 17
        )
        assert orbit.end.value == "fixed point"
        assert orbit.states[-1][axis] == 0
        assert (orbit.states[-1][1 - axis] != 0) == ((a, b) != (0, 0))


@given(st.integers(-30, 30), st.integers(-30, 30))
def test_step_one_is_the_subtractive_euclidean_algorithm(a: int, b: int) -> None:
    """With the mover an integer start ends on a cycle at distance gcd, 0 only from 0."""
    orbit = kernel("atoms", Fraction(1), "mover").orbit({"theta": a, "psi": b}, 200)
    assert orbit.end.value == ("period" if (a, b) != (0, 0) else "fixed point")
    last = [abs(int(x)) for x in orbit.states[-1]]
    assert max(last) == gcd(a, b)
    assert orbit.period == (8 if (a, b) != (0, 0) else 1)


@given(st.data(), ties.filter(lambda tie: tie != "both"))
def test_minors_are_conserved_for_vectors(data: st.DataObject, tie: Tie) -> None:
    """theta and psi in R^2: their determinant stays, so an independent pair never reaches 0."""
    game = bilinear([[1, 0], [0, 1]])
    step = data.draw(steps)
    plane = compile_orbit(dirac_oracle(game, eta, tie=tie), {eta: rational(step)})
    start = tuple(data.draw(coordinates) for _ in range(4))
    orbit = follow(plane, start, 15)
    assert len({a * d - b * c for a, b, c, d in orbit}) == 1
    for now, new in pairwise(orbit):
        inner = now[0] * now[2] + now[1] * now[3]
        moved = [now[:2] != new[:2], now[2:] != new[2:]]
        assert moved[0] <= (inner <= 0)
        assert moved[1] <= (inner >= 0)


def test_both_at_a_tie_stretches_the_determinant() -> None:
    game = bilinear([[1, 0], [0, 1]])
    plane = compile_orbit(dirac_oracle(game, eta, tie="both"), {eta: Rational(1, 2)})
    first, second = follow(plane, (Fraction(1), Fraction(0), Fraction(0), Fraction(1)), 1)
    determinants = [a * d - b * c for a, b, c, d in (first, second)]
    assert determinants == [1, 1 + Fraction(1, 4)]


@pytest.mark.parametrize(("a", "b"), [("7/10", "-3/10"), ("7/10", "3/10"), ("0", "2"), ("-1", "0")])
def test_bce_steps_are_the_papers(a: str, b: str) -> None:
    """V1: theta + eta sigma(psi theta) psi; V2: psi - eta sigma(psi theta) theta; to 40 digits."""
    system = dirac_oracle(dirac_atoms(jensen_shannon).game, Rational(1, 4))
    at = {theta: Rational(a), psi: Rational(b)}
    found = [f.subs(at).evalf(45) for f in system.rhs]
    with mpmath.workdps(50):
        x, y = mpmath.mpf(str(at[theta].evalf(50))), mpmath.mpf(str(at[psi].evalf(50)))
        sigma = 1 / (1 + mpmath.exp(-x * y))
        moves_generator = x * y < 0 or (x == 0 and y != 0)
        expected = (x + sigma * y / 4, y) if moves_generator else (x, y - sigma * x / 4)
        worst = max(abs(mpmath.mpf(str(f)) - e) for f, e in zip(found, expected, strict=True))
        assert worst < mpmath.mpf(10) ** -40  # 45 digits were asked of every value below 3


@pytest.mark.parametrize("name", [*SCALAR_LOSSES, "free"])
@pytest.mark.parametrize("tie", TIES)
def test_laws_hold_for_every_loss_and_tie(name: str, tie: Tie) -> None:
    game = dirac({**SCALAR_LOSSES, "free": GenericLoss}[name])
    system = dirac_oracle(game, eta, tie=tie)
    assert laws.fixed_point_violations(system, game.equilibrium or {}) == []
    declared = mark_of(dirac_oracle).first_order(game, tie=tie)
    assert laws.first_order_violations(system, eta, declared) == []
    assert system.updates == 1


def test_the_interaction_has_the_sign_of_the_losses() -> None:
    assert interaction(bilinear()) == -psi * theta
    assert interaction(dirac(jensen_shannon)) == psi * theta / 2
    assert interaction(quadratic(2, -3, 5)) == 3 * psi * theta


def test_the_oracle_is_in_the_catalog() -> None:
    assert catalog()["dirac-oracle"] is dirac_oracle


BROKEN: dict[str, tuple[Game, str]] = {
    "three players": (annealed(), "3 players"),
    "no equilibrium": (replace(bilinear(), equilibrium=None), "no equilibrium"),
    "drift": (replace(bilinear(), drift=(Integer(1), Integer(0))), "moves by itself"),
    "no interaction": (
        zero_sum(
            theta**2 * psi**2, minimize=theta, maximize=psi, equilibrium={theta: 0, psi: 0}
        ),
        "do not interact",
    ),
    "common interest": (
        replace(bilinear(), losses=(psi * theta, psi * theta)),
        "do not oppose",
    ),
}  # fmt: skip


@pytest.mark.parametrize("label", BROKEN)
def test_games_without_a_meaning_for_it_are_refused(label: str) -> None:
    game, sentence = BROKEN[label]
    with pytest.raises(GameError, match=rf"does not apply to game .*{sentence}"):
        dirac_oracle(game, eta)
    with pytest.raises(GameError, match="does not apply"):
        mark_of(dirac_oracle).first_order(game)


def test_wrong_options_are_refused() -> None:
    wrong: Any = "nobody"
    with pytest.raises(GameError, match="unknown tie 'nobody'"):
        dirac_oracle(bilinear(), eta, tie=wrong)
    with pytest.raises(GameError, match="not positive"):
        dirac_oracle(bilinear(), (eta, -1))

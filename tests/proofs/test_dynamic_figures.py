"""Figures 2 and 6 of the dynamic paper: what is drawn, recomputed by plain arithmetic."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from itertools import islice

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from symgan_papers.dynamic import figure_fields, figure_orbits, figures, oracle_orbits
from symgan_papers.dynamic.figure_orbits import Run

from symgan.report.pictures import Picture


@cache
def drawn() -> dict[str, Picture]:
    return {picture.name: picture for picture in figures.pictures()}


@cache
def by_order() -> dict[str, Run]:
    return {item.name: item for item in figure_orbits.orders()}


def test_both_figures_are_drawn_in_all_formats() -> None:
    assert list(drawn()) == ["figure-2", "figure-6"]
    for picture in drawn().values():
        assert picture.files["png"].startswith(b"\x89PNG")
        assert picture.files["pdf"].startswith(b"%PDF")
        assert "<svg" in picture.svg
        assert "  " not in picture.caption


def test_the_oracle_is_followed_exactly() -> None:
    """Against plain fractions; the distance of an exact state is off by one rounding or two."""
    states = oracle_orbits.orbit((Fraction(1), Fraction(1)), Fraction(1, 10))
    plain = list(islice(states, figure_orbits.UPDATES + 1))
    found = by_order()["oracle"]
    assert len(found.distances) == len(plain)
    for k in (0, 10, 11, 500, 2400):
        x, y = plain[k]
        with mpmath.workdps(40):
            exact = mpmath.sqrt(mpmath.mpf((x * x + y * y).numerator) / (x * x + y * y).denominator)
        assert found.distances[k] == pytest.approx(float(exact), rel=4e-16)


def test_simultaneous_steps_grow_by_the_known_factor() -> None:
    """Each step multiplies the distance by sqrt(1 + eta^2); it counts as two updates."""
    found = by_order()["Sim-GDA"]
    steps = found.updates / 2
    np.testing.assert_array_equal(found.rounds, steps)
    expected = math.sqrt(2) * np.sqrt(1.01) ** steps
    # The power of a rounded base is off by half an ulp a step: 1,200 of them.
    np.testing.assert_allclose(found.distances, expected, rtol=1200 * 2.3e-16)


@pytest.mark.parametrize("n_d", [1, 2, 5, 10])
def test_alternating_rounds_are_those_of_equation_5(n_d: int) -> None:
    found = by_order()[f"Alt-GDA, n_d = {n_d}"]
    assert found.updates[1] == n_d + 1
    np.testing.assert_array_equal(found.rounds, np.arange(len(found.rounds)))
    start = (Fraction(1), Fraction(1))
    x, y = oracle_orbits.alternated(start, Fraction(1, 10), 20, n_d=n_d)
    assert found.distances[20] == pytest.approx(math.hypot(x, y), rel=4e-16)


@given(st.lists(st.sampled_from([(1, 0), (0, 1), (1, 1), (0, 0)]), max_size=40))
def test_a_round_ends_when_both_have_moved(moves: list[tuple[int, int]]) -> None:
    states = [(0, 0)]
    for move in moves:
        states.append((states[-1][0] + move[0], states[-1][1] + move[1]))
    rounds = figure_orbits.completed_rounds(states)
    # Another count: cut off the shortest prefix in which both moved, again and again.
    cuts, start = [], 0
    for end in range(1, len(moves) + 1):
        inside = moves[start:end]
        if all(any(move[player] for move in inside) for player in (0, 1)):
            cuts.append(end)
            start = end
    assert rounds == [sum(cut <= k for cut in cuts) for k in range(len(states))]


def test_floats_do_what_the_caption_says() -> None:
    """The same recursion written out in NumPy scalars: it stays where the figure stays."""
    runs = figure_orbits.arithmetics(figure_orbits.START, figure_orbits.UPDATES)
    exact, *floats = runs
    assert exact.distances[-1] < 1e-20
    for item, number in zip(floats, (np.float64, np.float32), strict=True):
        x, y, eta = number(1), number(1), number(0.1)
        for _ in range(figure_orbits.UPDATES):
            if x * y < 0:
                x = x + eta * y
            elif x * y > 0:
                y = y - eta * x
            else:
                pytest.fail("no tie was expected in floats")
        assert item.distances[-1] == math.hypot(x, y) > 0.09
    assert "no ties" in drawn()["figure-2"].caption


def test_the_generic_start_meets_no_tie() -> None:
    order = figure_orbits.dirac_oracle(figure_orbits.wasserstein_game(), figure_orbits.eta)
    root = figure_orbits.ROOT
    assert abs(root**2 - 2) < Fraction(3, 10**40)
    orbit = figure_orbits.orbit(order, figure_orbits.GENERIC_UPDATES, start=(Fraction(1), root))
    assert all(x != 0 and y != 0 for x, y in orbit.states)
    from_one = figure_orbits.orbit(order, figure_orbits.UPDATES)
    assert sum(x == 0 or y == 0 for x, y in from_one.states) > 20


def sigma(y: float) -> float:
    return 1 / (1 + math.exp(-y))


BY_HAND = {
    "vanilla (BCE)": lambda x, y: (sigma(x * y) * y, -sigma(x * y) * x),
    "Wasserstein": lambda x, y: (y, -x),
    "Wasserstein with gradient penalty": lambda x, y: (
        y,
        -x - (abs(y) - 1) * math.copysign(1, y),
    ),
}
"""The joint field, written out: theta descends L, psi ascends L and descends the penalty."""


@pytest.mark.parametrize("name", BY_HAND)
def test_fields_are_those_of_the_games(name: str) -> None:
    game = figure_fields.games()[name]
    fields = figure_fields.update_fields(game)
    grids = {key: figure_fields.on_grid(field, 8) for key, field in fields.items()}
    joint = grids["V3"]
    for index in np.ndindex(joint.theta.shape):
        expected = BY_HAND[name](joint.theta[index], joint.psi[index])
        # A few roundings of numbers of order one.
        np.testing.assert_allclose(joint.values[index], expected, rtol=1e-14, atol=1e-15)
    np.testing.assert_array_equal(grids["V1"].values + grids["V2"].values, joint.values)
    assert not grids["V1"].values[..., 1].any()
    assert not grids["V2"].values[..., 0].any()
    np.testing.assert_allclose(joint.norm**2, grids["V1"].norm ** 2 + grids["V2"].norm ** 2)


def test_only_the_penalty_has_no_rest_point_at_the_origin() -> None:
    rests = {name: game.equilibrium is not None for name, game in figure_fields.games().items()}
    assert rests == dict.fromkeys(BY_HAND, True) | {"Wasserstein with gradient penalty": False}

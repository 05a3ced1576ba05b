"""The poster's streamlines: what is drawn, recomputed by plain arithmetic."""

from __future__ import annotations

import math
from functools import cache

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from symgan_papers.stability import figure_fields, figures
from symgan_papers.stability.figure_fields import HIGH, LOW, START, WIDTH, Panel

from symgan.report.pictures import Picture


@cache
def drawn() -> tuple[Picture, ...]:
    return figures.pictures()


@cache
def panels() -> dict[str, Panel]:
    return dict(zip(("gan", "wgan", "regularized"), figure_fields.panels(), strict=True))


def states() -> st.SearchStrategy[tuple[float, float]]:
    return st.tuples(st.floats(-WIDTH, WIDTH), st.floats(LOW, HIGH))


def test_the_figure_is_drawn_in_all_formats() -> None:
    (found,) = drawn()
    assert found.name == "figure-streamlines"
    assert found.files["png"].startswith(b"\x89PNG")
    assert found.files["pdf"].startswith(b"%PDF")
    assert "<svg" in found.svg
    assert "  " not in found.caption


@pytest.mark.parametrize(("name", "weight"), [("wgan", 0.0), ("regularized", 0.25)])
@given(state=states())
@settings(deadline=None, max_examples=40)
def test_wgan_fields_are_those_written_out(
    name: str, weight: float, state: tuple[float, float]
) -> None:
    w, a = state
    expected = ((1 - a * a) / 3, 2 * a * w / 3 + weight * 4 * a * (1 - a * a) / 9)
    # Either side rounds each of some six operations by half an ulp of the sum of magnitudes, and
    # below the normal numbers by half of the least number there is.
    size = (1 + a * a) / 3, abs(2 * a * w) / 3 + weight * 4 * a * (1 + a * a) / 9
    error = np.abs(panels()[name].field(np.array(state)) - np.array(expected))
    least = np.finfo(float).smallest_subnormal
    assert (error <= 6 * (np.finfo(float).eps * np.array(size) + least)).all()


@given(state=states())
@settings(deadline=None, max_examples=12)
def test_the_gan_field_is_the_mean_over_samples(state: tuple[float, float]) -> None:
    """Against quadrature in thirty digits; the Gauss rule has 24 nodes."""
    w, a = map(mpmath.mpf, state)
    with mpmath.workdps(30):

        def slope(score: mpmath.mpf) -> mpmath.mpf:
            return 1 / (1 + mpmath.exp(score))

        real = mpmath.quad(lambda s: s**2 * slope(w * s**2), [0, 1])
        fake = mpmath.quad(lambda s: s**2 * slope(-w * (a * s) ** 2), [0, 1])
        expected = (float(real - a**2 * fake), float(2 * a * w * fake))
    found = panels()["gan"].field(np.array(state))
    np.testing.assert_allclose(found, expected, atol=2e-15, rtol=0)


def energy(state: np.ndarray) -> float:
    w, a = state
    return w * w + a * a / 2 - math.log(a)


def test_the_wgan_orbit_stays_on_its_level_line_and_closes() -> None:
    panel = panels()["wgan"]
    path = figure_fields.orbit(panel.field, START, panel.duration)
    levels = np.array([energy(state) for state in path])
    # Runge-Kutta of order four with step 0.05: the error is of the order 0.05^4.
    assert np.ptp(levels) < 6e-6
    distances = np.hypot(path[:, 0] - START[0], path[:, 1] - START[1])
    assert distances.max() > 1
    assert distances[len(path) // 2 :].min() < figure_fields.STEP


@pytest.mark.parametrize(
    ("name", "rate"), [("gan", -1 / 20), ("wgan", 0.0), ("regularized", -1 / 9)]
)
def test_orbits_near_the_equilibrium_decay_at_the_rates_of_the_caption(
    name: str, rate: float
) -> None:
    """Over whole turns the distance falls by the real part of the eigenvalues."""
    frequency = {"gan": math.sqrt(1 / 9 - 1 / 400), "wgan": 2 / 3, "regularized": math.sqrt(35) / 9}
    turn = 2 * math.pi / frequency[name]
    path = figure_fields.orbit(panels()[name].field, (0.0, 1 - 1e-5), turn)
    away = path - np.array([0.0, 1.0])
    fall = math.log(np.hypot(*away[-1]) / np.hypot(*away[0]))
    # The last step may miss the turn by half a step: by that much of the spiral.
    assert fall == pytest.approx(rate * turn, abs=figure_fields.STEP)
    assert (name == "wgan") == (abs(fall) < figure_fields.STEP)


def test_energy_falls_for_the_converging_panels_alone() -> None:
    falls = {}
    for name, panel in panels().items():
        path = figure_fields.orbit(panel.field, START, 10.0)
        falls[name] = energy(path[0]) - energy(path[-1])
    assert falls["gan"] > 0.1
    assert falls["regularized"] > 0.1
    assert abs(falls["wgan"]) < 6e-6

"""Laws in the plane: their facts against quadrature, their samples against their facts."""

from __future__ import annotations

import math
from collections.abc import Callable

import mpmath
import numpy as np
import pytest
import sympy
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from symgan.empirical.data import Circle, Curve, Line, Plane, Ring, Spiral, named, stream
from symgan.empirical.data.spiral import END, START, angle_at, arc_length
from symgan.errors import BadData, UnknownName

LAWS: dict[str, Plane] = {
    "ring": Ring(),
    "ring-variance": Ring(spread_is="variance"),
    "ring of one": Ring(modes=1),
    "circle": Circle(),
    "noisy circle": Circle(noise=0.1),
    "line": Line(),
    "noisy line": Line(noise=0.1),
    "spiral": Spiral(),
    "spiral by length": Spiral(uniform="length"),
    "noisy spiral": Spiral(noise=0.1),
}
NEIGHBORS: dict[str, list[Plane]] = {
    "ring": [Ring(modes=7), Ring(radius=0.52), Ring(spread=0.06), Ring(spread_is="variance")],
    "ring-variance": [Ring(spread=0.08, spread_is="variance"), Ring(0.55, 8, 0.05, "variance")],
    "ring of one": [Ring(modes=2), Ring(modes=1, radius=0.51)],
    "circle": [Circle(radius=0.52), Circle(noise=0.08), Ring(modes=8, spread=1e-4)],
    "noisy circle": [Circle(noise=0.15), Circle()],
    "line": [Line(end=(0.5, 0.46)), Line(noise=0.06), Line((-0.45, -0.45))],
    "noisy line": [Line(noise=0.13), Line()],
    "spiral": [Spiral(uniform="length"), Spiral(radius=1.03), Spiral(noise=0.06)],
    "spiral by length": [Spiral()],
    "noisy spiral": [Spiral(noise=0.14), Spiral()],
}
FREQUENCIES = np.array([3.0, 7.0, 12.0, 18.0])[:, None, None] * np.stack(
    [np.cos(angles := np.array([0.1, 0.9, 2.0, 2.9])), np.sin(angles)], axis=-1
)
"""Sixteen, of all directions and of wave lengths 0.3 to 2."""

UNLIKELY = 1e-9
"""Probability that a sound sampler fails the test of a law, or a neighbor passes it."""
COUNT = 100_000
LIMIT = math.sqrt(2 * math.log(2 * 32 / UNLIKELY) / COUNT)
"""Hoeffding's inequality for 32 means of COUNT terms in [-1, 1] at once: 0.0223."""


def quadrature(law: Plane) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Quantiles and weights that integrate the smooth skeletons to rounding, and a ring exactly."""
    if isinstance(law, Ring):
        return (np.arange(law.modes) + 0.5) / law.modes, np.full(law.modes, 1 / law.modes)
    nodes, weights = np.polynomial.legendre.leggauss(120)
    return (nodes + 1) / 2, weights / 2


@pytest.mark.parametrize("name", LAWS)
def test_facts_agree_with_quadrature_along_the_skeleton(name: str) -> None:
    law = LAWS[name]
    quantiles, weights = quadrature(law)
    points = law.skeleton(quantiles)
    noise = np.exp(-0.5 * law.deviation**2 * (FREQUENCIES**2).sum(-1))
    waves = np.exp(1j * (FREQUENCIES @ points.T)) @ weights * noise
    mean = weights @ points
    second = (points * weights[:, None]).T @ points + law.deviation**2 * np.eye(2)
    close = 1e-12  # a hundred terms of order 1, each with a few roundings
    assert np.abs(law.characteristic(FREQUENCIES) - waves).max() < close
    assert np.abs(law.mean - mean).max() < close
    assert np.abs(law.covariance - (second - np.outer(mean, mean))).max() < close
    for other in NEIGHBORS[name]:
        assert misfit(waves, other) > 2 * LIMIT


def misfit(waves: NDArray[np.complex128], law: Plane) -> float:
    """The largest difference, of real or imaginary parts, from the characteristic function."""
    difference = waves - law.characteristic(FREQUENCIES)
    return float(max(np.abs(difference.real).max(), np.abs(difference.imag).max()))


@pytest.mark.parametrize("name", LAWS)
def test_samples_follow_the_law_and_not_its_neighbors(name: str) -> None:
    sample = LAWS[name].sample(COUNT, stream(0, "test", name), torch.float64)
    phases = torch.from_numpy(FREQUENCIES) @ sample.T
    waves = torch.complex(phases.cos().mean(-1), phases.sin().mean(-1)).numpy()
    assert misfit(waves, LAWS[name]) < LIMIT
    for other in NEIGHBORS[name]:
        assert misfit(waves, other) > LIMIT


@settings(max_examples=10)
@given(st.floats(0, 60) | st.sampled_from([0.0, 5.0, 2.404825557695773]))
def test_the_circle_has_the_characteristic_function_of_bessel(size: float) -> None:
    expected = float(mpmath.besselj(0, size))
    assert abs(complex(Circle(radius=1.0).characteristic([0.0, size])) - expected) < 1e-14
    assert abs(complex(Circle(radius=1.01).characteristic([0.0, size + 1])) - expected) > 1e-14


@pytest.mark.parametrize("name", LAWS)
@settings(max_examples=10)
@given(
    parts=st.lists(
        st.integers(0, 40) | st.just(1) | st.sampled_from([7, 8, 9, 63, 64, 65]),
        min_size=1,
        max_size=5,
    )
)
def test_split_draws_are_the_bits_of_the_whole(name: str, parts: list[int]) -> None:
    whole, pieces = stream(1, name), stream(1, name)
    law = LAWS[name]
    drawn = torch.cat([law.sample(n, pieces, torch.float64) for n in parts])
    assert torch.equal(law.sample(sum(parts), whole, torch.float64), drawn)
    assert torch.equal(whole.get_state(), pieces.get_state())


def test_randn_would_not_split() -> None:
    whole, pieces = stream(1), stream(1)
    drawn = torch.cat([torch.randn(n, generator=pieces) for n in (5, 45)])
    assert not torch.equal(torch.randn(50, generator=whole), drawn)


def on_curve(law: Curve, points: NDArray[np.float64]) -> float:
    """The largest distance of some points from the implicit equation of a curve."""
    x, y = points.T
    radius = np.hypot(x, y)
    if isinstance(law, Circle):
        return float(np.abs(radius - law.radius).max())
    if isinstance(law, Line):
        outside = np.maximum(np.abs(x) - 0.5, 0)
        return float(np.maximum(np.abs(x - y), outside).max())
    assert isinstance(law, Spiral)
    angle = radius / law.radius * END
    turned = np.abs(np.exp(1j * angle) - (x + 1j * y) / radius)
    return float(np.maximum(turned, np.maximum(START - angle, angle - END)).max())


@pytest.mark.parametrize("law", [Circle(), Line(), Spiral(), Spiral(uniform="length")])
def test_samples_and_curves_lie_on_the_curve(law: Curve) -> None:
    sample = law.sample(2000, stream(2), torch.float64).numpy()
    close = 2e-14  # an angle of 14 carries an error of 14 roundings into its cosine
    assert on_curve(law, sample) < close
    assert on_curve(law, law.curve(500)) < close
    assert on_curve(law, sample + np.array([1e-3, -1e-3])) > 1e-4


def test_curves_run_from_start_to_end() -> None:
    assert np.allclose(Circle().curve(5)[[0, -1]], [[0.5, 0], [0.5, 0]], atol=1e-15)
    assert np.array_equal(Line().curve(2), [[-0.5, -0.5], [0.5, 0.5]])
    assert np.allclose(Spiral().curve(2), [[0, -1 / 3], [0, 1]], atol=1e-14)


def test_moments_of_the_spiral_in_closed_form() -> None:
    t = sympy.Symbol("t")
    ends = (t, 3 * sympy.pi / 2, 9 * sympy.pi / 2)

    def average(term: sympy.Expr) -> float:
        return float(sympy.integrate(term, ends) / (3 * sympy.pi))

    x, y = t * sympy.cos(t), t * sympy.sin(t)
    law = Spiral(radius=END)
    assert sympy.integrate(x, ends) / (3 * sympy.pi) == 2
    mean = np.array([average(x), average(y)])
    second = np.array([[average(x * x), average(x * y)], [average(x * y), average(y * y)]])
    assert np.abs(law.mean - mean).max() < 1e-12
    assert np.abs(law.covariance - (second - np.outer(mean, mean))).max() < 1e-10  # of 60


@settings(max_examples=20)
@given(st.floats(START, END) | st.sampled_from([START, END]))
def test_arc_length_and_its_inverse(angle: float) -> None:
    length = float(mpmath.quad(lambda t: mpmath.sqrt(1 + t * t), [0, angle]))
    assert abs(float(arc_length(angle)) - length) < 1e-13 * length
    assert abs(float(angle_at(np.array([length]))[0]) - angle) < 1e-14 * angle
    assert abs(float(angle_at(np.array([1.001 * length]))[0]) - angle) > 1e-4 * angle


@pytest.mark.parametrize(
    "law",
    [
        Ring(spread=0.15),
        Ring(0.5, 1, 0.15),
        Circle(noise=0.15),
        Line(noise=0.15),
        Spiral(noise=0.15),
        Spiral(noise=0.15, uniform="length"),
    ],
)
def test_densities_and_characteristic_functions_are_one_law(law: Plane) -> None:
    # The trapezoidal rule on a smooth bell that has vanished at the edges (8 deviations) is exact
    # up to exp(-2 (pi deviation / step)^2).
    axis = np.linspace(-2.25, 2.25, 41)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    mass = np.exp(law.log_density(grid)) * (axis[1] - axis[0]) ** 2
    for omega in ([0.0, 0.0], [3.0, -2.0], [-1.0, 6.0]):
        wave = np.exp(1j * grid @ np.array(omega)) @ mass
        assert abs(wave - law.characteristic(omega)) < 1e-11
    wider = type(law)(
        **{**vars(law), **({"spread": 0.16} if isinstance(law, Ring) else {"noise": 0.16})}
    )
    assert abs(wave - wider.characteristic(omega)) > 1e-4


@pytest.mark.parametrize("point", [(0.0, 0.0), (0.3, 0.31), (2.0, 2.5), (-7.0, 3.0)])
def test_densities_keep_their_digits_in_the_tails(point: tuple[float, float]) -> None:
    noise, x, y = (mpmath.mpf(v) for v in (0.05, *point))
    with mpmath.workdps(60):
        far, norm = mpmath.hypot(x, y), 2 * mpmath.pi * noise**2
        circle = mpmath.exp(-(far**2 + 0.25) / (2 * noise**2)) / norm
        circle *= mpmath.besseli(0, far / (2 * noise**2))
        along, across = (x + y) / mpmath.sqrt(2), (y - x) / mpmath.sqrt(2)
        half = mpmath.sqrt(2) / 2
        ends = [(abs(along) + sign * half) / (noise * mpmath.sqrt(2)) for sign in (-1, 1)]
        between = (mpmath.erfc(ends[0]) - mpmath.erfc(ends[1])) / 2
        line = between / (2 * half) * mpmath.npdf(across, 0, noise)
        expected = [float(mpmath.log(value)) for value in (circle, line)]
    found = [law.log_density(point) for law in (Circle(noise=0.05), Line(noise=0.05))]
    # Squares of distances in deviations, up to 2e4, each rounded: a relative error.
    assert np.abs(np.array(found) / expected - 1).max() < 1e-12
    assert abs(float(Circle(noise=0.0501).log_density(point)) / expected[0] - 1) > 1e-6


@pytest.mark.parametrize("name", ["circle", "line", "spiral"])
def test_a_curve_has_no_density(name: str) -> None:
    law = named(name)
    assert isinstance(law, Plane)
    with pytest.raises(BadData, match="no density"):
        law.log_density([0.0, 0.0])


@pytest.mark.parametrize(
    ("build", "error", "words"),
    [
        (lambda: Ring(radius=0.0), BadData, "radius = 0"),
        (lambda: Ring(spread=-1.0), BadData, "spread = -1"),
        (lambda: Ring(modes=0), BadData, "modes = 0"),
        (lambda: Ring(spread_is="width"), UnknownName, "deviation, variance"),
        (lambda: Circle(radius=math.inf), BadData, "radius = inf"),
        (lambda: Circle(noise=-0.1), BadData, "noise = -0.1"),
        (lambda: Circle(noise=math.nan), BadData, "noise = nan"),
        (lambda: Line((0.0, 1.0), (0.0, 1.0)), BadData, "different points"),
        (lambda: Line((0.0, math.nan)), BadData, "different points"),
        (lambda: Spiral(radius=-1.0), BadData, "radius = -1"),
        (lambda: Spiral(uniform="time"), UnknownName, "angle, length"),
        (lambda: Ring().log_density([1.0, 2.0, 3.0]), BadData, "shape"),
        (lambda: Ring().characteristic(1.0), BadData, "shape"),
        (lambda: named("ring", spred=0.1), UnknownName, "spread_is"),
    ],
)
def test_options_out_of_range_are_named(
    build: Callable[[], object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        build()

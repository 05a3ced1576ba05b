"""Loci, stability regions and rates, held against eigenvalues that are computed apart."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sympy import Rational, Symbol, symbols

from symgan.errors import GameError
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear, quadratic
from symgan.losses import jensen_shannon
from symgan.report.plots import (
    distance_to_equilibrium,
    eigenvalue_loci,
    stability_region,
)
from symgan.report.plots.boundary import boundary, truth
from symgan.report.plots.distance import rate_of
from symgan.report.plots.roots import members, roots, tracked
from symgan.rules import named
from symgan.system import Flow, Map
from tests.report.plots.reading import heights, labelled, points

X, Y, K = symbols("x y k", real=True)
ETA, BETA = Symbol("eta", positive=True), Symbol("beta", real=True)
THIRDS = st.sampled_from([Rational(n, 3) for n in range(1, 7)])


def brute(system: Map | Flow, values: dict[Symbol, float]) -> np.ndarray:
    """Eigenvalues of the Jacobian at 0, through numpy's general solver."""
    J = system.jacobian(dict.fromkeys(system.state, 0))
    return np.linalg.eigvals(np.array(J.subs(values).evalf(30).tolist(), dtype=float))


def loci_of(figure: Any) -> np.ndarray:
    """The points of the eigenvalue lines of the left panel, as complex numbers."""
    lines = [line for line in figure.axes[0].lines if line.get_zorder() == 3]
    found = np.concatenate([points(line) for line in lines])
    return found[:, 0] + 1j * found[:, 1]


@given(THIRDS, THIRDS, THIRDS)
@example(Rational(1), Rational(0), Rational(1))  # a double eigenvalue on the real axis
@settings(max_examples=3, deadline=None)
def test_loci_pass_through_the_eigenvalues_and_cross_at_the_exact_step(
    p: Any, b: Any, q: Any
) -> None:
    update = named("simultaneous")(quadratic(p, b, q), ETA)
    figure = eigenvalue_loci(update)
    plane, moduli = figure.axes
    drawn = loci_of(figure)
    top = moduli.get_xlim()[1]
    for share in (0.2, 0.7, 0.95):
        for value in brute(update, {ETA: share * top}):
            # Lines are drawn at 1600 steps: the gap is at most the speed over that.
            speed = abs(value - 1) / share
            assert np.abs(drawn - value).min() < speed / 1000 + 1e-9
            # Two rays from 1 cannot hold two of these: their angles differ.
            turned = [1 + (value - 1) * np.exp(1j * angle) for angle in (0.5, 1.1, 2.0)]
            gaps = sorted(np.abs(drawn - point).min() for point in turned)
            assert gaps[1] > 0.1 * abs(value - 1)
    (marks, *_) = labelled(plane, "meets the circle (exact step)")
    # The step is exact; a double root is found to half of the 16 digits.
    np.testing.assert_allclose(np.hypot(*marks.T), 1, atol=1e-6)
    steps = [float(points(line)[0, 0]) for line in moduli.lines if line.get_linestyle() == ":"]
    for step in steps:
        assert abs(np.abs(brute(update, {ETA: step})).max() - 1) < 1e-6
        assert abs(np.abs(brute(update, {ETA: 1.05 * step})).max() - 1) > 1e-3


def test_stable_steps_are_shaded_up_to_the_exact_end() -> None:
    figure = eigenvalue_loci(bilinear(), named("extragradient"))
    span: Any = figure.axes[1].patches[0]
    low, high = span.get_x(), span.get_x() + span.get_width()
    assert low < 0.01
    assert high == pytest.approx(1, abs=1e-15)
    assert figure.axes[1].texts[0].get_text() == r"$\eta = 1$"
    neutral = eigenvalue_loci(bilinear(), named("alternating"))
    assert not neutral.axes[1].patches  # marginal is not stable


def test_tracks_do_not_jump_where_roots_pass_each_other() -> None:
    t = np.linspace(-1, 1, 101)[:, None]
    straight = np.hstack([t + 0.02j, -t - 0.02j])
    shuffled = np.array([row[:: (-1) ** k] for k, row in enumerate(straight)])
    found = tracked(shuffled)
    assert np.abs(np.diff(found, axis=0)).max() == pytest.approx(0.02, rel=1e-9)
    assert np.abs(np.diff(shuffled, axis=0)).max() > 1


def test_sets_of_steps_have_their_ends() -> None:
    chosen = sp.Union(sp.Interval.open(0, 1), sp.FiniteSet(2))
    assert members(chosen, np.array([0, 0.5, 1, 2, 3.0])).tolist() == [0, 1, 0, 1, 0]
    assert not members(sp.S.EmptySet, np.array([1.0])).any()


REST = dict.fromkeys(dirac().state, 0)
BALL = named("heavy-ball")(dirac(jensen_shannon).linearized(), ETA, beta=BETA, alternating=True)
OVER = {ETA: (0, 6), BETA: (-1, 1)}


@pytest.fixture(scope="module")
def region() -> Any:
    return stability_region(BALL, over=OVER, at=REST)


def test_the_boundary_of_a_region_is_where_the_radius_is_one(region: Any) -> None:
    edges = np.concatenate(labelled(region.axes[0], "exact boundary of stability"))
    inner = edges[(edges[:, 0] > 0.05) & (edges[:, 0] < 3.9)][::97]
    assert len(inner) > 10
    for eta, beta in inner:
        radius = np.abs(brute(BALL, {ETA: eta, BETA: beta})).max()
        assert abs(radius - 1) < 1e-7  # double roots on the circle: half the digits
        beside = [np.abs(brute(BALL, {ETA: eta, BETA: beta + d})).max() < 1 for d in (-0.02, 0.02)]
        assert beside[0] != beside[1]


def test_the_words_stand_in_their_regions_and_the_shade_is_the_radius(region: Any) -> None:
    ax = region.axes[0]
    for text in ax.texts:
        eta, beta = text.get_position()
        stable = np.abs(brute(BALL, {ETA: eta, BETA: beta})).max() < 1
        assert text.get_text() == ("stable" if stable else "unstable")
    assert {text.get_text() for text in ax.texts} == {"stable", "unstable"}
    s = region.axes[0].collections[0]
    levels, paths = s.levels, s.get_paths()
    inside = [i for i, path in enumerate(paths) if path.contains_point((1.0, -0.4))]
    radius = np.abs(brute(BALL, {ETA: 1.0, BETA: -0.4})).max()
    assert levels[inside[-1]] <= radius <= levels[inside[-1] + 1]


def test_regions_of_flows_are_those_of_their_real_parts() -> None:
    a, b = symbols("a b", real=True)
    flow = Flow((X, Y), (a * X - Y, X + b * Y), parameters=(a, b))
    figure = stability_region(flow, over={"a": (-2, 2), "b": (-2, 2)}, size=(4, 4))
    edges = np.concatenate(labelled(figure.axes[0], "exact boundary of stability"))
    for x, y in edges[::101]:
        values = np.real(brute(flow, {a: x, b: y}))
        # A double root, at the corner (1, -1), is found to half the digits.
        assert abs(values.max()) < 1e-6


def test_a_boundary_is_one_sided_nowhere() -> None:
    condition = ((X > 0) & (Y < 1)) | ((X <= 0) & (Y < 1))
    curves = boundary(condition, X, Y, ((-2, 2), (-2, 2)))
    # X = 0 is no boundary, though both parts name it.
    assert {curve.formula for curve in curves} == {sp.Eq(Y, 1)}
    assert truth(sp.Not(X > 0), {X: np.array([-1.0, 1.0])}).tolist() == [True, False]


def test_rates_are_spectral_radii_and_curves_have_their_slope() -> None:
    game, step = quadratic(Rational(1, 10), 1, Rational(1, 10)), Rational(1, 2)
    systems = {name: named(name)(game, step) for name in ("alternating", "optimistic")}
    figure = distance_to_equilibrium(systems, (1, 1), steps=300)
    ax = figure.axes[0]
    lines = {str(line.get_label()).split(",")[0]: line for line in ax.lines}
    for name, update in systems.items():
        radius = np.abs(brute(update, {})).max()
        away = heights(lines[name])
        slope = (away[300] / away[100]) ** (1 / 200)
        # 200 steps: a factor c of the oscillation shows as c^(1/200), and c < 10.
        assert slope == pytest.approx(radius, rel=0.012)
        rest = dict.fromkeys(game.state, sp.Integer(0))
        found = rate_of(update, rest)
        assert found is not None
        assert found.value == pytest.approx(radius, rel=1e-12)
        if found.exact is not None:
            assert float(found.exact) == pytest.approx(radius, rel=1e-14)
    assert rate_of(systems["alternating"], rest).exact == Rational(19, 20)  # type: ignore[union-attr]
    dashes = [line for line in ax.lines if line.get_zorder() == 1.5]
    for dash, update in zip(dashes, systems.values(), strict=True):
        ratio = heights(dash)[1] / heights(dash)[0]
        assert ratio == pytest.approx(np.abs(brute(update, {})).max(), rel=1e-12)


def test_distances_are_those_of_the_exact_orbit() -> None:
    update = named("simultaneous")(bilinear(), Rational(1, 2))
    figure = distance_to_equilibrium({"descent": update}, {"theta": 1, "psi": 0}, steps=20)
    away = heights(figure.axes[0].lines[0])
    exact = [float(Fraction(5, 4) ** k) ** 0.5 for k in range(21)]  # |x|^2 grows by 1 + eta^2
    np.testing.assert_allclose(away, exact, rtol=1e-14)


def test_where_there_is_no_jacobian_there_is_no_rate() -> None:
    oracle = named("dirac-oracle")(bilinear(), Rational(1, 2))
    assert rate_of(oracle, dict.fromkeys(bilinear().state, sp.Integer(0))) is None
    figure = distance_to_equilibrium({"oracle": oracle}, (1, 1), steps=20)
    assert next(line.get_label() for line in figure.axes[0].lines) == "oracle"


@pytest.mark.parametrize(
    ("draw", "why"),
    [
        (lambda: eigenvalue_loci(bilinear()), "give a rule"),
        (lambda: eigenvalue_loci(bilinear(), named("simultaneous"), upto=0), "positive end"),
        (lambda: eigenvalue_loci(Map((X,), (X / 2,))), "no parameter eta"),
        (lambda: stability_region(BALL, over={ETA: (0, 1)}), "two parameters"),
        (lambda: stability_region(BALL, over={"eta": (1, 0), "beta": (0, 1)}, at=REST), "empty"),
        (lambda: stability_region(BALL, over={"eta": (0, 1), "tau": (0, 1)}), "no value for beta"),
        (lambda: distance_to_equilibrium({}, (1, 1)), "at least one system"),
        (lambda: distance_to_equilibrium({"a": bilinear()}, (0, 0)), "the equilibrium itself"),
        (
            lambda: distance_to_equilibrium(
                {"a": bilinear(), "b": named("simultaneous")(bilinear(), Rational(1, 2))}, (1, 1)
            ),
            "maps and flows apart",
        ),
        (
            lambda: distance_to_equilibrium({"a": bilinear()}, (1, 1), at={"theta": 1, "psi": 0}),
            "is not an equilibrium",
        ),
    ],
)
def test_what_has_no_spectrum_is_refused(draw: Any, why: str) -> None:
    with pytest.raises(GameError, match=why):
        draw()


def test_roots_of_a_polynomial_with_a_pole_are_left_out() -> None:
    z = Symbol("z")
    found = roots(z**2 - 1 / X, z, {X: np.array([0.0, 4.0])})
    assert np.isnan(found[0]).all()
    np.testing.assert_allclose(np.sort(found[1].real), [-0.5, 0.5], rtol=1e-14)

"""What the atlas is made of: traits, scales, slopes, regimes, LaSalle, existence of steps."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import ImmutableMatrix, Matrix, Rational

from symgan.analysis.routh import hurwitz
from symgan.atlas.axes import GAMMA, Specimen, Way, build, penalized, ways
from symgan.atlas.cell import on_surface
from symgan.atlas.everywhere import converges_everywhere
from symgan.atlas.existence import beyond, exists_step, meets_circle_rarely
from symgan.atlas.problem import ETA, Problem, problem
from symgan.atlas.slopes import gan_of, slopes_of
from symgan.atlas.small_steps import hurwitz_regimes
from symgan.atlas.traits import _jacobian, homogeneous, reads_losses
from symgan.errors import GameError
from symgan.results import Regime, Stability
from symgan.system import Flow

BCE = Specimen("dirac", "jensen-shannon")


def named(rule: str, continuous: bool = False) -> Way:
    return next(w for w in ways() if w.title == rule and w.continuous is continuous)


HALF = Rational(1, 2)


@pytest.mark.parametrize(
    ("rule", "scale", "losses"),
    [
        ("simultaneous", True, False),
        ("extragradient", True, False),
        ("competitive", True, False),
        ("consensus (gamma = w)", False, False),
        ("unrolled", False, True),
    ],
)
def test_traits_of_rules(rule: str, scale: bool, losses: bool) -> None:
    way = named(rule)
    assert reads_losses(way) is losses
    assert scale is False or homogeneous(way)


ENTRIES = st.lists(st.sampled_from([-3, -2, -1, 1, 2, 5]), min_size=6, max_size=6)


@cache
def sharing() -> list[Way]:
    """The homogeneous ways; found when a test asks, not where tests are only collected."""
    return [way for way in ways() if homogeneous(way)]


def short() -> list[Way]:
    return [way for way in sharing() if way.representative and "surgery" not in way.rule]


@settings(max_examples=15, deadline=None)
@given(
    st.deferred(lambda: st.sampled_from(short())),
    ENTRIES,
    st.sampled_from([HALF, 2, Rational(7, 3)]),
)
def test_problems_that_share_have_one_spectrum(way: Way, drawn: list[int], factor: Any) -> None:
    """H and c D H D, the step and its c-th part: every rule that is said to be homogeneous."""
    D = sp.diag(1, -1)
    plain = [Matrix([[x, y], [y, z]]) for x, y, z in (drawn[:3], drawn[3:])]
    assume(Matrix([plain[0][0, :], plain[1][1, :]]).det() != 0)  # some rules invert it
    one, other = (
        _jacobian(way, Problem((1, 1), tuple(map(ImmutableMatrix, hessians)), NO_TANGENT))
        for hessians in (plain, [factor * D * H * D for H in plain])
    )
    one = factor * one if way.continuous else one.subs(ETA, factor * ETA)
    gaps = (
        sp.cancel(a - b)
        for a, b in zip(one.charpoly().all_coeffs(), other.charpoly().all_coeffs(), strict=True)
    )
    assert set(gaps) == {0}


NO_TANGENT = ImmutableMatrix(2, 0, [])


def test_a_rule_with_a_weight_of_its_own_does_not_share() -> None:
    assert {"extragradient", "optimistic", "proximal-point"} <= {w.title for w in sharing()}
    fixed = {"consensus (gamma = w)", "hamiltonian", "symplectic-adjustment"}
    assert not fixed & {w.title for w in sharing()}


def test_scales_are_found_exactly() -> None:
    """J = [[0, -1/2], [1/2, gamma]] is 1/2 [[0, 1], [-1, 2 gamma]] with psi turned."""
    game = penalized(build(BCE), "r1", BCE)
    found = problem(game, game.equilibrium or {}, whole_line=False)
    assert (found.factor, found.scales) == (HALF, {GAMMA: 2 * GAMMA})
    assert found.hessians[1] == ImmutableMatrix([[0, -1], [-1, GAMMA]])


COEFFICIENTS = st.lists(st.integers(min_value=-3, max_value=6), min_size=3, max_size=4)


def generic(degree: int) -> tuple[Regime, ...]:
    s = sp.Symbol("s")
    return hurwitz_regimes(hurwitz(sp.Poly([1, *NAMES[:degree]], s).as_expr(), s))


NAMES = sp.symbols("a0:4", real=True)
GENERIC = {degree: generic(degree) for degree in (3, 4)}


@settings(max_examples=40)
@given(COEFFICIENTS)
def test_hurwitz_regimes_place_every_polynomial(numbers: list[int]) -> None:
    """Of the three regimes the one that holds is that of the largest real part."""
    regimes = GENERIC[len(numbers)]
    values = dict(zip(NAMES, numbers, strict=False))
    holding = [r.verdict for r in regimes if bool(r.condition.subs(values))]
    largest = np.roots([1, *numbers]).real.max()
    assume(abs(largest) > 1e-4)  # a triple root on the axis is found to about 1e-5
    if Stability.DEGENERATE in holding:  # the closed conditions may hold beyond the axis too
        assert Stability.STABLE not in holding
    else:
        assert holding == [Stability.STABLE if largest < 0 else Stability.UNSTABLE]


def test_small_steps_and_intervals() -> None:
    g, k = sp.Symbol("g", positive=True), sp.Symbol("k", real=True)
    half_line = sp.Interval.open(0, sp.oo)
    steps = sp.ConditionSet(ETA, ETA * g < 2, half_line)
    assert exists_step(steps, ETA * g < 2) is sp.true
    assert exists_step(sp.S.EmptySet, sp.false) is sp.false
    assert exists_step(sp.Interval.open(0, k), k > ETA) == (k > 0)
    late = ETA > 1
    assert exists_step(sp.ConditionSet(ETA, late & (g > ETA), half_line), late & (g > ETA)) is None


def test_roots_beyond_the_circle_are_certain() -> None:
    z = sp.Symbol("z")
    assert beyond((z - 1) ** 2 + ETA**2, z)  # simultaneous descent
    assert not beyond((z - 1) ** 2, z)
    assert not beyond(z**2 - (2 - ETA**2) * z + 1, z)  # alternating descent
    assert meets_circle_rarely((z - 1) ** 2 + ETA**2, z)
    assert not meets_circle_rarely(z**2 - (2 - ETA**2) * z + 1, z)


def test_convergence_from_everywhere_needs_damping() -> None:
    x, y = sp.symbols("x y", real=True)
    rest = {x: 0, y: 0}
    damped, driven = Flow((x, y), (-y, x - y)), Flow((x, y), (-y, x + y))
    loose = Flow((x, y), (-x, -x))  # the whole line x = 0 rests
    assert converges_everywhere(damped, rest) is not None
    assert converges_everywhere(driven, rest) is None
    assert converges_everywhere(loose, rest) is None


def test_convergence_from_almost_everywhere_needs_the_mirror_image() -> None:
    """Predator and prey with a damped predator: a = 0 is a line that no orbit crosses."""
    a, w = sp.symbols("a w", real=True)
    rest = {a: 1, w: 0}
    damped = Flow((a, w), (2 * a * w, 1 - a**2 - w))
    found = converges_everywhere(damped, rest)
    assert found is not None
    assert found.mirrored == a
    for other in (
        Flow((a, w), (2 * a * w, 1 - a**2 + w)),  # driven
        Flow((a, w), (2 * a * w, 1 - a**2)),  # closed orbits
        Flow((a, w), (2 * a * w, 1 - a - w)),  # no symmetry: nothing is known of a < 0
        Flow((a, w), (2 * w, 1 - a**2 - w)),  # orbits cross a = 0
    ):
        assert converges_everywhere(other, rest) is None


def test_a_field_that_jumps_is_no_case_for_lasalle() -> None:
    """The hinge loss on the Dirac-GAN: V' <= 0, but the field is not continuous."""
    game = penalized(build(Specimen("dirac", "hinge")), "r1", Specimen("dirac", "hinge"))
    smooth = penalized(build(BCE), "r1", BCE)
    assert converges_everywhere(game.flow(), game.equilibrium or {}) is None
    assert converges_everywhere(smooth.flow(), smooth.equilibrium or {}) is not None


def test_slopes_of_the_uniform_system() -> None:
    """D = w x^2 has the slope 2 w x; E x^2 = 1/3 on [-1, 1], and a^2/3 on generated data."""
    behind = gan_of("uniform", "wasserstein")
    assert behind is not None
    a, w = behind.game.state
    assert slopes_of(behind, "r1") == [(Rational(4, 3), (w,))]
    assert slopes_of(behind, "r2") == [(4 * a**2 / 3, (w,))]
    with pytest.raises(GameError, match="no closed mean"):
        slopes_of(behind, "wgan-gp")
    assert gan_of("rock-paper-scissors", "") is None


def test_surfaces_are_told_from_regions() -> None:
    x = sp.Symbol("x", real=True)
    assert on_surface(sp.Eq(x, 1))
    assert on_surface(sp.Or(sp.Eq(x, 1), sp.Eq(x, 2)))
    assert not on_surface(sp.Or(sp.Eq(x, 1), x > 2))

"""The atlas: cells against numeric spectra of the whole systems, the literature, mutants."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import ImmutableMatrix, Matrix, Rational

from symgan.atlas import Cell, Selection, Verdict, atlas
from symgan.atlas.axes import GAMMA, Specimen, Way, build, pairs, penalized, specimens, ways
from symgan.atlas.build import cell, solve, task
from symgan.atlas.decide import decide
from symgan.atlas.problem import ETA, Problem
from symgan.atlas.setting import settle
from symgan.atlas.stored import Stored
from symgan.cache import Cache
from symgan.errors import UnknownName
from symgan.games.dirac import dirac
from symgan.implicit import ImplicitMap
from symgan.losses import jensen_shannon, least_squares

W = Specimen("dirac", "wasserstein")
BCE = Specimen("dirac", "jensen-shannon")
SQUARES = Specimen("dirac", "least-squares")
PBQ = Specimen("quadratic (P, B, Q)")
SIGMA = Specimen("bilinear (sigma)")
NON_SATURATING = Specimen("dirac-non-saturating", "jensen-shannon")


@cache
def made(specimen: Specimen, penalty: str, way: Way) -> Cell:
    setting = settle(specimen, penalty)
    if setting.refusal is not None:
        return cell(setting, way, None, None)
    asked = task(setting, way)
    return cell(setting, way, asked, solve(asked))


def named(rule: str, continuous: bool = False) -> Way:
    return next(w for w in ways() if w.title == rule and w.continuous is continuous)


SAMPLED = [
    (specimen, penalty, named(rule, continuous))
    for specimen, penalty in [
        (SQUARES, "r1"),
        (BCE, "r1"),
        (PBQ, "none"),
        (SIGMA, "weight-decay"),
    ]
    for rule, continuous in [
        ("simultaneous", False),
        ("simultaneous", True),
        ("alternating", False),
        ("extragradient", False),
        ("optimistic", False),
        ("heavy-ball (beta = -1/2)", False),
        ("consensus (gamma = w)", False),
        ("consensus (gamma = w)", True),
        ("two-timescale", False),
    ]
]
SIZES = st.fractions(min_value=Rational(1, 5), max_value=4, max_denominator=9)


def contains(steps: sp.Set, values: dict[Any, Any]) -> bool:
    """Whether a set of steps holds the step at values of the parameters."""
    if isinstance(steps, sp.ConditionSet):
        return bool(steps.condition.subs(values))
    rest = {s: v for s, v in values.items() if s != ETA}
    return bool(steps.subs(rest).contains(values[ETA]))


@settings(max_examples=15)
@given(st.sampled_from(SAMPLED), st.dictionaries(st.sampled_from("abcdef"), SIZES), SIZES)
def test_cells_agree_with_numeric_spectra_of_the_whole_system(
    chosen: tuple[Specimen, str, Way], drawn: dict[str, Any], step: Any
) -> None:
    """The rule on the regularized game itself, not on a canonical problem, by NumPy."""
    specimen, penalty, way = chosen
    game = penalized(build(specimen), penalty, specimen)
    system = way.apply(game, ETA)
    at = system.lift(game.equilibrium) if not way.continuous else game.equilibrium
    sizes = [Rational(x) for x in (*drawn.values(), 1, 2, Rational(1, 2), 3)]
    values = dict(zip(sorted(set(system.parameters) - {ETA}, key=str), sizes, strict=False))
    values[ETA] = Rational(step)
    J = np.array(system.jacobian(at).subs(values).evalf(20).tolist(), dtype=complex)
    roots = np.linalg.eigvals(J)
    beyond_edge = roots.real.max() if way.continuous else abs(roots).max() - 1
    assume(abs(beyond_edge) > 1e-6)  # well above the error of a double root, about 1e-8
    found = made(specimen, penalty, way)
    if way.continuous:
        stable = {Verdict.EXPONENTIAL, Verdict.GLOBAL}
        holds = sp.Or(*(c.condition for c in found.cases if c.verdict in stable))
    else:
        holds = found.stable_if
        assert contains(found.stable, values) is bool(beyond_edge < 0)
    assert bool(sp.sympify(holds).subs(values)) is bool(beyond_edge < 0)


@pytest.mark.parametrize(
    ("specimen", "penalty", "verdict"),
    [
        (W, "none", Verdict.CENTER),
        (BCE, "none", Verdict.CENTER),
        (NON_SATURATING, "none", Verdict.ASYMPTOTIC),
        (W, "wgan-gp", Verdict.DEPENDS),  # a cycle for gamma < 2
        (W, "r1", Verdict.GLOBAL),
        (W, "r2", Verdict.GLOBAL),
        (BCE, "r1", Verdict.GLOBAL),
    ],
    ids=str,
)
def test_dirac_flows_of_the_literature(specimen: Specimen, penalty: str, verdict: Verdict) -> None:
    """Mescheder et al. 2018, table 1 and sections 2 to 4: which Dirac-GANs converge.

    WGAN-GP does not; R1 and R2 converge locally, here shown from everywhere. The
    non-saturating GAN has imaginary eigenvalues and does not converge linearly; that it
    converges at all is seen by its normal form, and by the next test in floats.
    """
    assert made(specimen, penalty, named("simultaneous", True)).verdict is verdict


def test_the_non_saturating_flow_spirals_in() -> None:
    """Runge-Kutta: the squared distance falls over many turns; of the saturating flow it stays."""
    radii = []
    for specimen in (NON_SATURATING, BCE):
        game = build(specimen)
        field = sp.lambdify(game.state, game.flow().rhs)
        x, h = np.array([1.0, 0.0]), 0.05
        for _ in range(4000):
            a = np.array(field(*x))
            b = np.array(field(*(x + h / 2 * a)))
            c = np.array(field(*(x + h / 2 * b)))
            d = np.array(field(*(x + h * c)))
            x = x + h / 6 * (a + 2 * b + 2 * c + d)
        radii.append(float(x @ x))
    assert radii[0] < 0.5
    assert abs(radii[1] - 1) < 1e-4  # the method's own drift: 200 time units, error O(h^4)


def test_bce_dirac_with_instance_noise_converges_locally() -> None:
    """Mescheder et al. 2018, lemma 3.5: eigenvalues with negative real part at any noise."""
    found = made(BCE, "instance-noise", named("simultaneous", True))
    assert found.verdict in (Verdict.EXPONENTIAL, Verdict.GLOBAL)


def test_simultaneous_and_alternating_steps_of_the_literature() -> None:
    """Mescheder et al. 2018, lemmas 2.4 and 2.5: |f'(0)| eta <= 2 for one step a player."""
    away = made(BCE, "none", named("simultaneous"))
    turns = made(W, "none", named("alternating"))
    assert away.verdict is Verdict.DIVERGENCE
    assert (turns.verdict, turns.marginal) == (Verdict.CENTER, sp.Interval.open(0, 2))


def test_extragradient_of_the_literature() -> None:
    """Azizian et al. 2020: eta < 1/sigma; the best rate there is sqrt(3)/2."""
    found = made(SIGMA, "none", named("extragradient"))
    (s,) = found.stable.end.free_symbols
    assert found.stable == sp.Interval.open(0, 1 / s)
    assert sp.simplify(found.best[0].rate - sp.sqrt(3) / 2) == 0


def canonical(P: Any, Q: Any, first: Any = 1, second: Any = -1) -> Problem:
    """J = [[P, first], [second, Q]]."""
    hessians = (Matrix([[P, first], [first, 0]]), Matrix([[0, second], [second, Q]]))
    return Problem((1, 1), tuple(map(ImmutableMatrix, hessians)), ImmutableMatrix(2, 0, []))


@pytest.mark.parametrize("rule", ["simultaneous", "alternating", "extragradient", "optimistic"])
def test_a_flipped_sign_changes_the_verdict(rule: str) -> None:
    """Damping that drives, and a player who is drawn where he was pushed away."""
    damped, driven, drawn = canonical(0, GAMMA), canonical(0, -GAMMA), canonical(0, GAMMA, 1, 1)
    way = named(rule)
    kinds = []
    for asked in (damped, driven, drawn):
        found = decide(way.apply(asked.game, ETA), asked.rest, asked.tangent, 8.0)
        kinds.append({c.verdict for c in found.cases})
    assert kinds[0] == {Verdict.EXPONENTIAL}
    assert Verdict.EXPONENTIAL not in kinds[2]
    assert kinds[1] != kinds[0]


def test_flows_see_a_flipped_sign() -> None:
    way = named("simultaneous", True)
    for sign, verdict in ((1, Verdict.EXPONENTIAL), (0, Verdict.CENTER), (-1, Verdict.DIVERGENCE)):
        asked = canonical(0, sign * GAMMA)
        found = decide(way.apply(asked.game, ETA), asked.rest, asked.tangent, 8.0)
        assert {c.verdict for c in found.cases} == {verdict}


def test_cells_that_are_one_problem_share_it_and_others_do_not() -> None:
    way = named("extragradient")
    one, other, curved = (made(g, "none", way) for g in (BCE, SQUARES, PBQ))
    assert one.problem == other.problem != curved.problem
    assert one.scales == {ETA: ETA / 2}
    assert other.scales == {ETA: 2 * ETA}
    assert (one.stable, other.stable) == (sp.Interval.open(0, 2), sp.Interval.open(0, HALF))
    weighted = named("consensus (gamma = w)")
    assert made(BCE, "none", weighted).problem != made(SQUARES, "none", weighted).problem


HALF = Rational(1, 2)


@pytest.mark.parametrize(
    ("specimen", "penalty", "rule", "verdict", "says"),
    [
        (PBQ, "r1", "simultaneous", Verdict.NOT_APPLICABLE, "slopes of a discriminator"),
        (W, "wgan-gp", "alternating", Verdict.NO_EQUILIBRIUM, "vanishes nowhere"),
        (
            Specimen("bilinear (1 x 2)"),
            "none",
            "local-symplectic-surgery",
            Verdict.NOT_APPLICABLE,
            "singular",
        ),
        (Specimen("bilinear (1 x 2)"), "none", "extragradient", Verdict.GLOBAL, "equilibria"),
        (Specimen("annealed", "wasserstein"), "none", "extragradient", Verdict.GLOBAL, "equilibr"),
    ],
    ids=str,
)
def test_what_is_refused_says_why(
    specimen: Specimen, penalty: str, rule: str, verdict: Verdict, says: str
) -> None:
    found = made(specimen, penalty, named(rule))
    assert found.verdict is verdict
    assert says in found.reason


def test_an_implicit_map_is_decided_at_its_fixed_point() -> None:
    game = dirac(jensen_shannon)
    system = named("proximal-point").apply(game, ETA)
    assert isinstance(system, ImplicitMap)
    found = made(BCE, "none", named("proximal-point"))
    assert found.stable == sp.Interval.open(0, sp.oo)
    assert dirac(least_squares).equilibrium == game.equilibrium


SMALL = Selection(game="dirac", loss="wasserstein", regularizer="r1", rule="alternating")


def test_a_second_run_finds_everything_and_an_interrupted_one_goes_on(tmp_path: Path) -> None:
    stored = Stored(Cache(tmp_path / "kept"))
    seen: list[tuple[str, int, int]] = []

    def stop(*report: Any) -> None:
        seen.append(report)
        if report[0] == "answer" and report[1] == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        atlas(SMALL, stored=stored, on_step=stop)
    again: list[tuple[str, int, int]] = []
    first = atlas(SMALL, stored=stored, on_step=lambda *r: again.append(r))
    assert next(r for r in again if r[0] == "answer")[1] >= 1
    assert next(r for r in again if r[0] == "setting")[1] == 1
    quiet: list[tuple[str, int, int]] = []
    second = atlas(SMALL, stored=stored, on_step=lambda *r: quiet.append(r))
    assert [c.id for c in second] == [c.id for c in first]
    assert second == first
    assert all(done == total for _, done, total in quiet)


def test_processes_find_the_same() -> None:
    assert [c.stable for c in atlas(SMALL, jobs=2)] == [c.stable for c in atlas(SMALL)]


def test_the_slice_holds_what_the_atlas_must() -> None:
    names = {s.game for s in specimens()}
    assert {"bilinear (sigma)", "dirac", "uniform", "annealed", "quadratic (P, B, Q)"} <= names
    assert len(list(pairs(full=False))) < len(list(pairs(full=True)))
    with pytest.raises(UnknownName, match="no rule of the atlas"):
        Selection(rule="nonsense").chosen()


def test_the_gradient_penalty_ends_in_a_cycle() -> None:
    """Dirac + WGAN-GP: no equilibrium, and for gamma < 2 a cycle around (0, 0)."""
    (found,) = atlas(Selection("dirac", "wasserstein", regularizer="wgan-gp", rule="simultaneous"))[
        :1
    ]
    cases = {case.verdict: case.condition for case in found.cases}
    gamma = next(iter(cases[Verdict.CYCLE].free_symbols))
    assert cases == {Verdict.CYCLE: gamma < 2, Verdict.NO_EQUILIBRIUM: gamma >= 2}

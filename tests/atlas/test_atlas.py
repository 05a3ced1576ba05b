"""The atlas: cells against numeric spectra of the whole systems, the literature, mutants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import ImmutableMatrix, Matrix, Rational

from symgan.atlas import Selection, Verdict, atlas
from symgan.atlas.axes import GAMMA, Specimen, Way, build, pairs, penalized, specimens
from symgan.atlas.decide import decide
from symgan.atlas.problem import ETA, Problem
from symgan.atlas.stored import Stored
from symgan.cache import Cache
from symgan.errors import UnknownName
from symgan.games.dirac import dirac
from symgan.implicit import ImplicitMap
from symgan.losses import jensen_shannon, least_squares
from tests.atlas.samples import BCE, PBQ, SIGMA, SQUARES, W, made, named

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
        (
            Specimen("bilinear (1 x 2)"),
            "spectral-normalization",
            "extragradient",
            Verdict.EXPONENTIAL,
            "psi_1 = -2*psi_2",
        ),
        (
            Specimen("bilinear (1 x 2)"),
            "wgan-gp",
            "extragradient",
            Verdict.EXPONENTIAL,
            "psi_2 = sqrt(5)/5",
        ),
        (Specimen("gmm-gan"), "entropy", "simultaneous", Verdict.NOT_APPLICABLE, "declares no"),
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

"""Small steps: what they say of drawn iterations, against NumPy; and kinds they say nothing of."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Matrix, Rational

from symgan import rules
from symgan.analysis.linear_map import linearization
from symgan.atlas.cell import Verdict
from symgan.atlas.decide import decide
from symgan.atlas.problem import ETA
from symgan.atlas.small_steps import small_cases, small_steps
from symgan.errors import Undecided
from symgan.games.quadratic import quadratic

ENTRY = st.integers(-4, 4)
STEP = st.fractions(min_value=Fraction(1, 12), max_value=3, max_denominator=12)
P, B, Q = sp.symbols("P B Q", real=True)
RULES: list[tuple[str, dict[str, Any]]] = [
    ("simultaneous", {}),
    ("alternating", {}),
    ("extragradient", {}),
    ("optimistic", {}),
    ("heavy-ball", {"beta": Rational(1, 2)}),
    ("lookahead", {"k": 2}),
]


def iteration(rule: str, options: dict[str, Any]) -> Matrix:
    """The linearization of a rule on the quadratic game with symbols."""
    game = quadratic(P, B, Q)
    system = rules.named(rule)(game, ETA, **options)
    return linearization(system, ETA, system.lift(game.equilibrium or {}), ())[0]


MATRICES = {rule: iteration(rule, options) for rule, options in RULES}
FOUND = {rule: small_steps(matrix, ETA) for rule, matrix in MATRICES.items()}


def radius(matrix: Matrix, values: dict[Any, Any]) -> float:
    return float(abs(np.linalg.eigvals(np.array(matrix.subs(values), dtype=float))).max())


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([rule for rule, _ in RULES]), ENTRY, ENTRY, ENTRY, STEP)
def test_conditions_agree_with_numeric_spectra(
    rule: str, p: int, b: int, q: int, step: Any
) -> None:
    found = FOUND[rule]
    assert found is not None
    values = {P: p, B: b, Q: q}
    slow = radius(MATRICES[rule], {**values, ETA: Rational(1, 10**4)}) - 1
    # between the second order, (|M| eta)^2 of about 1e-6, and the first, a rational times eta
    assume(abs(slow) > 1e-5)
    assert bool(found.stable.subs(values)) is bool(slow < 0)
    values[ETA] = Rational(step)
    edge = radius(MATRICES[rule], values) - 1
    assume(abs(edge) > 1e-6)  # well above the error of a double root, about 1e-8
    assert bool(found.exact().subs(values)) is bool(edge < 0)
    assert not (found.only and edge < 0 and slow > 0)


def test_only_an_affine_step_decides_against_all_steps() -> None:
    assert {rule for rule, found in FOUND.items() if found and found.only} == {"simultaneous"}


g = sp.Symbol("g", real=True)


@pytest.mark.parametrize(
    "matrix",
    [
        Matrix([[1, 1], [-ETA, 1]]),  # 1 +- i sqrt(eta): no first order
        Matrix([[1 - ETA, 0], [0, -1]]),  # a root on the circle that no small step moves in
        Matrix([[1 - ETA, 0], [0, 2]]),
        Matrix([[Rational(1, 2), 0], [0, ETA]]),  # 1 is no eigenvalue at all
        Matrix([[1 - ETA, 0], [0, g]]),  # inside for some parameters alone
    ],
    ids=str,
)
def test_other_kinds_are_left_alone(matrix: Matrix) -> None:
    assert small_steps(matrix, ETA) is None


def test_cases_of_an_affine_step_are_complete() -> None:
    found = small_steps(Matrix([[1, -ETA], [ETA, 1 - ETA * g]]), ETA)
    assert found is not None
    assert {c.verdict: c.condition for c in small_cases(found)} == {
        Verdict.EXPONENTIAL: g > 0,
        Verdict.DIVERGENCE: g < 0,
        Verdict.UNDECIDED: sp.Eq(g, 0),
    }
    twice = small_steps(Matrix([[1, -ETA], [ETA, 1 - ETA * g + ETA**2]]), ETA)
    assert twice is not None
    assert [c.verdict for c in small_cases(twice)] == [Verdict.EXPONENTIAL, Verdict.UNDECIDED]


def test_a_problem_too_long_for_its_set_of_steps_is_decided_by_small_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The set of steps out of time: the verdict, with the exact condition, for all parameters."""

    def late(*_: Any) -> None:
        raise Undecided("out of time")

    p, b, q = sp.symbols("p b q", positive=True)
    system = rules.named("extragradient")(quadratic(p, b, q), ETA)
    rest = dict.fromkeys(system.state, sp.Integer(0))
    usual = decide(system, rest, sp.zeros(2, 0), 8.0)
    monkeypatch.setattr("symgan.atlas.decide._of_bound", late)
    found = decide(system, rest, sp.zeros(2, 0), 8.0)
    assert [c.verdict for c in found.cases] == [Verdict.EXPONENTIAL]
    assert "small steps" in found.note
    assert not found.sample
    for step in (Rational(1, 5), 1, 3):
        values = {p: 1, b: 2, q: Rational(1, 2), ETA: step}
        assert bool(found.stable_if.subs(values)) is bool(usual.stable_if.subs(values))
    driven = rules.named("extragradient")(quadratic(-p, 0, -q), ETA)
    refused = decide(driven, rest, sp.zeros(2, 0), 8.0)
    assert refused.failure == "out of time"

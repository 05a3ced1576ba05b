"""Hand-written update maps, right and wrong, held against symgan's rules over several steps."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import Rational

from symgan.audit import Ground, Verdict, audit
from symgan.audit.functions import CHANGES
from symgan.audit.purity import KEEPS, OVERWRITES
from symgan.game import zero_sum
from symgan.games.quadratic import bilinear
from tests.audit import handwritten as code

THETA, PSI = sp.symbols("theta psi", real=True)
ETA = sp.Symbol("eta", positive=True)
BILINEAR = bilinear()
CUBIC = zero_sum(
    THETA**2 * PSI, minimize=THETA, maximize=PSI, name="cubic", equilibrium={THETA: 0, PSI: 0}
)
BALL = {"beta": Rational(9, 10)}


@pytest.mark.parametrize(
    ("step", "rule", "options", "ground"),
    [
        (code.simultaneous, "simultaneous", {}, Ground.PROVED),
        (code.in_turn, "alternating", {}, Ground.PROVED),
        (code.other_order, "alternating", {"order": (1, 0)}, Ground.PROVED),
        (code.extragradient, "extragradient", {}, Ground.PROVED),
        (code.in_place, "simultaneous", {}, Ground.PROVED),
        (code.Optimistic, "optimistic", {}, Ground.PROVED),
        (code.HeavyBall, "heavy-ball", BALL, Ground.PROVED),
        (code.states, "simultaneous", {}, Ground.PROVED),
        (code.make_step, "simultaneous", {}, Ground.PROVED),
        (code.dirac_oracle, "dirac-oracle", {}, Ground.EXACT),
    ],
)
def test_right_code_passes(step, rule, options, ground) -> None:
    found = audit(step, BILINEAR, rule, options=options)
    assert found.verdict is Verdict.SAME
    assert found.established.ground is ground
    assert found.findings == ()


def test_a_memory_that_is_handed_over() -> None:
    found = audit(code.optimistic_by_hand, BILINEAR, "optimistic")
    assert (found.verdict, found.established.ground) == (Verdict.SAME, Ground.PROVED)
    wrong = audit(code.optimistic_forgets, BILINEAR, "optimistic")
    assert wrong.verdict is Verdict.DIFFERS
    assert [(b.component, b.fault) for b in wrong.blame] == [
        ("theta_prev+", "takes theta after its step"),
        ("psi_prev+", "takes psi after its step"),
    ]


def test_a_memory_is_followed_over_several_steps() -> None:
    assert audit(code.Optimistic, BILINEAR, "optimistic").established.steps == 4
    assert audit(code.Optimistic, BILINEAR, "optimistic", steps=2).established.steps == 2


@pytest.mark.parametrize(
    ("step", "rule", "options", "name"),
    [
        (code.in_turn, "simultaneous", {}, "alternating"),
        (code.other_order, "simultaneous", {}, "alternating with order = (1, 0)"),
        (code.simultaneous, "alternating", {}, "simultaneous"),
        (code.double_step, "simultaneous", {}, "simultaneous with twice the step"),
        (code.OptimisticUncopied, "optimistic", {}, "simultaneous"),
        (code.extragradient, "simultaneous", {}, "extragradient"),
        (code.HeavyBall, "heavy-ball", {"beta": Rational(1, 2)}, "heavy-ball with beta = 9/10"),
        (code.HeavyBall, "simultaneous", {}, "heavy-ball with beta = 9/10"),
        (code.dirac_oracle, "alternating", {}, "dirac-oracle"),
    ],
)
def test_what_it_is_instead_is_recognized(step, rule, options, name) -> None:
    found = audit(step, BILINEAR, rule, options=options)
    assert found.verdict is Verdict.DIFFERS
    assert found.recognized is not None
    assert found.recognized.name == name


def test_an_option_inside_is_solved_for() -> None:
    found = audit(code.consensus_inside, CUBIC, "consensus", options={"gamma": 1})
    assert found.verdict is Verdict.DIFFERS
    assert found.recognized is not None
    assert found.recognized.name == "consensus with gamma = 1/2"
    assert {b.fault for b in found.blame} == {"halved"}
    inside = audit(code.consensus_inside, CUBIC, "consensus", options={"gamma": 0.5})
    assert inside.verdict is Verdict.SAME


def test_a_missing_factor_of_the_product_rule() -> None:
    right = audit(code.consensus, CUBIC, "consensus")
    assert (right.verdict, right.established.ground) == (Verdict.SAME, Ground.PROVED)
    found = audit(code.consensus_slip, CUBIC, "consensus")
    gamma = sp.Symbol("gamma", positive=True)
    (blame,) = found.blame
    assert (blame.component, blame.fault) == ("theta+", "halved")
    assert sp.expand(blame.term + 2 * ETA * gamma * THETA**3).subs(gamma, 1).expand() == 0 or (
        blame.term.free_symbols - {THETA, ETA} != set() and sp.degree(blame.term, THETA) == 3
    )
    assert found.hidden is not None
    assert (found.hidden.holds, found.hidden.exact) == (True, True)


def test_values_of_after_are_told_from_values_of_before() -> None:
    (blame,) = audit(code.in_turn, BILINEAR, "simultaneous").blame
    assert (blame.component, blame.fault) == ("psi+", "takes theta after its step")
    (blame,) = audit(code.simultaneous, BILINEAR, "alternating").blame
    assert (blame.component, blame.fault) == ("psi+", "takes theta before its step")


def test_the_smallest_failing_input() -> None:
    found = audit(code.OptimisticUncopied, BILINEAR, "optimistic").counterexample
    assert found is not None
    assert found.step == 2
    assert dict(found.point) == {THETA: 0, PSI: 1, ETA: 1}
    assert (found.component, found.derived, found.computed) == ("theta+", "1", "2") or (
        found.component == "psi+"
    )


def test_a_tie_is_a_point_of_its_own() -> None:
    found = audit(code.dirac_oracle_tie, BILINEAR, "dirac-oracle")
    assert found.verdict is Verdict.DIFFERS
    assert found.counterexample is not None
    point = dict(found.counterexample.point)
    assert point[THETA] * point[PSI] == 0


@pytest.mark.parametrize(
    ("step", "rule", "finding"),
    [
        (code.spoils_its_input, "simultaneous", CHANGES),
        (code.OptimisticAliased, "optimistic", KEEPS),
        (code.Overwriting, "simultaneous", OVERWRITES),
    ],
)
def test_right_values_in_wrong_arrays(step, rule, finding) -> None:
    found = audit(step, BILINEAR, rule)
    assert found.verdict is Verdict.DIFFERS
    assert finding in found.findings
    assert "the values that it returns are the derived ones" in found.findings
    assert found.counterexample is None


def test_steps_of_each_player() -> None:
    def step(theta, psi):
        return theta + psi / 10, psi - theta / 5

    steps = (Rational(1, 10), Rational(1, 5))
    assert audit(step, BILINEAR, "simultaneous", eta=steps).verdict is Verdict.SAME
    found = audit(step, BILINEAR, "simultaneous", eta=Rational(1, 10))
    assert found.verdict is Verdict.DIFFERS
    assert found.recognized is not None
    assert found.recognized.name.startswith("simultaneous with steps eta for theta, 2*eta for psi")


def test_a_large_step_and_many_steps_stay_within_the_budget() -> None:
    def step(theta, psi):  # floats alone
        theta, psi = float(theta), float(psi)
        return theta + 0.3 * psi, psi - 0.3 * theta

    found = audit(step, BILINEAR, "simultaneous", eta=0.3, steps=15)
    assert (found.verdict, found.established.ground) == (Verdict.SAME, Ground.FLOAT)
    assert found.established.steps == 15
    assert found.established.ulps < 4

"""The claims about toy games and networks: what each expects, and how outcomes are judged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from symgan_papers.dynamic.section6_predictions import CASES, MOST, Case, P, examine, holds

from symgan.claims.examine import Finding
from symgan.data.predictions import PredictionResult, stored_predictions
from symgan.empirical.predictions.judging import expected, outcome

WORDS = {True: "supported", False: "contradicted", None: "open"}


@pytest.fixture(scope="module")
def result() -> PredictionResult:
    return stored_predictions()


def label(case: Case) -> str:
    return case.label


@pytest.mark.parametrize("case", [c for c in CASES if c.course], ids=label)
def test_a_case_expects_what_the_toy_game_does(case: Case, result: PredictionResult) -> None:
    assert {expected(o) for o in case.trials(result)} == {(case.course, not case.against)}


def test_every_trial_is_judged(result: PredictionResult) -> None:
    judged = [o.title for case in CASES for o in case.trials(result)]
    assert sorted(judged) == sorted(o.title for o in result.outcomes)


@pytest.mark.parametrize("counts", [[(20, 20)], [(20, 20), (16, 20)], [(3, 20), (20, 20)]])
def test_both_ways_of_judging_agree(counts: list[tuple[int, int]]) -> None:
    assert WORDS[holds(counts)] == outcome(counts, float(MOST))
    assert holds(counts, P > 2) is False
    assert holds(counts, P < 2) is True


def test_other_outcomes_give_other_findings(result: PredictionResult) -> None:
    case = next(c for c in CASES if c.label == "course.alternating")

    def found(change: float) -> bool | None:
        row = (change,) * len(result.seeds)
        made = [replace(o, change=row) if o.question == "course" else o for o in result.outcomes]
        case_on = examine(case, replace(result, outcomes=tuple(made)))
        assert case_on.second is not None
        finding: Finding = case_on.second(case_on.statement, case_on.given, None)
        return finding.holds

    assert found(1.0) is True
    assert found(1e9) is found(1e-9) is False

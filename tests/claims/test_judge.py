"""Each verdict is reached, and only on both routes."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Finding, IllPosed, Route, Verdict, eq, judge
from symgan.errors import BadData
from tests.claims.samples import EXACT, MEASURED, TRUE, UNSIGNED, WRONG, A, K, a, case, made


def undecided(statement: Any, given: Any, witness: Any) -> Finding:
    return Finding("nothing", None, "no answer")


@pytest.mark.parametrize(
    ("examined", "verdict", "outcome"),
    [
        (case(TRUE), Verdict.PROVED, ""),
        (case(UNSIGNED, condition=K >= 0, setting={K: 1}), Verdict.CONDITIONAL, ""),
        (case(UNSIGNED, amendment=TRUE), Verdict.REFUTED, ""),
        (case(TRUE, second=None), Verdict.CHECKED, "supported"),
        (case(TRUE, second=undecided), Verdict.CHECKED, "supported"),
        (case(UNSIGNED, second=None), Verdict.CHECKED, "contradicted"),
        (case(TRUE, second=WRONG), Verdict.CHECKED, "open"),
        (case(UNSIGNED), Verdict.CHECKED, "contradicted"),
        (case(UNSIGNED, amendment=eq(A, 2 * K * a)), Verdict.CHECKED, "contradicted"),
        (case(UNSIGNED, condition=K >= 0, setting={K: -1}), Verdict.CHECKED, "contradicted"),
        (case(UNSIGNED, condition=K <= 0, setting={K: -1}), Verdict.CHECKED, "contradicted"),
    ],
    ids=[
        "both routes hold",
        "right under a condition that the setting meets",
        "false, amendment proved",
        "no second route",
        "second route silent",
        "false by one route",
        "routes contradict",
        "false without an amendment",
        "the amendment is false",
        "the setting breaks the condition",
        "the condition does not help",
    ],
)
def test_the_evidence_decides(examined: Examination, verdict: Verdict, outcome: str) -> None:
    entry = judge(made(examined, verdict), examined)
    assert (entry.verdict, entry.outcome) == (verdict, outcome)
    assert entry.as_expected


def test_a_refutation_carries_its_witness_and_both_routes() -> None:
    examined = case(UNSIGNED, amendment=TRUE)
    entry = judge(made(examined, Verdict.REFUTED), examined)
    place = {K: sp.Rational(entry.witness["K"]), a: sp.Rational(entry.witness["a"])}
    assert place[K] < 0
    assert sp.simplify((UNSIGNED.rhs - EXACT[A]).subs(place)) != 0
    found = {(e.subject, e.route): e.holds for e in entry.evidence}
    assert found == {
        ("printed", Route.EXACT): False,
        ("printed", Route.SECOND): False,
        ("amended", Route.EXACT): True,
        ("amended", Route.SECOND): True,
    }


def test_informal_claims_have_no_examination() -> None:
    assert judge(made(None, Verdict.INFORMAL), None).verdict is Verdict.INFORMAL
    with pytest.raises(BadData, match="returned nothing"):
        judge(made(None, Verdict.PROVED), None)


def test_an_ill_posed_statement_depends_on_what_it_binds() -> None:
    T = Symbol("T", positive=True)
    case_ = IllPosed(eq(A, K / T), bound=T, free_side=K / T, readings=("sample.two",))
    assert judge(made(case_, Verdict.ILL_POSED), case_).verdict is Verdict.ILL_POSED
    well = IllPosed(eq(A, K), bound=T, free_side=K * T / T, readings=())
    entry = judge(made(well, Verdict.ILL_POSED), well)
    assert entry.verdict is None
    assert "well-posed" in entry.error


def test_other_results_are_refused() -> None:
    with pytest.raises(BadData, match="returned int"):
        judge(made(3, Verdict.PROVED), 3)


def test_truth_is_what_mutants_are_made_of() -> None:
    assert case(TRUE).truth == (TRUE, sp.true)
    assert case(UNSIGNED, condition=K >= 0).truth == (UNSIGNED, K >= 0)
    assert case(UNSIGNED, amendment=TRUE).truth == (TRUE, sp.true)
    assert MEASURED(TRUE, sp.true, None).holds is True

"""The survey's ledger, cold: verdicts, evidence, mutants, printed formulas, inventory."""

from __future__ import annotations

import pytest
from symgan_papers.survey.notation import AMENDMENTS_NOT_READ, NOT_READ, reading

from tests.proofs.ledger import Paper

PAPER = Paper("survey", reading, NOT_READ, AMENDMENTS_NOT_READ)
pytestmark = pytest.mark.xdist_group("ledger of survey")  # judged once, in one process


@pytest.mark.parametrize("claim_id", PAPER.by_id)
def test_verdict_is_the_derived_one(claim_id: str) -> None:
    PAPER.check_verdict(claim_id)


@pytest.mark.parametrize("claim_id", PAPER.decided)
def test_decided_verdicts_rest_on_two_routes(claim_id: str) -> None:
    PAPER.check_two_routes(claim_id)


def test_no_mutant_survives() -> None:
    PAPER.check_mutants()


@pytest.mark.parametrize("claim_id", PAPER.read)
def test_printed_formula_is_what_is_judged(claim_id: str) -> None:
    assert PAPER.misreading(claim_id) == ""


@pytest.mark.parametrize("claim_id", PAPER.amended)
def test_amended_formula_is_what_is_proved(claim_id: str) -> None:
    PAPER.check_amendment(claim_id)


@pytest.mark.parametrize(
    ("claim_id", "right", "wrong"),
    [
        ("survey.update-rules.generator", r"- \gamma", r"+ \gamma"),
        ("survey.settled.consensus.steps", "2 w", "3 w"),
        ("survey.positive-definite", r"- q", r"+ q"),
        ("survey.lss.two-timescale.avoids", "p q / r^2", "p / r^2"),
        ("survey.settled.generalization.disjoint", "6/n^2", "6/n^3"),
        ("survey.neural-distance.generalizes", "+ |y|", "- |y|"),
    ],
)
def test_a_misread_print_is_noticed(claim_id: str, right: str, wrong: str) -> None:
    assert PAPER.misreading(claim_id, right, wrong) != ""


def test_ledger_file_is_current() -> None:
    """A change of findings shows as a change of proofs/LEDGER.md (`make ledger`)."""
    PAPER.check_ledger_file()


def test_reasons_for_not_reading_name_claims() -> None:
    PAPER.check_reasons()


def test_inventory_is_complete() -> None:
    PAPER.check_inventory(range(0))
    places = {item.location.split()[1] for item in PAPER.items() if item.location[:7] == "section"}
    sections = [*"3456", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.2.1", "5.2.2", "5.3.1"]
    assert [name for name in sections if not any(p.startswith(name) for p in places)] == []


def test_inventory_notices_gaps() -> None:
    PAPER.check_inventory_notices_gaps("survey.consensus.sign")

"""The ledger of the GMM-GAN, cold: verdicts, evidence, mutants, printed formulas, inventory."""

from __future__ import annotations

import pytest
from symgan_papers.gmm.notation import AMENDMENTS_NOT_READ, NOT_READ, reading

from tests.proofs.ledger import Paper

PAPER = Paper("gmm", reading, NOT_READ, AMENDMENTS_NOT_READ)
pytestmark = pytest.mark.xdist_group("ledger of gmm")  # judged once, in one process


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
        ("gmm.collapse.whenever", r"\le", r"\ge"),
        ("gmm.zero-length.no-pull", r"r_2 - \mu_1", r"r_2 + \mu_1"),
        ("gmm.settled.cone.stationary", r"1 - \tanh", r"1 + \tanh"),
        ("gmm.lemma4-2.far-ends", "1 - p^2", "1 + p^2"),
        ("gmm.settled.equilibria.convex-loop", "x^2 + 1", "x^2 - 1"),
        ("gmm.settled.merging.mean-inside", "h + m", "h - m"),
        ("gmm.settled.lemma4-1.descent-lemma", "{2}", "{3}"),
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
    PAPER.check_inventory(range(1, 12))
    places = {item.location for item in PAPER.items()}
    sections = [*"1234567", "2.1", "2.2", "3.1"]
    expected = ["abstract", *(f"section {n}" for n in sections), *(f"Figure {n}" for n in "123")]
    assert [name for name in expected if not any(p.startswith(name) for p in places)] == []


def test_inventory_notices_gaps() -> None:
    PAPER.check_inventory_notices_gaps("gmm.never-uncollapse")

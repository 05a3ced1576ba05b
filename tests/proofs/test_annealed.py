"""The annealed ledger, cold: verdicts, evidence, mutants, printed formulas, inventory."""

from __future__ import annotations

import pytest
from symgan_papers.annealed.notation import AMENDMENTS_NOT_READ, NOT_READ, READING, REPAIRED

from tests.proofs.ledger import Paper

PAPER = Paper(
    "annealed",
    READING,
    NOT_READ,
    AMENDMENTS_NOT_READ,
    repaired=REPAIRED,
    read_as_printed=frozenset({"annealed.eq17.line2.from-line1"}),  # speaks of (13) as printed
)
pytestmark = pytest.mark.xdist_group("ledger of annealed")  # judged once, in one process


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
        ("annealed.eq12", r"\frac{-K}{1 + a^2}\frac{s}", r"\frac{K}{1 + a^2}\frac{s}"),
        ("annealed.eq7.psi", r"- \alpha f'(-\psi\alpha)", r"+ \alpha f'(-\psi\alpha)"),
        ("annealed.eq15", r"\sqrt{1 + a^2}", r"\sqrt{1 + 2 a^2}"),
        ("annealed.eq15", r"= \frac{K}", r"= \frac{|K|}"),
        ("annealed.eq17.line2", r"- \frac{K}{1 + a^2}", r"+ \frac{K}{1 + a^2}"),
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
    PAPER.check_inventory(range(1, 19))


def test_inventory_notices_gaps() -> None:
    PAPER.check_inventory_notices_gaps("annealed.eq12")

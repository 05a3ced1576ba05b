"""The stability ledger, cold: verdicts, evidence, mutants, printed formulas, inventory."""

from __future__ import annotations

import pytest
import sympy as sp
from symgan_papers.stability.notation import (
    AMENDED_PARTS,
    AMENDMENTS_NOT_READ,
    NOT_READ,
    PARTS,
    READING,
)

from symgan.claims.examine import Examination
from symgan.claims.printed import disagreement, parse_printed
from tests.proofs.ledger import Paper

PAPER = Paper("stability", READING, NOT_READ, AMENDMENTS_NOT_READ)
pytestmark = pytest.mark.xdist_group("ledger of stability")  # judged once, in one process


def agreeing(formula: str, statement: sp.Basic, quantities: list[sp.Basic]) -> list[sp.Basic]:
    """The parts of a conjunction that a formula's LaTeX says, its named quantity included."""
    assert isinstance(statement, sp.And)
    parsed = parse_printed(formula, READING)
    found = [part for part in statement.args if _same_kind(parsed, part)]
    return [part for part in found if disagreement(parsed, part, quantities) == ""]


def _same_kind(parsed: sp.Basic, part: sp.Basic) -> bool:
    return parsed.func is part.func


def case(claim_id: str) -> Examination:
    found = PAPER.by_id[claim_id].examine()
    assert isinstance(found, Examination)
    return found


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


@pytest.mark.parametrize("claim_id", PARTS)
def test_formula_is_a_part_of_what_is_judged(claim_id: str) -> None:
    claim, found = PAPER.by_id[claim_id], case(claim_id)
    assert agreeing(claim.formal or claim.printed, found.statement, list(found.exact))


@pytest.mark.parametrize("claim_id", PAPER.amended)
def test_amended_formula_is_what_is_proved(claim_id: str) -> None:
    PAPER.check_amendment(claim_id)


@pytest.mark.parametrize("claim_id", AMENDED_PARTS)
def test_amended_formula_is_a_part_of_what_is_proved(claim_id: str) -> None:
    claim, found = PAPER.by_id[claim_id], case(claim_id)
    assert found.amendment is not None
    assert agreeing(claim.amended, found.amendment, list(found.exact))


@pytest.mark.parametrize(
    ("claim_id", "right", "wrong"),
    [
        ("stability.h-g", "1 - a^2", "1 + a^2"),
        ("stability.objective.wgan", r"- \frac{w a^2}", r"+ \frac{w a^2}"),
        ("stability.objective.gan", "1 + e^{-t}", "1 + e^{t}"),
        ("stability.h-d", "{5}", "{3}"),
        ("stability.settled.unrolled.difference", r"-\frac{q h^2 N}{2}", r"\frac{q h^2 N}{2}"),
        ("stability.settled.rates", r"\lambda r", r"2 \lambda r"),
        ("stability.lasalle", r"\ge", r"\le"),
    ],
)
def test_a_misread_print_is_noticed(claim_id: str, right: str, wrong: str) -> None:
    assert PAPER.misreading(claim_id, right, wrong) != ""


@pytest.mark.parametrize(
    ("claim_id", "right", "wrong"),
    [
        ("stability.regularizer", "4", "2"),
        ("stability.updates", "- ", "+ "),
        ("stability.linearization.if", "2 d", "d"),
        ("stability.key-lemma.size-2-2", "a c - b^2", "a c + b^2"),
        ("stability.settled.basin", r"-\frac", r"\frac"),
        ("stability.settled.regularized", r"2 \eta", r"\eta"),
        ("stability.settled.step", r"- \frac", r"+ \frac"),
        ("stability.fig.wgan-025", "2", "1"),
    ],
)
def test_a_misread_part_is_noticed(claim_id: str, right: str, wrong: str) -> None:
    claim, found = PAPER.by_id[claim_id], case(claim_id)
    formula = claim.formal or claim.printed
    assert right in formula
    assert not agreeing(formula.replace(right, wrong), found.statement, list(found.exact))


def test_ledger_file_is_current() -> None:
    """A change of findings shows as a change of proofs/LEDGER.md (`make ledger`)."""
    PAPER.check_ledger_file()


def test_reasons_for_not_reading_name_claims() -> None:
    PAPER.check_reasons()


def test_inventory_is_complete() -> None:
    PAPER.check_inventory(range(0))


def test_inventory_notices_gaps() -> None:
    PAPER.check_inventory_notices_gaps("stability.key-lemma")

"""The annealed ledger, cold: verdicts, evidence, mutants, printed formulas, inventory."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from symgan_papers.annealed.notation import AMENDMENTS_NOT_READ, NOT_READ, READING, REPAIRED

from symgan.claims import Entry, Ledger, Mutation, Route, Verdict, load, verify
from symgan.claims.examine import Examination
from symgan.claims.inventory import gaps, read_inventory
from symgan.claims.printed import disagreement, parse_printed
from symgan.report.ledger import ledger_markdown

PROOFS = Path(__file__).parents[2] / "proofs"
CLAIMS = load(["annealed"])
BY_ID = {claim.id: claim for claim in CLAIMS}

# A tenth of the mutants a run, another tenth every day; SYMGAN_FULL=1 takes them all.
FRACTION = 1.0 if os.environ.get("SYMGAN_FULL") else 0.1
SEED = int(os.environ.get("SYMGAN_SEED", datetime.now(UTC).toordinal()))


@cache
def ledger() -> Ledger:
    """One cold run of the whole ledger with its share of mutants."""
    return verify(CLAIMS, mutate=True, mutation=Mutation(FRACTION, SEED))


def entry(claim_id: str) -> Entry:
    return next(e for e in ledger().entries if e.claim.id == claim_id)


@pytest.mark.parametrize("claim_id", BY_ID)
def test_verdict_is_the_derived_one(claim_id: str) -> None:
    found = entry(claim_id)
    assert found.error == ""
    assert found.verdict is found.claim.expect, [e.text for e in found.evidence]


DECIDED = (Verdict.PROVED, Verdict.CONDITIONAL, Verdict.REFUTED)


@pytest.mark.parametrize("claim_id", [c.id for c in CLAIMS if c.expect in DECIDED])
def test_decided_verdicts_rest_on_two_routes(claim_id: str) -> None:
    found = entry(claim_id)
    last = {Verdict.PROVED: "printed", Verdict.CONDITIONAL: "condition", Verdict.REFUTED: "amended"}
    subject = last[found.claim.expect]
    routes = {e.route for e in found.evidence if e.subject == subject and e.holds}
    assert routes == {Route.EXACT, Route.SECOND}
    if subject != "printed":  # the print fails by both routes too
        failed = {e.route for e in found.evidence if e.subject == "printed" and e.holds is False}
        assert failed == {Route.EXACT, Route.SECOND}


def test_no_mutant_survives() -> None:
    assert ledger().mutants
    assert [f"{m.claim_id}: {m.operator}: {m.statement}" for m in ledger().survivors] == []


READ = [c.id for c in CLAIMS if (c.formal or c.printed) and c.id not in NOT_READ]


@pytest.mark.parametrize("claim_id", READ)
def test_printed_formula_is_what_is_judged(claim_id: str) -> None:
    claim, case = BY_ID[claim_id], BY_ID[claim_id].examine()
    assert isinstance(case, Examination)
    printed = parse_printed((claim.formal or claim.printed), READING)
    assert disagreement(printed, case.statement, list(case.exact)) == ""


AMENDED = [
    c.id
    for c in CLAIMS
    if c.expect is Verdict.REFUTED and c.amended and c.id not in AMENDMENTS_NOT_READ
]


@pytest.mark.parametrize("claim_id", AMENDED)
def test_amended_formula_is_what_is_proved(claim_id: str) -> None:
    claim, case = BY_ID[claim_id], BY_ID[claim_id].examine()
    assert isinstance(case, Examination)
    assert case.amendment is not None
    of_the_print = claim_id == "annealed.eq17.line2.from-line1"  # speaks of (13) as printed
    amended = parse_printed(claim.amended, READING if of_the_print else REPAIRED)
    assert disagreement(amended, case.amendment, list(case.exact)) == ""


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
    claim, case = BY_ID[claim_id], BY_ID[claim_id].examine()
    assert right in (claim.formal or claim.printed)
    printed = parse_printed((claim.formal or claim.printed).replace(right, wrong), READING)
    assert disagreement(printed, case.statement, list(case.exact)) != ""


def test_reasons_for_not_reading_name_claims() -> None:
    assert {*NOT_READ, *AMENDMENTS_NOT_READ} <= set(BY_ID)


def test_inventory_is_complete() -> None:
    items = read_inventory(PROOFS / "inventory" / "annealed.tsv")
    assert gaps(items, CLAIMS) == ()
    statements = " ".join(item.statement for item in items)
    assert [n for n in range(1, 19) if f"eq. ({n})" not in statements] == []


def test_inventory_notices_gaps() -> None:
    items = read_inventory(PROOFS / "inventory" / "annealed.tsv")
    without = [i for i in items if "annealed.eq12" not in i.claims]
    assert gaps(without, CLAIMS) == ("claim annealed.eq12 is not in the inventory",)
    unknown = (*items, replace(items[0], claims=("annealed.eq99",)))
    assert gaps(unknown, CLAIMS) == ("the inventory names annealed.eq99, which is no claim",)


def test_ledger_file_is_current() -> None:
    """A change of findings shows as a change of proofs/LEDGER.md (`make ledger`)."""
    findings = replace(ledger(), mutants=())
    assert (PROOFS / "LEDGER.md").read_text(encoding="utf-8") == ledger_markdown(findings)

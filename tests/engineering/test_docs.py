"""The pages in docs/ say what the ledger finds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symgan.claims import load
from tests.engineering.sources import ROOT

CITED = re.compile(r"`(\w+(?:\.[\w-]+)+)` ([A-Z_]+)\b")
PAGES = sorted((ROOT / "docs").glob("*.md"))
LEDGER = (ROOT / "proofs" / "LEDGER.md").read_text(encoding="utf-8")
VERDICTS = dict(re.findall(r"^\| `([\w.-]+)` \| .*? \| ([A-Z]+(?:\\_[A-Z]+)?)", LEDGER, re.M))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_cited_claims_have_the_verdict_that_is_said(page: Path) -> None:
    """Held against LEDGER.md, which a test of its own holds against a fresh run."""
    cited = CITED.findall(page.read_text(encoding="utf-8"))
    assert {i: v for i, v in cited if VERDICTS.get(i, "").replace("\\", "") != v} == {}


def test_the_theorem_cites_its_claims() -> None:
    cited = dict(CITED.findall((ROOT / "docs" / "DIRAC_ORACLE.md").read_text(encoding="utf-8")))
    assert set(cited) <= {claim.id for claim in load(["dynamic"])}
    assert len(cited) > 20


def test_a_wrong_verdict_on_a_page_is_seen() -> None:
    (claim_id, verdict), *_ = CITED.findall("`dynamic.settled.bce.to-four` PROVED")
    assert VERDICTS[claim_id].replace("\\", "") != verdict

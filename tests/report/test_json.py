"""The ledger as JSON and as Markdown."""

from __future__ import annotations

import dataclasses
import json
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

from symgan.claims.model import Ledger
from symgan.errors import BadData
from symgan.report.json import certificates, dumps, to_json
from symgan.report.ledger import ledger_markdown

KEYS = [
    "id", "paper", "source", "printed", "formal", "says", "status", "expected", "as_expected",
    "outcome", "statement", "amended", "amendment", "repair", "reason", "condition", "witness",
    "derived", "difference", "repairs",
    "steps", "evidence", "seconds", "cached", "unread", "error",
]  # fmt: skip


def test_claims_have_stable_keys_and_survive_a_round_trip(ledger: Ledger) -> None:
    data = to_json(ledger)
    assert json.loads(dumps(data)) == data
    assert all(list(claim) == KEYS for claim in data["claims"])
    assert [claim["id"] for claim in data["claims"]] == [e.claim.id for e in ledger.entries]


def test_values_of_a_claim(ledger: Ledger) -> None:
    data = to_json(ledger)
    refuted = data["claims"][1]
    assert refuted["status"] == refuted["expected"] == "REFUTED"
    assert refuted["witness"] == {"a": "1/3", "K": "2/3"}
    assert refuted["repair"] == "Flip the sign of the last integral."
    assert refuted["evidence"][0]["certificate"] == {"zero": "K - K"}
    assert refuted["evidence"][0]["holds"] is False
    statement = data["claims"][0]["statement"]
    assert sp.sympify(statement["text"], locals={"psi": sp.Function("psi")}).lhs == sp.Function(
        "psi"
    )(sp.Symbol("s"))
    assert statement["latex"] == r"\psi(s) = -\frac{K}{(s + a) (s^{2} + 1)}"
    assert data["claims"][8]["status"] == "ERROR"
    assert data["claims"][8]["error"]


def test_summary_and_mutants(ledger: Ledger) -> None:
    data = to_json(ledger)
    assert data["summary"]["unexpected"] == ["annealed.hostile-[bold]-name", "stability.lemma-2"]
    assert sum(data["summary"]["verdicts"].values()) == data["summary"]["claims"] == 10
    mutants = data["mutants"]
    counted = [mutants[k] for k in ("made", "rejected", "equivalent", "implied", "survived")]
    assert counted == [3, 1, 1, 0, 1]
    assert mutants["list"][2]["operator"] == "dropped <term> & more"


def with_certificate(ledger: Ledger, value: Any) -> Ledger:
    entry = ledger.entries[0]
    evidence = dataclasses.replace(entry.evidence[0], certificate={"value": value})
    return Ledger((dataclasses.replace(entry, evidence=(evidence,)),))


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (sp.Rational(1, 3), "1/3"),
        (Fraction(1, 3), "1/3"),
        (np.float64(0.5), 0.5),
        (np.int64(3), 3),
        ((1, [2.5, None, True]), [1, [2.5, None, True]]),
        ({1: sp.Symbol("x")}, {"1": "x"}),
    ],
)
def test_certificates_become_plain_data(harmless: Ledger, value: Any, plain: Any) -> None:
    found = certificates(with_certificate(harmless, value).entries[0])
    assert found is not None
    assert found["evidence"][0]["certificate"] == {"value": plain}
    assert json.loads(dumps(found)) == found


def test_objects_in_a_certificate_are_refused_by_name(harmless: Ledger) -> None:
    with pytest.raises(BadData, match=r"annealed\.eq11: certificate\['value'\]\[1\] holds a set"):
        to_json(with_certificate(harmless, [0, {1}]))


def test_entries_without_certificates_have_none(harmless: Ledger) -> None:
    assert certificates(harmless.entries[-1]) is None


def test_markdown_is_the_same_for_the_same_findings(ledger: Ledger) -> None:
    slower = tuple(dataclasses.replace(entry, seconds=99.0) for entry in ledger.entries)
    assert ledger_markdown(Ledger(slower, ledger.mutants)) == ledger_markdown(ledger)
    other = dataclasses.replace(ledger.entries[0], verdict=None)
    changed = Ledger((other, *ledger.entries[1:]), ledger.mutants)
    assert ledger_markdown(changed) != ledger_markdown(ledger)


def test_markdown_has_a_table_a_paper_and_the_faults_with_repairs(ledger: Ledger) -> None:
    text = ledger_markdown(ledger)
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) == len(ledger.entries)
    assert all(row.replace(r"\|", "").count("|") == 6 for row in rows)
    wrong = text.split("### What annealed has wrong")[1].split("## stability")[0]
    assert wrong.count("#### ") == 4
    assert "Smallest repair: Flip the sign of the last integral." in wrong
    assert "```math\n\\theta(t) = \\theta(0) - \\int_0^t \\psi(\\tau)\\,d\\tau\n```" in wrong
    assert "Judged:\n\n```math\n\\mathcal{A}_c < \\mathcal{A}_a\n```" in wrong
    assert "Witness: `K = -1`, `a = 1`" in wrong
    assert "<script" not in text.replace(r"\<script", "")

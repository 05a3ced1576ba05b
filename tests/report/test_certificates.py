"""Certificates of a ledger as files: written, read and checked by the second program."""

from __future__ import annotations

from pathlib import Path

import pytest

from symgan.certify.checker import check_files
from symgan.claims import Ledger, load, verify
from symgan.report.certificates import write_certificates

TARGETS = ["dynamic.settled.w", "dynamic.settled.dimensions", "annealed.eq15", "annealed.eq7"]


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return verify(load(TARGETS))


def test_every_certificate_on_file_is_valid(ledger: Ledger, tmp_path: Path) -> None:
    paths = write_certificates(ledger, tmp_path / "certificates")
    found = {outcome.path.name: outcome for outcome in check_files(paths)}
    assert {name: outcome.text for name, outcome in found.items() if outcome.code} == {}
    proved = {path.name.rsplit(".", 2)[0] for path in paths}
    decided = {
        entry.claim.id
        for entry in ledger.entries
        if any(e.holds is not None and e.route == "exact" for e in entry.evidence)
    }
    assert decided <= proved  # each decided entry has a file of its own


def test_an_altered_certificate_is_noticed(ledger: Ledger, tmp_path: Path) -> None:
    path = write_certificates(ledger, tmp_path)[0]
    path.write_text(path.read_text().replace("identity", "identitY", 1), encoding="utf-8")
    (outcome,) = check_files([path])
    assert outcome.code == 5
    assert "altered" in outcome.text

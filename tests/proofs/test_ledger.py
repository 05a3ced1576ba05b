"""The ledger file of the repository, and that every installed paper is tested."""

from __future__ import annotations

from pathlib import Path

from symgan.claims import papers
from tests.proofs.ledger import check_ledger_file


def test_ledger_file_is_current() -> None:
    """A change of findings in any paper shows as a change of proofs/LEDGER.md (`make ledger`)."""
    check_ledger_file()


def test_every_paper_has_its_tests() -> None:
    here = Path(__file__).parent
    assert [name for name in papers() if not (here / f"test_{name}.py").is_file()] == []

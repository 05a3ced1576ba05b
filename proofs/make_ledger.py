"""Write proofs/LEDGER.md anew from a run of every installed paper."""

from __future__ import annotations

from pathlib import Path

from symgan.claims import load, verify
from symgan.report.ledger import ledger_markdown

if __name__ == "__main__":
    ledger = verify(load(), jobs=2)
    Path(__file__).with_name("LEDGER.md").write_text(ledger_markdown(ledger), encoding="utf-8")

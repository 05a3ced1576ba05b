"""Write docs/NON_NASH.md anew: what each rule does at points that are, or are not, Nash."""

from __future__ import annotations

from pathlib import Path

from symgan import rules
from symgan.analysis.attractors import attractor_table
from symgan.report.attractors import document

if __name__ == "__main__":
    path = Path(__file__).parents[1] / "docs" / "NON_NASH.md"
    path.write_text(document(attractor_table(rules.catalog())), encoding="utf-8")

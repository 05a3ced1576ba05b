"""Write docs/STEPS.md anew: rules against games, with exact steps."""

from __future__ import annotations

from pathlib import Path

from symgan.atlas import standard_games, step_rows
from symgan.report.steps import document

if __name__ == "__main__":
    text = document(list(step_rows(standard_games())))
    path = Path(__file__).parents[1] / "docs" / "STEPS.md"
    path.write_text(text, encoding="utf-8")

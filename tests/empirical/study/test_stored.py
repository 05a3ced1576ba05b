"""The studies that ship with symgan: full designs, and the pages that are made of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from symgan.data.studies import stored_study
from symgan.empirical.study import tables
from symgan.empirical.study.analysis import analyze
from symgan.empirical.study.presets import preset
from symgan.empirical.study.printed import compare

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("table", ["table1", "table2"])
def test_it_is_the_full_design(table: str) -> None:
    found = stored_study(table)
    assert not found.preliminary
    wanted = {k: str(v) for k, v in preset("full", table).described().items() if k != "torch"}
    told = {name: str(value) for name, value in found.settings.items()}
    assert {name: told[name] for name in wanted} == wanted


@pytest.mark.parametrize("table", ["table1", "table2"])
def test_the_page_is_made_of_it(table: str) -> None:
    """`symgan study show TABLE --markdown docs/STUDY_TABLE1.md` (or 2) writes it anew."""
    found = analyze(stored_study(table))
    page = (DOCS / f"STUDY_{table.upper()}.md").read_text(encoding="utf-8")
    assert page == tables.markdown(found, compare(found))

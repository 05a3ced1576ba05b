"""The preliminary studies that ship with symgan, and what of the pages is made of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from symgan.data.studies import stored_study
from symgan.empirical.study import tables
from symgan.empirical.study.analysis import analyze
from symgan.empirical.study.presets import preset
from symgan.empirical.study.printed import compare
from symgan.empirical.study.shorter import beside_full

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("table", ["table1", "table2"])
def test_it_is_the_quick_design_and_says_preliminary(table: str) -> None:
    found = stored_study(f"{table}-quick")
    assert found.preliminary
    assert found.label == "preliminary: 5000 iterations, 3 seeds"
    described = preset("quick", table).described()
    wanted = {k: str(v) for k, v in described.items() if k != "torch"}
    told = {name: str(value) for name, value in found.settings.items()}
    assert {name: told[name] for name in wanted} == wanted


def test_the_page_compares_it_with_the_full_design() -> None:
    """`symgan.empirical.study.shorter.beside_full` writes the section anew."""
    short, full = (analyze(stored_study(name)) for name in ("table1-quick", "table1"))
    assert beside_full(short, full) in (DOCS / "STUDY.md").read_text(encoding="utf-8")


def test_the_page_of_the_digits_is_made_of_their_study() -> None:
    """`symgan study show table2-quick --markdown docs/STUDY_TABLE2.md` writes it anew."""
    found = analyze(stored_study("table2-quick"))
    page = (DOCS / "STUDY_TABLE2.md").read_text(encoding="utf-8")
    assert page == tables.markdown(found, compare(found))
    assert "preliminary" in page.splitlines()[0]

"""The study that ships with symgan: a full design, and the page that is made of it."""

from __future__ import annotations

from pathlib import Path

from symgan.data.studies import stored_study
from symgan.empirical.study import tables
from symgan.empirical.study.analysis import analyze
from symgan.empirical.study.presets import preset
from symgan.empirical.study.printed import compare

PAGE = Path(__file__).parents[3] / "docs" / "STUDY_TABLE1.md"


def test_it_is_the_full_design() -> None:
    found = stored_study("table1")
    assert not found.preliminary
    wanted = {k: str(v) for k, v in preset("full").described().items() if k != "torch"}
    told = {name: str(value) for name, value in found.settings.items()}
    assert {name: told[name] for name in wanted} == wanted


def test_the_page_is_made_of_it() -> None:
    """`symgan study show table1 --markdown docs/STUDY_TABLE1.md` writes it anew."""
    found = analyze(stored_study("table1"))
    assert PAGE.read_text(encoding="utf-8") == tables.markdown(found, compare(found))

"""The preliminary studies that ship with symgan, and what of the page is made of them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from symgan.data.studies import StudyResult, stored_study
from symgan.empirical.study.analysis import ALL, analyze
from symgan.empirical.study.presets import preset
from symgan.empirical.study.shorter import beside_full
from symgan.empirical.study.tables import probability

DOCS = Path(__file__).parents[3] / "docs"


def differing(found: StudyResult, table: str) -> set[str]:
    """Names of the quick design's settings that a stored study does not have."""
    wanted = {k: str(v) for k, v in preset("quick", table).described().items() if k != "torch"}
    return {name for name, value in wanted.items() if str(found.settings[name]) != value}


@pytest.mark.parametrize("table", ["table1", "table2"])
def test_it_is_the_quick_design_and_says_preliminary(table: str) -> None:
    found = stored_study(f"{table}-quick")
    assert found.preliminary
    assert found.label == "preliminary: 5000 iterations, 3 seeds"
    assert differing(found, table) == set()


@pytest.mark.parametrize("table", ["table1", "table2"])
def test_the_page_compares_it_with_the_full_design(table: str) -> None:
    """`symgan.empirical.study.shorter.beside_full` writes the section anew."""
    short, full = (analyze(stored_study(name)) for name in (f"{table}-quick", table))
    assert beside_full(short, full) in (DOCS / "STUDY.md").read_text(encoding="utf-8")


def test_the_wider_one_on_the_digits_differs_in_its_width_alone() -> None:
    found = stored_study("table2-quick-128")
    assert found.label == "preliminary: 5000 iterations, 3 seeds"
    assert differing(found, "table2") == {"training: hidden"}
    assert found.settings["training: hidden"] == "128, 128, 128, 128, 128"


def test_what_the_page_says_of_the_digits_after_5000_iterations() -> None:
    """Sim first, Dynamic-GDA last and farther than Sim for each GAN; wider layers differ."""
    short, wider = (analyze(stored_study(f"table2-quick{width}")) for width in ("", "-128"))
    ranks = short.ranked[ALL].test.average_ranks
    assert (ranks[0], ranks[3]) == (min(ranks), max(ranks)) == (Fraction(13, 8), Fraction(29, 8))
    assert all(short.medians(pair)[3] > short.medians(pair)[0] for pair in short.pairs)
    assert [float(r) for r in wider.ranked[ALL].test.average_ranks] == [1.625, 2.75, 2.5, 3.125]
    assert probability(float(wider.ranked[ALL].p_exact)) == "0.12"

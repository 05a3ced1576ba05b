"""What papers bring beside their claims: titles, findings, pages; held against the ledger."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symgan.claims import papers
from symgan.cli.papers import findings, pages, title
from symgan.data import gmm_maps
from symgan.errors import BadData, UnknownName

LEDGER = Path(__file__).parents[2] / "proofs" / "LEDGER.md"
ROW = re.compile(r"^\| `([^`]+)` \|.*?\| (PROVED|CONDITIONAL|REFUTED|CHECKED|ILL\\_POSED|INFORMAL)")
NOWHERE = "nowhere:1"


def at_fault() -> set[str]:
    """Ids that the ledger of the repository calls wrong."""
    rows = [(ROW.match(line), line) for line in LEDGER.read_text("utf-8").splitlines()]
    return {
        found[1]
        for found, line in rows
        if found
        and (found[2] in ("CONDITIONAL", "REFUTED", r"ILL\_POSED") or "(contradicted)" in line)
    }


@pytest.mark.parametrize("paper", papers())
def test_what_is_said_in_short_was_found(paper: str) -> None:
    wrong = at_fault()
    said = findings(paper, NOWHERE)
    assert said
    for finding in said:
        assert finding.claims
        assert set(finding.claims) <= wrong, finding.text
        assert all(identifier.startswith(f"{paper}.") for identifier in finding.claims)
        assert finding.text.endswith(".")


def test_the_ledger_is_read_right() -> None:
    wrong = at_fault()
    assert {"annealed.eq7.alpha", "stability.extension", "gmm.more-often-than-not"} <= wrong
    assert not {"annealed.eq11", "annealed.first"} & wrong


@pytest.mark.parametrize("paper", papers())
def test_papers_have_titles(paper: str) -> None:
    assert len(title(paper, NOWHERE)) > len(paper)


def test_a_paper_that_is_not_installed_says_what_its_file_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    origin = f"{gmm_maps.__name__}:1"
    assert title("mine", origin) == ""
    assert findings("mine", origin) == ()
    monkeypatch.setattr(gmm_maps, "TITLE", "Mine", raising=False)
    monkeypatch.setattr(gmm_maps, "FINDINGS", [("Wrong.", ["mine.eq1"])], raising=False)
    assert title("mine", origin) == "Mine"
    assert findings("mine", origin)[0].claims == ("mine.eq1",)


@pytest.mark.parametrize("wrong", [3, (1, 2), (("text",),), (("text", 4),)])
def test_findings_of_another_shape_are_named(
    wrong: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gmm_maps, "FINDINGS", wrong, raising=False)
    with pytest.raises(BadData, match="FINDINGS of mine must be pairs"):
        findings("mine", f"{gmm_maps.__name__}:1")


def test_the_page_of_the_maps_holds_every_stored_map() -> None:
    (maps,) = pages("gmm")
    for name in gmm_maps.stored_maps():
        assert f"| {name} |" in maps.markdown
    assert set(maps.shows) == {"figure-3", "figure-3-open", "figure-3-rules"}
    assert pages("stability") == ()


def test_pages_of_an_unknown_paper_are_refused() -> None:
    with pytest.raises(UnknownName, match="unknown paper 'nobody'"):
        pages("nobody")

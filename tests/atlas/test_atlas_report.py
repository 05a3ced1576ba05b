"""The atlas rendered: text, JSON that says the same, LaTeX, a page whose links lead somewhere."""

from __future__ import annotations

import json
import re
from functools import cache
from xml.etree import ElementTree

import pytest
import sympy as sp
from sympy import ImmutableMatrix

from symgan.atlas import Answer, Case, Cell, Selection, Verdict, atlas, summary
from symgan.atlas.problem import ETA
from symgan.report.atlas import SHORT, details, markdown, overview, overview_narrow, tally
from symgan.report.atlas_json import to_json
from symgan.report.atlas_latex import document
from symgan.report.atlas_page import page
from symgan.report.json import dumps

GAMMA = sp.Symbol("gamma", positive=True)


@cache
def cells() -> tuple[Cell, ...]:
    chosen = [
        Selection(game="dirac", loss=loss, regularizer=penalty, rule=rule)
        for loss, penalty in [("wasserstein", "none"), ("jensen-shannon", "r1")]
        for rule in ("extragradient", "simultaneous")
    ]
    refused = Selection(game="quadratic (P, B, Q)", regularizer="r1", rule="extragradient")
    return tuple(cell for selection in (*chosen, refused) for cell in atlas(selection))


def test_json_round_trip() -> None:
    data = to_json(cells())
    assert json.loads(dumps(data)) == data
    for cell, entry in zip(cells(), data["cells"], strict=True):
        assert Verdict(entry["verdict"]) is cell.verdict
        if entry["stable_if"] is not None:
            names = {s.name: s for s in cell.stable_if.free_symbols}
            assert sp.sympify(entry["stable_if"]["text"], locals=names) == cell.stable_if
        if cell.answer is not None:
            matrix = data["problems"][entry["problem"]]["matrix"]
            assert matrix == [[str(e) for e in row] for row in cell.answer.matrix.tolist()]


def test_every_link_of_the_page_leads_to_one_place() -> None:
    text = page(cells())
    links = re.findall(r'href="#([^"]+)"', text)
    places = re.findall(r'id="([^"]+)"', text)
    assert len(set(places)) == len(places)
    assert {f"c{n}" for n in range(len(cells()))} <= set(links) <= set(places)
    assert "<script" not in text


def test_the_page_is_well_formed() -> None:
    text = page(cells())
    body = text[text.index("<body>") : text.index("</body>") + len("</body>")]
    ElementTree.fromstring(re.sub(r"&(?!amp;|lt;|gt;|quot;|#)", "&amp;", body))


def test_a_derivation_shows_what_it_rests_on() -> None:
    text = page(cells())
    for what in ("characteristic polynomial", "stable steps", "certificate", "linear verdict"):
        assert what in text
    assert "penalizes the slopes of a discriminator" in text


def test_text_in_a_page_is_escaped() -> None:
    hostile = Cell(
        "<b>x</b>", "", "none", "r", True, Verdict.UNDECIDED, reason="<script>1</script>"
    )
    assert "<script>" not in page((hostile,))
    assert "<b>x</b>" not in page((hostile,))


def test_overviews_say_every_verdict() -> None:
    own = [c for c in cells() if c.loss == "wasserstein"]
    table = overview(own, "dirac")
    words = {str(text) for column in table.columns[1:] for text in column.cells}
    assert words == {SHORT[c.verdict] for c in own}
    narrow = dict(overview_narrow(own))
    assert {f"  {c.verdict.value}" for c in own} <= set(narrow)


def test_details_hold_steps_and_rates() -> None:
    texts = [text for _, text in details(cells())]
    assert "0 < eta < 1" in texts
    assert any("sqrt(3)/2" in text for text in texts)


def test_markdown_has_a_row_a_rule() -> None:
    text = markdown(cells())
    assert "## dirac, wasserstein loss" in text
    assert f"| simultaneous, flow | {SHORT[Verdict.CENTER]} |" in text


def test_latex_is_balanced_and_uses_booktabs() -> None:
    text = document(cells())
    assert text.count(r"\begin{longtable}") == text.count(r"\end{longtable}") > 0
    assert r"\toprule" in text
    assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")


def open_cell(condition: sp.Basic) -> Cell:
    cases = (
        Case(Verdict.EXPONENTIAL, GAMMA > 1),
        Case(Verdict.UNDECIDED, condition),
    )
    answer = Answer(ImmutableMatrix([[0]]), True, cases, step=ETA)
    return Cell("g", "", "none", "r", False, Verdict.DEPENDS, cases, answer=answer, problem="p")


@pytest.mark.parametrize(
    ("condition", "count"), [(GAMMA < 1, 1), (sp.Eq(GAMMA, 1), 0)], ids=["region", "surface"]
)
def test_open_regions_count_as_undecided_and_surfaces_do_not(
    condition: sp.Basic, count: int
) -> None:
    found = (open_cell(condition),)
    assert sum(c.undecided for c in found) == count
    assert ("undecided in part" in summary(found)) is bool(count)
    assert f"{100 * count:.1f} % undecided" in tally(found)

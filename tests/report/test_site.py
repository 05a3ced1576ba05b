"""The site: whole, linked, honest about what a run found, and deaf to markup in user text."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp

from symgan.atlas import Selection, atlas
from symgan.claims.model import Entry, Ledger, Repair, Verdict
from symgan.report.sheets import Finding, Sheet
from symgan.report.site import write_site
from symgan.report.site.model import MEANINGS, related, supported
from symgan.report.site.names import claim_page
from symgan.report.view import STATUSES
from tests.report.conftest import HOSTILE, claim, small_picture, whole_ledger
from tests.report.site_tree import Page, broken, site_pages

FINDINGS = {
    "annealed": (
        Finding("Signs of (17) are wrong.", ("annealed.eq17.integration-constant",)),
        Finding("Nothing found this.", ("annealed.eq11",)),
        Finding("Not in this ledger.", ("annealed.eq99",)),
    )
}
TABLE = "A table.\n\n| map | share |\n| --- | ---: |\n| a | 0.5 |"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site, written once; tests that change it take `folder`."""
    square, place = small_picture(), tmp_path_factory.mktemp("written") / "site"
    sheets = (
        Sheet("maps", "Maps & more", TABLE, "annealed", ("square",), note="who <arrives>"),
        Sheet("study", "A study", TABLE, "elsewhere", figures=(square,)),
    )
    write_site(
        whole_ledger(),
        place,
        title="Report <b>",
        titles={"annealed": "Annealed & tiny"},
        figures={"annealed": (square,)},
        findings=FINDINGS,
        sheets=sheets,
        files={"report.pdf": b"%PDF"},
    )
    return place


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """A copy of the site."""
    return Path(shutil.copytree(written, tmp_path / "site"))


def text(folder: Path, name: str) -> str:
    return Page((folder / name).read_text("utf-8")).text


def test_there_is_a_page_a_claim_a_paper_and_a_sheet(folder: Path, ledger: Ledger) -> None:
    pages = {str(path.relative_to(folder)) for path in folder.rglob("*.html")}
    expected = {claim_page(entry.claim.id) for entry in ledger.entries}
    assert pages == expected | {
        *("index.html", "papers/annealed.html", "papers/stability.html"),
        *("pages/maps.html", "pages/study.html"),
    }
    assert (folder / "figures/papers/annealed/square.pdf").read_bytes() == b"%PDF"
    assert (folder / "figures/pages/study/square.svg").is_file()


def test_every_link_leads_somewhere(folder: Path) -> None:
    assert broken(folder) == []


def test_links_still_lead_somewhere_when_the_folder_has_moved(folder: Path) -> None:
    there = folder.parent / "a b" / "50% näher #1"
    there.parent.mkdir()
    shutil.move(folder, there)
    assert broken(there) == []


@pytest.mark.parametrize(
    ("page", "old", "new"),
    [
        ("index.html", 'href="papers/annealed.html"', 'href="papers/gone.html"'),
        ("papers/annealed.html", 'href="#claims"', 'href="#nothing"'),
        ("papers/annealed.html", 'src="../figures', 'src="figures'),
        ("index.html", 'href="papers/annealed.html"', 'href="../../outside.html"'),
    ],
)
def test_a_broken_link_is_seen(folder: Path, page: str, old: str, new: str) -> None:
    source = (folder / page).read_text("utf-8")
    assert old in source
    (folder / page).write_text(source.replace(old, new), "utf-8")
    assert broken(folder) != []


def test_no_scripts_and_nothing_from_elsewhere(folder: Path) -> None:
    for path, page in site_pages(folder).items():
        tags = Counter(tag for tag, _ in page.elements)
        assert not set(tags) & {"script", "iframe", "object", "embed", "base", "form"}, path
        assert not [n for _, attrs in page.elements for n in attrs if n.startswith("on")], path
        assert "its" not in tags  # the caption's <its> is text
    for sheet in folder.glob("*.css"):
        assert "@import" not in sheet.read_text()
        assert "url(" not in sheet.read_text()


def test_every_page_says_its_language_and_title_and_where_it_stands(folder: Path) -> None:
    titles = []
    for path, page in site_pages(folder).items():
        first, attributes = page.elements[0]
        assert (first, attributes["lang"]) == ("html", "en")
        tags = Counter(tag for tag, _ in page.elements)
        assert tags["title"] == tags["h1"] == tags["main"] == 1, path
        viewports = [a for t, a in page.elements if t == "meta" and a.get("name") == "viewport"]
        assert viewports, path
        titles.append(re.search("<title>(.*?)</title>", path.read_text("utf-8"), re.S))
        if path.name != "index.html":
            assert "Breadcrumbs" in set(page.values("aria-label")), path
    assert len({title[1] for title in titles if title}) == len(titles)


def test_ids_are_unique_and_images_are_described(folder: Path) -> None:
    for path, page in site_pages(folder).items():
        ids = list(page.values("id"))
        assert len(ids) == len(set(ids)), path
        assert all(attrs.get("alt") for tag, attrs in page.elements if tag == "img"), path


def test_the_front_page_counts_what_the_ledger_holds(folder: Path) -> None:
    front = text(folder, "index.html")
    assert "Report <b>" in front
    assert "Annealed & tiny" in front
    assert "1 REFUTED" in front
    assert "annealed, 9 claims, 4 at fault" in front
    assert "stability, 1 claim, 1 at fault" in front
    assert "Not as expected" in front
    assert "who <arrives>" in front
    assert "1 rejected, 1 equivalent, 0 implied, 1 survived." in front


def test_a_finding_is_shown_only_where_this_run_bears_it_out(folder: Path) -> None:
    front = text(folder, "index.html")
    assert "Signs of (17) are wrong." in front
    assert "Nothing found this." not in front
    assert "Not in this ledger." not in front


def test_findings_need_claims_that_found_a_fault(harmless: Ledger) -> None:
    wrong, right = "annealed.eq17.integration-constant", "annealed.eq11"
    shown = supported([Finding("both", (wrong, right)), Finding("none", ())], harmless.entries)
    assert shown == []
    (found,) = supported([Finding("one", (wrong,))], harmless.entries)
    assert [entry.claim.id for entry in found[1]] == [wrong]


def test_formulas_shown_as_source_are_counted(folder: Path, ledger: Ledger) -> None:
    pages = [path.read_text("utf-8") for path in (folder / "claims").iterdir()]
    shown = sum(page.count("<math") for page in pages) - len(ledger.mutants)
    source = sum(page.count('<code class="source"') for page in pages)
    assert source == 2
    expected = f"2 of {shown + source} formulas do not convert to MathML"
    assert expected in text(folder, "index.html")


def test_what_a_claim_page_shows(folder: Path, ledger: Ledger) -> None:
    page = text(folder, "claims/annealed.eq17.integration-constant.html")
    order = [
        "eq17.integration-constant", "REFUTED", "eq. (17), line 2",
        "False as printed", "As printed", "its initial value plus", "Derivation", "Amended",
        "Smallest repair", "Flip the sign", "Witness", "a = 1/3", "Evidence", "not zero at",
        "Certificates", "evidence/annealed.eq17.integration-constant.json", "Claim 2 of 9",
        "previous", "annealed.eq11", "next", "annealed.eq15",
    ]  # fmt: skip
    places = [page.find(part) for part in order]
    assert -1 not in places
    assert places == sorted(places)


def test_neighbors_follow_the_order_of_the_paper(folder: Path, ledger: Ledger) -> None:
    own = [entry.claim.id for entry in ledger.entries if entry.claim.paper == "annealed"]
    for number, identifier in enumerate(own):
        page = Page((folder / claim_page(identifier)).read_text("utf-8"))
        found = {a["rel"]: a["href"] for t, a in page.elements if t == "a" and "rel" in a}
        ends = {"prev": own[number - 1 : number], "next": own[number + 1 : number + 2]}
        expected = {rel: Path(claim_page(near[0])).name for rel, near in ends.items() if near}
        assert {rel: Path(href).name for rel, href in found.items()} == expected


def test_mutants_stand_on_their_claims_page(folder: Path) -> None:
    assert "doubled term" in text(folder, "claims/annealed.eq11.html")
    assert "dropped <term> & more" in text(folder, "claims/annealed.eq15.html")
    assert "Mutants" not in text(folder, "claims/annealed.eq13.html")


def test_user_text_is_text(folder: Path, ledger: Ledger) -> None:
    hostile = next(entry for entry in ledger.entries if entry.error == HOSTILE)
    page = text(folder, claim_page(hostile.claim.id))
    assert '<script>alert("x")</script> & 50% of a_b' in page
    assert "ERROR" in page


def test_filters_have_one_choice_a_status_and_hide_the_others(folder: Path, ledger: Ledger) -> None:
    page = Page((folder / "papers/annealed.html").read_text("utf-8"))
    own = [entry for entry in ledger.entries if entry.claim.paper == "annealed"]
    radios = {a["id"] for tag, a in page.elements if tag == "input" and a["type"] == "radio"}
    labels = {a["for"] for tag, a in page.elements if tag == "label"}
    statuses = {"ERROR" if entry.verdict is None else entry.verdict.value for entry in own}
    assert radios == labels == {"show-all", "show-wrong"} | {f"show-{s}" for s in statuses}
    css = (folder / "style.css").read_text()
    for status in STATUSES:
        assert f"#show-{status}:checked ~ :is(main, .listing)" in css
    rows = [attrs["class"] for tag, attrs in page.elements if tag == "tr" and "class" in attrs]
    assert len(rows) == len(own)
    assert sum("is-wrong" in row for row in rows) == 4


def test_every_status_is_explained() -> None:
    assert set(MEANINGS) == set(STATUSES)


def test_related_claims_are_the_next_level_up_and_down() -> None:
    made = [
        Entry(claim(f"p.{name}", Verdict.PROVED), Verdict.PROVED)
        for name in ("eq1", "eq1.a.b", "eq1.a", "eq10", "eq2.x")
    ]
    found = {key: [e.claim.id for e in near] for key, near in related(made).items()}
    assert found == {
        "p.eq1": ["p.eq1.a"],
        "p.eq1.a": ["p.eq1", "p.eq1.a.b"],
        "p.eq1.a.b": ["p.eq1.a"],
    }


def test_repairs_that_were_found_are_shown(harmless: Ledger, tmp_path: Path) -> None:
    x, y = sp.symbols("x y")
    repair = Repair("flip the sign of y", sp.Eq(x, -y), 1, ("flip",), "identity")
    refuted = replace(harmless.entries[1], repairs=(repair,), difference=x + y, derived=((x, y),))
    write_site(Ledger((refuted,)), tmp_path)
    page = text(tmp_path, claim_page(refuted.claim.id))
    assert "flip the sign of y" in page
    assert "Left side minus right side" in page
    assert "x=y" in page


def test_the_atlas_has_a_page_a_game_whose_cells_lead_to_derivations(tmp_path: Path) -> None:
    cells = atlas(Selection("bilinear", regularizer="none", rule="extragradient"))
    write_site(Ledger(()), tmp_path, atlas=cells)
    assert broken(tmp_path) == []
    games = {cell.game for cell in cells}
    pages = [text(tmp_path, f"atlas/{path.name}") for path in (tmp_path / "atlas").iterdir()]
    assert len(pages) == len(games)
    assert all("asymptotically stable if" in page for page in pages)
    assert "Atlas" in text(tmp_path, "index.html")
    assert f"{len(cells)} cells" in text(tmp_path, "atlas.html")


def test_an_empty_ledger_is_a_site(tmp_path: Path) -> None:
    write_site(Ledger(()), tmp_path)
    assert "0 claims" in text(tmp_path, "index.html")
    assert broken(tmp_path) == []

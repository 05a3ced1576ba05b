"""The page: well formed, self-contained, complete, and deaf to markup in user text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from symgan.claims.model import Ledger, Verdict
from symgan.report.html import page, unconverted
from symgan.report.pictures import Picture

VOID = {"meta", "br", "hr", "img", "input", "link", "wbr"}


class Tree(HTMLParser):
    """Tags that open and close in order; attributes and text by the way."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.opened: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.opened == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def values(self, name: str) -> Iterator[str]:
        return (attrs[name] for _, attrs in self.elements if name in attrs)


@pytest.fixture
def tree(ledger: Ledger, square: Picture) -> Tree:
    return Tree(page(ledger, [square], title="A <b> & title"))


def test_the_parser_of_this_test_sees_a_tag_left_open() -> None:
    with pytest.raises(AssertionError):
        Tree("<p><b>x</p>")


def test_no_scripts_and_nothing_from_elsewhere(ledger: Ledger, square: Picture) -> None:
    text = page(ledger, [square])
    tree = Tree(text)
    tags = Counter(tag for tag, _ in tree.elements)
    assert not set(tags) & {"script", "iframe", "object", "embed", "link", "base", "form"}
    assert not [name for _, attrs in tree.elements for name in attrs if name.startswith("on")]
    assert "@import" not in text
    assert "url(" not in text
    assert re.findall(r"https?://", text) == []
    assert all(src.startswith("data:image/svg+xml;base64,") for src in tree.values("src"))
    assert all(href.startswith("#") for href in tree.values("href"))


def test_user_text_is_text(tree: Tree) -> None:
    everything = "".join(tree.words)
    assert '<script>alert("x")</script> & 50% of a_b' in everything
    assert "A <b> & title" in everything
    assert "b" in {tag for tag, _ in tree.elements}  # our own; the title's is not among them
    assert "its" not in {tag for tag, _ in tree.elements}


def test_every_claim_has_a_section_that_links_reach(tree: Tree, ledger: Ledger) -> None:
    anchors = list(tree.values("id"))
    assert len(anchors) == len(set(anchors))
    for entry in ledger.entries:
        assert entry.claim.id in anchors
    from urllib.parse import unquote

    assert {unquote(href.removeprefix("#")) for href in tree.values("href")} <= set(anchors)


def test_filter_has_one_choice_a_status_and_a_rule_for_each(tree: Tree, ledger: Ledger) -> None:
    radios = {a["id"] for tag, a in tree.elements if tag == "input" and a["type"] == "radio"}
    labels = {a["for"] for tag, a in tree.elements if tag == "label"}
    statuses = {v.value for v in Verdict} | {"ERROR"}
    assert radios == labels == {"show-all"} | {f"show-{status}" for status in statuses}
    css = page(ledger)
    for status in statuses:
        others = f":is(.claim, .claim-row):not(.is-{status}, :target)"
        assert f"#show-{status}:checked ~ :is(main, .listing) {others}" in css
    classes = " ".join(tree.values("class")).split()
    assert {f"is-{status}" for status in statuses} <= set(classes)


def test_what_a_claim_shows(harmless: Ledger) -> None:
    refuted = page(Ledger(harmless.entries[1:2]))
    words = re.sub(r"\s+", " ", "".join(Tree(refuted).words))
    order = [
        "REFUTED", "eq. (17), line 2", "As printed", "its initial value plus", "Derivation",
        "Integrate the first line", "Amended", "Smallest repair", "Flip the sign", "Witness",
        "a = 1/3", "Evidence", "witness", "not zero at the witness", "12.50 s",
    ]  # fmt: skip
    section = words[words.index("As printed") - 60 :]
    places = [section.find(part) for part in order]
    assert -1 not in places
    assert places == sorted(places)
    assert refuted.count("<math") == 3  # printed, one step, amended


def test_what_is_judged_stands_beside_prose(harmless: Ledger) -> None:
    checked = page(Ledger(harmless.entries[3:4]))
    assert checked.index("Lower than in panel (a).") < checked.index("Judged") < checked.index("𝒜")


def test_verdicts_that_differ_say_what_was_expected(ledger: Ledger, harmless: Ledger) -> None:
    assert page(ledger).count("expected PROVED") >= 2
    assert "Not as expected" in page(ledger)
    assert "expected PROVED" not in page(harmless)
    assert "Not as expected" not in page(harmless)


def test_what_the_paper_has_wrong_comes_first(ledger: Ledger) -> None:
    text = page(ledger)
    listed = text[text.index("What the paper has wrong") : text.index('<h2 id="claims">')]
    assert "Flip the sign" in listed
    assert "Two readings" in listed
    assert "contradicted" in listed
    assert "eq11" not in listed


def test_formulas_that_cannot_be_converted_are_listed_and_shown_as_source(ledger: Ledger) -> None:
    problems = unconverted(ledger)
    assert [(name, what) for name, what, _, _ in problems] == [
        ("annealed.hostile-[bold]-name", "printed"),
        ("annealed.hostile-[bold]-name", "amended"),
    ]
    text = page(ledger)
    assert "Formulas shown as source" in text
    assert r"<code class=\"source\"".replace("\\", "") in text


def test_nothing_is_listed_when_all_formulas_convert(harmless: Ledger) -> None:
    assert unconverted(harmless) == []
    assert "Formulas shown as source" not in page(harmless)


def test_control_characters_do_not_reach_the_page(harmless: Ledger) -> None:
    text = page(harmless, title="a\x00b\x1b[31m")
    assert "a\ufffdb\ufffd[31m" in text


def test_mutants_and_survivors(ledger: Ledger, harmless: Ledger) -> None:
    words = re.sub(r"\s+", " ", "".join(Tree(page(ledger)).words))
    assert "1 rejected, 1 equivalent, 0 implied, 1 survived." in words
    assert "dropped <term> & more" in words
    assert "Mutants" not in page(harmless)

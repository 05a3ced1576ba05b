"""The Markdown that symgan writes, as HTML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from symgan.report.site.markdown import html, inline
from tests.report.conftest import HOSTILE
from tests.report.site_tree import Page

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a *b* **c** `d`", "a <em>b</em> <strong>c</strong> <code>d</code>"),
        ("2*eta*x and mu_1", "2*eta*x and mu_1"),
        ("x**2 + y**2", "x**2 + y**2"),
        ("`a*b*c`", "<code>a*b*c</code>"),
        ("``a`b``", "<code>a`b</code>"),
        (r"\*a\* \| b", "*a* | b"),
        ("[docs](STUDY.md) <b>", "docs &lt;b&gt;"),
        ("[0.5, 0.6]; printed", "[0.5, 0.6]; printed"),
        ("**0.07** [0.06, 0.09]", "<strong>0.07</strong> [0.06, 0.09]"),
    ],
)
def test_spans(source: str, expected: str) -> None:
    assert str(inline(source)) == expected


def test_blocks() -> None:
    source = "## A\ntext\nmore\n\n- one\n  and on\n- two\n\n```sh\na < b\n\nc\n```\n\nend"
    assert str(html(source)) == (
        "<h3>A</h3>\n<p>text more</p>\n<ul><li>one and on</li><li>two</li></ul>\n"
        '<pre class="scroll" tabindex="0"><code>a &lt; b\n\nc</code></pre>\n<p>end</p>'
    )


def test_a_table_has_heads_and_numbers_to_the_right() -> None:
    source = "| map | p | said |\n| --- | ---: | --- |\n| a\\|b | 0.5 | x < 1 |\n| c | 1e-3 | |"
    page = Page(str(html(source)))
    assert [t for t, _ in page.elements].count("tr") == 3
    heads = [attrs for tag, attrs in page.elements if tag == "th"]
    assert [h.get("scope") for h in heads] == ["col", "col", "col", "row", "row"]
    assert [h.get("class") for h in heads[:3]] == [None, "number", None]
    assert "a|b" in page.text
    assert "x < 1" in page.text


def test_bars_without_a_rule_below_are_text() -> None:
    assert "<table" not in html("| a | b |\n| c | d |")
    assert "| a | b |" in html("| a | b |\n| c | d |")


@settings(deadline=None, max_examples=150)
@given(st.text("ab*_`|[]()#-\\<>&\n ", max_size=60))
def test_whatever_is_written_the_page_stays_well_formed(source: str) -> None:
    page = Page(f"<main>{html(source)}</main>")
    assert {tag for tag, _ in page.elements} <= {
        *("main", "p", "h2", "h3", "h4", "h5", "h6", "ul", "li", "pre", "code", "em", "strong"),
        *("div", "table", "thead", "tbody", "tr", "th", "td"),
    }


@settings(deadline=None, max_examples=100)
@given(st.text("abc <>&.,;:é0", min_size=1, max_size=40).filter(lambda t: t.strip() == t and t))
def test_plain_text_is_only_escaped(source: str) -> None:
    assert inline(source) == escape(source)


def test_markup_in_the_text_is_text() -> None:
    page = Page(f"<main>{html(HOSTILE)}</main>")
    assert '<script>alert("x")</script> & 50%' in page.text


@pytest.mark.parametrize("name", ["GMM_MAPS.md", "STUDY_TABLE1.md", "STUDY_TABLE2.md", "STEPS.md"])
def test_documents_that_symgan_writes_are_read_whole(name: str) -> None:
    source = (DOCS / name).read_text("utf-8")
    page = Page(f"<main>{html(source)}</main>")
    rows = [line for line in source.splitlines() if line.startswith("|")]
    rules = [line for line in rows if set(line) <= set("|-: ")]
    assert [t for t, _ in page.elements].count("table") == len(rules)
    assert [t for t, _ in page.elements].count("tr") == len(rows) - len(rules)
    assert "| ---" not in page.text
    assert re.findall(r"(?<![\w)])\*\*\S", page.text) == []  # powers alone are left

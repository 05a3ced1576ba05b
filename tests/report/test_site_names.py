"""File names: safe everywhere, never shared by two ids; links lead from any page to any other."""

from __future__ import annotations

import posixpath
import string
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from symgan.report.site.names import atlas_page, claim_page, link, paper_page, sheet_page, stem

IDS = st.text(max_size=40) | st.text("aAbB.~-/ é\\:%#?0", max_size=8)


@settings(deadline=None, max_examples=200)
@given(IDS)
@example("")
@example(".")
@example("..")
@example("\ud800")
@example("a" * 4000)
@example("é" * 300)
def test_stems_are_safe_on_every_file_system(identifier: str) -> None:
    name = stem(identifier)
    assert set(name) <= set(string.ascii_lowercase + string.digits + "-_.~")
    assert 0 < len(name) < 200
    assert not name.startswith(".")
    assert name == name.lower()


@settings(deadline=None, max_examples=300)
@given(IDS, IDS)
@example("a.B", "a.b")
@example("a~2fb", "a/b")
@example("", "~")
@example(".", "")
@example(".a", "~2ea")
@example("x" * 200 + "1", "x" * 200 + "2")
def test_two_ids_never_share_a_file(one: str, other: str) -> None:
    assert (stem(one) == stem(other)) == (one == other)


def test_ids_as_ledgers_have_them_stay_readable() -> None:
    for identifier in ("dynamic.thm3-1.w-finite", "gmm.eq11.order", "note.a_b"):
        assert stem(identifier) == identifier


@settings(deadline=None, max_examples=100)
@given(IDS, IDS)
def test_links_lead_from_any_page_to_any_other(one: str, other: str) -> None:
    places = [claim_page(one), paper_page(other), sheet_page(one), atlas_page(other), "index.html"]
    for start in places:
        for target in places:
            found = posixpath.normpath(
                posixpath.join(posixpath.dirname(start), unquote(link(target, start)))
            )
            assert found == target


def test_fragments_keep_their_place() -> None:
    assert link("papers/a.html#wrong", "claims/b.html") == "../papers/a.html#wrong"
    assert link("papers/a.html#50% #", "index.html") == "papers/a.html#50%25%20%23"


@pytest.mark.parametrize("wrong", ["claims/a.html", "/papers/a.html"])
def test_a_link_without_its_steps_up_would_be_seen(wrong: str) -> None:
    start = "claims/b.html"
    found = posixpath.normpath(posixpath.join(posixpath.dirname(start), wrong))
    assert found != "papers/a.html"

"""The documentation's links lead somewhere, and its commands and examples do what they say."""

from __future__ import annotations

import doctest
import os
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.engineering.pages import (
    anchors,
    broken,
    commands,
    files,
    problem,
    sessions,
    typed,
    unlike,
    unreadable,
)
from tests.engineering.sources import ROOT

LINKED = sorted(
    [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "proofs").glob("*.md")]
)
GUIDES = sorted(
    page
    for folder in ("tutorial", "how-to", "mathematics", "results")
    for page in (ROOT / "docs" / folder).glob("*.md")
)
PARTS = 3
"""Guides run a third at a time, another third every day; SYMGAN_FULL=1 runs them all."""


def todays(pages: list[Path], day: int, *, full: bool) -> list[Path]:
    """The pages whose code runs on a day."""
    return [page for i, page in enumerate(pages) if full or i % PARTS == day % PARTS]


SEED = int(os.environ.get("SYMGAN_SEED", datetime.now(UTC).toordinal()))
TODAY = todays(GUIDES, SEED, full=bool(os.environ.get("SYMGAN_FULL")))


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", LINKED, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_broken_links_are_seen(tmp_path: Path) -> None:
    page, other = tmp_path / "page.md", tmp_path / "other.md"
    other.write_text("# Title\n\n## Some *part*\n\n## Some part\n\n```\n# no heading\n```\n")
    page.write_text(
        "[a](other.md) [b](other.md#some-part) [c](other.md#some-part-1) [d](#there)\n\n# There\n"
        "`[code](nowhere.md)` <https://example.org> [web](https://example.org/none)\n"
        "```\n[block](nowhere.md)\n```\n"
    )
    assert broken(page) == []
    page.write_text("[a](gone.md) [b](other.md#no-heading) ![c](gone.svg) [d](#there)\n")
    assert broken(page) == ["gone.md", "other.md#no-heading", "gone.svg", "#there"]
    assert anchors(other.read_text()) == {"title", "some-part", "some-part-1"}


@pytest.mark.parametrize("page", TODAY, ids=named)
def test_guides(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page's files, examples and commands, in one folder, as a reader would go through them."""
    text = page.read_text(encoding="utf-8")
    for name, body in files(text).items():
        (tmp_path / name).write_text(body, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert doctest_failures(page) == ""
    for command, shown in sessions(text):
        assert unlike(command, shown, tmp_path) == ""
    assert {c: found for c in commands(text) if (found := problem(c, tmp_path))} == {}


RESULTS = sorted((ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("page", RESULTS, ids=named)
def test_commands_on_pages_of_results_can_be_read(page: Path) -> None:
    """They take minutes, and are run by the tests of what they belong to."""
    lines = typed(page.read_text(encoding="utf-8"))
    assert {line: why for line in lines if (why := unreadable(shlex.split(line)[1:]))} == {}


def test_commands_that_cannot_be_read_are_seen() -> None:
    text = "```\n$ symgan sweep basins \\\n  --no-such-option\n```\n    symgan none\n"
    (line,) = typed(text)
    assert "no-such-option" in unreadable(shlex.split(line)[1:])


def doctest_failures(page: Path) -> str:
    """What the examples of a page print where it is not what the page says; empty if all agree."""
    written: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    example = doctest.DocTestParser().get_doctest(
        page.read_text(encoding="utf-8"), {"__name__": "page"}, page.name, str(page), 0
    )
    runner.run(example, out=written.append)
    return "".join(written)


def test_wrong_examples_are_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\n>>> 1 + 1\n3\n\n```\n")
    assert "Got:" in doctest_failures(page)
    ((command, shown),) = sessions("```console\n$ symgan check 1=1\nfalse\n...\n```\n")
    assert "holds" in unlike(command, shown, tmp_path)
    assert unlike(command, "holds\n...\n", tmp_path) == ""


def test_every_guide_runs_within_the_days() -> None:
    days = [todays(GUIDES, day, full=False) for day in range(PARTS)]
    assert sorted(page for pages in days for page in pages) == GUIDES
    assert todays(GUIDES, 0, full=True) == GUIDES

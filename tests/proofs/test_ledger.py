"""The ledger file of the repository as a whole, and that every installed paper is tested.

Each paper's section is held against a fresh run by the tests of that paper.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from symgan.claims import papers
from symgan.report.view import STATUSES
from tests.proofs.ledger import LEDGER, sections


def counted(section: str) -> Counter[str]:
    """What the summary of a section counts, by its names."""
    summary = next(line for line in section.splitlines() if re.match(r"\d+ claims", line))
    return Counter({name: int(number) for number, name in re.findall(r"(\d+) (\w+)", summary)})


def adds_up(text: str) -> bool:
    """Whether the summary above all sections is the sum of theirs, and of all papers."""
    head, *parts = sections(text).items()
    total = sum((counted(section) for _, section in parts), Counter())
    numbers = " · ".join(f"{total[name]} {name}" for name in ("claims", *STATUSES) if total[name])
    papers_named = [name for name, _ in parts]
    return head == ("", f"# Ledger\n\n{numbers}.") and papers_named == sorted(papers())


def test_the_file_names_every_paper_and_adds_them_up() -> None:
    assert adds_up(LEDGER.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\A# Ledger\n\n\d", "# Ledger\n\n9"),
        ("^## gmm$", "## gmm2"),
        (r"^## survey\n\n\d+ claims · ", r"\g<0>1"),
        (r"^## survey\n(?s:.*)\Z", ""),
    ],
)
def test_a_wrong_sum_or_a_paper_left_out_is_noticed(right: str, wrong: str) -> None:
    text = LEDGER.read_text(encoding="utf-8")
    changed = re.sub(right, wrong, text, count=1, flags=re.M)
    assert changed != text
    assert not adds_up(changed)


def test_every_paper_has_its_tests() -> None:
    here = Path(__file__).parent
    assert [name for name in papers() if not (here / f"test_{name}.py").is_file()] == []

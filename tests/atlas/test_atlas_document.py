"""docs/ATLAS.md: a few cells, others every day, computed again."""

from __future__ import annotations

import os
import random
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from symgan.atlas import Selection, atlas
from symgan.atlas.axes import penalties, specimens, ways
from symgan.report.atlas import game_title, markdown, rule_title, word

DOCUMENT = Path(__file__).parents[2] / "docs" / "ATLAS.md"
SEED = int(os.environ.get("SYMGAN_SEED", datetime.now(UTC).toordinal()))
SAMPLE = 6
LONG = "local-symplectic-surgery"
"""Its cells with symbols take seconds each; `test_atlas_parts` has some."""

Key = tuple[str, str, str]


@cache
def words() -> dict[Key, str]:
    """(game, regularizer, rule) -> the word of the cell."""
    found: dict[Key, str] = {}
    sections = re.split(r"^## ", DOCUMENT.read_text(encoding="utf-8"), flags=re.M)[1:]
    for section in sections:
        title, *lines = section.splitlines()
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in lines
            if line.startswith("|")
        ]
        head, _, *body = rows
        for row in body:
            found |= {
                (title, penalty, row[0]): found_word
                for penalty, found_word in zip(head[1:], row[1:], strict=True)
            }
    return found


def decided() -> list[Key]:
    """Cells with a verdict, without those that take long."""
    return sorted(
        k for k, w in words().items() if not w.endswith("?") and not k[2].startswith(LONG)
    )


CHOSEN = random.Random(SEED).sample(decided(), SAMPLE)


@pytest.mark.parametrize("key", CHOSEN, ids=["; ".join(key) for key in CHOSEN])
def test_a_cell_is_current(key: Key) -> None:
    title, penalty, rule = key
    game, _, loss = title.removesuffix(" loss").partition(", ") if title.endswith(" loss") else (
        title, "", ""
    )  # fmt: skip
    cells = atlas(Selection(game, loss, penalty, rule.removesuffix(", flow")))
    (cell,) = (c for c in cells if rule_title(c) == rule and game_title(c) == title)
    assert word(cell) == words()[key], cell.reason


def test_the_document_has_every_cell_of_the_slice() -> None:
    wanted = {
        (f"{s.game}, {s.loss} loss" if s.loss else s.game, p, w.title)
        for s in specimens()
        for p in penalties()
        for w in ways()
        if s.representative and w.representative
    }
    assert {(g, p, r.removesuffix(", flow")) for g, p, r in words()} == wanted
    assert len(words()) > len(wanted)  # flows and maps of one name


def test_few_cells_are_undecided() -> None:
    open_ = sum(w.endswith("?") for w in words().values())
    assert open_ < len(words()) / 10
    assert f"{len(words())} cells" in DOCUMENT.read_text(encoding="utf-8")


def test_the_document_begins_as_the_renderer_writes_it() -> None:
    first = markdown(()).splitlines()[0]
    assert DOCUMENT.read_text(encoding="utf-8").startswith(first)

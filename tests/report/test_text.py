"""The ledger in the terminal."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from symgan.claims.model import Ledger
from symgan.report import text
from tests.report.conftest import HOSTILE


def printed(renderable: RenderableType, width: int, *, color: bool = False) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, force_terminal=color, color_system="standard" if color else None
    )
    console.print(renderable)
    return stream.getvalue()


def words(shown: str) -> str:
    return "".join(shown.split())


@pytest.mark.parametrize("width", [80, 120])
def test_table_fits_and_loses_nothing(ledger: Ledger, width: int) -> None:
    shown = printed(text.table(ledger, width=width), width)
    assert max(cell_len(line) for line in shown.splitlines()) <= width
    for entry in ledger.entries[:8]:
        lines = shown.splitlines()
        assert any(entry.claim.id[:20] in line for line in lines)
    assert "12.50" in shown
    assert "Flip the sign" in shown
    assert "ES" in words(shown) or width < text.WIDE


def test_ids_break_after_dots_and_hyphens(ledger: Ledger) -> None:
    lines = [line.split("  ")[0] for line in printed(text.table(ledger), 80).splitlines()]
    position = lines.index("annealed.eq17.integration-")
    assert lines[position + 1] == "constant"


def test_unexpected_verdicts_and_errors_are_marked(ledger: Ledger, harmless: Ledger) -> None:
    assert printed(text.table(ledger), 80).count("! expected PROVED") == 2
    assert "expected" not in printed(text.table(harmless), 80)


def test_user_text_is_not_markup(ledger: Ledger) -> None:
    shown = printed(text.table(ledger, width=600), 600)  # nothing wraps
    assert "hostile-[bold]-name" in shown
    assert shown.count(HOSTILE) == 2  # as source and as note


def test_verdicts_have_colors_of_their_own(ledger: Ledger) -> None:
    shown = printed(text.table(ledger), 80, color=True)
    assert "\x1b[32mPROVED" in shown
    assert "\x1b[31mREFUTED" in shown


def test_mutation_table_counts_and_names_survivors(ledger: Ledger) -> None:
    rows = [line.split() for line in printed(text.mutation_table(ledger), 120).splitlines()]
    assert ["annealed.eq11", "2", "1", "1", "0", "0"] in rows
    assert ["annealed.eq15", "1", "0", "0", "0", "1"] in rows
    assert ["all", "3", "1", "1", "0", "1"] in rows
    assert any("dropped" in row for row in rows)


def test_summary_counts_what_is_there(ledger: Ledger) -> None:
    assert str(text.summary_line(ledger)) == (
        "10 claims · 3 PROVED · 1 CONDITIONAL · 2 REFUTED · 1 CHECKED · 1 ILL_POSED · "
        "1 INFORMAL · 1 ERROR · 2 not as expected · "
        "3 mutants: 1 rejected, 1 equivalent, 1 survived"
    )

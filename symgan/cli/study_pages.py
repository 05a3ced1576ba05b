"""Studies that ship with symgan as pages of a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symgan.report.sheets import Sheet

PAPER = "dynamic"
"""The paper whose tables the studies repeat."""


def study_pages() -> tuple[Sheet, ...]:
    """A page a stored study, for a report on the paper whose design it has.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    return tuple(_pages())


def _pages() -> Iterator[Sheet]:
    from symgan.cli.study_figures import ranks_figure
    from symgan.data.studies import stored_studies, stored_study
    from symgan.empirical.study.analysis import analyze
    from symgan.empirical.study.printed import compare
    from symgan.empirical.study.tables import heading, markdown
    from symgan.report.figures import picture
    from symgan.report.sheets import Sheet

    for name in stored_studies():
        found = analyze(stored_study(name))
        beside = compare(found)
        what = _spaced(found.study.table)
        caption = f"Average ranks in our study of {what}, {found.study.label}."
        drawn = picture(f"ranks-{name}", caption, ranks_figure(found, beside))
        body = markdown(found, beside).partition("\n")[2]  # its heading is too long for a page
        text = f"{heading(found)}.\n{body}"
        note = f"which order of updates trains GANs best, {found.study.label}"
        title = f"Training study of {what}"
        yield Sheet(f"study-{name}", title, text, PAPER, figures=(drawn,), note=note)


def _spaced(table: str) -> str:
    """``table1`` as it is printed."""
    return table.replace("table", "table ")

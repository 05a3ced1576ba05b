"""Finished pages and findings as plain data: what a paper may add to its report."""

from __future__ import annotations

from dataclasses import dataclass

from symgan.report.pictures import Picture


@dataclass(frozen=True)
class Finding:
    """What is wrong with a paper, in one sentence that claims stand behind.

    Attributes:
        text: the sentence, plain text.
        claims: ids of the claims that found it.
    """

    text: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    r"""A page of a report that is not about one claim: tables, figures, a study.

    Attributes:
        name: the stem of its file: letters, digits, hyphens.
        title: its heading, plain text.
        markdown: its body: headings, paragraphs, lists, tables with pipes, code, emphasis
            (`symgan.report.site.markdown`).
        paper: the paper that it belongs to; empty for the report as a whole.
        shows: names of the paper's own figures, shown at its head.
        figures: further figures, shown after those.
        note: one line for the lists that lead to it.
    """

    name: str
    title: str
    markdown: str
    paper: str = ""
    shows: tuple[str, ...] = ()
    figures: tuple[Picture, ...] = ()
    note: str = ""

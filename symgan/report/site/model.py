"""What a site shows: the whole of it, and each paper's part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from symgan.atlas import Cell
from symgan.claims.model import Entry, Ledger, Verdict
from symgan.report import view
from symgan.report.pictures import Picture
from symgan.report.sheets import Finding, Sheet

MEANINGS: Mapping[str, str] = {
    Verdict.PROVED: "True as printed: derived exactly, and confirmed by a second, independent "
    "route.",
    Verdict.CONDITIONAL: "Right under a condition that is missing in print and that the paper's "
    "own setting meets; a witness shows that it is needed.",
    Verdict.REFUTED: "False as printed: a witness or an exact difference shows it, and an amended "
    "statement is proved in its place.",
    Verdict.CHECKED: "Numeric or statistical evidence alone: neither proved nor refuted.",
    Verdict.ILL_POSED: "Not well-typed, or self-contradictory; each reading is an entry of its "
    "own.",
    Verdict.INFORMAL: "Not a statement that can be checked; the reason is given.",
    view.ERROR: "The examination raised an error, so that there is no verdict.",
}
"""Status -> what it says, for readers who see it for the first time."""


@dataclass(frozen=True)
class Site:
    """All that a site shows.

    Attributes:
        ledger: the entries, and the mutants if there are any.
        title: the heading of the front page; plain text.
        titles: paper -> its title.
        figures: paper -> its figures.
        findings: paper -> what is wrong with it, in short.
        sheets: further pages.
        atlas: cells of the atlas; none leaves it out.
        files: further files by name, such as ``report.pdf``; the front page names them.
    """

    ledger: Ledger
    title: str = "Ledger of claims"
    titles: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, Sequence[Picture]] = field(default_factory=dict)
    findings: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    sheets: Sequence[Sheet] = ()
    atlas: tuple[Cell, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Paper:
    """A paper with everything that its page shows.

    Attributes:
        name: the first level of its ids.
        title: its title, or the name.
        ledger: its entries, in the paper's order.
        figures: its figures.
        findings: what is wrong, in short, each with the entries that found it.
        sheets: its further pages.
    """

    name: str
    title: str
    ledger: Ledger
    figures: Sequence[Picture]
    findings: Sequence[tuple[Finding, Sequence[Entry]]]
    sheets: Sequence[Sheet]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Its entries."""
        return self.ledger.entries

    @property
    def counts(self) -> dict[str, int]:
        """Status -> number of entries."""
        return view.counts(self.ledger)

    @property
    def wrong(self) -> list[Entry]:
        """Entries in which the print is at fault."""
        return view.wrong(self.ledger)


def papers(site: Site) -> tuple[Paper, ...]:
    """The papers of a site, in alphabetical order."""
    return tuple(
        Paper(
            name=name,
            title=site.titles.get(name) or name,
            ledger=Ledger(tuple(entries)),
            figures=tuple(site.figures.get(name, ())),
            findings=supported(site.findings.get(name, ()), entries),
            sheets=tuple(sheet for sheet in site.sheets if sheet.paper == name),
        )
        for name, entries in view.by_paper(site.ledger)
    )


def supported(
    findings: Sequence[Finding], entries: Sequence[Entry]
) -> list[tuple[Finding, list[Entry]]]:
    """The findings whose claims all stand in the ledger and have all found a fault.

    A sentence was written once; what this run found decides whether it is shown.
    """
    faults = {entry.claim.id: entry for entry in entries if view.is_wrong(entry)}
    return [
        (finding, [faults[identifier] for identifier in finding.claims])
        for finding in findings
        if finding.claims and all(identifier in faults for identifier in finding.claims)
    ]


def related(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Id -> the entries right above and below it: parts of a claim, and what it is a part of."""
    by_id = {entry.claim.id: entry for entry in entries}
    found: dict[str, list[Entry]] = {}
    for identifier, entry in by_id.items():
        above = _above(identifier, by_id)
        if above is not None:
            found.setdefault(identifier, []).insert(0, by_id[above])
            found.setdefault(above, []).append(entry)
    return found


def _above(identifier: str, by_id: Mapping[str, Entry]) -> str | None:
    """The longest id that an id begins with, level by level."""
    while "." in identifier:
        identifier = identifier.rpartition(".")[0]
        if identifier in by_id:
            return identifier
    return None

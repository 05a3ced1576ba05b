"""``symgan report``: papers, atlas, maps and studies as a folder of static pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from symgan.cli.console import output, progress, say
from symgan.cli.examining import (
    figures,
    installed_papers,
    load_claims,
    run_claims,
    say_what_raised,
    stored_entries,
)
from symgan.cli.verify import INTERRUPTED, exit_code
from symgan.errors import BadData, MissingExtra

if TYPE_CHECKING:
    from symgan.atlas import Cell
    from symgan.claims import Claim, Ledger
    from symgan.report.sheets import Finding, Sheet


def report(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="PAPER|FILE.py", hidden=True),
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of the pages; new, empty, or a report.")
    ] = Path("report"),
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Also write report.pdf (needs pdflatex).")
    ] = False,
    mutate: Annotated[
        bool, typer.Option("--mutate", help="Also hold the checks against mutants of each claim.")
    ] = False,
    atlas: Annotated[
        bool | None,
        typer.Option("--atlas/--no-atlas", help="With the atlas [default: if no paper is named]."),
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=0, metavar="N", help="Processes; 0: one a processor core.")
    ] = 0,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Compute anew what an earlier run has found.")
    ] = False,
) -> None:
    """Write a report as static pages: a front page, a page a paper, a page a claim.

    Names papers or files with claims; every installed paper and the atlas unless
    given. The pages have no scripts and need no network; open index.html.

    \b
    Examples:
      symgan report --out site
      symgan report annealed --out annealed --pdf
      symgan report my_claims.py --out mine --mutate

    \b
    The first atlas takes minutes; it and the claims come from the cache later.
    A folder that holds something else is refused. An earlier report is replaced:
    pages that no longer exist go, files of yours stay.

    \b
    Exits as symgan verify does; with 3 if pdflatex is missing, with 5 if it does
    not compile the report (report.log says why; the pages are still written).
    An interruption (130) before the pages are ready leaves the folder as it was.
    """
    from symgan.report import prepare_folder
    from symgan.report.pdf import require_pdflatex

    prepare_folder(out)
    if pdf:
        require_pdflatex()
    claims, failures = load_claims(targets or installed_papers())
    if not claims and failures:
        raise typer.Exit(max(error.exit_code for error in failures))
    with_atlas = not targets if atlas is None else atlas
    about = _about(claims)
    try:
        ledger, interrupted = run_claims(
            claims, mutate, jobs, None if no_cache else stored_entries()
        )
        if interrupted:
            raise KeyboardInterrupt
        cells = _cells(jobs, no_cache) if with_atlas else ()
        unmade = _write(ledger, about, out, cells, pdf=pdf, fresh=no_cache)
    except KeyboardInterrupt:
        say("interrupted; run it again to go on")
        raise typer.Exit(INTERRUPTED) from None
    _say(ledger, out)
    raise typer.Exit(exit_code(ledger, [*failures, *unmade]))


def _cells(jobs: int, no_cache: bool) -> tuple[Cell, ...]:
    from symgan.atlas import Selection
    from symgan.cli.atlas import computed, stored_cells

    return computed(Selection(), jobs, None if no_cache else stored_cells())


@dataclass(frozen=True)
class About:
    """What papers say of themselves.

    Attributes:
        titles: paper -> its title; empty where it says none.
        findings: paper -> what is wrong with it, in short.
    """

    titles: dict[str, str]
    findings: dict[str, tuple[Finding, ...]]

    @property
    def heading(self) -> str:
        """The heading of the report."""
        if len(self.titles) == 1:
            (name, title) = next(iter(self.titles.items()))
            return f"Report on {title or name}"
        return f"Report on {len(self.titles)} papers"


def _about(claims: Sequence[Claim]) -> About:
    from symgan.cli.papers import findings, title

    origins = {claim.paper: claim.origin for claim in claims}
    return About(
        {paper: title(paper, origin) for paper, origin in origins.items()},
        {paper: findings(paper, origin) for paper, origin in origins.items()},
    )


def _write(
    ledger: Ledger,
    about: About,
    out: Path,
    cells: tuple[Cell, ...] = (),
    *,
    pdf: bool = False,
    fresh: bool = False,
) -> list[BadData]:
    """Write the folder; what could not be made is said and returned."""
    from symgan.report.site import write_site

    with progress("drawing the figures"):
        pictures = figures(ledger, fresh=fresh)
        sheets = _sheets(ledger, fresh)
    made, unmade = _documents(ledger, about.heading) if pdf else ({}, [])
    with progress("writing the pages"):
        write_site(
            ledger,
            out,
            title=about.heading,
            titles=about.titles,
            figures=pictures,
            findings=about.findings,
            sheets=sheets,
            atlas=cells,
            files=made,
        )
    return unmade


def _sheets(ledger: Ledger, fresh: bool) -> list[Sheet]:
    """The pages that papers bring, and the studies that ship with symgan."""
    from symgan.claims import paper_package, papers
    from symgan.cli import study_pages
    from symgan.cli.kept import kept
    from symgan.cli.papers import pages

    named = list(dict.fromkeys(entry.claim.paper for entry in ledger.entries))
    found: list[Sheet] = []
    try:
        for paper in named:
            if paper in papers():
                module = paper_package(paper)
                found += kept("pages", module, partial(pages, paper), fresh=fresh)
        if study_pages.PAPER in named:
            found += kept("studies", study_pages, study_pages.study_pages, fresh=fresh)
    except MissingExtra as error:
        say(f"the report has no maps and studies: {error}")
    return found


def _documents(ledger: Ledger, heading: str) -> tuple[dict[str, bytes], list[BadData]]:
    """The PDF with its source, or the source with the log that says why there is none."""
    from symgan.report.latex import document
    from symgan.report.pdf import LatexError, compile_document

    with progress("compiling the PDF"):
        source = document(ledger, heading)
        try:
            made = {"report.pdf": compile_document(source), "report.tex": source.encode()}
        except LatexError as error:
            say(f"symgan: {error}; report.log in the folder says where")
            return {"report.tex": source.encode(), "report.log": error.log.encode()}, [error]
    return made, []


def _say(ledger: Ledger, out: Path) -> None:
    from symgan.report import text

    output().print(text.summary_line(ledger))
    say_what_raised(ledger)
    say(f"wrote {out / 'index.html'}")

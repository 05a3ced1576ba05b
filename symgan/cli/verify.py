"""``symgan verify``: every claim, its verdict, and whether that is what its author expects."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from symgan.cli.console import notes, output, progress, say
from symgan.cli.examining import (
    figures,
    installed_papers,
    load_claims,
    run_claims,
    say_what_raised,
    stored_entries,
)
from symgan.errors import BadData, MissingExtra, SymganError, Undecided

if TYPE_CHECKING:
    from rich.console import Console

    from symgan.claims import Ledger

INTERRUPTED = 130
STDOUT = Path("-")


def verify(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="PAPER|CLAIM|FILE.py", hidden=True),
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write the ledger as JSON; - prints it."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Also write an HTML page and a LaTeX document there."),
    ] = None,
    certificates: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Also write certificates (symgan certify recheck)."),
    ] = None,
    mutate: Annotated[
        bool, typer.Option("--mutate", help="Also hold the checks against mutants of each claim.")
    ] = False,
    jobs: Annotated[
        int, typer.Option(min=0, metavar="N", help="Processes; 0: one a processor core.")
    ] = 0,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Examine anew what an earlier run has found.")
    ] = False,
) -> None:
    """Examine claims and print the ledger.

    Names papers, claims (annealed.eq7 stands for all ids that begin so), files
    with claims, or folders of such files; every installed paper unless given.

    \b
    Examples:
      symgan verify
      symgan verify annealed --report report --json ledger.json
      symgan verify annealed.eq7 --mutate
      symgan verify my_claims.py

    \b
    Entries whose sources have not changed come from the cache (symgan cache).

    \b
    Exits with 1 if a verdict differs from the expected one or a mutant survived,
    else with 5 if a claims file or a claim raised (3 if for want of an extra).
    The other claims still run; what was asked for is written in any case, after
    an interruption (130) too.
    """
    from symgan.report import prepare_folder

    for folder in (report, certificates):
        if folder is not None:
            prepare_folder(folder)
    if json is not None and json != STDOUT:
        _require_writable(json)
    claims, failures = load_claims(targets or installed_papers())
    if not claims and failures:
        raise typer.Exit(max(error.exit_code for error in failures))
    stored = None if no_cache else stored_entries()
    ledger, interrupted = run_claims(claims, mutate, jobs, stored)
    _print(ledger, notes() if json == STDOUT else output())
    _write(ledger, json, report, fresh=no_cache)
    if certificates is not None:
        from symgan.report.certificates import write_certificates

        say(f"wrote {len(write_certificates(ledger, certificates))} files to {certificates}")
    if interrupted:
        say(f"interrupted after {len(ledger.entries)} of {len(claims)} claims")
    raise typer.Exit(INTERRUPTED if interrupted else exit_code(ledger, failures))


def exit_code(ledger: Ledger, failures: Sequence[SymganError] = ()) -> int:
    """1 for surprises and survivors, else the highest code of what raised or did not load.

    A claim that raised counts as 5, but 3 where an extra is missing and 4 where it is undecided.
    """
    if any(not entry.error for entry in ledger.surprises) or ledger.survivors:
        return 1
    kept = (MissingExtra.exit_code, Undecided.exit_code)
    raised = [entry.error_code for entry in ledger.entries if entry.error]
    codes = [code if code in kept else BadData.exit_code for code in raised]
    return max([*codes, *(error.exit_code for error in failures)], default=0)


def _print(ledger: Ledger, console: Console) -> None:
    from symgan.report import text

    if ledger.entries:
        console.print(text.table(ledger, width=console.width))
    if ledger.entries and console.width >= text.WIDE:
        console.print(f"\n{text.LEGEND}", style="dim")
    if ledger.mutants:
        console.print()
        console.print(text.mutation_table(ledger))
    _explain(ledger, console)
    console.print()
    console.print(text.summary_line(ledger))
    say_what_raised(ledger)


def _explain(ledger: Ledger, console: Console) -> None:
    """What authors need to know of verdicts they did not expect, and of prints not compared."""
    from symgan.report.explanation import explain

    for entry in ledger.surprises:
        if not entry.error:
            console.print()
            for line in explain(entry):
                console.print(line, markup=False, soft_wrap=True)
    for entry in ledger.entries:
        if entry.unread:
            say(f"{entry.claim.id}: the print is not compared with the statement: {entry.unread}")


def _write(ledger: Ledger, json: Path | None, report: Path | None, *, fresh: bool = False) -> None:
    from symgan.report import to_json, write_report
    from symgan.report.files import write_bytes
    from symgan.report.json import dumps

    if json == STDOUT:
        sys.stdout.write(dumps(to_json(ledger)))
    elif json is not None:
        write_bytes(json, dumps(to_json(ledger)).encode())
        say(f"wrote {json}")
    if report is not None:
        with progress("writing the report"):
            pictures = [picture for own in figures(ledger, fresh=fresh).values() for picture in own]
            write_report(ledger, report, pictures)
        say(f"wrote {report / 'index.html'}")


def _require_writable(path: Path) -> None:
    """Refuse a place that cannot be written before any work is done.

    Raises:
        BadData: it is a folder, its folder is missing, or may not be written.
    """
    folder = path.absolute().parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise BadData(f"cannot write {path}; name a file in a folder that exists and is writable")

"""``symgan verify``: every claim, its verdict, and whether that is what its author expects."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from symgan.cli.console import notes, output, progress, say
from symgan.errors import BadData, MissingExtra, SymganError, Undecided

if TYPE_CHECKING:
    from rich.console import Console

    from symgan.claims import Claim, Entry, Ledger
    from symgan.claims.stored import Stored
    from symgan.report.pictures import Picture

INTERRUPTED = 130
STDOUT = Path("-")
FEW = 4
"""Up to so many claims one process is quicker than several."""


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

    Names papers, claims (annealed.eq7 stands for all ids that begin so), or
    files with claims; every installed paper unless given.

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
    claims, failures = _load(targets or _papers())
    if not claims and failures:
        raise typer.Exit(max(error.exit_code for error in failures))
    stored = None if no_cache else _stored()
    ledger, interrupted = _run(claims, mutate, jobs, stored)
    _print(ledger, notes() if json == STDOUT else output())
    _write(ledger, json, report)
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


def _papers() -> tuple[str, ...]:
    from symgan.claims import papers

    if found := papers():
        return found
    raise BadData("no papers are installed; name a claims file: symgan verify my_claims.py")


def _load(targets: Sequence[str]) -> tuple[list[Claim], list[SymganError]]:
    """The claims of all targets, once each, and the errors of those that do not load."""
    from symgan.claims import load

    chosen: dict[str, Claim] = {}
    failures: list[SymganError] = []
    for target in targets:
        try:
            chosen |= {claim.id: claim for claim in load([target])}
        except SymganError as error:
            failures.append(error)
            say(f"symgan: {error}")
    return list(chosen.values()), failures


def _stored() -> Stored | None:
    """The entries of earlier runs; none, with a note, where the cache cannot be used."""
    from symgan.cache import user_cache
    from symgan.claims.stored import Stored

    try:
        return Stored(user_cache().opened())
    except BadData as error:
        say(f"without a cache: {error}")
        return None


def _run(
    claims: Sequence[Claim], mutate: bool, jobs: int, stored: Stored | None
) -> tuple[Ledger, bool]:
    """The ledger, and whether the run was interrupted: then it holds what was finished."""
    from symgan.claims import Ledger
    from symgan.claims import verify as examine

    finished: list[Entry] = []
    with progress("examining claims", len(claims)) as advance:

        def done(entry: Entry) -> None:
            finished.append(entry)
            advance()

        try:
            workers = jobs or _cores(len(claims))
            return examine(claims, jobs=workers, mutate=mutate, on_entry=done, stored=stored), False
        except KeyboardInterrupt:
            order = {claim.id: number for number, claim in enumerate(claims)}
            return Ledger(tuple(sorted(finished, key=lambda e: order[e.claim.id]))), True


def _print(ledger: Ledger, console: Console) -> None:
    from symgan.report import text

    if ledger.entries:
        console.print(text.table(ledger, width=console.width))
    if ledger.entries and console.width >= text.WIDE:
        console.print(f"\n{text.LEGEND}", style="dim")
    if ledger.mutants:
        console.print()
        console.print(text.mutation_table(ledger))
    console.print()
    console.print(text.summary_line(ledger))
    raised: dict[str, list[str]] = {}
    for entry in ledger.entries:
        if entry.error:
            raised.setdefault(entry.error, []).append(entry.claim.id)
    for sentence, ids in raised.items():
        others = f" and {len(ids) - 1} more" if len(ids) > 1 else ""
        where = "" if sentence.startswith(ids[0]) else f"{ids[0]}{others}: "
        say(f"symgan: {where}{sentence}")


def _write(ledger: Ledger, json: Path | None, report: Path | None) -> None:
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
            write_report(ledger, report, _figures(ledger))
        say(f"wrote {report / 'index.html'}")


def _figures(ledger: Ledger) -> list[Picture]:
    """The figures of the ledger's papers; none, with a note, without the plot extra."""
    from symgan.claims import papers
    from symgan.cli.papers import pictures

    named = dict.fromkeys(entry.claim.paper for entry in ledger.entries)
    try:
        return [picture for name in named if name in papers() for picture in pictures(name)]
    except MissingExtra as error:
        say(f"the report has no figures: {error}")
        return []


def _cores(claims: int) -> int:
    if claims <= FEW:
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _require_writable(path: Path) -> None:
    """Refuse a place that cannot be written before any work is done.

    Raises:
        BadData: it is a folder, its folder is missing, or may not be written.
    """
    folder = path.absolute().parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise BadData(f"cannot write {path}; name a file in a folder that exists and is writable")

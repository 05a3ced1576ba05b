"""``symgan atlas``: which method converges on which game, exactly."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symgan.cli.console import notes, output, say
from symgan.errors import BadData, Undecided

if TYPE_CHECKING:
    from symgan.atlas import Cell, Selection
    from symgan.atlas.stored import Stored

INTERRUPTED = 130
STDOUT = Path("-")
_ROUNDS = {"setting": "regularized games", "answer": "linear problems", "cell": "cells"}


def _named(axis: str, example: str) -> Any:
    return typer.Option(metavar="NAME", help=f"One {axis} alone, such as {example}.")


def atlas(
    game: Annotated[str, _named("game", "dirac")] = "",
    loss: Annotated[str, _named("loss", "wasserstein")] = "",
    regularizer: Annotated[str, _named("regularizer", "r1, or none")] = "",
    rule: Annotated[str, _named("rule or flow", "extragradient")] = "",
    full: Annotated[bool, typer.Option("--full", help="Every cell: all losses and rules.")] = False,
    json: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write the atlas as JSON; - prints it."),
    ] = None,
    latex: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write a LaTeX document.")
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write a page; each cell links to its derivation."),
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write the overview as Markdown.")
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=0, metavar="N", help="Processes; 0: one a processor core.")
    ] = 0,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Compute anew what an earlier run has found.")
    ] = False,
) -> None:
    """Show which method converges on which game, every cell computed exactly.

    Games with their losses, regularizers with a positive weight gamma, rules and
    flows: a word a cell, or (few cells) the steps, rates and evidence too. Without
    filters: the default slice.

    \b
    Examples:
      symgan atlas
      symgan atlas --game dirac --regularizer r1
      symgan atlas --game bilinear --rule extragradient
      symgan atlas --full --html atlas.html --json atlas.json

    \b
    An interrupted run (130) goes on where it stopped (symgan cache).
    Exits with 4 if a cell stays undecided; the rest is still shown.
    """
    from symgan.atlas import Selection

    for path in (json, latex, html, markdown):
        if path is not None and path != STDOUT:
            _require_writable(path)
    selection = Selection(game, loss, regularizer, rule, full)
    stored = None if no_cache else stored_cells()
    try:
        cells = computed(selection, jobs, stored)
    except KeyboardInterrupt:
        say("interrupted; run it again to go on" if stored else "interrupted")
        raise typer.Exit(INTERRUPTED) from None
    if json != STDOUT:
        _print(cells)
    _write(cells, json, latex, html, markdown)
    if any(cell.undecided for cell in cells):
        raise typer.Exit(Undecided.exit_code)


def computed(selection: Selection, jobs: int, stored: Stored | None) -> tuple[Cell, ...]:
    """The cells of a selection, with a bar while they are computed; 0 jobs: one a core."""
    from symgan.atlas import atlas

    with _rounds() as report:
        cells = atlas(selection, jobs=jobs or _cores(selection), stored=stored, on_step=report)
    if stored is not None:
        stored.trim()
    return cells


def _print(cells: tuple[Cell, ...]) -> None:
    from symgan.cli.sheet import section
    from symgan.report import atlas as report

    console = output()
    if len(cells) <= report.FEW:
        for cell in cells:
            names = (report.game_title(cell), cell.regularizer, report.rule_title(cell))
            section(" | ".join(names), report.facts(cell))
    else:
        for title, own in report.by_game(cells):
            if console.width >= report.WIDE:
                console.print(report.overview(own, title))
                console.print()
            else:
                section(title, report.overview_narrow(own))
        console.print(report.LEGEND, style="dim")
        console.print()
    console.print(report.tally(cells))


def _write(
    cells: tuple[Cell, ...],
    json: Path | None,
    latex: Path | None,
    html: Path | None,
    markdown: Path | None,
) -> None:
    from symgan.report import atlas as text
    from symgan.report.files import write_bytes
    from symgan.report.json import dumps

    if json is not None:
        from symgan.report.atlas_json import to_json

        data = dumps(to_json(cells))
        if json == STDOUT:
            sys.stdout.write(data)
        else:
            write_bytes(json, data.encode())
    if latex is not None:
        from symgan.report.atlas_latex import document

        write_bytes(latex, document(cells).encode())
    if html is not None:
        from symgan.report.atlas_page import page

        write_bytes(html, page(cells).encode())
    if markdown is not None:
        write_bytes(markdown, text.markdown(cells).encode())


@contextmanager
def _rounds() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error for each round of the work; nothing where that is no terminal."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = notes()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    times = (TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
    with Progress(
        *columns,
        *times,
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bars:
        tasks = {}

        def report(kind: str, done: int, total: int) -> None:
            if kind not in tasks:
                tasks[kind] = bars.add_task(_ROUNDS.get(kind, kind), total=total)
            bars.update(tasks[kind], completed=done, total=total)

        yield report


def stored_cells() -> Stored | None:
    """What earlier runs found; nothing, with a note, where the cache cannot be used."""
    from symgan.atlas.stored import Stored
    from symgan.cache import user_cache

    try:
        return Stored(user_cache().opened())
    except BadData as error:
        say(f"without a cache: {error}")
        return None


FEW = 40
"""Up to so many cells one process is quicker than several."""


def _cores(selection: Selection) -> int:
    if len(selection.chosen()) <= FEW:
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

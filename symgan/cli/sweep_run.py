"""Running a sweep from the command line: a bar with the time left, and what an interrupt leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from symgan.cli.console import notes, say

if TYPE_CHECKING:
    from symgan.sweep.tasks import Declared

INTERRUPTED = 130

Folder = Annotated[Path, typer.Option("--store", metavar="DIR", help="The store, a Zarr folder.")]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="WHERE",
        help="Dask: local for worker processes here, or tcp://HOST:PORT of a cluster "
        "[default: threads of this process].",
    ),
]
Workers = Annotated[
    int, typer.Option(min=0, metavar="N", help="Threads or local processes; 0: one a core.")
]
Drawing = Annotated[
    Path | None, typer.Option("--figure", metavar="FILE", help="Also draw it: .png, .svg, .pdf.")
]


def drawable(figure: Path | None) -> None:
    """Refuse a figure that cannot be written before the sweep, not after it.

    Raises:
        BadData: a format that is not known.
        MissingExtra: Matplotlib is not installed.
    """
    if figure is not None:
        from symgan.report.figures import format_of

        format_of(figure)


def fill(
    store: Path, sweep: Declared, what: str, again: str, scheduler: str | None, workers: int
) -> None:
    """Run a sweep, or what is left of it; an interrupt says how to go on.

    Args:
        store: where its results are.
        sweep: what is run.
        what: a few words for the bar.
        again: how the user goes on after an interrupt.
        scheduler, workers: as `symgan.sweep.execute`.
    """
    from symgan.sweep.execute import execute

    try:
        with bar(what) as report:
            execute(store, sweep, scheduler=scheduler, workers=workers, report=report)
    except KeyboardInterrupt:
        say(f"interrupted; {again} goes on")
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar with the time that is left, on standard error; nothing where that is no terminal."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = notes()
    columns = (
        *(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()),
        *(TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn()),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)

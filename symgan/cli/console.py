"""Where the command line writes: results to standard output, progress and notes to error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def output() -> Console:
    """Standard output. Its width is the terminal's, or COLUMNS, or 80."""
    from rich.console import Console

    return Console(highlight=False)


def notes() -> Console:
    """Standard error, for progress and remarks."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def say(sentence: str) -> None:
    """A sentence on standard error; never wrapped, so that commands in it can be copied."""
    notes().print(sentence, markup=False, soft_wrap=True)


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[], None]]:
    """A bar on standard error while the body runs; nothing where that is no terminal.

    Args:
        what: what is being done.
        total: how many steps; None for a bar that only shows that it goes on.

    Yields:
        A function that says that one step is done.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = notes()
    columns = [TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()]
    if total is not None:
        columns.insert(2, MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        task = bars.add_task(what, total=total)
        yield lambda: bars.advance(task)

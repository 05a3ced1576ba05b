"""``symgan sweep``: many runs of one system, kept in a store that survives interruptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symgan.cli.console import notes, output, say

if TYPE_CHECKING:
    from symgan.sweep import MixtureMap

INTERRUPTED = 130

sweep = typer.Typer(help="Many runs of one system, in a store that resumes.", no_args_is_help=True)

Folder = Annotated[Path, typer.Option("--store", metavar="DIR", help="The store, a Zarr folder.")]


@sweep.command("gmm")
def gmm(
    store: Folder,
    dynamics: Annotated[
        str | None,
        typer.Option(metavar="RULE[:OPTION=VALUE,...]", help="[default: first-order]"),
    ] = None,
    intervals: Annotated[
        str | None,
        typer.Option(metavar="KIND:A", help="The initial intervals [default: uniform:2]."),
    ] = None,
    repair: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="literal, clamped or frozen [default: literal]."),
    ] = None,
    grid: Annotated[
        int | None, typer.Option(metavar="N", help="Nodes a side of the grid [default: 41].")
    ] = None,
    low: Annotated[
        str | None, typer.Option(metavar="X", help="The grid's lower end [default: -1].")
    ] = None,
    high: Annotated[
        str | None, typer.Option(metavar="X", help="The grid's upper end [default: 1].")
    ] = None,
    draws: Annotated[
        int | None, typer.Option(metavar="N", help="Discriminators a cell [default: 120].")
    ] = None,
    iterations: Annotated[
        int | None, typer.Option(metavar="N", help="Steps of a run [default: 3000].")
    ] = None,
    eta: Annotated[
        str | None, typer.Option(metavar="STEP", help="Step of both players [default: 0.3].")
    ] = None,
    truth: Annotated[
        str | None, typer.Option(metavar="X,Y", help="The true means [default: -0.5,0.5].")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="[default: 0]")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Take the settings from the store.")
    ] = False,
    threads: Annotated[
        int, typer.Option(min=0, metavar="N", help="Threads; 0: one a processor core.")
    ] = 0,
) -> None:
    """Map where a mixture GAN learns two Gaussians: a grid of initial means, random discriminators.

    Without options: the first-order map of Li et al. 2018, figure 3.

    \b
    RULE is first-order, unrolled:steps=5, alternating:n_d=5, optimal,
    optimal:noise=1e-6, lookahead:k=5, or a rule that symgan list names.
    KIND:A is uniform:2, normal:1, pairs:2 (may overlap), narrow:0.5, wide:1, or
    fixed:-1,0.2,0.5,2.5 for one discriminator l1,r1,l2,r2.

    \b
    Examples:
      symgan sweep gmm --store map.zarr --grid 21 --draws 40
      symgan sweep gmm --store unrolled.zarr --dynamics unrolled:steps=5
      symgan sweep gmm --store map.zarr --resume
      symgan sweep show map.zarr

    \b
    The same command goes on where an earlier one stopped; a store that was made
    with other settings is refused.
    """
    from symgan.sweep.mixture import MixtureMap
    from symgan.sweep.store import require_extra, settings

    given = {
        "dynamics": dynamics,
        "intervals": intervals,
        "repair": repair,
        "count": grid,
        "low": low,
        "high": high,
        "draws": draws,
        "iterations": iterations,
        "eta": eta,
        "truth": None if truth is None else tuple(truth.split(",")),
        "seed": seed,
    }
    require_extra()
    base = MixtureMap.from_settings(settings(store)) if resume else MixtureMap()
    wanted = base.at(**{name: value for name, value in given.items() if value is not None})
    _fill(store, wanted, threads)
    show(store)


def _fill(path: Path, m: MixtureMap, threads: int) -> None:
    from symgan.sweep import open_store, run

    compute = m.compute()  # a rule without a formula leaves no store behind
    store = open_store(path, m.declaration())
    try:
        with _bar(m.dynamics) as report:
            run(store, compute, threads=threads, report=report)
    except KeyboardInterrupt:
        say(f"interrupted; symgan sweep gmm --store {path} --resume goes on")
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None]]:
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


@sweep.command("show")
def show(
    store: Annotated[Path, typer.Argument(metavar="DIR", help="The store of a sweep.")],
) -> None:
    """Show what a store holds: settings, how far it is, shares with 95 % Wilson intervals."""
    from symgan.sweep.outcomes import outcomes, shares
    from symgan.sweep.store import read, settings

    kept, marks = settings(store), read(store)["done"].to_numpy()
    found = shares(outcomes(store)) if marks.any() else {}
    console = output()
    for name, value in kept.items():
        if name not in ("variables", "experiment", "cells"):
            console.print(f"{name:<14} {value}", soft_wrap=True, markup=False)
    console.print(f"{'chunks done':<14} {int(marks.sum())} of {marks.size}")
    if found:
        console.print()
        console.print(_table(found))


def _table(found: Any) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("unequal initial means")
    for title in ("runs", "share", "95 % interval"):
        table.add_column(title, justify="right")
    for name, row in found.items():
        interval = f"{row.interval.low:.4f} to {row.interval.high:.4f}"
        table.add_row(
            name, f"{row.count} of {row.trials}", f"{row.count / row.trials:.4f}", interval
        )
    return table

"""``symgan study predictions``: toy games against networks, in a store that resumes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from symgan.cli.console import output, progress, say
from symgan.cli.sweep_run import INTERRUPTED

if TYPE_CHECKING:
    from symgan.data.predictions import PredictionResult

Store = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Run it in this folder [default: show the stored result]."),
]
Seeds = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Only the first seeds of the design.")
]
Only = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Only trials whose title has this in it.")
]
Json = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Also as JSON.")]
Markdown = Annotated[
    Path | None, typer.Option("--markdown", metavar="FILE", help="Also the table as Markdown.")
]


def predictions(
    store: Store = None,
    seeds: Seeds = None,
    only: Only = None,
    json: Json = None,
    markdown: Markdown = None,
) -> None:
    """Predictions of toy games, held against networks: which rule cycles, which converges, where.

    Without a folder: the result that ships with symgan.

    \b
    Examples:
      symgan study predictions
      symgan study predictions --store predictions --json predictions.json
      symgan study predictions --store few --seeds 2 --only alternating

    The same command goes on where an earlier one stopped.
    """
    from symgan.data.predictions import stored_predictions, text
    from symgan.errors import BadData

    if store is None:
        if seeds is not None or only is not None:
            raise BadData("--seeds and --only say what is run; give a --store to run it in")
        found = stored_predictions()
    else:
        found = _run(store, seeds, only)
    _print(found)
    from symgan.report.files import write_bytes

    if json is not None:
        write_bytes(json, text(found).encode())
    if markdown is not None:
        from symgan.empirical.predictions.judging import markdown as table

        write_bytes(markdown, table(found).encode())


def _run(folder: Path, seeds: int | None, only: str | None) -> PredictionResult:
    from symgan.empirical.torch_extra import require_torch
    from symgan.errors import BadData
    from symgan.sweep.store import require_extra

    require_torch()
    require_extra()
    from symgan.empirical.predictions.run import run
    from symgan.empirical.predictions.trials import SEEDS, TRIALS, Design

    trials = tuple(t for t in TRIALS if only is None or only in t.title)
    if not trials:
        raise BadData(f"no trial has {only!r} in its title, such as {TRIALS[0].title!r}")
    design = Design(trials, SEEDS[:seeds])
    done = 0
    try:
        with progress("trials", len(trials)) as tick:

            def report(now: int, total: int) -> None:
                nonlocal done
                for _ in range(now - done):
                    tick()
                done = now

            return run(folder, design, report)
    except KeyboardInterrupt:
        say(f"interrupted; symgan study predictions --store {folder} goes on")
        raise typer.Exit(INTERRUPTED) from None


def _print(found: PredictionResult) -> None:
    from rich import box
    from rich.table import Table

    from symgan.empirical.predictions.judging import effect, judge

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for head in ("trial", "predicted", "seeds", "share, 95 %", "median", "outcome"):
        table.add_column(head, overflow="fold")
    for one in found.outcomes:
        j = judge(one, found.settings)
        share = f"{j.low:.2f} to {j.high:.2f}"
        table.add_row(
            one.title, j.predicted, f"{j.count} of {j.seeds}", share, effect(one), j.outcome
        )
    output().print(table)

"""Options that the commands of ``symgan study`` share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Preset = Annotated[
    str | None, typer.Option(metavar="NAME", help="smoke, quick or full [default: quick].")
]
Store = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="The study's folder [default: TABLE-PRESET]."),
]
Seeds = Annotated[int | None, typer.Option(min=1, metavar="N", help="Replicates.")]
Iterations = Annotated[int | None, typer.Option(min=1, metavar="N", help="Of training.")]
Names = Annotated[str | None, typer.Option(metavar="NAME,...", help="Only these.")]
Setting = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A setting of training; again for more."),
]
GanSetting = Annotated[
    list[str] | None,
    typer.Option("--gan", metavar="GAN:NAME=VALUE", help="An option of a GAN; again for more."),
]
Unit = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="An iteration is a decision or a round of the order."),
]
Samples = Annotated[
    int | None, typer.Option(min=2, metavar="N", help="Points of each sample of a distance.")
]
Task = Annotated[int | None, typer.Option(min=1, metavar="N", help="Members trained at once.")]
Device = Annotated[str | None, typer.Option(metavar="NAME", help="cpu, cuda or auto [cpu].")]
Jobs = Annotated[
    int, typer.Option(min=0, metavar="N", help="Processes, a thread each; 0: one a core.")
]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="WHERE", help="Dask instead: local, or tcp://HOST:PORT."),
]
Checkpoint = Annotated[int, typer.Option(min=1, metavar="N", help="Decisions between checkpoints.")]
Trained = Annotated[
    bool,
    typer.Option("--trained", help="Keep the last checkpoint of each task, for symgan diagnose."),
]
Resume = Annotated[bool, typer.Option("--resume", help="Take the design from the store.")]
Json = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Also as JSON.")]
Markdown = Annotated[
    Path | None, typer.Option("--markdown", metavar="FILE", help="Also as Markdown.")
]
Latex = Annotated[Path | None, typer.Option("--latex", metavar="FILE", help="Also as LaTeX.")]
Figure = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Also draw average ranks: .png, .svg, .pdf."),
]
Keep = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Also keep the result in symgan/data under a name."),
]

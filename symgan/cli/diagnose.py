"""``symgan diagnose``: the spectrum of a trained game, and what each rule would do there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symgan.cli.arguments import Loss, Regularizer, Settings
from symgan.cli.console import notes, output, progress, say
from symgan.cli.sweep_run import Drawing, drawable
from symgan.errors import BadData, Undecided

if TYPE_CHECKING:
    from symgan.cli.diagnose_beside import Toy
    from symgan.empirical.spectra.checkpoint import Subject
    from symgan.empirical.spectra.diagnose import Diagnosis

STDOUT = Path("-")


def diagnose(
    checkpoint: Annotated[
        Path, typer.Argument(metavar="CHECKPOINT", help="What a training run saved.")
    ],
    member: Annotated[
        int, typer.Option(min=0, metavar="N", help="Which member of the ensemble.")
    ] = 0,
    rule: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE[:OPTION=VALUE,...]", help="May repeat; a selection unless set."),
    ] = None,
    count: Annotated[
        int, typer.Option(min=1, metavar="N", help="Eigenvalues at each end of the spectrum.")
    ] = 6,
    dense: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="Up to N parameters all eigenvalues are computed."),
    ] = 3000,
    products: Annotated[
        int, typer.Option(min=10, metavar="N", help="Products with J in one search at most.")
    ] = 4000,
    seconds: Annotated[
        float,
        typer.Option(min=0.0, metavar="S", help="Time for one search at most; an end has two."),
    ] = 120.0,
    samples: Annotated[
        int, typer.Option(min=1, metavar="N", help="Data and latent points of the losses.")
    ] = 1024,
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="Of samples and of the first vector.")
    ] = 0,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write JSON; - prints it instead.")
    ] = None,
    figure: Drawing = None,
    beside: Annotated[
        str | None,
        typer.Option(
            metavar="GAME",
            help="Draw instead the spectrum before training, that of the checkpoint, and the exact "
            "one of a toy game at its equilibrium.",
        ),
    ] = None,
    loss: Loss = None,
    settings: Settings = None,
    regularizer: Regularizer = None,
) -> None:
    """Predict from a checkpoint's game Jacobian which rules and steps are stable.

    Measures eigenvalues of the Jacobian of the simultaneous gradient, with
    estimates of their errors, and applies each rule's exact map from eigenvalues
    to multipliers: stable steps, the best step, its rate an iteration and an
    evaluation of the gradient. Away from an equilibrium this is the linear part
    alone: how nearby runs part while the point moves little.

    \b
    Rules that are no functions of the Jacobian alone (alternating, consensus)
    are predicted from the matrix of their step on networks of at most 200
    parameters, and left out of others.

    \b
    Examples:
      symgan diagnose run.pt
      symgan diagnose run.pt --member 3 --figure plane.svg
      symgan diagnose run.pt --rule extragradient --rule heavy-ball:beta=-1/2
      symgan diagnose run.pt --json - --count 10
      symgan diagnose run.pt --figure f.svg --beside dirac --loss jensen-shannon

    \b
    Exits with 4 if eigenvalues that were asked for did not converge within the
    budget; what was found is still shown.
    """
    from symgan.cli import diagnose_sheet as sheet
    from symgan.cli.diagnose_rules import parsed
    from symgan.empirical.torch_extra import require_torch

    require_torch()
    drawable(figure)
    toy = _toy(figure, beside, loss, regularizer, settings)
    rules = [parsed(text) for text in rule] if rule else None
    from symgan.empirical.spectra.checkpoint import players_from_checkpoint
    from symgan.empirical.spectra.diagnose import diagnose as examine
    from symgan.empirical.spectra.operator import GameJacobian, gradient_norms

    subject = players_from_checkpoint(checkpoint, member, samples=samples, seed=seed)
    norms = gradient_norms(subject.players, None, subject.batch)
    with progress("measuring the spectrum"):
        J = GameJacobian(subject.players, None, subject.batch)
        found = examine(
            J, rules, count=count, dense=dense, products=products, seconds=seconds, seed=seed
        )
    console = notes() if json == STDOUT else output()
    sheet.show(console, subject, J.sizes, norms, found)
    _write(json, sheet.to_json(subject, J.sizes, norms, found))
    if figure is not None and toy is not None:
        from symgan.cli.diagnose_beside import draw
        from symgan.empirical.spectra.checkpoint import before_training
        from symgan.empirical.spectra.eigenvalues import eigenvalues

        first = before_training(checkpoint, member, samples=samples, seed=seed)
        with progress("measuring the spectrum before training"):
            before = eigenvalues(
                GameJacobian(first.players, None, first.batch),
                count=count, dense=dense, products=products, seconds=seconds, seed=seed,
            )  # fmt: skip
        draw(before, found.spectrum, toy, subject.title, figure)
    elif figure is not None:
        _draw(found, subject, figure)
    if not found.spectrum.converged:
        raise typer.Exit(Undecided.exit_code)


def _toy(
    figure: Path | None,
    beside: str | None,
    loss: str | None,
    regularizer: str | None,
    settings: list[str] | None,
) -> Toy | None:
    """The exact spectrum to draw beside, derived before anything is measured.

    Raises:
        BadData: options of a toy game without one, or without a figure.
    """
    if beside is None and (loss or regularizer or settings):
        raise BadData("--loss, --regularizer and --set belong to the game of --beside; name it")
    if beside is None:
        return None
    if figure is None:
        raise BadData("--beside draws a figure; give its file with --figure")
    from symgan.cli.diagnose_beside import derived

    return derived(beside, loss, regularizer, tuple(settings or ()))


def _write(json: Path | None, data: Any) -> None:
    from symgan.report.files import write_bytes
    from symgan.report.json import dumps

    if json == STDOUT:
        sys.stdout.write(dumps(data))
    elif json is not None:
        write_bytes(json, dumps(data).encode())
        say(f"wrote {json}")


def _draw(found: Diagnosis, subject: Subject, path: Path) -> None:
    """The eigenvalues with the regions of the rules that have one.

    Raises:
        BadData: no rule has a best step, so that there is no region to draw.
    """
    from symgan.empirical.spectra.plane import drawn, drawn_step, radii, windows
    from symgan.report.figures import save
    from symgan.report.spectra import Region, View, eigenvalue_plane

    chosen = drawn(found)
    if not chosen:
        raise BadData("no rule has a stable step here, so there is no region to draw")
    views = [
        View(
            title,
            [Region(f"{p.rule}, step {drawn_step(p):.3g}", *radii(p, window)) for p in chosen],
        )
        for title, window in zip(("measured", "close to zero"), windows(found), strict=False)
    ]
    import numpy as np

    errors = np.array([e.error for e in found.spectrum.values])
    save(eigenvalue_plane(found.spectrum.array, errors, views, title=subject.title), path)
    say(f"wrote {path}")

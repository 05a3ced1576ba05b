"""``symgan steps``: for which steps each rule is stable on a game, exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from symgan.cli.arguments import GameName, Loss, Settings
from symgan.cli.console import output, progress, say
from symgan.errors import Undecided


def steps(
    game: GameName = None,
    loss: Loss = None,
    settings: Settings = None,
    budget: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="Time for each rule.")
    ] = 25.0,
    certificates: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Also write certificates (symgan certify recheck)."),
    ] = None,
    latex: Annotated[bool, typer.Option("--latex", help="Print LaTeX instead.")] = False,
) -> None:
    """Show for which steps each update rule is stable on a game, exactly.

    Of each rule: the steps with spectral radius below one at the declared
    equilibrium, the marginal ones, what happens at the ends, the best step with
    its rate an iteration and a single-player update, and the kind of evidence.
    Without a game: the bilinear game, and the Dirac-GAN with Wasserstein and with
    BCE loss.

    \b
    Examples:
      symgan steps
      symgan steps bilinear
      symgan steps quadratic --set P=1,B=2,Q=1
      symgan steps dirac --loss jensen-shannon
      symgan steps bilinear --latex

    \b
    Exits with 4 if something stays undecided; the rest is still printed.
    """
    from symgan.atlas import METHODS, standard_games, step_rows
    from symgan.cli import options
    from symgan.cli.sheet import latex_section, section
    from symgan.report.steps import WIDE, narrow, table

    chosen = {}
    if game is None:
        chosen = standard_games()
    else:
        choice = options.choose(game, loss=loss, settings=tuple(settings or ()))
        options.refuse_rest(choice)
        chosen[game] = choice.game.subs(choice.values)
    found = []
    with progress("deciding steps", len(chosen) * len(METHODS)) as advance:
        for row in step_rows(chosen, budget=budget):
            found.append(row)
            advance()
    console = output()
    for title in chosen:
        own = [row for row in found if row.game == title]
        if latex:
            latex_section(f"stable steps on {title}", own)
        elif console.width < WIDE:
            section(title, narrow(own))
        else:
            console.print(table(own, title))
            console.print()
    if certificates is not None:
        from symgan.report.certificates import write_step_certificates

        say(f"wrote {len(write_step_certificates(found, certificates))} files to {certificates}")
    if any(row.open or not row.undecided.is_empty for row in found):
        raise typer.Exit(Undecided.exit_code)
